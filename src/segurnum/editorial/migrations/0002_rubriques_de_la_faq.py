"""The twenty headings of the questions, with their titles to the letter (PUB-016), and the first answers.

The answers say what this portal does. Officers correct and complete them on their own pages.
"""

from django.db import migrations

RUBRIQUES = (
    "Textes de référence et FAQ de l'Agence Numérique en Santé",
    "Assistance Utilisateur",
    "Référencement ; SONS",
    "Couloir Médecine de ville - spécificités",
    "Couloir Hôpital - spécificités",
    "Couloir Radiologie - spécificités",
    "Couloir Pharmacie - spécificités",
    "Couloir Biologie - spécificités",
    "Couloir Médico-social - spécificités",
    "Couloir MSSanté Opérateur - spécificités",
    "Couloir SAS - spécificités",
    "Enrôlement - demande",
    "Enrôlement- pièces justificatives",
    "Avance - demande",
    "Avance - pièces justificatives",
    "Avance - instruction",
    "Solde - demande",
    "Solde - pièces justificatives",
    "Solde - instruction",
    "Opérations de recouvrements",
)

QUESTIONS = (
    (
        "Textes de référence et FAQ de l'Agence Numérique en Santé",
        "Où trouver les textes qui fixent les règles du financement ?",
        "Les arrêtés de financement sont publiés sur [Légifrance](https://www.legifrance.gouv.fr). L'[Agence du "
        "numérique en santé](https://esante.gouv.fr) publie les dossiers de spécifications de référencement (DSR) "
        "et ses propres réponses aux éditeurs.",
    ),
    (
        "Assistance Utilisateur",
        "Comment obtenir de l'aide ?",
        "Par le [formulaire de contact](/segurnum/contacter-assistance). Un accusé de réception donne le numéro de "
        "votre message ; la réponse arrive à l'adresse indiquée dans le formulaire. N'envoyez jamais votre mot de "
        "passe.",
    ),
    (
        "Assistance Utilisateur",
        "J'ai oublié mon identifiant ou mon mot de passe : que faire ?",
        "La page de connexion a un lien pour chacun : « J'ai oublié mon identifiant » et « J'ai oublié mon mot de "
        "passe ».",
    ),
    (
        "Assistance Utilisateur",
        "Pourquoi le portail me demande-t-il de prouver que je ne suis pas un robot ?",
        "Pour écarter les envois automatiques. Il n'y a ni image à lire ni code à recopier : votre navigateur fait "
        "un calcul de quelques secondes. Sans JavaScript, c'est le temps passé sur la page qui compte. Rien n'est "
        "transmis à un tiers.",
    ),
    (
        "Référencement ; SONS",
        "Qu'est-ce que le SONS ?",
        "Le système ouvert et non sélectif : toute solution référencée par l'Agence du numérique en santé peut être "
        "financée, sans mise en concurrence. L'État paie le fournisseur pour le compte de son client.",
    ),
    (
        "Référencement ; SONS",
        "Ma solution n'est pas encore référencée : puis-je préparer mes fichiers ?",
        "Oui. Le [simulateur](/segurnum/simulateur) contrôle un fichier JSON sans compte et n'en garde rien ; la "
        "[documentation](/segurnum/documentation) donne les modèles de chaque couloir.",
    ),
    (
        "Couloir Médecine de ville - spécificités",
        "Comment un bénéficiaire est-il désigné dans le fichier JSON ?",
        "La [documentation du couloir](/segurnum/documentation) donne, champ par champ, les identifiants attendus, "
        "avec un modèle vierge et un exemple rempli.",
    ),
    (
        "Couloir Hôpital - spécificités",
        "Faut-il un fichier par type de logiciel ?",
        "Oui : un fichier JSON ne porte que sur un DSR, donc sur un type de logiciel et une vague.",
    ),
    (
        "Couloir Médico-social - spécificités",
        "Où trouver le modèle de fichier du médico-social ?",
        "Dans la [documentation des JSONs](/segurnum/documentation), au titre « Médico-social » : modèle vierge, "
        "exemple et schéma, pour l'avance et pour le solde.",
    ),
    (
        "Enrôlement - demande",
        "À quoi sert l'enrôlement ?",
        "À ouvrir votre compte et à donner à votre entreprise le droit de déposer des demandes pour une solution "
        "référencée. Le premier se fait depuis la page d'accueil publique, les suivants depuis votre espace "
        "personnel, au menu « Enrôlement ».",
    ),
    (
        "Enrôlement - demande",
        "Quand puis-je déposer mes premières demandes ?",
        "Dès que l'enrôlement de la solution est au statut « Validée » et que la fenêtre de dépôt de son DSR est "
        "ouverte. Le calendrier est sur la [page d'accueil](/segurnum/).",
    ),
    (
        "Enrôlement- pièces justificatives",
        "Quels fichiers le portail accepte-t-il ?",
        "Chaque champ dit ses formats et sa taille maximale. Le contenu est contrôlé autant que l'extension : un "
        "fichier renommé est refusé, et le message dit pourquoi.",
    ),
    (
        "Avance - demande",
        "Quel est le montant de l'avance ?",
        "30 % du montant retenu. Le montant retenu ne dépasse jamais le plafond du bénéficiaire ; le calcul "
        "complet, ligne par ligne, est montré dans la consultation de la demande.",
    ),
    (
        "Avance - demande",
        "Jusqu'à quand puis-je déposer ?",
        "Jusqu'à la date limite du [calendrier](/segurnum/), à l'heure de Paris. C'est l'instant où le portail reçoit "
        "le dépôt qui compte, et le calendrier affiché est celui qui juge les dépôts.",
    ),
    (
        "Avance - demande",
        "Une simulation sans anomalie garantit-elle l'import ?",
        "Oui, si rien ne change entre les deux : l'import fait exactement les mêmes contrôles, sur les mêmes octets. "
        "La simulation de l'espace personnel tient aussi compte de vos enrôlements et de vos demandes passées ; le "
        "simulateur public ne les connaît pas, et le dit.",
    ),
    (
        "Avance - pièces justificatives",
        "Comment transmettre les pièces justificatives ?",
        "En un fichier ZIP de 200 Mo au plus, après l'import du JSON. Chaque pièce porte le nom annoncé dans le JSON, "
        "en PDF, PNG ou JPG, et pèse 3 Mo au plus.",
    ),
    (
        "Avance - pièces justificatives",
        "Ma session s'est fermée avant l'envoi des pièces : mes demandes sont-elles perdues ?",
        "Non. Elles sont « Non complétée » et vous avez 7 jours calendaires pour envoyer les pièces. Passé ce délai, "
        "elles sont supprimées et il faut les importer à nouveau.",
    ),
    (
        "Avance - instruction",
        "Une modification m'est demandée : combien de temps ai-je ?",
        "Un rappel part après 10 jours calendaires sans action de votre part ; au vingtième, la demande revient en "
        "instruction telle quelle.",
    ),
    (
        "Solde - demande",
        "Quand demander le solde ?",
        "Quand la solution est installée et facturée, et que l'avance est décidée. Le numéro du dossier est celui "
        "de l'avance : seul son suffixe change.",
    ),
    (
        "Solde - demande",
        "Que se passe-t-il si la facture est inférieure à la commande ?",
        "Le solde est calculé sur la facture. S'il est négatif, le calcul montre le trop-perçu à recouvrer.",
    ),
    (
        "Solde - pièces justificatives",
        "Comment savoir quelles pièces joindre ?",
        "La [documentation du couloir](/segurnum/documentation) donne la liste des types de pièces attendus pour "
        "le solde.",
    ),
    (
        "Solde - instruction",
        "Où suivre ma demande ?",
        "Dans votre espace personnel, au menu « Demandes de financement » : statut, historique des versions, "
        "paiements et courriels envoyés.",
    ),
)


def ecrire(apps, editeur):
    """Going back leaves them, with what officers made of them: they are then found there."""
    RubriqueFaq = apps.get_model("editorial", "RubriqueFaq")
    QuestionFaq = apps.get_model("editorial", "QuestionFaq")
    connues = set(RubriqueFaq.objects.values_list("titre", flat=True))
    rubriques = {
        titre: RubriqueFaq.objects.create(titre=titre, ordre=rang)
        for rang, titre in enumerate(RUBRIQUES, start=1)
        if titre not in connues
    }
    QuestionFaq.objects.bulk_create(
        QuestionFaq(rubrique=rubriques[titre], question=question, reponse=reponse, ordre=rang)
        for rang, (titre, question, reponse) in enumerate(QUESTIONS, start=1)
        if titre in rubriques
    )


class Migration(migrations.Migration):
    dependencies = [("editorial", "0001_initial")]
    operations = [migrations.RunPython(ecrire, migrations.RunPython.noop)]
