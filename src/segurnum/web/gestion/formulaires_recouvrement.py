"""What officers, deciders and accountants type about a recovery order."""

from typing import Any

from django import forms

from segurnum.kits.champs import ChampMontant, champ, champ_jour, champ_motif, liste
from segurnum.recouvrements.models import Recouvrement
from segurnum.recouvrements.queries import compensables, compensations_a_retirer
from segurnum.regles.argent import en_euros

TOTAL, PARTIEL = "total", "partiel"


class Proposition(forms.Form):
    portee = forms.ChoiceField(
        label="Ce qui est à recouvrer",
        choices=[(PARTIEL, "Une partie de ce qui a été versé"), (TOTAL, "Tout ce qui a été versé")],
        widget=forms.RadioSelect,
        help_text="Un recouvrement total annule la demande, une fois la somme entièrement reversée.",
        error_messages={"required": "Dites si le recouvrement est total ou partiel."},
    )
    montant = ChampMontant(
        label="Montant à recouvrer (€)", required=False, help_text="À remplir pour un recouvrement partiel."
    )
    motif = champ_motif(
        "Motif du recouvrement",
        "Imprimé tel quel sur le titre de recette : dites pourquoi la somme est à reverser.",
        "Le motif est obligatoire : le débiteur doit savoir pourquoi la somme lui est demandée.",
    )

    def clean(self) -> dict[str, Any]:
        """What the service is told: an amount, or none for all of it."""
        dit = {nom: self.cleaned_data.get(nom) for nom in ("montant", "motif")}
        if self.cleaned_data.get("portee") == TOTAL:
            return dit | {"montant": None}
        if dit["montant"] is None and "montant" not in self.errors:
            self.add_error("montant", "Indiquez le montant à recouvrer, en euros.")
        return dit


class Remboursement(forms.Form):
    """A transfer that came in, as the bank statement says it."""

    montant = ChampMontant(label="Montant reçu (€)")
    jour = champ_jour("Date du virement reçu", "Indiquez le jour du virement.")
    reference = champ(
        "Référence du virement",
        "Indiquez la référence du virement, lue sur le relevé.",
        max_length=35,
        help_text="Un virement ne s'enregistre qu'une fois.",
    )
    payeur = champ(
        "SIRET de qui a payé",
        "Indiquez le SIRET de l'entreprise qui a payé.",
        max_length=20,
        help_text="Une somme versée par une autre entreprise que le débiteur est refusée.",
    )


class RetourTardif(forms.Form):
    motif = forms.CharField(
        label="Motif du retour",
        max_length=300,
        error_messages={"required": "Le motif est obligatoire : indiquez celui que la banque a donné."},
    )
    jour = champ_jour("Date du retour", "Indiquez le jour où la banque a rendu le virement.")


def compensation(ligne: Recouvrement) -> type[forms.Form] | None:
    """On which of the company's payments, how much; None when there is none to keep it on."""
    versements = [
        (str(un.pk), f"{un.decision.demande.numero} : {en_euros(un.net)} à payer")
        for un in compensables(ligne)
    ]
    if not versements:
        return None
    champs = {
        "versement": liste(
            "Versement sur lequel retenir", "Choisissez un versement.", "Choisir un versement", versements
        ),
        "montant": ChampMontant(label="Montant à retenir (€)"),
    }
    return type("Compensation", (forms.Form,), champs)


def retrait(ligne: Recouvrement) -> type[forms.Form] | None:
    """Which of the amounts that are kept is given back; None when there is none."""
    retenues = [
        (str(une.pk), f"{en_euros(une.montant)} sur {une.versement.decision.demande.numero}")
        for une in compensations_a_retirer(ligne)
        if une.versement
    ]
    if not retenues:
        return None
    champs = {
        "reglement": liste(
            "Compensation à retirer", "Choisissez une compensation.", "Choisir une compensation", retenues
        ),
        "motif": champ_motif(
            "Motif du retrait", "Envoyé tel quel au débiteur.", "Le motif du retrait est obligatoire."
        ),
    }
    return type("Retrait", (forms.Form,), champs)
