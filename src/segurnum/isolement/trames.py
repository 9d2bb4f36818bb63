"""How the portal and a child speak: frames on a socket, each with its kind and its length.

The portal writes pickles, which the child may trust. The child writes JSON, which the portal reads without trust.
"""

from __future__ import annotations

import socket
import struct
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from time import monotonic

_ENTETE = struct.Struct("!cQQ")

TRAVAIL, VALEUR = b"T", b"V"  # portal → child: the work; the answer to a question
PRIS, ELEMENT, RESULTAT, APPEL, FAUTE = b"P", b"E", b"R", b"A", b"X"  # child → portal

# The orders that a matrice obeys, and what it answers.
ORDRE = struct.Struct("!ci")
ENFANT, FINIR = b"E", b"F"
NUMERO = struct.Struct("!i")
BILAN = struct.Struct(
    "!iiQ"
)  # status as waitpid gives it, milliseconds of processor, kio of memory at the most
INCONNU = -1


class TrameInvalide(ValueError):
    """What came is not what was agreed: the other end is not what it should be."""


class DelaiPasse(Exception):
    """The other end has been waited for as long as it may."""


class LienRompu(Exception):
    """The other end is gone."""


class Lien:
    """One end of the conversation. `duree`: seconds that the other end is waited for in all; None: for ever."""

    def __init__(self, prise: socket.socket, *, taille_max: int, duree: float | None = None) -> None:
        self.prise, self.taille_max, self.reste = prise, taille_max, duree

    def envoyer(self, genre: bytes, corps: bytes, blocs: Iterable[bytes] = ()) -> None:
        """One frame: its body, then octets as they are. Raises LienRompu, DelaiPasse."""
        blocs = list(blocs)
        with self._attendre():
            self.prise.sendall(_ENTETE.pack(genre, len(corps), sum(map(len, blocs))))
            for morceau in (corps, *blocs):
                self.prise.sendall(morceau)

    def confier(self, descripteur: int | None) -> None:
        """Hand a descriptor over, or say that there is none: an octet that is no frame. Raises as `envoyer`."""
        with self._attendre():
            socket.send_fds(self.prise, [b"F"], [] if descripteur is None else [descripteur])

    def recevoir_un_descripteur(self) -> int | None:
        """What `confier` handed over. Raises LienRompu."""
        with self._attendre():
            octet, descripteurs, _, _ = socket.recv_fds(self.prise, 1, 1)
        if not octet:
            raise LienRompu
        return descripteurs[0] if descripteurs else None

    def recevoir(self) -> tuple[bytes, bytes, memoryview]:
        """The kind, the body and the octets of the next frame. Raises LienRompu, DelaiPasse, TrameInvalide."""
        genre, corps, blocs = _ENTETE.unpack(self._lire(_ENTETE.size))
        if corps + blocs > self.taille_max:
            raise TrameInvalide("une réponse démesurée")
        return genre, bytes(self._lire(corps)), memoryview(self._lire(blocs))

    def _lire(self, nombre: int) -> bytearray:
        recu = bytearray(nombre)
        vue = memoryview(recu)
        while vue:
            with self._attendre():
                lus = self.prise.recv_into(vue)
            if not lus:
                raise LienRompu
            vue = vue[lus:]
        return recu

    @contextmanager
    def _attendre(self) -> Iterator[None]:
        """Around what may block: no longer than what is left, which it takes from."""
        if self.reste is not None:
            if self.reste <= 0:
                raise DelaiPasse
            self.prise.settimeout(self.reste)
        debut = monotonic()
        try:
            yield
        except TimeoutError as passe:
            raise DelaiPasse from passe
        except OSError as perte:
            raise LienRompu from perte
        finally:
            if self.reste is not None:
                self.reste -= monotonic() - debut
