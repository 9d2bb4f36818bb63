"""One ZIP that completes 200 requests, against the check of its files alone."""

import io
import time
import zipfile
from collections.abc import Iterator
from functools import partial
from statistics import median

from bench.archive import pdf
from bench.fichiers import DEMANDES
from bench.mesures import Ligne, Reglages, compter, entier_fr, mediane
from segurnum.depots import pieces
from segurnum.depots.attentes import pieces_attendues
from segurnum.depots.models import Archive, Depot
from segurnum.essais.depots import Deposant
from segurnum.isolement.portes import verifier_pieces

# Octets of each piece: a PDF that a program writes, an order of two pages that was scanned.
_TAILLES = {"écrites": 10_000, "numérisées": 700_000}


def mesurer(reglages: Reglages) -> Iterator[Ligne]:
    deposant = Deposant.nouveau()
    passes = min(reglages.passes, 3)
    for nom, taille in _TAILLES.items():
        reglages.dire(f"  pièces {nom}…")
        petite, _ = _completer(deposant, DEMANDES // 10, taille)
        lues = [_completer(deposant, DEMANDES, taille) for _ in range(passes)]
        depot = deposant.importer(DEMANDES)
        octets = _zip(deposant, depot, taille)
        attend = Archive(entreprise_id=depot.entreprise_id, depot=depot)
        reference = mediane(partial(_controler_seul, attend, octets), passes)
        yield Ligne(
            f"ZIP de {DEMANDES} pièces {nom} ({entier_fr(len(octets) // 1024)} Ko) : contrôle, rangement, « Terminer »",
            median(duree for _, duree in lues),
            "contrôle seul des mêmes fichiers",
            reference,
            f"{lues[0][0]} requêtes SQL ({petite} pour {DEMANDES // 10} demandes)",
        )


def _completer(deposant: Deposant, nombre: int, taille: int) -> tuple[int, float]:
    """How many statements, and how long (seconds), from the check to the requests handed over."""
    depot = deposant.importer(nombre)
    archive = pieces.recevoir(
        depot=depot,
        auteur=deposant.auteur,
        nom_fichier="pieces.zip",
        flux=io.BytesIO(_zip(deposant, depot, taille)),
    )
    with compter() as compteur:
        debut = time.perf_counter()
        pieces.controler(archive=archive.pk)
        pieces.terminer(depot=depot.pk, auteur=deposant.auteur)
        duree = time.perf_counter() - debut
    archive.refresh_from_db()
    assert archive.etat == Archive.Etat.CONFORME, archive.rapport
    return compteur.nombre, duree


def _zip(deposant: Deposant, depot: Depot, taille: int) -> bytes:
    """What the deposit waits for, of that many octets each, which no other deposit has."""
    octets = deposant.zip_de(depot)
    sortie = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(octets)) as lu, zipfile.ZipFile(sortie, "w") as lourd:
        for rang, nom in enumerate(lu.namelist(), start=depot.pk * 10 * DEMANDES):
            # An announced picture stays what it is.
            lourd.writestr(nom, pdf(rang, taille) if nom.endswith(".pdf") else lu.read(nom))
    return sortie.getvalue()


def _controler_seul(archive: Archive, octets: bytes) -> None:
    rapport = verifier_pieces(
        io.BytesIO(octets), pieces_attendues(archive), couloir=None, consommer=lambda *_: None
    )
    assert rapport.conforme, rapport.anomalies
