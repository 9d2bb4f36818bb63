"""Discovery: a couloir exists because a module of this package declares it in `COULOIRS`. Nothing is listed."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache

import segurnum.couloirs as paquet
from segurnum.couloirs.declaration import Couloir


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
            trouves += getattr(importlib.import_module(module.name), "COULOIRS", ())
    return tuple(sorted(trouves, key=lambda couloir: couloir.dsr))


def par_fichier() -> tuple[Couloir, ...]:
    """Those whose requests are deposited by a file: they have a format to document."""
    return tuple(couloir for couloir in tous() if not couloir.par_formulaire)


def par_formulaire() -> tuple[Couloir, ...]:
    """Those whose requests are deposited on screen."""
    return tuple(couloir for couloir in tous() if couloir.par_formulaire)


def actualiser() -> tuple[Couloir, ...]:
    """Discover again, when a file has been added while running."""
    tous.cache_clear()
    return tous()


def par_code(code: str) -> Couloir:
    """The couloir « MS1-DUI »; the last wave when there are several. Raises CouloirInconnu."""
    return _trouver(code, [couloir for couloir in tous() if couloir.code.lower() == code.lower()])


def par_dsr(dsr: str) -> Couloir:
    """The couloir of « DSR-MS1-DUI-Va1 ». Raises CouloirInconnu."""
    return _trouver(dsr, [couloir for couloir in tous() if couloir.dsr.lower() == dsr.lower()])


def trouver(nom: str) -> Couloir:
    """The couloir written either way, « MS1-DUI » or « DSR-MS1-DUI-Va1 ». Raises CouloirInconnu."""
    return par_dsr(nom) if nom.upper().startswith("DSR-") else par_code(nom)


def _trouver(nom: str, candidats: list[Couloir]) -> Couloir:
    if not candidats:
        connus = ", ".join(couloir.code for couloir in tous())
        raise CouloirInconnu(f"« {nom} » n'est pas un couloir connu ; couloirs connus : {connus}.")
    return candidats[-1]
