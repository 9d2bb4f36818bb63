"""A declaration that cannot be understood: said when the couloir is built, never found later on a screen."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


class CouloirMalDeclare(Exception):
    """`str()` is a French sentence: the file, the couloir, where, the word at fault and the nearest known."""

    def dans(self, ou: str) -> CouloirMalDeclare:
        """The same, told from further: « sas.py : DSR-SAS-AGE-Va1 : … »."""
        return CouloirMalDeclare(f"{ou} : {self}")


def connu(mot: str, mots: Iterable[str], ou: str) -> str:
    """The word, when it is one of those. Raises CouloirMalDeclare with the nearest, or with all of them."""
    possibles = list(mots)
    if mot in possibles:
        return mot
    par_casse = {possible.casefold(): possible for possible in possibles}
    proches = get_close_matches(mot.casefold(), par_casse, n=1, cutoff=0.6)
    suite = (
        f"vouliez-vous dire « {par_casse[proches[0]]} » ?"
        if proches
        else f"les mots connus ici sont {', '.join(possibles) or 'aucun'}."
    )
    raise CouloirMalDeclare(f"{ou} : « {mot} » est inconnu ; {suite}")
