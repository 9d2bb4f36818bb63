"""What officers type. Amounts and dates are read as people write them in French."""

import re
from decimal import Decimal
from typing import Any

from django import forms

from segurnum.regles.argent import en_euros
from segurnum.regles.calendrier import jour_de_paris, maintenant

_ORNEMENTS = re.compile(r"[\s\u00a0\u202f€]")


class ChampMontant(forms.DecimalField):
    """Euros, with or without spaces, comma and sign: « 1 074,99 € »."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
    default_error_messages = {
        "invalid": "Ce montant n'est pas lisible : écrivez des euros et des centimes, par exemple 1\u202f074,99.",
        "max_decimal_places": "Un montant s'écrit au centime près : deux décimales au plus.",
        "min_value": "Le montant ne peut pas être négatif : 0,00 € au moins est attendu.",
        "required": "Indiquez le montant, en euros.",
    }

    def __init__(self, **options: Any) -> None:
        super().__init__(max_digits=12, decimal_places=2, min_value=Decimal(0), **options)

    def to_python(self, value: Any) -> Any:
        if isinstance(value, str):
            value = _ORNEMENTS.sub("", value).replace(",", ".")
        return super().to_python(value)

    def prepare_value(self, value: Any) -> Any:
        """What was typed is shown back untouched; an amount is shown the French way, without its sign."""
        return en_euros(value).removesuffix("€").strip() if isinstance(value, Decimal) else value


def champ_jour(libelle: str, requis: str, aide: str = "") -> forms.DateField:
    return forms.DateField(
        label=libelle,
        help_text=aide,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
        error_messages={
            "required": requis,
            "invalid": "Cette date n'est pas lisible : écrivez-la jj/mm/aaaa.",
        },
    )


def champ_instant(
    libelle: str, aide: str = "", requis: str = "Indiquez ce jour et cette heure."
) -> forms.DateTimeField:
    """A day and an hour of Paris; without `requis`, none is asked for."""
    return forms.DateTimeField(
        label=libelle,
        help_text=aide,
        required=bool(requis),
        widget=forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"}),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%d/%m/%Y %H:%M"],
        error_messages={
            "required": requis,
            "invalid": "Cette date n'est pas lisible : écrivez-la jj/mm/aaaa hh:mm.",
        },
    )


def champ_motif(libelle: str, aide: str, requis: str = "") -> forms.CharField:
    """A text that is sent as it is; without `requis`, it may be left empty."""
    return forms.CharField(
        label=libelle,
        help_text=aide,
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=2_000,
        required=bool(requis),
        error_messages={"required": requis},
    )


def motif(libelle: str, aide: str, requis: str = "") -> type[forms.Form]:
    """The form of a gesture that says why, and asks for nothing else."""
    return type("Motif", (forms.Form,), {"motif": champ_motif(libelle, aide, requis)})


class Retenu(forms.Form):
    """The officer's own retained amount. Empty: the least of what is declared and of the ceiling."""

    retenu = ChampMontant(
        required=False,
        label="Montant hors taxe retenu (€)",
        help_text="De 0,00 € au maximum indiqué. Laissez le maximum, ou réduisez-le puis « Recalculer ».",
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
