"""An equivalent JSON Schema (draft 2020-12), for suppliers who validate with a library.

It says what a schema can say: keys of identifiers and rules between fields remain the checker's.
"""

from __future__ import annotations

from typing import Any

from segurnum.couloirs.champs import (
    Booleen,
    Champ,
    Choix,
    DateFr,
    Entier,
    Identifiant,
    Montant,
    Objet,
    Tableau,
    Texte,
    Type,
)
from segurnum.couloirs.declaration import Couloir
from segurnum.couloirs.phrases import regle
from segurnum.couloirs.vierges import forme
from segurnum.regles.cycles import TypeDemande

_MOTIF_DATE = "^(0[1-9]|[12][0-9]|3[01])/(0[1-9]|1[0-2])/[0-9]{4}$"


def schema(couloir: Couloir, type_demande: TypeDemande) -> dict[str, Any]:
    """The JSON Schema of a whole file."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"{couloir.dsr} - {type_demande.libelle.lower()}",
        **_du_type(forme(couloir, type_demande)),
    }


def _du_type(type_: Type) -> dict[str, Any]:
    match type_:
        case Booleen():
            return {"type": "boolean"}
        case Entier():
            return {"type": "integer", "minimum": type_.minimum, "maximum": type_.maximum}
        case Montant():
            return {"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1_000_000_000}
        case DateFr():
            return {"type": "string", "pattern": _MOTIF_DATE}
        case Choix():
            return {"enum": list(type_.valeurs)}
        case Identifiant():
            return {"type": "string", "pattern": type_.motif}
        case Texte():
            motif = {"pattern": f"^{type_.motif}$"} if type_.motif else {}
            return {"type": "string", "minLength": 1, "maxLength": type_.longueur_max, **motif}
        case Tableau():
            maximum = {} if type_.maximum is None else {"maxItems": type_.maximum}
            return {"type": "array", "minItems": type_.minimum, **maximum, "items": _du_type(type_.element)}
        case Objet():
            return _de_l_objet(type_)


def _de_l_objet(objet: Objet) -> dict[str, Any]:
    resultat: dict[str, Any] = {
        "type": "object",
        "properties": {champ.nom: _du_champ(champ) for champ in objet.champs},
        "required": [champ.nom for champ in objet.champs if champ.obligatoire],
        "additionalProperties": False,
    }
    groupes = [
        {"anyOf": [{"properties": {nom: _rempli(objet[nom].type)}, "required": [nom]} for nom in groupe]}
        for groupe in objet.un_de
    ]
    return {**resultat, "allOf": groupes} if groupes else resultat


def _rempli(type_: Type) -> dict[str, Any]:
    return {"type": "array", "minItems": 1} if isinstance(type_, Tableau) else {"type": "string"}


def _du_champ(champ: Champ) -> dict[str, Any]:
    du_type = _du_type(champ.type)
    if champ.accepte_null:
        if "enum" in du_type:
            du_type["enum"].append(None)
        else:
            du_type["type"] = [du_type["type"], "null"]
    return {"title": champ.libelle, "description": regle(champ), **du_type}
