"""What the reading of one file may cost. Each limit is data: the child that reads is held to it by the kernel.

Read from the environment here, and not in the settings: `segurnum verifier` has none.
"""

from __future__ import annotations

import os
from dataclasses import dataclass

from segurnum.controles.problemes import MO


@dataclass(frozen=True, slots=True)
class Limites:
    """`memoire`: octets of the whole child. `cpu`: seconds of processor for one file, or one entry of an archive.

    `cpu_total`: seconds of processor for the archive whole; 0 where there is one file. `duree`: seconds that the
    child is waited for (what is done meanwhile with what it gives is not counted). `reponse`: octets of one answer.
    """

    memoire: int
    cpu: int
    duree: float
    cpu_total: int = 0
    reponse: int = 64 * MO

    @property
    def cpu_en_tout(self) -> int:
        return self.cpu_total or self.cpu


def _entier(nom: str, defaut: int) -> int:
    """A whole number, 1 at least. Raises ValueError, which names the variable."""
    texte = os.environ.get(nom) or str(defaut)
    if not texte.isdecimal() or int(texte) < 1:
        raise ValueError(f"{nom} vaut « {texte} » : un nombre entier, 1 au moins, est attendu.")
    return int(texte)


_MEMOIRE = _entier("SEGURNUM_ISOLEMENT_MEMOIRE", 300) * MO
_CPU = _entier("SEGURNUM_ISOLEMENT_CPU", 5)

FICHIER = Limites(_MEMOIRE, _CPU, duree=_entier("SEGURNUM_ISOLEMENT_DUREE", 20))
"""A piece, a JSON file, a table of the administration."""
ARCHIVE = Limites(
    _MEMOIRE,
    _CPU,
    duree=_entier("SEGURNUM_ISOLEMENT_DUREE_ZIP", 120),
    cpu_total=_entier("SEGURNUM_ISOLEMENT_CPU_ZIP", 60),
)
"""The ZIP of a deposit: `cpu` is for each of its entries."""
EXTRAIT = Limites(_MEMOIRE, _entier("SEGURNUM_ISOLEMENT_CPU_EXTRAIT", 120), duree=600)
"""The national extract of the Annuaire Santé, that an administrator loads."""

ENFANTS_MAX = _entier("SEGURNUM_ISOLEMENT_ENFANTS", 4)
"""Files read at once by one process of the portal; the next ones wait for their turn."""
