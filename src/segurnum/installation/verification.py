"""The whole proof, in one reading of the journal: its chains, the tables beside it, and heads that were taken away."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction

from segurnum.financements.verification import incoherences
from segurnum.installation.rapprochement import LOT, Rapprochement
from segurnum.installation.rejeu import Rejeu
from segurnum.installation.sortes import toutes
from segurnum.journal import tetes as fichier_de_tetes
from segurnum.journal.empreintes import Suite
from segurnum.journal.gardes import JOURNAL, levees
from segurnum.journal.queries import parcourir
from segurnum.journal.tetes import Tete, TetesIllisibles
from segurnum.journal.verification import comparer
from segurnum.journal.verification import tetes as _tetes


@dataclass
class Bilan:
    """What was read, and how many things are wrong."""

    chaines: int = 0
    evenements: int = 0
    objets: int = 0
    tetes: int = 0
    anomalies: int = 0


def verifier(dire: Callable[[str], object], tetes: Path | None = None) -> Bilan:
    """Tell each anomaly as it is found: none is held. Raises FileNotFoundError for heads that are not there."""
    bilan = Bilan()
    chemins = _chemins(tetes)
    with instantane():
        for phrase in (*levees(JOURNAL), *fichier_de_tetes.suite(chemins, settings.JOURNAL_CLES)):
            bilan.anomalies += 1
            dire(phrase)
        for phrase in _lire(bilan):
            bilan.anomalies += 1
            dire(phrase)
        for phrase in _comparer(chemins[-1:], bilan):
            bilan.anomalies += 1
            dire(phrase)
    return bilan


def tetes() -> Iterator[Tete]:
    """The head of every chain, all of one instant."""
    with instantane():
        yield from _tetes()


@contextmanager
def instantane() -> Iterator[None]:
    """Everything that is read inside is of one instant, while the portal goes on."""
    seule = not connection.in_atomic_block
    with transaction.atomic():
        if seule:
            with connection.cursor() as curseur:
                curseur.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def _chemins(tetes: Path | None) -> list[Path]:
    if tetes is None:
        return []
    chemins = fichier_de_tetes.fichiers(tetes) if tetes.is_dir() else [tetes]
    if not chemins or not chemins[-1].exists():
        raise FileNotFoundError(tetes)
    return chemins


def _lire(bilan: Bilan) -> Iterator[str]:
    suite, rejeu, rapprochement = Suite(), Rejeu(), Rapprochement(toutes())
    chaine = ""
    for lu in parcourir():
        if rupture := suite.lire(lu):
            yield rupture.phrase
        # A company's accounts answer for each other: what is said of a chain is compared once all of it is said.
        if lu.chaine != chaine and len(rejeu.dits) >= LOT:
            yield from (difference.phrase for difference in rapprochement.vider(rejeu.dits))
        chaine = lu.chaine
        rejeu.lire(lu)
    yield from (difference.phrase for difference in rapprochement.vider(rejeu.dits))
    yield from (difference.phrase for difference in rapprochement.inconnues())
    yield from incoherences()
    bilan.chaines, bilan.evenements, bilan.objets = suite.chaines, suite.evenements, rapprochement.objets


def _comparer(chemins: list[Path], bilan: Bilan) -> Iterator[str]:
    """The last of the files: each names the one before, and the journal only grows."""
    for chemin in chemins:
        try:
            bilan.tetes = fichier_de_tetes.verifier(chemin, settings.JOURNAL_CLES).chaines
        except TetesIllisibles:  # said with the files
            continue
        yield from (rupture.phrase for rupture in comparer(fichier_de_tetes.lire(chemin)))
