"""`python -m endurance.vies --nombre N [--graine S]`: lives of dossiers, in databases thrown away after them.

Lots are lived side by side (`endurance.lot`), each in a process and a database of its own: what a lot lives depends
on the seed and on its rank alone, not on what was lived before it, nor on how many are lived together.
"""

import argparse
import os
import pickle
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from pathlib import Path

from bench.base import base_de_mesure, fermer

BASE = "segurnum_vies"
LOT = 250


def principal() -> int:
    analyseur = argparse.ArgumentParser(prog="segurnum endurance vies", description="Des vies de dossiers.")
    analyseur.add_argument("--nombre", type=int, default=1_000, help="nombre de vies")
    analyseur.add_argument("--graine", default="1", help="la même graine tire les mêmes vies")
    analyseur.add_argument("--lot", type=int, default=0, help="premier lot à vivre")
    analyseur.add_argument(
        "--processus", type=int, default=len(os.sched_getaffinity(0)), help="lots vécus en même temps"
    )
    arguments = analyseur.parse_args()
    lots = list(_lots(arguments.nombre, arguments.lot))
    with (
        base_de_mesure(BASE, demonstration=False),
        tempfile.TemporaryDirectory() as dossier,
        ThreadPoolExecutor(max(1, arguments.processus)) as ensemble,
    ):
        fermer()  # a database that somebody looks at is not copied
        releves = {
            ensemble.submit(_vivre, rang, nombre, arguments.graine, Path(dossier)): nombre
            for rang, nombre in lots
        }
        try:
            return _reunir(releves, arguments.graine)
        finally:
            ensemble.shutdown(cancel_futures=True)


def _lots(nombre: int, premier: int) -> Iterator[tuple[int, int]]:
    """Their ranks, and how many lives each has."""
    for rang, vecues in enumerate(range(0, nombre, LOT), start=premier):
        yield rang, min(LOT, nombre - vecues)


def _vivre(rang: int, nombre: int, graine: str, dossier: Path) -> bytes:
    """What a lot lived. Raises CalledProcessError when a law is broken, which the lot has printed."""
    fichier = dossier / str(rang)
    commande = [sys.executable, "-m", "endurance.lot", "--modele", BASE, "--graine", graine]
    commande += ["--rang", str(rang), "--nombre", str(nombre), "--vers", str(fichier)]
    # The order of a set of words is drawn by each process, but for a seed.
    subprocess.run(commande, env=os.environ | {"PYTHONHASHSEED": "0"}, check=True)
    return fichier.read_bytes()


def _reunir(releves: dict[Future[bytes], int], graine: str) -> int:
    from segurnum.essais.vies.releve import Releve

    debut, vecues = time.monotonic(), 0
    for lot in as_completed(releves):
        try:
            lot.result()
        except subprocess.CalledProcessError:
            return 1
        vecues += releves[lot]
        cadence = vecues / (time.monotonic() - debut)
        print(
            f"{vecues} vies sur {sum(releves.values())}, {cadence:.1f} par seconde",
            file=sys.stderr,
            flush=True,
        )
    ensemble = Releve()
    for lot in releves:  # in the order of their ranks, whichever ended first
        ensemble.ajouter(pickle.loads(lot.result()))  # noqa: S301 - written by our own process
    print(ensemble.ecrire(graine, time.monotonic() - debut))
    print("Aucune loi n'est rompue.")
    return 0


if __name__ == "__main__":
    sys.exit(principal())
