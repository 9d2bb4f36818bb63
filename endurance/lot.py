"""`python -m endurance.lot`: one lot of lives, in a copy of the database that `endurance.vies` made."""

import argparse
import hashlib
import logging
import os
import pickle
import sys
import traceback
from pathlib import Path
from urllib.parse import urlsplit

from bench.base import copie, fermer


def principal() -> int:
    analyseur = argparse.ArgumentParser(prog="endurance.lot")
    for option in ("--modele", "--graine"):
        analyseur.add_argument(option, required=True)
    for option in ("--rang", "--nombre"):
        analyseur.add_argument(option, type=int, required=True)
    analyseur.add_argument("--vers", type=Path, required=True, help="fichier où écrire ce qui est vécu")
    demande = analyseur.parse_args()
    logging.disable(logging.WARNING)
    adresse = os.environ["DATABASE_URL"]
    with copie(adresse, f"{demande.modele}_{demande.rang}", demande.modele) as nom:
        os.environ["DATABASE_URL"] = urlsplit(adresse)._replace(path=f"/{nom}").geturl()
        try:
            _vivre(demande.rang, demande.nombre, demande.graine, demande.vers)
        except Exception:
            traceback.print_exc()
            print(f"LOI ROMPUE au lot {demande.rang}.")
            print(
                f"Rejouer : ./segurnum endurance vies --graine {demande.graine} --lot {demande.rang} "
                f"--nombre {demande.nombre}"
            )
            return 1
        finally:
            fermer()
    return 0


def _vivre(rang: int, nombre: int, graine: str, vers: Path) -> None:
    import django

    django.setup()
    from django.db import transaction

    from segurnum.essais.vies.machine import vivre
    from segurnum.essais.vies.monde import Monde

    empreinte = hashlib.sha256(f"{graine}-{rang}".encode()).digest()
    with transaction.atomic():
        releve = vivre(Monde.naitre(), nombre, graine=int.from_bytes(empreinte[:8], "big"))
        transaction.set_rollback(True)
    vers.write_bytes(pickle.dumps(releve))


if __name__ == "__main__":
    sys.exit(principal())
