"""How a PNG is made, and whether all of its points are there: they are counted as they come, and not kept."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from segurnum.controles.filtres import gonfler
from segurnum.controles.jpeg import ImageAbimee

SIGNATURE = b"\x89PNG\r\n\x1a\n"
_MORCEAUX_MAX = 100_000
_ESSENTIELS = (b"IHDR", b"PLTE", b"tRNS", b"IDAT")
_FIN = b"\x00\x00\x00\x00IEND\xaeB`\x82"
_ENTETE = struct.Struct(">2L5B")
# For each type of colour: how many numbers a point has, and on how many bits.
_COULEURS = {
    0: (1, (1, 2, 4, 8, 16)),
    2: (3, (8, 16)),
    3: (1, (1, 2, 4, 8)),
    4: (2, (8, 16)),
    6: (4, (8, 16)),
}
# Adam7: for each pass, its first column and row, and its steps.
_ADAM7 = (
    (0, 0, 8, 8),
    (4, 0, 8, 8),
    (0, 4, 4, 8),
    (2, 0, 4, 4),
    (0, 2, 2, 4),
    (1, 0, 2, 2),
    (0, 1, 1, 2),
)


@dataclass(frozen=True, slots=True)
class Png:
    """A PNG's head and its compressed points."""

    largeur: int
    hauteur: int
    bits_par_point: int
    entrelacee: bool
    donnees: bytes


def lire(octets: bytes) -> Png:
    """The picture without what surrounds it. Raises ImageAbimee."""
    tete, palette, donnees = None, False, []
    for nom, corps, somme in _morceaux(octets):
        if nom in (b"IHDR", b"PLTE", b"IDAT") and zlib.crc32(nom + corps) != somme:
            raise ImageAbimee
        if nom == b"IHDR" and tete is None and len(corps) == _ENTETE.size:
            tete = _ENTETE.unpack(corps)
        elif tete is None:
            raise ImageAbimee
        elif nom == b"IDAT":
            donnees.append(corps)
        palette = palette or nom == b"PLTE"
    if tete is None:
        raise ImageAbimee
    largeur, hauteur, profondeur, couleur, compression, filtrage, entrelacement = tete
    nombres, profondeurs = _COULEURS.get(couleur, (0, ()))
    if (
        not largeur * hauteur
        or profondeur not in profondeurs
        or (compression, filtrage) != (0, 0)
        or entrelacement > 1
        or (couleur == 3 and not palette)
    ):
        raise ImageAbimee
    return Png(largeur, hauteur, nombres * profondeur, bool(entrelacement), b"".join(donnees))


def essentiel(octets: bytes) -> bytes:
    """The picture without what surrounds it, as octets: neither texts nor profiles. Raises ImageAbimee."""
    gardes = [
        len(corps).to_bytes(4, "big") + nom + corps + somme.to_bytes(4, "big")
        for nom, corps, somme in _morceaux(octets)
        if nom in _ESSENTIELS
    ]
    return SIGNATURE + b"".join(gardes) + _FIN


def verifier_points(image: Png) -> None:
    """Raises ImageAbimee unless every row is there, whatever comes after the last one."""
    blocs = _decompresser(image.donnees)
    reste = b""
    for colonnes, lignes in _passes(image):
        ligne = 1 + (colonnes * image.bits_par_point + 7) // 8
        place, total = 0, ligne * lignes
        while place < total:
            bloc = reste or next(blocs, b"")
            if not bloc:
                raise ImageAbimee
            bloc, reste = bloc[: total - place], bloc[total - place :]
            # Each row begins with the number of its filter: there are five.
            if max(bloc[-place % ligne :: ligne], default=0) > 4:
                raise ImageAbimee
            place += len(bloc)


def _passes(image: Png) -> Iterator[tuple[int, int]]:
    if not image.entrelacee:
        yield image.largeur, image.hauteur
        return
    for x, y, pas_x, pas_y in _ADAM7:
        colonnes, lignes = -((x - image.largeur) // pas_x), -((y - image.hauteur) // pas_y)
        if colonnes > 0 and lignes > 0:
            yield colonnes, lignes


def _morceaux(octets: bytes) -> Iterator[tuple[bytes, bytes, int]]:
    place = len(SIGNATURE)
    for _ in range(_MORCEAUX_MAX):
        if place + 8 > len(octets):
            return
        longueur, nom = int.from_bytes(octets[place : place + 4], "big"), octets[place + 4 : place + 8]
        fin = place + 8 + longueur
        if nom == b"IEND" or fin + 4 > len(octets):
            return
        yield nom, octets[place + 8 : fin], int.from_bytes(octets[fin : fin + 4], "big")
        place = fin + 4
    raise ImageAbimee


def _decompresser(donnees: bytes) -> Iterator[bytes]:
    try:
        yield from gonfler(donnees, zlib.decompressobj())
    except zlib.error as erreur:
        raise ImageAbimee from erreur
