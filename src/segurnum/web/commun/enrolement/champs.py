"""The fields of the enrolment forms: files that a draft keeps, radio answers, persons."""

from typing import Any, BinaryIO, cast

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from segurnum.controles.fichiers import PIECE_FORMULAIRE, extension, verifier_fichier
from segurnum.enrolements.brouillons import PieceAJoindre
from segurnum.enrolements.pieces import TypePiece
from segurnum.regles.identifiants import est_courriel, est_telephone

AIDE_FICHIER = "Fichier de type : .png, .jpg, .jpeg ou .pdf. Taille maximum : 4 Mo"
TYPES_MIME = {"pdf": "application/pdf", "png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg"}
OUI, NON = "oui", "non"


class PieceFileInput(forms.FileInput):
    """A file input that says which file is already kept, and lets it be removed."""

    template_name = "commun/enrolement/piece.html"

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        contexte = super().get_context(name, value, attrs)
        contexte["deposee"] = value if isinstance(value, str) else ""
        return contexte


class ChampPiece(forms.FileField):
    """A piece of the enrolment (ENR-024). Its initial value is the name of the file that the draft already keeps."""

    widget = PieceFileInput

    def __init__(self, type_piece: TypePiece, **options: Any) -> None:
        self.type_piece = type_piece
        choix: dict[str, Any] = {
            "label": type_piece.libelle,
            "help_text": AIDE_FICHIER,
            "allow_empty_file": True,
            "widget": PieceFileInput(attrs={"accept": ".png,.jpg,.jpeg,.pdf"}),
            "error_messages": {"required": "Choisissez le fichier à déposer."},
        }
        super().__init__(**choix | options)

    def clean(self, data: Any, initial: Any = None) -> Any:
        valeur = super().clean(data, initial)
        if isinstance(valeur, UploadedFile) and valeur.file is not None:
            flux = cast(BinaryIO, valeur.file)
            phrases = verifier_fichier(flux, valeur.name or "", valeur.size or 0, PIECE_FORMULAIRE)
            if phrases:
                raise ValidationError([_en_phrase(phrase) for _, phrase in phrases])
        return valeur


def piece_a_joindre(champ: ChampPiece, fichier: "UploadedFile[bytes]") -> PieceAJoindre:
    """The checked file of a field, as the draft takes it."""
    nom = fichier.name or ""
    if fichier.file is None:
        raise AssertionError("un fichier reçu a un contenu")
    return PieceAJoindre(champ.type_piece, nom, cast(BinaryIO, fichier.file), TYPES_MIME[extension(nom)])


def _en_phrase(texte: str) -> str:
    return texte[:1].upper() + texte[1:]


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
