"""The gestures that no life cycle holds, in the words of the screens: one list for each thing they are made on."""

from segurnum.regles.cycles import EnumLibelle


class GesteEspace(EnumLibelle):
    """What is looked at: the two faces behind the sign-in."""

    ENTREPRISE = "ENTREPRISE", "Consulter l'espace de son entreprise"
    GESTION = "GESTION", "Consulter l'espace de gestion"


class GesteDepot(EnumLibelle):
    """What makes requests, and gives them their pieces."""

    IMPORTER = "IMPORTER", "Simuler et importer un fichier JSON, envoyer ses pièces"
    SAISIR = "SAISIR", "Saisir et déposer une demande par formulaire"
    COMPLETER = "COMPLETER", "Ajouter ou retirer une pièce demandée"
    RECONTROLER = "RECONTROLER", "Recontrôler une archive ZIP"


class GesteDepotEnrolement(EnumLibelle):
    """What makes an enrolment, and follows it besides its steps."""

    DEPOSER = "DEPOSER", "Déposer une demande d'enrôlement"
    COMPLETER = "COMPLETER", "Ajouter ou retirer une pièce demandée"
    CONFIRMER_ENTREPRISE = "CONFIRMER_ENTREPRISE", "Confirmer l'entreprise"
    RENVOYER_LIEN = "RENVOYER_LIEN", "Envoyer un nouveau lien de dépôt"
    CORRIGER_COURRIEL = "CORRIGER_COURRIEL", "Corriger l'adresse électronique"
    CHANGER_REGIME = "CHANGER_REGIME", "Changer le régime de TVA"


class GesteEntreprise(EnumLibelle):
    """What a company does about itself."""

    PREPARER_PERSONNES = "PREPARER_PERSONNES", "Préparer un changement de personnes physiques"
    AJOUTER_COMPTE = "AJOUTER_COMPTE", "Ajouter une coordonnée bancaire"
    RENVOYER_CONFIRMATION = "RENVOYER_CONFIRMATION", "Renvoyer le courriel de confirmation"
    GERER_UTILISATEURS = "GERER_UTILISATEURS", "Gérer les utilisateurs de l'entreprise"
    IMPORTER_MODELE = "IMPORTER_MODELE", "Importer un modèle de pièce justificative"
    EXPORTER = "EXPORTER", "Exporter les demandes et les bénéficiaires"


class GesteUnicite(EnumLibelle):
    """What is done about who claims the beneficiaries of a request."""

    ACCORDER_AJOUT = "ACCORDER_AJOUT", "Accorder l'ajout de bénéficiaires au solde"
    CONTESTER = "CONTESTER", "Contester les bénéficiaires demandés ailleurs"


class GesteReference(EnumLibelle):
    """What deposits are judged on, and paid by."""

    TENIR_REFERENTIEL = "TENIR_REFERENTIEL", "Tenir le référentiel des numéros ANS"
    TENIR_ANNUAIRE = "TENIR_ANNUAIRE", "Tenir les comptages de l'Annuaire Santé"
    TENIR_REPERTOIRES = "TENIR_REPERTOIRES", "Charger les répertoires FINESS et RPPS"
    PROPOSER_REGLAGE = "PROPOSER_REGLAGE", "Proposer une fenêtre, un barème ou des plafonds"
    CHARGER_REGLAGE = "CHARGER_REGLAGE", "Charger des fenêtres passées ou des plafonds par une commande"
    REGLER_CONTROLES = "REGLER_CONTROLES", "Régler la gravité d'une règle de contrôle"
    REGLER_ENVELOPPE = "REGLER_ENVELOPPE", "Régler une enveloppe budgétaire"


class GesteEditorial(EnumLibelle):
    """What the administration writes, and answers."""

    PUBLIER = "PUBLIER", "Publier, corriger ou retirer une publication"
    ECRIRE = "ECRIRE", "Écrire à l'assistance"
    REPONDRE = "REPONDRE", "Répondre aux messages de l'assistance"


class GesteSupervision(EnumLibelle):
    """What is done about the portal itself."""

    SUPERVISER = "SUPERVISER", "Consulter la mise en route et la sécurité"
    GERER_AGENTS = "GERER_AGENTS", "Gérer les comptes des agents"
    REPRENDRE_COURRIELS = "REPRENDRE_COURRIELS", "Renvoyer ou classer un courriel"
    BASCULER = "BASCULER", "Fermer ou rouvrir un service du portail"
    CONTROLER = (
        "CONTROLER",
        "Consulter le contrôle, le journal de tout, les enveloppes, les fenêtres, les barèmes, les projets, "
        "les lectures, les droits et les têtes",
    )
    LIRE_COMPTAGES = "LIRE_COMPTAGES", "Consulter les comptages et les extraits de l'Annuaire Santé"
    LIRE_GRAND_LIVRE = "LIRE_GRAND_LIVRE", "Consulter le grand livre, ses soldes et ses états"
