"""The pages where something is done open to those who may do it, as the table of rights says."""

import pytest
from acces import ACCES, AGENTS, ENTREPRISES

from segurnum.comptes.droits import droit_de
from segurnum.regles.cycles import EnumLibelle, GesteDemande, GestePaiement
from segurnum.regles.cycles_annuaire import GesteComptages, GesteExtrait
from segurnum.regles.cycles_contestation import GesteContestation
from segurnum.regles.cycles_coordonnees import GesteModification
from segurnum.regles.cycles_enrolement import GesteEnrolement
from segurnum.regles.cycles_enveloppes import GesteMouvement
from segurnum.regles.cycles_modeles import GesteModele
from segurnum.regles.cycles_reglages import GesteProjet
from segurnum.regles.gestes import (
    GesteDepot,
    GesteDepotEnrolement,
    GesteEditorial,
    GesteEntreprise,
    GesteEspace,
    GesteReference,
    GesteSupervision,
)

# Each gesture, and the addresses that nobody opens but to make it.
PAGES: list[tuple[EnumLibelle, tuple[str, ...]]] = [
    (GesteEspace.ENTREPRISE, ("fournisseur:accueil", "fournisseur:demandes", "fournisseur:enrolements")),
    (
        GesteEspace.GESTION,
        ("gestion:accueil", "gestion:demandes", "gestion:enrolements", "gestion:paiements"),
    ),
    (
        GesteDepot.IMPORTER,
        (
            "fournisseur:importer",
            "fournisseur:importer_simulation",
            "fournisseur:simuler_sans",
            "fournisseur:pieces",
            "fournisseur:terminer",
        ),
    ),
    (GesteDepot.SAISIR, ("fournisseur:ma_demande_etape",)),
    (GesteDepot.COMPLETER, ("fournisseur:ajouter_pieces", "fournisseur:retirer_piece")),
    (GesteDepot.RECONTROLER, ("fournisseur:recontroler", "gestion:recontroler")),
    (GesteDemande.AJOUTER_PIECE, ("fournisseur:valider_ajout",)),
    (GesteDemande.MODIFIER, ("fournisseur:modifier",)),
    (GestePaiement.METTRE_EN_PAIEMENT, ("gestion:versement",)),
    (
        GesteDepotEnrolement.DEPOSER,
        (
            "fournisseur:enrolement_complementaire",
            "fournisseur:complementaire_quitter",
        ),
    ),
    (
        GesteDepotEnrolement.COMPLETER,
        (
            "fournisseur:deposer_pieces_enrolement",
            "fournisseur:retirer_piece_enrolement",
        ),
    ),
    (GesteDepotEnrolement.CHANGER_REGIME, ("gestion:regime_tva",)),
    (GesteEnrolement.TERMINER_DEPOT, ("fournisseur:terminer_depot_enrolement",)),
    (GesteEnrolement.ACCEPTER, ("gestion:geste_enrolement",)),
    (GesteEntreprise.AJOUTER_COMPTE, ("fournisseur:ajouter_compte",)),
    (GesteEntreprise.RENVOYER_CONFIRMATION, ("fournisseur:renvoyer_confirmation",)),
    (
        GesteEntreprise.GERER_UTILISATEURS,
        (
            "fournisseur:inviter",
            "fournisseur:changer_role",
            "fournisseur:retirer_acces",
            "fournisseur:rouvrir_acces",
            "fournisseur:renvoyer_invitation",
            "fournisseur:retirer_invitation",
        ),
    ),
    (GesteEntreprise.IMPORTER_MODELE, ("fournisseur:modeles",)),
    (GesteEntreprise.EXPORTER, ("fournisseur:demandes_csv", "fournisseur:beneficiaires_csv")),
    (GesteModification.SOUMETTRE, ("fournisseur:modifier_personnes",)),
    (GesteModification.ANNULER, ("fournisseur:annuler_compte",)),
    (GesteModification.ACCEPTER, ("gestion:geste_modification",)),
    (GesteModele.SOUMETTRE, ("fournisseur:valider_modeles",)),
    (GesteModele.SUPPRIMER, ("fournisseur:supprimer_modele",)),
    (GesteModele.ACCEPTER, ("gestion:geste_modele",)),
    (GesteContestation.REPONDRE, ("fournisseur:contestation",)),
    (GesteContestation.ATTRIBUER, ("gestion:geste_contestation",)),
    (
        GesteReference.TENIR_REFERENTIEL,
        (
            "gestion:nouveau_referencement",
            "gestion:importer_referencements",
            "gestion:import_referencements",
        ),
    ),
    (
        GesteReference.TENIR_ANNUAIRE,
        ("gestion:annuaire_comptages", "gestion:annuaire_comptage", "gestion:annuaire_retirer_domaine"),
    ),
    (GesteExtrait.CONFIRMER, ("gestion:geste_extrait",)),
    (GesteComptages.CONFIRMER, ("gestion:geste_comptages",)),
    (GesteReference.PROPOSER_REGLAGE, ("gestion:fenetre", "gestion:bareme", "gestion:importer_projet")),
    (GesteProjet.CORRIGER, ("gestion:corriger_projet",)),
    (GesteProjet.APPROUVER, ("gestion:geste_projet",)),
    (GesteReference.REGLER_CONTROLES, ("gestion:regle",)),
    (
        GesteReference.REGLER_ENVELOPPE,
        ("gestion:nouvelle_enveloppe", "gestion:nouveau_mouvement"),
    ),
    (GesteMouvement.APPROUVER, ("gestion:geste_mouvement",)),
    (
        GesteSupervision.LIRE_GRAND_LIVRE,
        (
            "gestion:grand_livre",
            "gestion:exporter_grand_livre",
            "gestion:soldes",
            "gestion:etats_mensuels",
            "gestion:etat_mensuel",
            "gestion:verifications",
        ),
    ),
    (GesteEditorial.PUBLIER, ("gestion:publication_nouvelle", "gestion:publication_retirer")),
    (GesteEditorial.REPONDRE, ("gestion:geste_ticket",)),
    (GesteSupervision.SUPERVISER, ("gestion:mise_en_route", "gestion:securite")),
    (
        GesteSupervision.CONTROLER,
        (
            *("gestion:controle", "gestion:octrois", "gestion:accords", "gestion:evenements"),
            *("gestion:enveloppes", "gestion:mouvement", "gestion:projet", "gestion:historique_fenetre"),
            *("gestion:enveloppe", "gestion:fenetres", "gestion:baremes", "gestion:relectures"),
            *("gestion:lectures", "gestion:droits", "gestion:tetes", "gestion:emporter_tetes"),
        ),
    ),
    (
        GesteSupervision.LIRE_COMPTAGES,
        ("gestion:annuaire_extrait", "gestion:comptages_donnes", "gestion:boites_arretees"),
    ),
    (GesteSupervision.GERER_AGENTS, ("gestion:inviter_agent", "gestion:geste_agent")),
    (GesteSupervision.REPRENDRE_COURRIELS, ("gestion:geste_courriels",)),
    (GesteSupervision.BASCULER, ("gestion:interrupteurs",)),
]


@pytest.mark.parametrize(("geste", "pages"), PAGES, ids=str)
def test_une_page_s_ouvre_a_qui_en_fait_le_geste_et_a_nul_autre(
    geste: EnumLibelle, pages: tuple[str, ...]
) -> None:
    for page in pages:
        face = AGENTS if page.startswith("gestion:") else ENTREPRISES
        assert ACCES[page] == droit_de(geste).profils & face, page
