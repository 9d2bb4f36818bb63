"""The fields that several forms ask for in the same way, a file among them; how each is drawn.

Amounts and dates are read as people write them in French.
"""

import re
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any, BinaryIO, cast

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.forms.renderers import DjangoTemplates

from segurnum.controles.fichiers import RegleFichier, verifier_nom, verifier_taille
from segurnum.fichiers.joints import FichierJoint, controler, retrouver
from segurnum.regles.argent import en_euros
from segurnum.regles.erreurs import RefusMetier
from segurnum.regles.identifiants import (
    ecrire_telephone,
    est_courriel,
)
from segurnum.regles.telephones import lire_telephone

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


class ChampTelephone(ChampLu):
    """A telephone, kept in its international form and shown as it is read aloud."""

    lire = staticmethod(lire_telephone)

    def __init__(self, *, juge: bool = True, **options: Any) -> None:
        self.juge = juge
        choix: dict[str, Any] = {
            "max_length": 30,
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


def champ(
    libelle: str, absent: str = "", genre: Callable[..., forms.Field] = forms.CharField, **options: Any
) -> Any:
    """A field, and what is said of it when it is left empty: mandatory when something is."""
    return genre(
        label=libelle, **{"required": bool(absent), "error_messages": {"required": absent}} | options
    )


def liste(
    libelle: str,
    absent: str = "",
    invite: str = "",
    valeurs: Iterable[tuple[str, str]] = (),
    autre: str = "",
    **options: Any,
) -> Any:
    """One of these values, under what invites to choose; `proposer` gives them where they depend on who looks.

    `autre`: what is said of a value that is none of them.
    """
    choisie = champ(libelle, absent, forms.ChoiceField, choices=[("", invite), *valeurs], **options)
    choisie.error_messages |= {"invalid_choice": autre} if autre else {}
    return choisie


def proposer(form: forms.Form, nom: str, valeurs: Iterable[tuple[str, str]]) -> None:
    """What a `liste` of the form offers, under what invites to choose."""
    choisi: Any = form.fields[nom]
    choisi.choices = [*choisi.choices[:1], *valeurs]


def mot_de_passe(libelle: str, absent: str) -> Any:
    """The password that somebody has."""
    actuel = forms.PasswordInput({"autocomplete": "current-password"})
    return champ(libelle, absent, strip=False, widget=actuel)


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


class FormulairePersonne(forms.Form):
    """Somebody whom another person invites, by name."""

    nom = forms.CharField(
        label="Nom", max_length=150, error_messages={"required": "Saisissez le nom de la personne."}
    )
    prenom = forms.CharField(
        label="Prénom", max_length=150, error_messages={"required": "Saisissez le prénom de la personne."}
    )
    courriel = ChampCourriel(
        label="Adresse électronique",
        help_text=f"Format attendu : {FORME_ADRESSE}",
        error_messages={"required": "Saisissez l'adresse électronique de la personne."},
    )


class FichierGarde(forms.FileInput):
    """A file input that says which file a draft already keeps, and lets it be removed."""

    template_name = "kits/champ_fichier.html"

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        contexte = super().get_context(name, value, attrs)
        contexte["deposee"] = value if isinstance(value, str) else ""
        contexte["joint"] = value if isinstance(value, FichierJoint) else None
        return contexte


class FichierRetrouve(FichierGarde):
    """A file input whose form carries the mark of the file of an earlier sending."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        """The file that came, else the one of an earlier sending, which its mark finds again unless it is dropped."""
        venu = files.get(name)
        if venu is None and data.get(f"{name}_garde") and not data.get(f"{name}_sans"):
            return retrouver(data[f"{name}_garde"])
        return venu


class ChampFichier(forms.FileField):
    """A file judged by the rule of its screen. Its initial value is the name of the file that is already kept.

    `juge` False: the rule is only told, who reads the contents says what is wrong with them.
    """

    widget = FichierGarde

    def __init__(self, regle: RegleFichier, *, juge: bool = True, **options: Any) -> None:
        self.juge = juge
        choix: dict[str, Any] = {
            "help_text": f"Fichier de type {regle.formats}. Taille maximum : {regle.limite}.",
            "allow_empty_file": True,
            "error_messages": {"required": "Choisissez le fichier à déposer."},
        }
        super().__init__(**choix | options)
        self.regler(regle)

    def regler(self, regle: RegleFichier) -> None:
        """Another rule: what the browser proposes, and what it does not send, follow."""
        self.regle = regle
        self.widget.attrs |= {
            "accept": ",".join(f".{suffixe}" for suffixe in sorted(regle.types)),
            "data-taille-max": str(regle.taille_max),
        }

    def clean(self, data: Any, initial: Any = None) -> Any:
        valeur = super().clean(data, initial)
        if self.juge and isinstance(valeur, UploadedFile) and valeur.file is not None:
            controler(valeur, self.regle)
        return valeur


class ChampJoint(ChampFichier):
    """A file that its form stores as soon as it is right: its value is then a FichierJoint (see kits.televersement)."""

    widget = FichierRetrouve

    def bound_data(self, data: Any, initial: Any) -> Any:
        return data if isinstance(data, FichierJoint) else initial

    def clean(self, data: Any, initial: Any = None) -> Any:
        if not isinstance(data, FichierJoint):
            return super().clean(data, initial)
        # Its contents were judged when it came, maybe by the rule of another screen.
        taille = data.fichier.taille
        faux = verifier_nom(data.nom, self.regle) or verifier_taille(data.nom, taille, self.regle)
        return super().clean(None, initial) if faux else data


def joint(regle: RegleFichier, libelle: str, absent: str, **options: Any) -> ChampJoint:
    """A file that is stored, and what is said when none is chosen."""
    return ChampJoint(regle, label=libelle, error_messages={"required": absent}, **options)


def lu(regle: RegleFichier, libelle: str, absent: str, **options: Any) -> ChampFichier:
    """A file that is read and forgotten: who reads its contents says what is wrong with them."""
    return ChampFichier(regle, juge=False, label=libelle, error_messages={"required": absent}, **options)


def contenu(fichier: "UploadedFile[bytes]") -> tuple[str, BinaryIO]:
    """Name and stream of a file that passed its checks."""
    nom = fichier.name or ""
    if fichier.file is None:
        raise AssertionError("un fichier reçu a un contenu")
    return nom, cast(BinaryIO, fichier.file)


class Rendu(DjangoTemplates):
    """Field templates come from the portal's own components."""

    field_template_name = "kits/champ.html"
