"""`python -m endurance.vies --nombre N [--graine S]`: lives of dossiers, in a database thrown away after them."""

import argparse
import hashlib
import logging
import sys
import time
import traceback

from bench.base import base_de_mesure
from segurnum.essais.vies.releve import Releve

BASE = "segurnum_vies"
LOT = 250  # lives between two words, in one transaction


def principal() -> int:
    analyseur = argparse.ArgumentParser(prog="segurnum endurance vies", description="Des vies de dossiers.")
    analyseur.add_argument("--nombre", type=int, default=1_000, help="nombre de vies")
    analyseur.add_argument("--graine", default="1", help="la même graine tire les mêmes vies")
    analyseur.add_argument("--lot", type=int, default=0, help="premier lot à vivre")
    arguments = analyseur.parse_args()
    logging.disable(logging.WARNING)
    with base_de_mesure(BASE, demonstration=False):
        return vivre_par_lots(arguments.nombre, arguments.graine, arguments.lot)


def vivre_par_lots(nombre: int, graine: str, premier: int) -> int:
    releve, debut = Releve(), time.monotonic()
    for rang, vecues in enumerate(range(0, nombre, LOT), start=premier):
        try:
            _un_lot(min(LOT, nombre - vecues), graine, rang, releve)
        except Exception:
            traceback.print_exc()
            print(f"LOI ROMPUE au lot {rang}, après {releve.vies} vies.")
            print(f"Rejouer : ./segurnum endurance vies --graine {graine} --lot {rang} --nombre {LOT}")
            return 1
        _dire(f"{releve.vies} vies sur {nombre}, {releve.vies / (time.monotonic() - debut):.0f} par seconde")
    print(releve.ecrire(graine, time.monotonic() - debut))
    print("Aucune loi n'est rompue.")
    return 0


def _un_lot(nombre: int, graine: str, rang: int, releve: Releve) -> None:
    from django.db import connection, transaction

    from segurnum.essais.vies.machine import vivre
    from segurnum.essais.vies.monde import Monde

    empreinte = hashlib.sha256(f"{graine}-{rang}".encode()).digest()
    with transaction.atomic():
        vivre(Monde.naitre(), nombre, graine=int.from_bytes(empreinte[:8], "big"), releve=releve)
        transaction.set_rollback(True)
    with connection.cursor() as curseur:
        curseur.execute("VACUUM")  # the rows of lives that never were slow down the next ones


def _dire(phrase: str) -> None:
    print(phrase, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(principal())
