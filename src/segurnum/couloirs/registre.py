"""Discovery: a couloir exists because a module of this package declares it in `COULOIRS`. Nothing is listed."""

from __future__ import annotations

import importlib
import pkgutil
import re
from functools import cache
from unicodedata import normalize

import segurnum.couloirs as paquet
from segurnum.couloirs.declaration import Couloir
from segurnum.couloirs.erreurs import CouloirMalDeclare

_VAGUE = re.compile("-va[0-9]$", re.IGNORECASE)


class CouloirInconnu(KeyError):
    """No couloir has this code; `str()` is a French sentence."""

    def __str__(self) -> str:
        return str(self.args[0])


@cache
def tous() -> tuple[Couloir, ...]:
    """Every declared couloir, in the order of their codes."""
    trouves: list[Couloir] = []
    for module in pkgutil.iter_modules(paquet.__path__, f"{paquet.__name__}."):
        if not module.ispkg:
            trouves += _declares(module.name)
    connus: dict[str, Couloir] = {}
    for couloir in trouves:
        if connus.setdefault(couloir.dsr, couloir) is not couloir:
            raise CouloirMalDeclare(f"{couloir.dsr} est déclaré deux fois.")
    return tuple(sorted(trouves, key=lambda couloir: couloir.dsr))


def _declares(module: str) -> tuple[Couloir, ...]:
    """The couloirs of a file, if it declares some. Raises CouloirMalDeclare, which names the file."""
    try:
        declares: tuple[Couloir, ...] = getattr(importlib.import_module(module), "COULOIRS", ())
    except CouloirMalDeclare as erreur:
        raise erreur.dans(f"{module.rpartition('.')[2]}.py") from erreur
    return declares


def par_fichier() -> tuple[Couloir, ...]:
    """Those whose requests are deposited by a file: they have a format to document."""
    return tuple(couloir for couloir in tous() if not couloir.par_formulaire)


def par_formulaire() -> tuple[Couloir, ...]:
    """Those whose requests are deposited on screen."""
    return tuple(couloir for couloir in tous() if couloir.par_formulaire)


def rubriques() -> dict[str, str]:
    """What the public calls the couloirs, by the shortest of their codes: « MS » for those of the médico-social."""
    codes: dict[str, str] = {}
    for couloir in sorted(tous(), key=lambda couloir: len(couloir.couloir)):
        codes.setdefault(couloir.rubrique, couloir.couloir)
    return {code: rubrique for rubrique, code in sorted(codes.items(), key=lambda lue: _sans_accent(lue[0]))}


def _sans_accent(texte: str) -> str:
    return normalize("NFD", texte).casefold()


def actualiser() -> tuple[Couloir, ...]:
    """Discover again, when a file has been added while running."""
    tous.cache_clear()
    return tous()


def par_code(code: str) -> Couloir:
    """The couloir « MS1-DUI »; the last wave when there are several: where one has a DSR, it is asked for by it.

    Raises CouloirInconnu.
    """
    return _trouver(code, [couloir for couloir in tous() if couloir.code.lower() == code.lower()])


def par_dsr(dsr: str) -> Couloir:
    """The couloir of « DSR-MS1-DUI-Va1 ». Raises CouloirInconnu."""
    return _trouver(dsr, [couloir for couloir in tous() if couloir.dsr.lower() == dsr.lower()])


def trouver(nom: str) -> Couloir:
    """The couloir written « DSR-MS1-DUI-Va1 », « MS1-DUI-Va1 », or « MS1-DUI » where it has one wave only.

    Raises CouloirInconnu, for a code that several waves share too: what is written for good names its wave.
    """
    vagues = [couloir for couloir in tous() if couloir.code.lower() == nom.lower()]
    if len(vagues) > 1:
        possibles = " ou ".join(couloir.dsr for couloir in vagues)
        raise CouloirInconnu(f"« {nom} » est de plusieurs vagues : {possibles} est attendu.")
    return vagues[0] if vagues else dernier(nom)


def dernier(nom: str) -> Couloir:
    """The couloir written in any of these ways; the last wave where none is said. Raises CouloirInconnu."""
    if nom.upper().startswith("DSR-"):
        return par_dsr(nom)
    return par_dsr(f"DSR-{nom}") if _VAGUE.search(nom) else par_code(nom)


def _trouver(nom: str, candidats: list[Couloir]) -> Couloir:
    if not candidats:
        connus = ", ".join(dict.fromkeys(couloir.code for couloir in tous()))
        raise CouloirInconnu(f"« {nom} » n'est pas un couloir connu ; couloirs connus : {connus}.")
    return candidats[-1]
