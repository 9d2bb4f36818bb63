"""Write PDFs octet by octet: sound ones that no library would make so, and hostile ones."""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable

from segurnum.controles import verifier_fichier
from segurnum.controles.fichiers import PIECE_FORMULAIRE

PAGES = b"<</Type/Pages/Kids[3 0 R]/Count 1>>"
PAGE = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</XObject<</X 5 0 R>>>>>>"
TEXTE = b"BT 72 720 Td (Facture) Tj ET"


def codes(octets: bytes) -> list[str]:
    """What is said of a PDF by code."""
    return [code for code, _ in _problemes(octets)]


def phrases(octets: bytes) -> str:
    """What is said of it in words."""
    return " ".join(phrase for _, phrase in _problemes(octets))


def _problemes(octets: bytes) -> list[tuple[str, str]]:
    return verifier_fichier(io.BytesIO(octets), "a.pdf", len(octets), PIECE_FORMULAIRE)


def flux(contenu: bytes, dictionnaire: bytes = b"") -> bytes:
    """A stream object."""
    return b"<<" + dictionnaire + b"/Length %d>>\nstream\n" % len(contenu) + contenu + b"\nendstream"


def deflate(contenu: bytes) -> bytes:
    """A stream that Flate packed."""
    return flux(zlib.compress(contenu, 9), b"/Filter/FlateDecode")


def ecrire(
    objets: dict[int, bytes], racine: bytes = b"", table: Callable[[bytes], bytes] = lambda t: t
) -> bytes:
    """A document of these objects, its pages being object 2; `table` may change what follows them."""
    objets = {1: b"<</Type/Catalog/Pages 2 0 R" + racine + b">>", **objets}
    octets, places = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", {}
    for numero, objet in objets.items():
        places[numero] = len(octets)
        octets += b"%d 0 obj\n" % numero + objet + b"\nendobj\n"
    lignes = [
        b"%010d 00000 n \n" % places[n] if n in places else b"0000000000 65535 f \n"
        for n in range(max(places) + 1)
    ]
    fin = b"xref\n0 %d\n" % len(lignes) + b"".join(lignes)
    fin += b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(lignes), len(octets))
    return octets + table(fin)


def une_page(
    contenu: bytes = b"", dessin: bytes | None = None, racine: bytes = b"", **autres: bytes
) -> bytes:
    """One page that draws `contenu` (an object) and may show `dessin`; `autres`: « o7 » is object 7."""
    objets = {2: PAGES, 3: PAGE, 4: contenu or flux(TEXTE), 5: dessin or flux(TEXTE, b"/Subtype/Form")}
    return ecrire({**objets, **{int(nom[1:]): objet for nom, objet in autres.items()}}, racine)


def plusieurs_pages(contenus: list[bytes]) -> bytes:
    """A page for each of these content objects."""
    n = len(contenus)
    kids = b" ".join(b"%d 0 R" % (10 + i) for i in range(n))
    objets = {2: b"<</Type/Pages/Kids[" + kids + b"]/Count %d>>" % n}
    for i, contenu in enumerate(contenus):
        objets[10 + i] = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents %d 0 R>>" % (10 + n + i)
        objets[10 + n + i] = contenu
    return ecrire(objets)


def avec_table_compressee(
    structure: bytes, filtre: bytes = b"/FlateDecode", pages: bytes = b"2 0 R"
) -> bytes:
    """One page, and an object stream of these (already packed) octets, which holds object 9."""
    objets = {
        1: b"<</Type/Catalog/Pages " + pages + b">>",
        2: PAGES,
        3: b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>",
    }
    objets[5] = flux(structure, b"/Type/ObjStm/N 1/First 4/Filter" + filtre)
    octets, lignes = b"%PDF-1.7\n", {9: (2, 5, 0)}
    for numero, objet in objets.items():
        lignes[numero] = (1, len(octets), 0)
        octets += b"%d 0 obj\n" % numero + objet + b"\nendobj\n"
    lignes[7] = (1, len(octets), 0)
    table = b"".join(
        bytes([genre]) + place.to_bytes(4, "big") + bytes([rang])
        for genre, place, rang in (lignes.get(n, (0, 0, 0)) for n in range(10))
    )
    octets += b"7 0 obj\n" + flux(table, b"/Type/XRef/W[1 4 1]/Size 10/Root 1 0 R") + b"\nendobj\n"
    return octets + b"startxref\n%d\n%%%%EOF\n" % lignes[7][1]


def lzw_qui_enfle(taille: int) -> bytes:
    """`taille` octets of LZW, each code of which stands for one octet more than the one before it."""
    bits, nombre, sortie = 0, 0, bytearray()
    suivant, largeur = 258, 9
    codes_a_ecrire = [256, 65]
    while len(sortie) < taille:
        code = codes_a_ecrire.pop(0) if codes_a_ecrire else min(suivant, 4095)
        bits, nombre = (bits << largeur) | code, nombre + largeur
        if code == suivant < 4095:
            suivant += 1
            if suivant + 1 >= 1 << largeur and largeur < 12:
                largeur += 1
        while nombre >= 8:
            sortie.append(bits >> (nombre - 8) & 255)
            nombre -= 8
        bits &= (1 << nombre) - 1
    return bytes(sortie)
