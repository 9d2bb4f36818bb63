"""A PDF's structure: what it would weigh once opened, told before it is; what was lost, when it had to be repaired."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pikepdf

from segurnum.controles.filtres import LZW_NEUTRE, Compteur, FluxAbime, TropDeTravail
from segurnum.controles.pdf_pages import lire_flux

NOEUDS_MAX = 800_000  # names, numbers, texts, lists: each worth about two hundred octets in memory
OBJETS_MAX = 200_000
STRUCTURE_MAX = 4 << 20  # octets of a PDF's decompressed structure; bills and orders need far less
REPARES_MAX = 50_000  # objects
REPARE_MAX = 256 << 20  # octets of all that a repaired document holds

_SEPARATEURS = b"\x00\t\n\x0c\r /[<("
_DEBUT_DE_FLUX = re.compile(rb">>[\x00\t\n\x0c\r ]*stream\r?\n")
_LIGNE = re.compile(rb"\b\d{10} \d{5} [fn]")
_REFERENCE = re.compile(rb"\b(\d+) (\d+) R\b")


def _ecrit(nom: bytes) -> bytes:
    """A name as a file may write it: each of its letters, or « # » and its number."""
    return b"".join(b"(?:%c|#%02x)" % (lettre, lettre) for lettre in nom)


_BLANC = rb"(?:[\x00\t\n\x0c\r ]|%[^\r\n]*[\r\n])*"
_LZW = _ecrit(b"LZW") + b"(?:" + _ecrit(b"Decode") + rb"|(?=[\x00\t\n\x0c\r %/\]>]))"
_FILTRE_AILLEURS = _ecrit(b"Filter") + _BLANC + rb"(?:\[" + _BLANC + rb")?\d"
_A_NEUTRALISER = re.compile(b"/(?:(" + _LZW + b")|(" + _FILTRE_AILLEURS + b"))", re.IGNORECASE)
_COMPTE = re.compile(rb"/Count[\x00\t\n\x0c\r ]+(\d{1,9})")
_XREF = re.compile(b"/" + _ecrit(b"XRef"))


def neutraliser_lzw(octets: bytes) -> bytes:
    """The document, its LZW streams under a name that only filtres.py knows.

    qpdf decodes LZW without any limit, and would do so for its own tables while it opens the document. Raises
    TropDeTravail for a filter that is named elsewhere, which no tool writes beside compressed tables.
    """
    trouve = _A_NEUTRALISER.search(octets)
    if trouve is None:
        return octets
    if any(m[2] for m in _A_NEUTRALISER.finditer(octets)) and _XREF.search(octets):
        raise TropDeTravail
    return _A_NEUTRALISER.sub(_sous_un_autre_nom, octets)


def _sous_un_autre_nom(trouve: re.Match[bytes]) -> bytes:
    """Of the same length, so that every place in the document stays where it is."""
    return b"/" + LZW_NEUTRE.encode().ljust(len(trouve[0]) - 1, b"X") if trouve[1] else trouve[0]


def compter_les_noeuds(octets: bytes) -> None:
    """Raises TropDeTravail when more objects are written there than may be held in memory."""
    if (
        len(octets) > NOEUDS_MAX
        and _noeuds_ecrits(octets, _separateurs) > NOEUDS_MAX
        and _noeuds_ecrits(octets, _noeuds) > NOEUDS_MAX
    ):
        raise TropDeTravail


def _noeuds_ecrits(octets: bytes, compter: Callable[[bytes], int]) -> int:
    """How many, streams excepted. What only looks like a stream, from inside a text or a comment, is counted."""
    total, place = 0, max(octets.find(b"obj"), 0)
    while debut := _DEBUT_DE_FLUX.search(octets, place):
        avant = octets[place : debut.end()]
        fin = octets.find(b"endstream", debut.end())
        fin = len(octets) if fin < 0 else fin
        total += compter(avant)
        if b"%" in avant or b"\\" in avant or avant.count(b"(") != avant.count(b")"):
            total += compter(octets[debut.end() : fin])
        place = fin
    return total + compter(octets[place:])


def _separateurs(octets: bytes) -> int:
    return len(octets) - len(octets.translate(None, _SEPARATEURS))


def _noeuds(octets: bytes) -> int:
    """One for each separator; a reference has two more, and a line of the table of objects makes no object."""
    return _separateurs(octets) - 2 * len(_REFERENCE.findall(octets)) - 3 * len(_LIGNE.findall(octets))


def reparable(octets: bytes) -> bool:
    """True when the end is there (a mark of it comes after the last object) and the repair, which is slow, is short."""
    ecrits = octets.count(b"obj") - octets.count(b"endobj")
    return ecrits <= REPARES_MAX and octets.rfind(b"%%EOF") > octets.rfind(b"endobj")


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


def pages_annoncees(document: pikepdf.Pdf, octets: bytes) -> int:
    """How many pages the file says it has: once opened, qpdf says how many it found."""
    entree: Any = document.get_xref_table().get(document.Root.Pages.objgen)
    if entree is None:
        return 0
    if entree.obj_stream_number:
        flux: Any = document.get_object(entree.obj_stream_number, 0)
        contenu, premier = flux.read_bytes(), int(flux.get("/First"))
        places = [premier + int(place) for place in contenu[:premier].split()[1::2]] + [len(contenu)]
        texte = contenu[places[entree.obj_stream_index] : places[entree.obj_stream_index + 1]]
    else:
        texte = octets[entree.offset : octets.find(b"endobj", entree.offset)]
    compte = _COMPTE.search(texte)
    return int(compte[1]) if compte else 0


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
