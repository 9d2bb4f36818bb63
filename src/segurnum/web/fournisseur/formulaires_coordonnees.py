"""The forms of « Mon compte »: a bank account, the natural persons."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from segurnum.controles.fichiers import PIECE_FORMULAIRE
from segurnum.coordonnees.personnes import Personne, RolePersonne, TypePiece
from segurnum.web.commun.champ_fichier import ChampJoint
from segurnum.web.commun.champs import ChampCourriel, ChampTelephone
from segurnum.web.commun.compte_bancaire import ChampsBancaires

FORMATS = f"Formats acceptés : .pdf, .png, .jpg, .jpeg ; {PIECE_FORMULAIRE.limite} au plus."


class FormulaireCompte(ChampsBancaires):
    """« + Ajouter une coordonnée bancaire » (ACC-003). The RIB is not asked for again when another field is wrong."""

    rib = ChampJoint(
        PIECE_FORMULAIRE,
        label="Relevé d'identité bancaire (RIB)",
        help_text=FORMATS,
        error_messages={"required": "Choisissez le fichier du RIB de ce compte."},
    )


IMPORTER, RETIRER, VALIDER = "importer", "retirer", "valider"
# Field -> its label on screen, before « du représentant légal » (ACC-007).
_CHAMPS = {"nom": "Nom", "prenom": "Prénom", "courriel": "Email", "telephone": "Téléphone"}
_JUGES = {"courriel": ChampCourriel, "telephone": ChampTelephone}
_ARTICLES = {RolePersonne.REPRESENTANT: "du représentant légal", RolePersonne.DEPOSITAIRE: "du dépositaire"}


class FormulairePersonnes(forms.Form):
    """The persons, and the piece being imported: one form, so that importing loses nothing of what is typed.

    `geste`: which button was pressed. Only « Valider mes informations » judges what is typed about the persons.
    """

    type_piece = forms.ChoiceField(
        label="Type de pièce complémentaire :",
        choices=[("", "Sélectionner une option"), *TypePiece.choices],
        error_messages={"required": "Choisissez le type de la pièce à importer."},
    )
    fichier = ChampJoint(
        PIECE_FORMULAIRE,
        label="Fichier à ajouter :",
        help_text=FORMATS,
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
        self.fields["fichier"].juge = geste == IMPORTER  # type: ignore[attr-defined]

    def clean_fichier(self) -> Any:
        televerse = self.cleaned_data["fichier"]
        if televerse and self.geste == VALIDER:
            raise ValidationError(
                f"Le fichier « {televerse.name} » n'est pas encore importé : choisissez-le, puis « Importer »."
            )
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
    commun: dict[str, Any] = {
        "label": f"{_CHAMPS[champ]} {_ARTICLES[role]} :",
        "required": juge,
        "error_messages": {"required": f"Renseignez ce champ : {_CHAMPS[champ].lower()} {_ARTICLES[role]}."},
    }
    if champ in _JUGES:
        return _JUGES[champ](juge=juge, **commun)
    # The person is rarely the one who types.
    return forms.CharField(max_length=100, widget=forms.TextInput(attrs={"autocomplete": "off"}), **commun)
