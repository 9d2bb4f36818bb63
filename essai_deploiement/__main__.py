"""`python -m essai_deploiement [--garder] [--pannes]`: install the documented files, walk a deposit, stop all."""

import argparse
import logging
import shutil
import signal
import sys
import tempfile
from pathlib import Path

from essai_deploiement.fichiers import EssaiImpossible
from essai_deploiement.installation import installer
from essai_deploiement.parcours import Parcours
from segurnum.lanceur.binaires import LanceurErreur


def principal() -> int:
    analyseur = argparse.ArgumentParser(prog="segurnum essai-deploiement")
    analyseur.add_argument("--garder", action="store_true")
    analyseur.add_argument("--pannes", action="store_true")
    arguments = analyseur.parse_args()
    logging.getLogger("werkzeug").setLevel(logging.ERROR)  # the store's stand-in tells each request
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # what was started is stopped
    dossier = Path(tempfile.mkdtemp(prefix="segurnum-essai-"))
    dossier.chmod(0o755)  # PostgreSQL may run as another account
    try:
        with installer(dossier, dire) as lieu:
            dire("Installation prête : deux nœuds, deux ouvriers, et ce qui les entoure.")
            servi = Parcours(lieu, dire).jouer(pannes=arguments.pannes)
    except (EssaiImpossible, LanceurErreur) as erreur:
        print(f"segurnum : {erreur}", file=sys.stderr)
        return 2
    finally:
        if arguments.garder:
            dire(f"Fichiers et journaux gardés : {dossier}")
        else:
            shutil.rmtree(dossier, ignore_errors=True)
    dire("Tout a été servi, et rien n'a été envoyé deux fois." if servi else "L'essai a échoué.")
    return 0 if servi else 1


def dire(phrase: str) -> None:
    print(phrase, flush=True)


if __name__ == "__main__":
    sys.exit(principal())
