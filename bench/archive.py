"""The intake of a ZIP of 200 Mo, against `unzip -t` then `sha256sum` of the same file."""

import io
import json
import os
import random
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Any

import pikepdf
from django.conf import settings

from bench.mesures import Ligne, Reglages, entier_fr, mediane
from segurnum.controles.archive import TAILLE_MAX
from segurnum.controles.fichiers import PIECE_ZIP
from segurnum.controles.problemes import MO
from segurnum.couloirs import par_code
from segurnum.couloirs.nomenclature import nom_piece

COULOIR = "MS1-DUI"
TAILLE_PIECE = PIECE_ZIP.taille_max - 8_192  # octets: room for the structure of the PDF


def mesurer(reglages: Reglages) -> Iterator[Ligne]:
    taille = TAILLE_MAX // 10 if reglages.rapide else TAILLE_MAX
    chemin = Path(settings.DONNEES) / "pieces.zip"
    nombre = _fabriquer(chemin, taille)
    passes = min(reglages.passes, 3)
    reference = _reference(chemin, passes)
    libelle = f"ZIP de {chemin.stat().st_size / MO:.0f} Mo ({nombre} PDF)"
    outils = "unzip -t puis sha256sum" if shutil.which("unzip") else "sha256sum (unzip absent)"
    for suite, ranger in (("contrôle", False), ("contrôle et rangement", True)):
        essais = [_dans_un_processus(chemin, ranger) for _ in range(passes)]
        avant, pic, enfant = (
            entier_fr(max(essai[cle] for essai in essais) // 1024)
            for cle in ("memoire_avant", "memoire_pic", "memoire_enfant")
        )
        detail = (
            f"mémoire : pic {pic} Mo, dont {avant} Mo avant de commencer ; enfant qui lit : pic {enfant} Mo"
        )
        yield Ligne(
            f"{libelle} : {suite}", median(essai["duree"] for essai in essais), outils, reference, detail
        )


def _fabriquer(chemin: Path, taille: int) -> int:
    """Write a conforming archive just under `taille` octets, and return its number of pieces."""
    couloir = par_code(COULOIR)
    nombre = (taille - 64_000) // PIECE_ZIP.taille_max
    with zipfile.ZipFile(chemin, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for rang in range(nombre):
            nom = nom_piece(couloir.code, couloir.vague, "BON_COMMANDE", f"{rang:05d}")
            archive.writestr(nom, pdf(rang))
    return nombre


def pdf(rang: int, taille: int = TAILLE_PIECE) -> bytes:
    """A PDF of one page whose bytes do not compress, and are no other's."""
    document = pikepdf.new()
    document.add_blank_page()
    document.Root.Remplissage = document.make_stream(random.Random(rang).randbytes(taille))
    sortie = io.BytesIO()
    document.save(sortie, compress_streams=False)
    return sortie.getvalue()


def _reference(chemin: Path, passes: int) -> float:
    commandes = [["sha256sum", str(chemin)]]
    if shutil.which("unzip"):
        commandes.insert(0, ["unzip", "-tqq", str(chemin)])

    def executer() -> None:
        for commande in commandes:
            subprocess.run(commande, check=True, stdout=subprocess.DEVNULL)

    return mediane(executer, passes)


def _dans_un_processus(chemin: Path, ranger: bool) -> dict[str, Any]:
    """One run in a fresh process, and a fresh store: what is measured is its own memory."""
    donnees = Path(settings.DONNEES) / "rangement"
    shutil.rmtree(donnees, ignore_errors=True)
    sortie = subprocess.run(
        [sys.executable, "-m", "bench.archive_processus", str(chemin), *(["--ranger"] if ranger else [])],
        check=True,
        stdout=subprocess.PIPE,
        env={**os.environ, "SEGURNUM_DONNEES": str(donnees)},
    ).stdout
    resultat: dict[str, Any] = json.loads(sortie)
    return resultat
