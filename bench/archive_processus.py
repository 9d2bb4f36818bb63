"""One intake of a ZIP, in a process of its own: prints its duration and its memory as JSON."""

import contextlib
import io
import json
import logging
import sys
import time
import zipfile
from pathlib import Path
from typing import BinaryIO

import django

from bench.archive import COULOIR
from segurnum.controles import PieceAttendue
from segurnum.couloirs import par_code
from segurnum.isolement import Bilan, preparer
from segurnum.isolement.portes import verifier_pieces


def principal(chemin: Path, ranger: bool) -> None:
    django.setup()
    logging.disable(logging.INFO)
    from segurnum.fichiers.groupes import Groupes
    from segurnum.fichiers.stockage import Contenu

    groupes = Groupes()

    def consommer(_piece: PieceAttendue, flux: BinaryIO, sha256: str, taille: int) -> None:
        if ranger:
            groupes.ajouter(Contenu(flux, sha256, taille))

    preparer()
    _attendre_la_matrice()
    avant = _repartir_de_la_memoire_actuelle()
    enfant = Bilan()
    debut = time.perf_counter()
    rapport = verifier_pieces(
        chemin, _attendues(chemin), couloir=par_code(COULOIR), consommer=consommer, bilan=enfant
    )
    if ranger:
        groupes.ranger()
    duree = time.perf_counter() - debut
    assert rapport.conforme, rapport.anomalies
    pics = {"memoire_avant": avant, "memoire_pic": _pic(), "memoire_enfant": enfant.memoire // 1024}
    print(json.dumps({"duree": duree} | pics))


def _attendre_la_matrice() -> None:
    """A worker has long been there when a ZIP comes."""
    verifier_pieces(io.BytesIO(b""), [], couloir=None)


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
