"""One intake of a ZIP, in a process of its own: prints its duration and its memory as JSON."""

import contextlib
import json
import logging
import sys
import time
import zipfile
from pathlib import Path
from typing import BinaryIO

import django

from bench.archive import COULOIR
from segurnum.controles import PieceAttendue, verifier_pieces
from segurnum.couloirs import par_code


def principal(chemin: Path, ranger: bool) -> None:
    django.setup()
    logging.disable(logging.INFO)
    from segurnum.fichiers import services as fichiers

    def consommer(piece: PieceAttendue, flux: BinaryIO, sha256: str, taille: int) -> None:
        if ranger:
            fichiers.deposer(flux=flux, type_mime="application/pdf", empreinte=sha256, taille=taille)

    avant = _repartir_de_la_memoire_actuelle()
    debut = time.perf_counter()
    rapport = verifier_pieces(chemin, _attendues(chemin), couloir=par_code(COULOIR), consommer=consommer)
    duree = time.perf_counter() - debut
    assert rapport.conforme, rapport.anomalies
    print(json.dumps({"duree": duree, "memoire_avant": avant, "memoire_pic": _pic()}))


def _attendues(chemin: Path) -> list[PieceAttendue]:
    with zipfile.ZipFile(chemin) as archive:
        noms = archive.namelist()
    return [PieceAttendue(nom, "PDF", "BON_COMMANDE", rang, f"{rang:05d}") for rang, nom in enumerate(noms)]


def _repartir_de_la_memoire_actuelle() -> int:
    """Forget the peak of the start-up (Linux); returns what is resident now, in kio."""
    with contextlib.suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5")
    return _pic()


def _pic() -> int:
    """Highest resident memory so far, in kio; 0 where the system does not tell it."""
    try:
        lignes = Path("/proc/self/status").read_text().splitlines()
    except OSError:
        return 0
    return next((int(ligne.split()[1]) for ligne in lignes if ligne.startswith("VmHWM")), 0)


if __name__ == "__main__":
    principal(Path(sys.argv[1]), "--ranger" in sys.argv)
