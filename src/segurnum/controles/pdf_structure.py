"""A PDF's structure: what it would weigh once opened, told before it is; what was lost, when it had to be repaired."""

from __future__ import annotations

import re
from typing import Any

import pikepdf

from segurnum.controles.filtres import LZW_NEUTRE, Compteur, FluxAbime, TropDeTravail
from segurnum.controles.pdf_pages import lire_flux

NOEUDS_MAX = 1_000_000  # objects of all kinds, each worth about two hundred octets in memory
OBJETS_MAX = 200_000
STRUCTURE_MAX = 4 << 20  # octets of a PDF's decompressed structure; bills and orders need far less
REPARE_MAX = 256 << 20  # octets of all that a repaired document holds

_SEPARATEURS = b"\x00\t\n\x0c\r /[<("
_DEBUT_DE_FLUX = re.compile(rb">>[\x00\t\n\x0c\r ]*stream\r?\n")
_REFERENCE = re.compile(rb"\b(\d+) (\d+) R\b")


def _ecrit(nom: bytes) -> bytes:
    """A name as a file may write it: each of its letters, or « # » and its number."""
    return b"".join(b"(?:%c|#%02x)" % (lettre, lettre) for lettre in nom)


_BLANC = rb"(?:[\x00\t\n\x0c\r ]|%[^\r\n]*[\r\n])*"
_LZW = re.compile(b"/" + _ecrit(b"LZWDecode") + rb"|/" + _ecrit(b"LZW") + rb"(?=[\x00\t\n\x0c\r %/\]>])", re.I)
_FILTRE_INDIRECT = re.compile(b"/" + _ecrit(b"Filter") + _BLANC + rb"(?:\[" + _BLANC + rb")?\d", re.I)
_XREF = re.compile(b"/" + _ecrit(b"XRef"))


def neutraliser_lzw(octets: bytes) -> bytes:
    """The document, its LZW streams under a name that only filtres.py knows.

    qpdf decodes LZW without any limit, and would do so for its own tables while it opens the document. Raises
    TropDeTravail for a filter that is named elsewhere, which no tool writes beside compressed tables.
    """
    if _FILTRE_INDIRECT.search(octets) and _XREF.search(octets):
        raise TropDeTravail
    if not _LZW.search(octets):
        return octets
    return _LZW.sub(lambda trouve: b"/" + LZW_NEUTRE.encode().ljust(len(trouve[0]) - 1, b"X"), octets)


def compter_les_noeuds(octets: bytes) -> None:
    """Raises TropDeTravail when more objects are written there than may be held in memory."""
    if len(octets) > NOEUDS_MAX and _noeuds_ecrits(octets) > NOEUDS_MAX:
        raise TropDeTravail


def _noeuds_ecrits(octets: bytes) -> int:
    """How many, streams excepted. What only looks like a stream, from inside a text or a comment, is counted."""
    total, place = 0, max(octets.find(b"obj"), 0)
    while debut := _DEBUT_DE_FLUX.search(octets, place):
        avant = octets[place : debut.end()]
        fin = octets.find(b"endstream", debut.end())
        fin = len(octets) if fin < 0 else fin
        total += _noeuds(avant)
        if b"%" in avant or b"\\" in avant or avant.count(b"(") != avant.count(b")"):
            total += _noeuds(octets[debut.end() : fin])
        place = fin
    return total + _noeuds(octets[place:])


def _noeuds(octets: bytes) -> int:
    return len(octets) - len(octets.translate(None, _SEPARATEURS))


def entier(octets: bytes) -> bool:
    """True when the end is there: a mark of it comes after the last object."""
    return octets.rfind(b"%%EOF") > octets.rfind(b"endobj")


def verifier_structure(document: pikepdf.Pdf) -> None:
    """Judge the object streams before the objects that they hold are built, one by one, in memory.

    Raises TropDeTravail for too much of it.
    """
    table = document.get_xref_table().values()
    if len(table) > OBJETS_MAX:
        raise TropDeTravail
    octets, noeuds = 0, 0
    for numero in {n for entree in table if (n := entree.obj_stream_number)}:
        flux = document.get_object(numero, 0)
        contenu = flux.read_bytes() if isinstance(flux, pikepdf.Stream) else b""
        octets += len(contenu)
        noeuds += _noeuds(contenu)
        if octets > STRUCTURE_MAX or noeuds > NOEUDS_MAX:
            raise TropDeTravail


def verifier_sans_perte(document: pikepdf.Pdf) -> None:
    """A document that had to be repaired still has every object that it speaks of, and each of its streams whole.

    Raises FluxAbime for a loss, TropDeTravail.
    """
    presents = set(document.get_xref_table())
    compteur = Compteur(REPARE_MAX)
    for objet in document.objects:
        if isinstance(objet, pikepdf.Stream):
            lire_flux(objet, compteur)
        for numero, generation in _REFERENCE.findall(_ecriture(objet)):
            if (int(numero), int(generation)) not in presents:
                raise FluxAbime


def _ecriture(objet: Any) -> bytes:
    dictionnaire = objet.stream_dict if isinstance(objet, pikepdf.Stream) else objet
    ecrit: bytes = dictionnaire.unparse(resolved=True)
    return ecrit
