"""How a good input becomes a hostile one. Every choice comes from the source of chance that is given."""

import json
import re
import struct
from collections.abc import Callable
from random import Random
from typing import Any

Mutation = Callable[[Random, bytes], bytes]

EXTREMES = (0, 1, 0x7F, 0x80, 0xFF, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0xFFFFFFFF)
TEXTES = (
    "",
    "\x00",
    "a\x00b",
    "\ud800",
    "\ufeff",
    "\u202e",
    "\u2028",
    "é" * 300,
    "x" * 70_000,
    "9" * 5_000,
    "9" * 30,
    "-1",
    "1e999999",
    "NaN",
    "null",
    "31/02/2021",
    "00/00/0000",
    "../../etc/passwd",
    "<script>alert(1)</script>",
    "'; DROP TABLE --",
    "=1+1",
    "http://[",
    "a@b",
    "\U0001f600" * 50,
)


def octets(alea: Random, source: bytes) -> bytes:
    """Some octets changed, taken out, repeated or moved, wherever they are."""
    mute = bytearray(source)
    for _ in range(alea.randint(1, 8)):
        debut = alea.randrange(len(mute) + 1)
        fin = min(len(mute), debut + alea.choice((1, 1, 2, 4, 16, 256)))
        geste = alea.randrange(5)
        if geste == 0:
            mute[debut:fin] = alea.randbytes(fin - debut)
        elif geste == 1:
            del mute[debut:fin]
        elif geste == 2:
            mute[debut:debut] = mute[debut:fin] * alea.choice((1, 2, 50))
        elif geste == 3:
            ailleurs = alea.randrange(len(mute) + 1)
            mute[debut:fin] = mute[ailleurs : ailleurs + fin - debut]
        else:
            del mute[alea.randrange(len(mute) // 2, len(mute) + 1) :]
    return bytes(mute)


def champs_binaires(*signatures: bytes, portee: int = 46) -> Mutation:
    """A number after one of these signatures (headers of a ZIP, chunks of a picture) becomes an extreme one."""

    def muter(alea: Random, source: bytes) -> bytes:
        mute = bytearray(source)
        places = [m.start() for s in signatures for m in re.finditer(re.escape(s), source)]
        for _ in range(alea.randint(1, 4) if places else 0):
            ou = alea.choice(places) + alea.randrange(portee)
            forme = alea.choice(("<H", "<I", ">H", ">I", "B"))
            taille = struct.calcsize(forme)
            valeur = alea.choice(EXTREMES) & (256**taille - 1)
            if ou + taille <= len(mute):
                struct.pack_into(forme, mute, ou, valeur)
        return bytes(mute)

    return muter


PDF_MOTS = tuple(
    b"/" + mot
    for mot in (
        b"Length Filter FlateDecode LZWDecode ASCIIHexDecode RunLengthDecode Prev XRefStm Size Root "
        b"Kids Parent Count OpenAction JS JavaScript Launch URI EmbeddedFile AA XFA AcroForm "
        b"Encrypt ObjStm Contents Resources Type Page Pages DecodeParms Predictor Columns MediaBox "
    ).split()
)


def pdf(alea: Random, source: bytes) -> bytes:
    """Names exchanged, numbers and references changed, objects repeated: a PDF that is still nearly one."""
    mute = source
    for _ in range(alea.randint(1, 5)):
        motif = alea.choice(
            (rb"/[A-Za-z]+", rb"\d+", rb"\d+ \d+ R", rb"\d+ 0 obj", rb"<<", rb"\[", rb"endobj")
        )
        places = list(re.finditer(motif, mute))
        if not places:
            continue
        place = alea.choice(places)
        neuf = alea.choice(
            (
                alea.choice(PDF_MOTS),
                str(alea.choice((*EXTREMES, -1, 10**20))).encode(),
                b"%d 0 R" % alea.randrange(12),
                b"[" * alea.choice((1, 50, 2_000)),
                b"<<" * alea.choice((1, 50, 2_000)),
                place.group() * alea.choice((2, 500)),
                b"",
            )
        )
        mute = mute[: place.start()] + neuf + mute[place.end() :]
    return mute


def json_structure(alea: Random, source: bytes) -> bytes:
    """Values of another kind, names changed, repeated or swollen, lists multiplied: JSON that is still JSON."""
    try:
        valeur = json.loads(source)
    except ValueError:
        return octets(alea, source)
    for _ in range(alea.randint(1, 4)):
        _changer_un_lieu(alea, valeur)
    texte = json.dumps(valeur, ensure_ascii=alea.random() < 0.5, indent=alea.choice((None, 1)))
    if alea.random() < 0.3:
        texte = _changer_le_texte(alea, texte)
    return texte.encode("utf-8", "surrogatepass")


def _lieux(valeur: Any) -> list[tuple[Any, Any]]:
    trouves: list[tuple[Any, Any]] = []
    a_voir = [valeur]
    while a_voir:
        courant = a_voir.pop()
        cles = courant.keys() if isinstance(courant, dict) else range(len(courant))
        for cle in cles:
            trouves.append((courant, cle))
            if isinstance(courant[cle], (dict, list)):
                a_voir.append(courant[cle])
    return trouves


def _changer_un_lieu(alea: Random, valeur: Any) -> None:
    lieux = _lieux(valeur) if isinstance(valeur, (dict, list)) else []
    if not lieux:
        return
    contenant, cle = alea.choice(lieux)
    geste = alea.randrange(5)
    if geste == 0:
        contenant[cle] = valeur_hostile(alea)
    elif geste == 1:
        del contenant[cle]
    elif geste == 2 and isinstance(contenant, dict):
        contenant[alea.choice((str(cle)[:-1], str(cle) * 400, alea.choice(TEXTES)))] = contenant.pop(cle)
    elif geste == 3 and isinstance(contenant[cle], list):
        contenant[cle] = contenant[cle] * alea.choice((2, 30, 300))
    else:
        contenant[cle] = [contenant[cle]] * alea.choice((1, 2, 100))


def valeur_hostile(alea: Random) -> Any:
    """A JSON value that nobody expects there."""
    return alea.choice(
        (None, True, 0, -1, 10**30, 1.5, {}, [], [[]], {"a": {"a": []}}, [1] * 500, {"x" * 200: 1}, *TEXTES)
    )


def _changer_le_texte(alea: Random, texte: str) -> str:
    """What no encoder writes: NaN, exponents, repeated names, signs between the values."""
    for _ in range(alea.randint(1, 3)):
        motif = alea.choice((r": \d+", r'"[^"]*": ', r"[{\[]", r"[}\]]", r","))
        places = list(re.finditer(motif, texte))
        if not places:
            continue
        place = alea.choice(places)
        neuf = alea.choice(
            (
                ": NaN",
                ": 1e999999",
                ": 0.1e-999999",
                ": -0",
                ": " + "9" * 5_000,
                place[0] * 2,
                "\u00a0",
                "[" * 30,
                ",,",
                "",
            )
        )
        texte = texte[: place.start()] + neuf + texte[place.end() :]
    return texte
