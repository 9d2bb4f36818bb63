"""The fields that several forms ask for in the same way: an address, a telephone."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from segurnum.regles.erreurs import RefusMetier
from segurnum.regles.identifiants import (
    ecrire_telephone,
    est_courriel,
    lire_bic,
    lire_iban,
    normaliser_telephone,
)

FORME_ADRESSE = "nom@domaine.fr"
OUI, NON = "oui", "non"


class ChampCourriel(forms.CharField):
    """An address to which the portal writes. `juge`: False where what is typed is kept, right or wrong."""

    def __init__(self, *, juge: bool = True, **options: Any) -> None:
        self.juge = juge
        choix: dict[str, Any] = {
            "max_length": 254,
            "widget": forms.EmailInput(attrs={"autocomplete": "off"}),  # rarely the address of who types
        }
        super().__init__(**choix | options)

    def clean(self, value: Any) -> Any:
        texte = super().clean(value)
        if texte and self.juge and not est_courriel(texte):
            raise ValidationError(
                f"« {texte} » n'est pas une adresse électronique : la forme {FORME_ADRESSE} est attendue."
            )
        return texte


class ChampLu(forms.CharField):
    """A text that a rule reads, and refuses in a sentence of its own."""

    lire: Callable[[str], str]
    juge = True

    def clean(self, value: Any) -> Any:
        texte = super().clean(value)
        if not texte or not self.juge:
            return texte
        try:
            return type(self).lire(texte)
        except RefusMetier as refus:
            raise ValidationError(str(refus)) from refus


class ChampIban(ChampLu):
    lire = staticmethod(lire_iban)


class ChampBic(ChampLu):
    lire = staticmethod(lire_bic)


class ChampTelephone(ChampLu):
    """A French telephone, kept in its international form and shown as it is read aloud."""

    lire = staticmethod(normaliser_telephone)

    def __init__(self, *, juge: bool = True, **options: Any) -> None:
        self.juge = juge
        choix: dict[str, Any] = {
            "max_length": 20,
            "widget": forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
        }
        super().__init__(**choix | options)

    def prepare_value(self, value: Any) -> Any:
        """What is kept is shown as it is read aloud; what is being typed stays as it is typed."""
        return ecrire_telephone(value) if isinstance(value, str) and value.startswith("+") else value


def manque(libelle: str) -> dict[str, str]:
    """What is said of a field that is left empty."""
    return {"required": f"Renseignez « {libelle.removesuffix(' *')} »."}


def texte(libelle: str, *, obligatoire: bool = True, maximum: int = 140, **options: Any) -> forms.CharField:
    """A line of text, with a sentence for what is missing."""
    return forms.CharField(
        label=libelle,
        required=obligatoire,
        max_length=maximum,
        **{"error_messages": manque(libelle)} | options,
    )


def oui_non(libelle: str, **options: Any) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=libelle,
        choices=[(OUI, "Oui"), (NON, "Non")],
        widget=forms.RadioSelect,
        error_messages={"required": "Répondez par « Oui » ou par « Non »."},
        **options,
    )


def courriel(libelle: str, *, obligatoire: bool = True, **options: Any) -> ChampCourriel:
    return ChampCourriel(label=libelle, required=obligatoire, error_messages=manque(libelle), **options)


def telephone(libelle: str, *, obligatoire: bool = True, **options: Any) -> ChampTelephone:
    return ChampTelephone(label=libelle, required=obligatoire, error_messages=manque(libelle), **options)


class FormulairePersonne(forms.Form):
    """Somebody whom another person invites, by name; each form asks for the address in its own words."""

    nom = forms.CharField(
        label="Nom", max_length=150, error_messages={"required": "Saisissez le nom de la personne."}
    )
    prenom = forms.CharField(
        label="Prénom", max_length=150, error_messages={"required": "Saisissez le prénom de la personne."}
    )
