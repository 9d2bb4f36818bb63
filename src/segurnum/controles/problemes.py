"""How the checks of files say what is wrong: a code and a sentence, sizes and names made readable."""

from __future__ import annotations

import unicodedata

from segurnum.controles.catalogue import Code

MO = 1_048_576

Probleme = tuple[str, str]
"""(code of four digits, French sentence)."""


def probleme(code: Code, phrase: str) -> Probleme:
    """A problem of this code, its sentence beginning with a capital."""
    return code.code, phrase[:1].upper() + phrase[1:]


def nombre_fr(nombre: int) -> str:
    """A whole number in French: « 3 145 729 », with narrow no-break spaces."""
    return f"{nombre:,}".replace(",", "\u202f")


def en_nombre(nombre: int, un: str, plusieurs: str = "") -> str:
    """« 1 ligne », « 1 200 lignes », « 0 numéro créé »: French is plural from two on.

    `plusieurs`: the plural where an « s » at the end is not enough.
    """
    return f"{nombre_fr(nombre)} {un if abs(nombre) < 2 else plusieurs or un + 's'}"


def mo(taille: int) -> str:
    """A limit in French: « 4 Mo », which no line break parts."""
    return f"{taille // MO}\u00a0Mo"


def octets(nombre: int) -> str:
    """A number of octets in French: « 3 145 729 octets »."""
    return f"{nombre_fr(nombre)} octet{'s' if nombre > 1 else ''}"


def lisible(nom: str) -> str:
    """A name as it can be shown: the invisible characters become « � », very long names are cut."""
    propre = "".join("�" if unicodedata.category(c)[0] == "C" else c for c in nom)
    return propre if len(propre) <= 150 else propre[:150] + "…"
