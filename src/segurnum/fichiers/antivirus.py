"""Asking a ClamAV daemon about a stream (its INSTREAM command). Off where ANTIVIRUS_URL is empty."""

import socket
import struct
from typing import BinaryIO
from urllib.parse import urlsplit

from django.conf import settings

from segurnum.fichiers.models import Analyse
from segurnum.pannes import AntivirusIndisponible

TRANCHE = 1024 * 1024  # octets
DELAI = 60.0  # seconds without an answer


def actif() -> bool:
    return bool(settings.ANTIVIRUS_URL)


def analyser(flux: BinaryIO) -> Analyse:
    """What the daemon says of the stream. Raises AntivirusIndisponible; answers NON_ANALYSE where it is off."""
    if not actif():
        return Analyse.NON_ANALYSE
    adresse = urlsplit(settings.ANTIVIRUS_URL)
    try:
        with socket.create_connection((adresse.hostname or "", adresse.port or 3310), timeout=DELAI) as lien:
            lien.sendall(b"zINSTREAM\0")
            while tranche := flux.read(TRANCHE):
                lien.sendall(struct.pack("!I", len(tranche)) + tranche)
            lien.sendall(struct.pack("!I", 0))
            reponse = _lire(lien)
    except OSError as erreur:
        raise AntivirusIndisponible(f"L'antivirus ne répond pas ({type(erreur).__name__}).") from erreur
    if reponse.endswith("OK"):
        return Analyse.SAIN
    if reponse.endswith("FOUND"):
        return Analyse.INFECTE
    raise AntivirusIndisponible(f"L'antivirus a répondu « {reponse} ».")


def demander(commande: str, *, delai: float) -> str:
    """What the daemon answers to PING or VERSION, within `delai` seconds. Raises AntivirusIndisponible."""
    adresse = urlsplit(settings.ANTIVIRUS_URL)
    try:
        with socket.create_connection((adresse.hostname or "", adresse.port or 3310), timeout=delai) as lien:
            lien.sendall(f"z{commande}\0".encode())
            return _lire(lien)
    except OSError as erreur:
        raise AntivirusIndisponible(f"L'antivirus ne répond pas ({type(erreur).__name__}).") from erreur


def _lire(lien: socket.socket) -> str:
    recu = b""
    while not recu.endswith(b"\0") and (morceau := lien.recv(4096)):
        recu += morceau
    return recu.rstrip(b"\0\n").decode("utf-8", "replace")
