"""What a child answers, as JSON, and how the portal reads it: by the type that was asked for, and no other.

A child that a hostile file has conquered may write anything: nothing of what it writes is executed, and an answer
that is not of the announced type is no answer.
"""

from __future__ import annotations

import dataclasses
import json
import types
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from enum import Enum
from functools import cache
from typing import Any, Union, get_args, get_origin, get_type_hints

Lire = Callable[[Any], Any]

_LISTES: dict[Any, Callable[[list[Any]], Any]] = {
    list: list,
    Sequence: list,
    Collection: list,
    tuple: tuple,
    set: set,
    frozenset: frozenset,
}


class ReponseInvalide(ValueError):
    """The answer is not of the type that was asked for."""


def ecrire(valeur: Any, etiquette: str) -> tuple[bytes, list[bytes]]:
    """A value as JSON, and the octets that it holds. `etiquette`: a key that no file can have guessed."""
    blocs: list[bytes] = []

    def autre(objet: Any) -> Any:
        match objet:
            case bytes() | bytearray() | memoryview():
                blocs.append(bytes(objet))
                return {etiquette: ["b", len(objet)]}
            case Decimal():
                return {etiquette: ["d", str(objet)]}
            case datetime():
                return {etiquette: ["i", objet.isoformat()]}
            case date():
                return {etiquette: ["j", objet.isoformat()]}
            case set() | frozenset():
                return list(objet)
            case Enum():
                return objet.value
        if dataclasses.is_dataclass(objet):
            return {champ.name: getattr(objet, champ.name) for champ in dataclasses.fields(objet)}
        raise TypeError(f"{type(objet).__name__} ne se rend pas")

    return json.dumps(valeur, default=autre, check_circular=False).encode(), blocs


def lire(corps: bytes, blocs: memoryview, etiquette: str, forme: Any) -> Any:
    """The value of this type that a child wrote. Raises ReponseInvalide."""
    place = 0

    def marque(objet: dict[str, Any]) -> Any:
        nonlocal place
        if etiquette not in objet:
            return objet
        genre, valeur = objet[etiquette]
        match genre:
            case "b":
                debut, place = place, place + int(valeur)
                if not debut <= place <= len(blocs):
                    raise ReponseInvalide("des octets manquent")
                return bytes(blocs[debut:place])
            case "d":
                return Decimal(valeur)
            case "i":
                return datetime.fromisoformat(valeur)
            case "j":
                return date.fromisoformat(valeur)
        raise ReponseInvalide("une marque inconnue")

    try:
        return lecteur(forme)(json.loads(corps, object_hook=marque))
    except ReponseInvalide:
        raise
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError, InvalidOperation) as faute:
        raise ReponseInvalide(type(faute).__name__) from faute


@cache
def forme_de(fonction: Callable[..., Any]) -> tuple[Any, Any]:
    """What a function gives: the type of each thing that it yields (None if it does not), and what it returns."""
    rendu = get_type_hints(fonction)["return"]
    if get_origin(rendu) is Iterator:
        return get_args(rendu)[0], type(None)
    return None, rendu


@cache
def lecteur(forme: Any) -> Lire:
    """How a value of this type is read out of JSON."""
    if forme is Any:
        return lambda valeur: valeur
    origine, arguments = get_origin(forme), get_args(forme)
    if origine in (Union, types.UnionType):
        return _union(arguments)
    if origine is tuple and arguments[-1] is not Ellipsis:
        return _couple(arguments)
    if origine in _LISTES:
        return _liste(_LISTES[origine], lecteur(arguments[0]))
    if origine in (dict, Mapping):
        return _table(lecteur(arguments[1]))
    if dataclasses.is_dataclass(forme):
        return _objet(forme)
    if isinstance(forme, type) and issubclass(forme, Enum):
        return forme
    return _exact(forme)


def _exact(forme: type) -> Lire:
    def lire(valeur: Any) -> Any:
        if type(valeur) is not forme:
            raise ReponseInvalide(f"{forme.__name__} était attendu")
        return valeur

    return lire


def _union(formes: tuple[Any, ...]) -> Lire:
    def lire(valeur: Any) -> Any:
        if valeur is None and type(None) in formes:
            return None
        for forme in formes:
            if forme is not type(None):
                try:
                    return lecteur(forme)(valeur)
                except (ValueError, TypeError):
                    continue
        raise ReponseInvalide("aucune des formes attendues")

    return lire


def _couple(formes: tuple[Any, ...]) -> Lire:
    def lire(valeur: Any) -> Any:
        if type(valeur) is not list or len(valeur) != len(formes):
            raise ReponseInvalide("un n-uplet était attendu")
        return tuple(lecteur(forme)(un) for forme, un in zip(formes, valeur, strict=True))

    return lire


def _liste(faire: Callable[[list[Any]], Any], lire_un: Lire) -> Lire:
    def lire(valeur: Any) -> Any:
        if type(valeur) is not list:
            raise ReponseInvalide("une liste était attendue")
        return faire([lire_un(un) for un in valeur])

    return lire


def _table(lire_un: Lire) -> Lire:
    def lire(valeur: Any) -> Any:
        if type(valeur) is not dict:
            raise ReponseInvalide("un objet était attendu")
        return {cle: lire_un(un) for cle, un in valeur.items()}

    return lire


def _objet(forme: Any) -> Lire:
    types_ = get_type_hints(forme)
    lecteurs = {champ.name: lecteur(types_[champ.name]) for champ in dataclasses.fields(forme)}

    def lire(valeur: Any) -> Any:
        if type(valeur) is not dict or valeur.keys() != lecteurs.keys():
            raise ReponseInvalide(f"{forme.__name__} était attendu")
        return forme(**{nom: un(valeur[nom]) for nom, un in lecteurs.items()})

    return lire
