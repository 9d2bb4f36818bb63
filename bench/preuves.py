"""The journal and the ledger verified, of ten thousand paid requests and of a hundred thousand; of more where asked."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator

from bench.dossiers import remplir
from bench.mesures import Ligne, Reglages, entier_fr
from segurnum.journal.models import Evenement

VERIFIEES = {
    "Journal vérifié": ("journal", "verifier"),
    "Grand livre vérifié": ("grand-livre", "verifier"),
}
# A million takes an hour to write: it is measured when somebody says so.
TAILLES = tuple(int(taille) for taille in os.environ.get("BENCH_PREUVES", "10000,100000").split(","))


def mesurer(reglages: Reglages) -> Iterator[Ligne]:
    premieres: dict[str, float] = {}
    deja = 0
    tailles = (1_000, 10_000) if reglages.rapide else TAILLES
    for taille in tailles:
        reglages.dire(f"  {entier_fr(taille)} demandes payées…")
        remplir(deja, taille)
        deja = taille
        evenements = entier_fr(Evenement.objects.count())
        for nom, commande in VERIFIEES.items():
            duree, calcul, memoire = _lancer(commande)
            premiere = premieres.get(nom)
            premieres.setdefault(nom, duree)
            yield Ligne(
                f"{nom}, à {entier_fr(taille)} demandes payées",
                duree,
                f"à {entier_fr(tailles[0])}" if premiere else "",
                premiere,
                f"{evenements} événements ; {calcul:.0f} s de calcul du portail ; {memoire} Mo de mémoire au plus",
            )


def _lancer(commande: tuple[str, ...]) -> tuple[float, float, int]:
    """One run of the command, in a process of its own: seconds, those that it computed, megabytes at the most."""
    debut = time.perf_counter()
    processus = subprocess.Popen([sys.executable, "-m", "segurnum", *commande])
    _, statut, usage = os.wait4(processus.pid, 0)
    assert statut == 0, statut
    return time.perf_counter() - debut, usage.ru_utime + usage.ru_stime, usage.ru_maxrss // 1024
