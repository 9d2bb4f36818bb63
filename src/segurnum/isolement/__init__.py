"""The one door of the files that a person sends: their octets are read in a child process, held to its limits.

`executer` and `parcourir` run a function of a module elsewhere; the functions of `portes` are the engine's own, by
that door. See the decision record 17.
"""

from segurnum.isolement.atelier import EPUISEMENTS, Bilan, arreter, executer, parcourir, preparer
from segurnum.isolement.limites import ARCHIVE, EXTRAIT, FICHIER, Limites
from segurnum.isolement.refus import ControleImpossible, ControleOccupe, EnfantPerdu, TropDeTravail

__all__ = [
    "ARCHIVE",
    "EPUISEMENTS",
    "EXTRAIT",
    "FICHIER",
    "Bilan",
    "ControleImpossible",
    "ControleOccupe",
    "EnfantPerdu",
    "Limites",
    "TropDeTravail",
    "arreter",
    "executer",
    "parcourir",
    "preparer",
]
