"""Decode what a PDF's stream holds, block by block, each octet counted before the next one is made.

Only what tells a sound stream from a damaged one: predictors and pictures' own encodings are left as they are.
"""

from __future__ import annotations

import base64
import binascii
import re
import zlib
from collections.abc import Callable, Iterator
from functools import partial

BLOC = 64 * 1024  # octets
FILTRES_MAX = 4
LZW_NEUTRE = "LZX"  # how names of LZW begin once qpdf is kept from decoding it without limit
TEXTUEL_MAX = 32 << 20  # octets of a stream written in letters, which is decoded in one go


class FluxAbime(ValueError):
    """The octets are not what their filter makes."""


class TropDeTravail(ValueError):
    """Reading on would cost more than a file may."""


class Compteur:
    """How many octets may still be made; `restants` in octets."""

    def __init__(self, restants: int) -> None:
        self.restants = restants

    def compter(self, blocs: Iterator[bytes]) -> Iterator[bytes]:
        """The blocks, counted. Raises TropDeTravail past the limit."""
        for bloc in blocs:
            self.restants -= len(bloc)
            if self.restants < 0:
                raise TropDeTravail
            yield bloc


def decoder(brut: bytes, filtres: list[str], compteur: Compteur, *, precoce: bool = True) -> Iterator[bytes]:
    """The stream behind `filtres` (names without « / »), what each of them makes being counted.

    `precoce`: LZW's EarlyChange. Raises FluxAbime, TropDeTravail as the blocks are asked for.
    """
    if len(filtres) > FILTRES_MAX:
        raise TropDeTravail
    blocs = iter([brut])
    for nom in filtres:
        if not connu(nom):
            raise FluxAbime
        decodeur = partial(lzw, precoce=precoce) if nom.startswith(LZW_NEUTRE) else _DECODEURS[nom]
        blocs = compteur.compter(decodeur(blocs))
    return blocs


def connu(filtre: str) -> bool:
    """True for what this module decodes; pictures' encodings are not."""
    return filtre in _DECODEURS or filtre.startswith(LZW_NEUTRE)


def flate(blocs: Iterator[bytes]) -> Iterator[bytes]:
    """Deflate behind the two octets of zlib. Its last block must be there; the sum after it may be wrong or missing.

    Readers show a page whose sum is wrong, not one whose data stop.
    """
    donnees = b"".join(blocs).lstrip(b"\r\n")
    if len(donnees) < 2 or donnees[0] & 0x0F != 8:
        raise FluxAbime
    lecteur = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        yield from gonfler(donnees[2:], lecteur)
    except zlib.error as erreur:
        raise FluxAbime from erreur
    if not lecteur.eof:
        raise FluxAbime


def gonfler(donnees: bytes, lecteur: zlib._Decompress) -> Iterator[bytes]:
    """What deflate packed, in blocks that are made one by one. Raises zlib.error."""
    for place in range(0, len(donnees), BLOC):
        reste, plein = donnees[place : place + BLOC], True
        while (reste or plein) and not lecteur.eof:
            bloc = lecteur.decompress(reste, BLOC)
            reste, plein = lecteur.unconsumed_tail, len(bloc) == BLOC
            if bloc:
                yield bloc


def lzw(blocs: Iterator[bytes], precoce: bool = True) -> Iterator[bytes]:
    """LZW as PDF writes it: codes of 9 to 12 bits, 256 clears the table, 257 ends."""
    table, largeur, precedent = list(_LETTRES), 9, b""
    tampon, bits, sortie, taille = 0, 0, [], 0
    for octet in b"".join(blocs):
        tampon, bits = (tampon << 8) | octet, bits + 8
        if bits < largeur:
            continue
        bits -= largeur
        code, tampon = tampon >> bits, tampon & ((1 << bits) - 1)
        if code == _FIN:
            break
        if code == _REPRISE:
            table, largeur, precedent = list(_LETTRES), 9, b""
            continue
        suite = _suite(table, code, precedent)
        if precedent and len(table) < _TABLE_MAX:
            table.append(precedent + suite[:1])
        precedent = suite
        sortie.append(suite)
        taille += len(suite)
        if len(table) + precoce >= 1 << largeur and largeur < 12:
            largeur += 1
        if taille >= BLOC:
            yield b"".join(sortie)
            sortie, taille = [], 0
    yield b"".join(sortie)


def _suite(table: list[bytes], code: int, precedent: bytes) -> bytes:
    if code < len(table):
        return table[code]
    if code == len(table) and precedent:
        return precedent + precedent[:1]
    raise FluxAbime


def longueurs(blocs: Iterator[bytes]) -> Iterator[bytes]:
    """RunLength: literal runs of 1 to 128 octets, or one octet repeated 2 to 128 times; 128 ends."""
    donnees = b"".join(blocs)
    place, sortie, taille = 0, [], 0
    while place < len(donnees) and donnees[place] != 128:
        signe = donnees[place]
        if signe < 128:
            sortie.append(donnees[place + 1 : place + 2 + signe])
            place += 2 + signe
        else:
            sortie.append(donnees[place + 1 : place + 2] * (257 - signe))
            place += 2
        taille += len(sortie[-1])
        if taille >= BLOC:
            yield b"".join(sortie)
            sortie, taille = [], 0
    yield b"".join(sortie)


def ascii85(blocs: Iterator[bytes]) -> Iterator[bytes]:
    """Base 85, ended by « ~> » or by the end of the stream."""
    texte = _texte(blocs).removeprefix(b"<~").partition(b"~")[0]
    try:
        yield base64.a85decode(texte)
    except ValueError as erreur:
        raise FluxAbime from erreur


def hexadecimal(blocs: Iterator[bytes]) -> Iterator[bytes]:
    """Pairs of hexadecimal digits, ended by « > » or by the end of the stream."""
    texte = _texte(blocs).partition(b">")[0]
    try:
        yield binascii.unhexlify(texte + b"0" * (len(texte) % 2))
    except ValueError as erreur:
        raise FluxAbime from erreur


def tel_quel(blocs: Iterator[bytes]) -> Iterator[bytes]:
    """Crypt: what is encrypted was decrypted before coming here."""
    return blocs


def _texte(blocs: Iterator[bytes]) -> bytes:
    texte, taille = [], 0
    for bloc in blocs:
        taille += len(bloc)
        if taille > TEXTUEL_MAX:
            raise TropDeTravail
        texte.append(bloc)
    return _BLANCS.sub(b"", b"".join(texte))


_LETTRES = [bytes([octet]) for octet in range(256)] + [b"", b""]
_REPRISE, _FIN, _TABLE_MAX = 256, 257, 4096
_BLANCS = re.compile(rb"[\x00\t\n\x0c\r ]+")
_DECODEURS: dict[str, Callable[..., Iterator[bytes]]] = {
    "FlateDecode": flate,
    "Fl": flate,
    "RunLengthDecode": longueurs,
    "RL": longueurs,
    "ASCII85Decode": ascii85,
    "A85": ascii85,
    "ASCIIHexDecode": hexadecimal,
    "AHx": hexadecimal,
    "Crypt": tel_quel,
}
