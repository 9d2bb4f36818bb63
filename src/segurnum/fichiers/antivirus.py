"""Asking a ClamAV daemon about a stream (its INSTREAM command). Off where ANTIVIRUS_URL is empty."""

import socket
import struct
from time import monotonic
from typing import BinaryIO
from urllib.parse import urlsplit

from django.conf import settings

from segurnum.fichiers.models import Analyse
from segurnum.pannes import AntivirusIndisponible, PanneTechnique

TRANCHE = 1024 * 1024  # octets
# Seconds for the whole exchange. A page does not wait long; a job waits longer than the daemon's own limit (120).
DELAI_A_LA_PORTE = 5.0
DELAI = 300.0


def actif() -> bool:
    return bool(settings.ANTIVIRUS_URL)


def analyser(flux: BinaryIO, *, delai: float = DELAI) -> Analyse:
    """What the daemon says of the stream, within `delai` seconds; NON_ANALYSE where it is off.

    Raises AntivirusIndisponible.
    """
    if not actif():
        return Analyse.NON_ANALYSE
    limite = monotonic() + delai
    try:
        with _lien(delai) as lien:
            lien.sendall(b"zINSTREAM\0")
            while tranche := flux.read(TRANCHE):
                _patienter(lien, limite)
                lien.sendall(struct.pack("!I", len(tranche)) + tranche)
            lien.sendall(struct.pack("!I", 0))
            reponse = _lire(lien, limite)
    except PanneTechnique:  # the store's, while the bytes were read
        raise
    except OSError as erreur:
        raise AntivirusIndisponible(f"L'antivirus ne répond pas ({type(erreur).__name__}).") from erreur
    if reponse.endswith("OK"):
        return Analyse.SAIN
    if reponse.endswith("FOUND"):
        return Analyse.INFECTE
    raise AntivirusIndisponible(f"L'antivirus a répondu « {reponse} ».")


def demander(commande: str, *, delai: float) -> str:
    """What the daemon answers to PING or VERSION, within `delai` seconds. Raises AntivirusIndisponible."""
    limite = monotonic() + delai
    try:
        with _lien(delai) as lien:
            lien.sendall(f"z{commande}\0".encode())
            return _lire(lien, limite)
    except OSError as erreur:
        raise AntivirusIndisponible(f"L'antivirus ne répond pas ({type(erreur).__name__}).") from erreur


def _lien(delai: float) -> socket.socket:
    adresse = urlsplit(settings.ANTIVIRUS_URL)
    return socket.create_connection((adresse.hostname or "", adresse.port or 3310), timeout=delai)


def _patienter(lien: socket.socket, limite: float) -> None:
    """Have the next operation end by the limit: one that drips is as silent as one that says nothing."""
    reste = limite - monotonic()
    if reste <= 0:
        raise TimeoutError
    lien.settimeout(reste)


def _lire(lien: socket.socket, limite: float) -> str:
    recu = b""
    while not recu.endswith(b"\0"):
        _patienter(lien, limite)
        morceau = lien.recv(4096)
        if not morceau:
            break
        recu += morceau
    return recu.rstrip(b"\0\n").decode("utf-8", "replace")
