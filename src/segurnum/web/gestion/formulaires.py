"""What officers type to make a gesture."""

from decimal import Decimal
from typing import Any

from django import forms

from segurnum.kits.champs import ChampMontant, champ_jour, champ_motif
from segurnum.regles.calendrier import jour_de_paris, maintenant


class Retenu(forms.Form):
    """The officer's own retained amount. Empty: the least of what is declared and of the ceiling."""

    retenu = ChampMontant(
        required=False,
        label="Montant hors taxe retenu (€)",
        help_text="De 0,00 € au maximum indiqué. Laissez le maximum, ou réduisez-le puis « Recalculer ».",
    )
    motif = champ_motif(
        "Motif de la réduction",
        "Obligatoire si vous retenez moins que le maximum. Le fournisseur le lira dans le courriel et la lettre de "
        "décision.",
    )


class OctroiSaisi(forms.Form):
    """What an officer grants where no ceiling is known."""

    montant = ChampMontant(label="Montant hors taxe octroyé (€)")
    motif = champ_motif(
        "Motif de l'octroi",
        "Dites sur quoi il se fonde : une autre personne l'approuvera, et le fournisseur le lira dans la décision.",
        "Le motif de l'octroi est obligatoire : il est dans la décision.",
    )


class Annulation(forms.Form):
    motif = champ_motif(
        "Motif de l'annulation",
        "À la demande du fournisseur, ou par ordre de recouvrement total.",
        "Le motif de l'annulation est obligatoire : il reste au journal du dossier.",
    )
    confirmation = forms.BooleanField(
        label="Je confirme l'annulation : elle est définitive",
        error_messages={"required": "Cochez la confirmation : une annulation est définitive."},
    )

    def clean(self) -> dict[str, Any]:
        """What the service is told: that it is confirmed goes without saying."""
        return {nom: valeur for nom, valeur in self.cleaned_data.items() if nom != "confirmation"}


class Constat(forms.Form):
    """What the bank did: how much, and which day."""

    montant = ChampMontant(label="Montant payé (€)")
    jour = champ_jour("Date de paiement effective", "Indiquez le jour du virement.")

    @classmethod
    def prerempli(cls, montant: Decimal, identifiants: str) -> "Constat":
        """The amount decided, paid today: what is nearly always true."""
        return cls(initial={"montant": montant, "jour": jour_de_paris(maintenant())}, auto_id=identifiants)


class CompteLu(forms.Form):
    """The account that the list showed, for the service to tell whether it still is the one."""

    compte = forms.IntegerField(widget=forms.HiddenInput)


class RejetBancaire(forms.Form):
    motif = forms.CharField(
        label="Motif de rejet du paiement",
        max_length=300,
        error_messages={
            "required": "Le motif du rejet est obligatoire : indiquez celui que la banque a donné."
        },
    )


class Aucune(forms.Form):
    """A gesture that needs nothing more than being made."""
