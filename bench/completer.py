"""One ZIP that completes 200 requests, against the check of its files alone."""

import io
import time
from collections.abc import Iterator
from functools import partial
from statistics import median

from bench.fichiers import DEMANDES
from bench.mesures import Ligne, Reglages, compter, entier_fr, mediane
from segurnum.depots import pieces
from segurnum.depots.attentes import pieces_attendues
from segurnum.depots.models import Archive, Depot
from segurnum.essais.depots import Deposant
from segurnum.isolement.portes import verifier_pieces


def mesurer(reglages: Reglages) -> Iterator[Ligne]:
    deposant = Deposant.nouveau()
    petite, _ = _completer(deposant, DEMANDES // 10)
    passes = [_completer(deposant, DEMANDES) for _ in range(min(reglages.passes, 3))]
    depot = deposant.importer(DEMANDES)
    octets = deposant.zip_de(depot)
    attend = Archive(entreprise_id=depot.entreprise_id, depot=depot)
    reference = mediane(partial(_controler_seul, attend, octets), 3)
    yield Ligne(
        f"ZIP de {entier_fr(len(octets) // 1024)} Ko qui complète {DEMANDES} demandes, contrôle, rangement et « Terminer »",
        median(duree for _, duree in passes),
        "contrôle seul des mêmes fichiers",
        reference,
        f"{passes[0][0]} requêtes SQL ({petite} pour {DEMANDES // 10} demandes)",
    )


def _completer(deposant: Deposant, nombre: int) -> tuple[int, float]:
    """How many statements, and how long (seconds), from the check to the requests handed over."""
    depot = deposant.importer(nombre)
    octets = deposant.zip_de(depot)
    archive = _recevoir(deposant, depot, octets)
    with compter() as compteur:
        debut = time.perf_counter()
        pieces.controler(archive=archive.pk)
        pieces.terminer(depot=depot.pk, auteur=deposant.auteur)
        duree = time.perf_counter() - debut
    archive.refresh_from_db()
    assert archive.etat == Archive.Etat.CONFORME, archive.rapport
    return compteur.nombre, duree


def _recevoir(deposant: Deposant, depot: Depot, octets: bytes) -> Archive:
    return pieces.recevoir(
        depot=depot, auteur=deposant.auteur, nom_fichier="pieces.zip", flux=io.BytesIO(octets)
    )


def _controler_seul(archive: Archive, octets: bytes) -> None:
    rapport = verifier_pieces(
        io.BytesIO(octets), pieces_attendues(archive), couloir=None, consommer=lambda *_: None
    )
    assert rapport.conforme, rapport.anomalies
