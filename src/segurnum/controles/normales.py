"""Is a value already in its normal form, with nothing to say of it? Yes or no, as quickly as can be.

Most of what is deposited is right: `structure` asks here first, and looks for what is wrong only where the answer is
no. The types of an object's values are compared at once; what remains to be looked at for such types is found once.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from segurnum.controles.valeurs import MONTANT_MAX, validite
from segurnum.couloirs.champs import Booleen, Champ, Entier, Montant, Objet, Tableau, Type

Juge = Callable[[Any], bool]
_NUL = type(None)
# Combinations of types met in the objects of one shape: beyond, they are not remembered.
_FORMES_MAX = 200


def juge_de(type_: Type) -> Juge:
    """True for a value that the type accepts as it is written. The value is of the Python type of `type_`."""
    if isinstance(type_, Objet):
        return _Objet(type_)
    if isinstance(type_, Tableau):
        return _tableau(type_)
    if isinstance(type_, Booleen):
        return lambda _: True
    if isinstance(type_, Entier):
        return lambda valeur: type_.minimum <= valeur <= type_.maximum
    if isinstance(type_, Montant):
        return lambda valeur: 0 < valeur < MONTANT_MAX and valeur.as_tuple().exponent >= -2
    return validite(type_)  # each looks at a few signs, or at the length, before any other


def _type_python(type_: Type) -> type:
    if isinstance(type_, (Objet, Tableau)):
        return dict if isinstance(type_, Objet) else list
    if isinstance(type_, (Booleen, Entier, Montant)):
        return {Booleen: bool, Entier: int, Montant: Decimal}[type(type_)]
    return str


def _tableau(type_: Tableau) -> Juge:
    juge, attendu = juge_de(type_.element), {_type_python(type_.element)}
    minimum, maximum = type_.minimum, type_.maximum

    def normal(valeur: list[Any]) -> bool:
        if len(valeur) < minimum or (maximum is not None and len(valeur) > maximum):
            return False
        return set(map(type, valeur)) <= attendu and all(map(juge, valeur))

    return normal


class _Objet:
    """Every field there, in its order, each of its type or null where null is possible."""

    def __init__(self, objet: Objet) -> None:
        self._noms = [champ.nom for champ in objet.champs]
        self._champs = objet.champs
        self._un_de = objet.un_de
        self._juges = [None if isinstance(c.type, Booleen) else juge_de(c.type) for c in objet.champs]
        self._formes: dict[tuple[type, ...], list[tuple[str, Juge]] | None] = {}

    def __call__(self, valeur: dict[str, Any]) -> bool:
        if list(valeur) != self._noms:
            return False
        types = tuple(map(type, valeur.values()))
        a_voir = self._formes[types] if types in self._formes else self._apprendre(types)
        if a_voir is None:
            return False
        for nom, juge in a_voir:  # noqa: SIM110 - a generator costs as much as what it judges
            if not juge(valeur[nom]):
                return False
        return True

    def _apprendre(self, types: tuple[type, ...]) -> list[tuple[str, Juge]] | None:
        """What has to be looked at in values of these types; None when one of the types is wrong."""
        a_voir: list[tuple[str, Juge]] | None = None
        if all(map(_admet, self._champs, types)) and self._un_rempli(types):
            a_voir = [
                (champ.nom, juge)
                for champ, juge, lu in zip(self._champs, self._juges, types, strict=True)
                if juge is not None and lu is not _NUL
            ]
        if len(self._formes) < _FORMES_MAX:
            self._formes[types] = a_voir
        return a_voir

    def _un_rempli(self, types: tuple[type, ...]) -> bool:
        """In each group, one field is a text; a list may be empty, and is left to those who look for what is wrong."""
        lus = dict(zip(self._noms, types, strict=True))
        return all(any(lus[nom] is str for nom in groupe) for groupe in self._un_de)


def _admet(champ: Champ, lu: type) -> bool:
    if champ.reserve:
        return lu is _NUL
    return lu is _type_python(champ.type) or (
        lu is _NUL and champ.accepte_null and not _a_un_squelette(champ.type)
    )


def _a_un_squelette(type_: Type) -> bool:
    """Null stands for an empty object or list, which is its normal form."""
    return isinstance(type_, (Objet, Tableau))
