"""The forms of « Mon compte »: a bank account, the natural persons."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from segurnum.controles.fichiers import PIECE_FORMULAIRE
from segurnum.coordonnees.personnes import Personne, RolePersonne, TypePiece
from segurnum.regles.identifiants import est_courriel, est_telephone
from segurnum.web.commun.compte_bancaire import ChampsBancaires
from segurnum.web.commun.fichier_joint import FichierJoint, controler, retrouver

FORMATS = "Formats acceptés : .pdf, .png, .jpg, .jpeg ; 4 Mo au plus."
_SELECTEUR = forms.FileInput(attrs={"accept": ".pdf,.png,.jpg,.jpeg"})


class FormulaireCompte(ChampsBancaires):
    """« + Ajouter une coordonnée bancaire » (ACC-003). The RIB is not asked for again when another field is wrong."""

    rib = forms.FileField(
        label="Relevé d'identité bancaire (RIB)",
        help_text=FORMATS,
        allow_empty_file=True,
        widget=_SELECTEUR,
        error_messages={"required": "Choisissez le fichier du RIB de ce compte."},
    )
    rib_garde = forms.CharField(required=False, widget=forms.HiddenInput)

    joint: FichierJoint | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["rib"].required = not self.data.get("rib_garde")

    def clean_rib(self) -> Any:
        """The file that came, for the view to store; else the one that came before, in `joint`."""
        televerse = self.cleaned_data["rib"]
        if televerse:
            controler(televerse, PIECE_FORMULAIRE)
            return televerse
        self.joint = retrouver(self.data.get("rib_garde", ""))
        if self.joint is None:
            raise ValidationError("Choisissez le fichier du RIB de ce compte.")
        return None


IMPORTER, RETIRER, VALIDER = "importer", "retirer", "valider"
# Field -> its label on screen, before « du représentant légal » (ACC-007); its length; what it must be; a sentence.
_CHAMPS = {"nom": "Nom", "prenom": "Prénom", "courriel": "Email", "telephone": "Téléphone"}
_LONGUEURS = {"nom": 100, "prenom": 100, "courriel": 254, "telephone": 20}
_ARTICLES = {RolePersonne.REPRESENTANT: "du représentant légal", RolePersonne.DEPOSITAIRE: "du dépositaire"}
_GENRES = {"courriel": "email", "telephone": "tel"}
_REMPLISSAGE = "off"  # the person is rarely the one who types


class FormulairePersonnes(forms.Form):
    """The persons, and the piece being imported: one form, so that importing loses nothing of what is typed.

    `geste`: which button was pressed. Only « Valider mes informations » judges what is typed about the persons.
    """

    type_piece = forms.ChoiceField(
        label="Type de pièce complémentaire :",
        choices=[("", "Selectionner une option"), *TypePiece.choices],
        error_messages={"required": "Choisissez le type de la pièce à importer."},
    )
    fichier = forms.FileField(
        label="Fichier à ajouter :",
        help_text=FORMATS,
        allow_empty_file=True,
        widget=_SELECTEUR,
        error_messages={"required": "Choisissez le fichier de la pièce à importer."},
    )

    def __init__(self, roles: Iterable[str], geste: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.geste = geste
        self.roles = [RolePersonne(role) for role in roles]
        for role in self.roles:
            for champ in _CHAMPS:
                self.fields[_nom(role, champ)] = _champ(role, champ, juge=geste == VALIDER)
        for champ in ("type_piece", "fichier"):
            self.fields[champ].required = geste == IMPORTER

    def clean_fichier(self) -> Any:
        televerse = self.cleaned_data["fichier"]
        if televerse and self.geste == VALIDER:
            raise ValidationError(
                f"Le fichier « {televerse.name} » n'est pas encore importé : choisissez-le, puis « Importer »."
            )
        if televerse and self.geste == IMPORTER:
            controler(televerse, PIECE_FORMULAIRE)
        return televerse

    @property
    def saisie(self) -> dict[str, dict[str, str]]:
        """What is typed: role -> field -> text."""
        return {
            role.value: {champ: self.cleaned_data[_nom(role, champ)] for champ in _CHAMPS}
            for role in self.roles
        }

    @property
    def personnes(self) -> dict[str, Personne]:
        return {role: Personne(**valeurs) for role, valeurs in self.saisie.items()}

    @property
    def groupes(self) -> list[tuple[str, list[forms.BoundField]]]:
        """The fields of each person, under « Coordonnées du représentant légal : »."""
        return [
            (f"Coordonnées {_ARTICLES[role]} :", [self[_nom(role, champ)] for champ in _CHAMPS])
            for role in self.roles
        ]


def initiales(personnes: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """What the form shows at first, from role -> field -> text."""
    return {
        _nom(role, champ): texte for role, valeurs in personnes.items() for champ, texte in valeurs.items()
    }


def _nom(role: str, champ: str) -> str:
    return f"{role.lower()}_{champ}"


def _champ(role: RolePersonne, champ: str, *, juge: bool) -> forms.CharField:
    libelle = f"{_CHAMPS[champ]} {_ARTICLES[role]} :"
    return forms.CharField(
        label=libelle,
        required=juge,
        max_length=_LONGUEURS[champ],
        widget=forms.TextInput(attrs={"type": _GENRES.get(champ, "text"), "autocomplete": _REMPLISSAGE}),
        validators=[_VERIFICATIONS[champ]] if juge and champ in _VERIFICATIONS else [],
        error_messages={"required": f"Renseignez ce champ : {_CHAMPS[champ].lower()} {_ARTICLES[role]}."},
    )


def _verifier_courriel(texte: str) -> None:
    if not est_courriel(texte):
        raise ValidationError("Cette adresse n'est pas valable : la forme nom@domaine.fr est attendue.")


def _verifier_telephone(texte: str) -> None:
    if not est_telephone(texte):
        raise ValidationError(
            "Ce numéro n'est pas un téléphone français : dix chiffres commençant par 0, ou la forme +33…, sont "
            "attendus."
        )


_VERIFICATIONS = {"courriel": _verifier_courriel, "telephone": _verifier_telephone}
