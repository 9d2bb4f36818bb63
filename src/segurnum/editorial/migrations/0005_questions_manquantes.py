"""No heading of the questions is empty, and the words of an enrolment find an answer.

A question that officers wrote already, or removed with its heading, is left as it is.
"""

from django.db import migrations

_COULOIR = (
    "La [documentation des JSONs](/segurnum/documentation) décrit le fichier de ce couloir champ par champ, avec un "
    "modèle vierge et des exemples ; les pièces attendues et leur nom y sont."
)
QUESTIONS = (
    ("Couloir Radiologie - spécificités", "Comment préparer un fichier du couloir Radiologie ?", _COULOIR),
    ("Couloir Pharmacie - spécificités", "Comment préparer un fichier du couloir Pharmacie ?", _COULOIR),
    ("Couloir Biologie - spécificités", "Comment préparer un fichier du couloir Biologie ?", _COULOIR),
    ("Couloir SAS - spécificités", "Comment préparer un fichier du couloir SAS ?", _COULOIR),
    (
        "Couloir MSSanté Opérateur - spécificités",
        "Comment un opérateur MSSanté dépose-t-il sa demande ?",
        "Par formulaire, sans fichier : depuis son espace, « Ma demande de financement ». Le montant est calculé d'après "
        "les comptages de l'Annuaire Santé ; le [guide de l'opérateur](/segurnum/aide/operateur) le détaille.",
    ),
    (
        "Opérations de recouvrements",
        "Que se passe-t-il quand une somme est à reverser ?",
        "Un titre de recette numéroté vous est écrit, avec sa date limite et les moyens de payer. Il se lit aussi dans "
        "le « Suivi Financier » de la demande. La somme peut être retenue sur un paiement à venir ; le courriel le dit.",
    ),
    (
        "Enrôlement- pièces justificatives",
        "À quoi servent le RIB, le kbis et le mandat demandés à l'enrôlement ?",
        "Le RIB montre l'IBAN et le BIC du compte à payer. Le kbis n'est demandé que si la dénomination sociale saisie "
        "n'est pas celle du répertoire Sirene. Le mandat de délégation de signature, ou le contrat de prestation, est "
        "demandé quand une autre personne que le représentant légal dépose ; leurs modèles sont dans les [documents "
        "utiles](/segurnum/documents-utiles).",
    ),
    (
        "Enrôlement - demande",
        "Où en est ma demande d'enrôlement, et dans quels délais est-elle instruite ?",
        "L'accusé de réception contient un lien personnel qui montre l'avancement, sans compte. S'il est perdu, "
        "[demandez-en un autre](/segurnum/enrolement_de_logiciel/suivi) avec le numéro de la demande et le SIRET. Les "
        "demandes sont instruites par ordre d'arrivée ; une demande de pièces arrête l'instruction jusqu'à votre dépôt.",
    ),
)


def ecrire(apps, editeur):
    RubriqueFaq = apps.get_model("editorial", "RubriqueFaq")
    QuestionFaq = apps.get_model("editorial", "QuestionFaq")
    rubriques = {rubrique.titre: rubrique for rubrique in RubriqueFaq.objects.all()}
    connues = set(QuestionFaq.objects.values_list("question", flat=True))
    QuestionFaq.objects.bulk_create(
        QuestionFaq(rubrique=rubriques[titre], question=question, reponse=reponse)
        for titre, question, reponse in QUESTIONS
        if titre in rubriques and question not in connues
    )


class Migration(migrations.Migration):
    dependencies = [("editorial", "0004_couloirs_declares")]
    operations = [migrations.RunPython(ecrire, migrations.RunPython.noop)]
