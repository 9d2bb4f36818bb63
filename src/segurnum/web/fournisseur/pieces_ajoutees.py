"""A piece that a supplier adds to a request: checked beside its field, stored, attached."""

from typing import Any

from django import forms
from django.http import HttpRequest

from segurnum.comptes.auteurs import Auteur
from segurnum.controles.fichiers import verifier_fichier
from segurnum.controles.formulaire import TAILLE_ZONE, regle_de_piece
from segurnum.demandes import services
from segurnum.demandes.models import Demande
from segurnum.fichiers import services as fichiers
from segurnum.web.commun.champ_fichier import contenu
from segurnum.web.commun.televersement import trop_gros

TAILLE = TAILLE_ZONE
TROP_GROS = "Le fichier dépasse 4 Mo (4 194 304 octets) : réduisez-le."


class FormulairePiece(forms.Form):
    """A piece that the officer asked for (MOD-017)."""

    type_piece = forms.ChoiceField(
        label="Type de pièce complémentaire",
        error_messages={"required": "Sélectionnez le type de la pièce à ajouter."},
    )
    fichier = forms.FileField(
        label="Fichier à ajouter",
        allow_empty_file=True,
        error_messages={"required": "Choisissez le fichier de la pièce à ajouter."},
    )

    def __init__(self, demande: Demande, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.demande = demande
        types = demande.couloir.types_ajoutables(demande.type_enum)
        vide = ("", "– Sélectionnez un type de pièce complémentaire –")
        self.fields["type_piece"].choices = [vide, *types.items()]  # type: ignore[attr-defined]
        formats = sorted({f for type_piece in types for f in self._regle(type_piece).types})
        accepte = [f".{suffixe}" for suffixe in formats]
        self.fields["fichier"].widget.attrs["accept"] = ",".join(accepte)
        self.fields["fichier"].help_text = f"Formats acceptés : {', '.join(accepte)} ; 4 Mo au plus."

    def _regle(self, type_piece: str) -> Any:
        return regle_de_piece(self.demande.couloir, self.demande.type_enum, type_piece)

    def clean(self) -> dict[str, Any]:
        saisie: dict[str, Any] = super().clean() or {}
        fichier, type_piece = saisie.get("fichier"), saisie.get("type_piece")
        if fichier is not None and type_piece:
            for _, phrase in verifier_fichier(
                fichier.file, fichier.name, fichier.size, self._regle(type_piece)
            ):
                self.add_error("fichier", f"{phrase[:1].upper()}{phrase[1:]}")
        return saisie


def ajouter(requete: HttpRequest, demande: Demande, form: FormulairePiece, auteur: Auteur) -> bool:
    """Attach the file of a form that came; False, with the reason on its field, when it cannot be."""
    if trop_gros(requete):
        form.errors["fichier"] = form.error_class([TROP_GROS])
        return False
    if not form.is_valid():
        return False
    nom, flux, type_mime = contenu(form.cleaned_data["fichier"])
    try:
        services.ajouter_piece(
            demande=demande.pk,
            auteur=auteur,
            nom=nom,
            type_piece=_type(demande, form.cleaned_data["type_piece"]),
            fichier=fichiers.recevoir(flux=flux, nom=nom, type_mime=type_mime),
        )
    except ValueError as refus:
        form.add_error("fichier", str(refus))
        return False
    return True


def _type(demande: Demande, type_piece: str) -> str:
    """The type as the request's other pieces carry it (MSS-025)."""
    zones = demande.couloir.formulaire(demande.type_enum).zones if demande.couloir.par_formulaire else ()
    if any(zone.type == type_piece for zone in zones):
        return f"{type_piece}_{demande.dossier.numero}"
    return type_piece
