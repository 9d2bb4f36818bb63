"""The fields that several forms ask for in the same way: an address, a telephone."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from segurnum.regles.erreurs import RefusMetier
from segurnum.regles.identifiants import ecrire_telephone, est_courriel, normaliser_telephone

FORME_ADRESSE = "nom@domaine.fr"


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


class ChampTelephone(forms.CharField):
    """A French telephone, kept in its international form and shown as it is read aloud."""

    def __init__(self, *, juge: bool = True, **options: Any) -> None:
        self.juge = juge
        choix: dict[str, Any] = {
            "max_length": 20,
            "widget": forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
        }
        super().__init__(**choix | options)

    def clean(self, value: Any) -> Any:
        texte = super().clean(value)
        if not texte or not self.juge:
            return texte
        try:
            return normaliser_telephone(texte)
        except RefusMetier as refus:
            raise ValidationError(str(refus)) from refus

    def prepare_value(self, value: Any) -> Any:
        """What is kept is shown as it is read aloud; what is being typed stays as it is typed."""
        return ecrire_telephone(value) if isinstance(value, str) and value.startswith("+") else value


class FormulairePersonne(forms.Form):
    """Somebody whom another person invites, by name; each form asks for the address in its own words."""

    nom = forms.CharField(
        label="Nom", max_length=150, error_messages={"required": "Saisissez le nom de la personne."}
    )
    prenom = forms.CharField(
        label="Prénom", max_length=150, error_messages={"required": "Saisissez le prénom de la personne."}
    )
