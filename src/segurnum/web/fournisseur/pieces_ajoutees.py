"""A piece that a supplier adds to a request: checked beside its field, stored, attached."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from segurnum.comptes.auteurs import Auteur
from segurnum.controles.fichiers import PIECE_FORMULAIRE
from segurnum.controles.formulaire import TAILLE_ZONE, regle_de_piece
from segurnum.demandes import services
from segurnum.demandes.models import Demande
from segurnum.regles.erreurs import RefusMetier
from segurnum.web.commun.arrivee import recu_le
from segurnum.web.commun.fichier_joint import controler, garder
from segurnum.web.commun.televersement import dire_trop_gros, trop_gros

TAILLE = TAILLE_ZONE


class FormulairePiece(forms.Form):
    """A piece that the officer asked for (MOD-017)."""

    # Only who adds a piece fills them in: nothing says « obligatoire » on a page that may be confirmed without any.
    type_piece = forms.ChoiceField(label="Type de pièce complémentaire", required=False)
    fichier = forms.FileField(label="Fichier à ajouter", allow_empty_file=True, required=False)

    def __init__(self, demande: Demande, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.demande = demande
        types = demande.couloir.types_ajoutables(demande.type_enum)
        vide = ("", "– Sélectionnez un type de pièce complémentaire –")
        self.fields["type_piece"].choices = [vide, *types.items()]  # type: ignore[attr-defined]
        formats = sorted({f for type_piece in types for f in self._regle(type_piece).types})
        accepte = [f".{suffixe}" for suffixe in formats]
        self.fields["fichier"].widget.attrs["accept"] = ",".join(accepte)
        formats_ecrits = ", ".join(accepte)
        limite = PIECE_FORMULAIRE.limite
        self.fields["fichier"].help_text = f"Formats acceptés : {formats_ecrits} ; {limite} au plus."

    def _regle(self, type_piece: str) -> Any:
        return regle_de_piece(self.demande.couloir, self.demande.type_enum, type_piece)

    def clean(self) -> dict[str, Any]:
        saisie: dict[str, Any] = super().clean() or {}
        fichier, type_piece = saisie.get("fichier"), saisie.get("type_piece")
        if not type_piece and "type_piece" not in self.errors:
            self.add_error("type_piece", "Sélectionnez le type de la pièce à ajouter.")
        if fichier is None and "fichier" not in self.errors:
            self.add_error("fichier", "Choisissez le fichier de la pièce à ajouter.")
        if fichier is not None and type_piece:
            try:
                controler(fichier, self._regle(type_piece))
            except ValidationError as refus:
                self.add_error("fichier", refus)
        return saisie


def ajouter(requete: HttpRequest, demande: Demande, form: FormulairePiece, auteur: Auteur) -> bool:
    """Attach the file of a form that came; False, with the reason on its field, when it cannot be."""
    if trop_gros(requete):
        dire_trop_gros(form, "fichier", PIECE_FORMULAIRE)
        return False
    if not form.is_valid():
        return False
    try:
        joint = garder(form.cleaned_data["fichier"])
        services.ajouter_piece(
            demande=demande.pk,
            auteur=auteur,
            nom=joint.nom,
            type_piece=_type(demande, form.cleaned_data["type_piece"]),
            fichier=joint.fichier,
            recu_le=recu_le(requete),
        )
    except ValidationError as refus:
        form.add_error("fichier", refus)
    except RefusMetier as refus:
        form.add_error("fichier", str(refus))
    return not form.errors


def _type(demande: Demande, type_piece: str) -> str:
    """The type as the request's other pieces carry it (MSS-025)."""
    zones = demande.couloir.formulaire(demande.type_enum).zones if demande.couloir.par_formulaire else ()
    if any(zone.type == type_piece for zone in zones):
        return f"{type_piece}_{demande.dossier.numero}"
    return type_piece
