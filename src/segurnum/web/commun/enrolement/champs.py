"""The fields of the enrolment forms: files that a draft keeps, radio answers, persons."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from segurnum.controles.fichiers import PIECE_FORMULAIRE
from segurnum.enrolements.brouillons import PieceAJoindre
from segurnum.enrolements.pieces import TypePiece
from segurnum.regles.identifiants import est_courriel, est_telephone
from segurnum.web.commun.champ_fichier import ChampFichier, contenu

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
        **{"error_messages": {"required": f"Renseignez « {libelle} »."}} | options,
    )


def oui_non(libelle: str, **options: Any) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=libelle,
        choices=[(OUI, "Oui"), (NON, "Non")],
        widget=forms.RadioSelect,
        error_messages={"required": "Répondez par « Oui » ou par « Non »."},
        **options,
    )


def courriel(libelle: str, **options: Any) -> forms.CharField:
    return texte(
        libelle,
        maximum=254,
        validators=[_verifier_courriel],
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        **options,
    )


def telephone(libelle: str, **options: Any) -> forms.CharField:
    return texte(
        libelle,
        maximum=20,
        validators=[_verifier_telephone],
        widget=forms.TextInput(attrs={"type": "tel"}),
        **options,
    )


def _verifier_courriel(valeur: str) -> None:
    if not est_courriel(valeur):
        raise ValidationError(
            f"« {valeur} » n'est pas une adresse de courriel : une adresse comme nom@societe.example est attendue."
        )


def _verifier_telephone(valeur: str) -> None:
    if not est_telephone(valeur):
        raise ValidationError(
            f"« {valeur} » n'est pas un numéro de téléphone français : dix chiffres commençant par 0, ou la forme "
            "internationale (+33…), sont attendus."
        )
