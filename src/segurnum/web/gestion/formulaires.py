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


class Retenu(forms.Form):
    """The officer's own retained amount. Empty: the least of what is declared and of the ceiling."""

    retenu = ChampMontant(
        required=False,
        label="Montant hors taxe retenu (€)",
        help_text="De 0,00 € au maximum indiqué. Laissez le maximum, ou réduisez-le puis « Recalculer ».",
    )


class Motif(forms.Form):
    """A gesture that says why."""

    motif = forms.CharField(
        label="Motif",
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=2_000,
        error_messages={
            "required": "Le motif est obligatoire : dites ce qui ne va pas et ce qui est attendu."
        },
    )


class MotifRejet(Motif):
    motif = forms.CharField(
        label="Motif du rejet",
        help_text="Envoyé tel quel au fournisseur.",
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=2_000,
        error_messages={
            "required": "Le motif du rejet est obligatoire : le fournisseur doit savoir pourquoi."
        },
    )


class PieceDemandee(Motif):
    motif = forms.CharField(
        label="Pièce à ajouter",
        help_text="Envoyé tel quel au fournisseur : nommez la pièce et dites ce qu'elle doit montrer.",
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=2_000,
        error_messages={"required": "Dites quelle pièce est attendue : le fournisseur ne lira que ce texte."},
    )


class ModificationDemandee(Motif):
    motif = forms.CharField(
        label="Ce qui est à corriger",
        help_text="Envoyé tel quel au fournisseur, qui a vingt jours pour corriger.",
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=2_000,
        error_messages={"required": "Dites ce qui est à corriger : le fournisseur ne lira que ce texte."},
    )


class ModificationRefusee(Motif):
    motif = forms.CharField(
        label="Motif du refus",
        help_text="Envoyé tel quel à l'entreprise.",
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=2_000,
        error_messages={"required": "Le motif du refus est obligatoire : l'entreprise doit savoir pourquoi."},
    )


class ModeleRejete(Motif):
    motif = forms.CharField(
        label="Commentaire",
        help_text="Envoyé tel quel au fournisseur : dites ce qui est à corriger dans le modèle.",
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=2_000,
        error_messages={
            "required": "Le commentaire est obligatoire pour rejeter : le fournisseur doit savoir quoi corriger."
        },
    )


class ModeleAccepte(forms.Form):
    motif = forms.CharField(
        label="Commentaire (facultatif)",
        help_text="Envoyé tel quel au fournisseur.",
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=2_000,
        required=False,
    )


class Annulation(Motif):
    motif = forms.CharField(
        label="Motif de l'annulation",
        help_text="À la demande du fournisseur, ou par ordre de recouvrement total.",
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2_000,
        error_messages={
            "required": "Le motif de l'annulation est obligatoire : il reste au journal du dossier."
        },
    )
    confirmation = forms.BooleanField(
        label="Je confirme l'annulation : elle est définitive",
        error_messages={"required": "Cochez la confirmation : une annulation est définitive."},
    )


class Constat(forms.Form):
    """What the bank did: how much, and which day."""

    montant = ChampMontant(label="Montant payé (€)")
    jour = forms.DateField(
        label="Date de paiement effective",
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
        error_messages={
            "required": "Indiquez le jour du virement.",
            "invalid": "Cette date n'est pas lisible : écrivez-la jj/mm/aaaa.",
        },
    )

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
