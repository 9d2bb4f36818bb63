"""A piece that a supplier adds to a request: checked beside its field, stored, attached."""

from dataclasses import replace
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest

from segurnum.comptes.auteurs import Auteur
from segurnum.controles.fichiers import PIECE_FORMULAIRE, RegleFichier
from segurnum.controles.formulaire import regle_de_piece
from segurnum.demandes import services
from segurnum.demandes.models import Demande
from segurnum.seuil.arrivee import recu_le
from segurnum.web.commun.champ_fichier import ChampJoint
from segurnum.web.kits.televersement import Televersement

PIECE = Televersement("fichier", PIECE_FORMULAIRE)


class FormulairePiece(forms.Form):
    """A piece that the officer asked for (MOD-017). `facultative`: on a page that may be confirmed without any."""

    use_required_attribute = False
    type_piece = forms.ChoiceField(
        label="Type de pièce complémentaire",
        error_messages={"required": "Sélectionnez le type de la pièce à ajouter."},
    )
    fichier = ChampJoint(
        PIECE_FORMULAIRE,
        label="Fichier à ajouter",
        error_messages={"required": "Choisissez le fichier de la pièce à ajouter."},
    )

    def __init__(self, demande: Demande, *args: Any, facultative: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        types = demande.couloir.types_ajoutables(demande.type)
        vide = ("", "– Sélectionnez un type de pièce complémentaire –")
        self.fields["type_piece"].choices = [vide, *types.items()]  # type: ignore[attr-defined]
        regles = {code: regle_de_piece(demande.couloir, demande.type, code) for code in types}
        champ: Any = self.fields["fichier"]
        champ.help_text = _aide([(types[code], regle) for code, regle in regles.items()])
        tous = frozenset(f for regle in regles.values() for f in regle.types)
        champ.regler(replace(PIECE_FORMULAIRE, types=tous))  # what the browser proposes, whatever is chosen
        champ.regle = regles.get(self.data.get("type_piece", ""), champ.regle)
        if facultative:
            champ.widget.is_required = False
            for un in self.fields.values():
                un.required = self.is_bound


def _aide(regles: list[tuple[str, RegleFichier]]) -> str:
    """The formats, for each type where they are not the same for all."""
    par_formats: dict[str, list[str]] = {}
    for libelle, regle in regles:
        formats = ", ".join(f".{suffixe}" for suffixe in sorted(regle.types))
        par_formats.setdefault(formats, []).append(f"« {libelle} »")
    if len(par_formats) == 1:
        return f"Formats acceptés : {next(iter(par_formats))} ; {PIECE_FORMULAIRE.limite} au plus."
    phrases = [f"{formats} pour {', '.join(libelles)}" for formats, libelles in par_formats.items()]
    return f"Formats acceptés : {' ; '.join(phrases)}. {PIECE_FORMULAIRE.limite} au plus."


def ajouter(requete: HttpRequest, demande: Demande, form: FormulairePiece, auteur: Auteur) -> bool:
    """Attach the file of a form that came; False, with the reason on its field, when it cannot be."""

    def joindre(form: FormulairePiece) -> bool:
        joint = form.cleaned_data["fichier"]
        services.ajouter_piece(
            demande=demande.pk,
            auteur=auteur,
            nom=joint.nom,
            type_piece=_type(demande, form.cleaned_data["type_piece"]),
            fichier=joint.fichier,
            recu_le=recu_le(requete),
        )
        messages.success(requete, f"La pièce « {joint.nom} » est ajoutée.")
        return True

    return bool(PIECE.essayer(requete, form, joindre))


def _type(demande: Demande, type_piece: str) -> str:
    """The type as the request's other pieces carry it (MSS-025)."""
    zones = demande.couloir.formulaire(demande.type).zones if demande.couloir.par_formulaire else ()
    if any(zone.type == type_piece for zone in zones):
        return f"{type_piece}_{demande.dossier.numero}"
    return type_piece
