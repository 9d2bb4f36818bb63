"""The fields of the enrolment forms: files that a draft keeps, radio answers, persons."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from segurnum.controles.fichiers import PIECE_FORMULAIRE
from segurnum.enrolements.brouillons import PieceAJoindre
from segurnum.enrolements.pieces import TypePiece
from segurnum.web.commun.champ_fichier import ChampFichier, contenu
from segurnum.web.commun.champs import ChampCourriel, ChampTelephone

AIDE_FICHIER = "Fichier de type : .png, .jpg, .jpeg ou .pdf. Taille maximum : 4 Mo"
OUI, NON = "oui", "non"


class ChampPiece(ChampFichier):
    """A piece of the enrolment (ENR-024)."""

    def __init__(self, type_piece: TypePiece, **options: Any) -> None:
        self.type_piece = type_piece
        super().__init__(
            PIECE_FORMULAIRE, **{"label": type_piece.libelle, "help_text": AIDE_FICHIER} | options
        )


def piece_a_joindre(champ: ChampPiece, fichier: "UploadedFile[bytes]") -> PieceAJoindre:
    """The checked file of a field, as the draft takes it."""
    return PieceAJoindre(champ.type_piece, *contenu(fichier))


def texte(libelle: str, *, obligatoire: bool = True, maximum: int = 140, **options: Any) -> forms.CharField:
    """A line of text, with a sentence for what is missing."""
    return forms.CharField(
        label=libelle,
        required=obligatoire,
        max_length=maximum,
        **{"error_messages": _manque(libelle)} | options,
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
    return ChampCourriel(label=libelle, required=obligatoire, error_messages=_manque(libelle), **options)


def telephone(libelle: str, *, obligatoire: bool = True, **options: Any) -> ChampTelephone:
    return ChampTelephone(label=libelle, required=obligatoire, error_messages=_manque(libelle), **options)


def _manque(libelle: str) -> dict[str, str]:
    return {"required": f"Renseignez « {libelle} »."}
