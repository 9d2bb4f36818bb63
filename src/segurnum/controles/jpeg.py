"""How a JPEG is made, told by its markers: what decoding it would cost is known before it is decoded."""

from __future__ import annotations

import re
from dataclasses import dataclass
from math import ceil

_MARQUEUR = re.compile(rb"\xff[^\x00\x01\xd0-\xd7\xff]")
_SOI, _EOI, _SOS = 0xD8, 0xD9, 0xDA
_TRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_COURANTES = frozenset({0xC0, 0xC1, 0xC2})
_PROGRESSIVES = frozenset({0xC2, 0xC6, 0xCA, 0xCE})
# Tables and Adobe's note on colours; comments, profiles and previews are of no use to the picture.
_UTILES = frozenset({0xC4, 0xCC, 0xDB, 0xDC, 0xDD, 0xEE})
SEGMENTS_MAX = 5_000


class ImageAbimee(ValueError):
    """What was read is no picture, or not a whole one."""


@dataclass(frozen=True, slots=True)
class Jpeg:
    """A JPEG's frame. `essentiel`: the picture without what surrounds it, as octets."""

    largeur: int
    hauteur: int
    coefficients: int
    passes: int
    en_plusieurs_passes: bool
    courante: bool
    complete: bool
    essentiel: bytes

    @property
    def points(self) -> int:
        """Width times height."""
        return self.largeur * self.hauteur


def _une_seule(connue: bytes, trame: bytes) -> bytes:
    if connue:
        raise ImageAbimee
    return trame


def lire(octets: bytes, passes_max: int = 1_000) -> Jpeg:
    """Walk the markers, no further than one pass more than `passes_max`. Raises ImageAbimee."""
    if not octets.startswith(b"\xff\xd8\xff"):
        raise ImageAbimee
    morceaux, trame, code_trame, passes, complete = [b"\xff\xd8"], b"", 0, 0, False
    place, separees = 2, False
    for _ in range(SEGMENTS_MAX):
        trouve = _MARQUEUR.search(octets, place)
        if trouve is None or passes > passes_max:
            break
        debut, code = trouve.start(), octets[trouve.end() - 1]
        if code == _EOI:
            complete = True
            morceaux.append(b"\xff\xd9")
            break
        fin = debut + 2 + int.from_bytes(octets[debut + 2 : debut + 4], "big")
        corps = octets[debut + 4 : fin]
        if fin > len(octets) or fin < debut + 4 or code == _SOI:
            raise ImageAbimee
        if code in _TRAMES:
            trame, code_trame = _une_seule(trame, corps), code
        if code == _SOS:
            passes += 1
            separees = separees or corps[:1] < trame[5:6]
            fin = _fin_des_donnees(octets, fin)
        if code in _UTILES or code in _TRAMES or code == _SOS:
            morceaux.append(octets[debut:fin])
        place = fin
    else:
        raise ImageAbimee
    if len(trame) < 6 or not passes:
        raise ImageAbimee
    return Jpeg(
        largeur=int.from_bytes(trame[3:5], "big"),
        hauteur=int.from_bytes(trame[1:3], "big"),
        coefficients=_coefficients(trame),
        passes=passes,
        en_plusieurs_passes=separees or code_trame in _PROGRESSIVES,
        courante=code_trame in _COURANTES and trame[0] == 8,
        complete=complete,
        essentiel=b"".join(morceaux),
    )


def _fin_des_donnees(octets: bytes, debut: int) -> int:
    """Where the data of a pass end: at the next marker, or with the file."""
    suivant = _MARQUEUR.search(octets, debut)
    return suivant.start() if suivant else len(octets)


def _coefficients(trame: bytes) -> int:
    """How many numbers describe the picture: its points, once for each component at its own scale."""
    hauteur, largeur = int.from_bytes(trame[1:3], "big"), int.from_bytes(trame[3:5], "big")
    echelles = [(octet >> 4, octet & 15) for octet in trame[7 : 6 + 3 * trame[5] : 3]]
    if not echelles or any(not x or not y for x, y in echelles):
        raise ImageAbimee
    x_max, y_max = max(x for x, _ in echelles), max(y for _, y in echelles)
    return sum(ceil(largeur * x / x_max) * ceil(hauteur * y / y_max) for x, y in echelles)
