"""Whether each page of a PDF can be shown: what it draws with is decoded, within a budget, and not kept.

Fonts, patterns and inline pictures are not read: a reader shows the page without them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pikepdf

from segurnum.controles import jpeg
from segurnum.controles.filtres import Compteur, FluxAbime, TropDeTravail, connu, decoder
from segurnum.controles.images import POINTS_MAX, demesuree

CONTENUS_MAX = 64 << 20  # octets of drawing orders, the whole document's
IMAGES_MAX = 32 << 20  # octets of pictures looked at; the pictures that come after are taken as they are
LIENS_MAX = 500_000  # from pages and forms to what they show
PROFONDEUR_MAX = 100

_IMAGES = {
    "DCTDecode": "jpeg",
    "DCT": "jpeg",
    "JPXDecode": "jpeg 2000",
    "CCITTFaxDecode": "fax",
    "CCF": "fax",
    "JBIG2Decode": "fax",
}
_JPEG_2000 = (b"\x00\x00\x00\x0cjP", b"\xff\x4f\xff\x51")


class ImageGeante(ValueError):
    """A picture of the page has more points than anybody needs to read it."""


class LecteurDePages:
    """Reads the pages of one document; what several pages share is read once."""

    def __init__(self) -> None:
        self._contenus = Compteur(CONTENUS_MAX)
        self._images = Compteur(IMAGES_MAX)
        self._liens = LIENS_MAX
        self._lus: dict[tuple[int, int], bool] = {}

    def lire(self, page: Any) -> None:
        """Raises FluxAbime when the page cannot be shown, ImageGeante, TropDeTravail."""
        contenus = page.get("/Contents")
        for flux in contenus if isinstance(contenus, pikepdf.Array) else [contenus]:
            if flux is None:
                continue
            if not isinstance(flux, pikepdf.Stream):
                raise FluxAbime
            self._une_fois(flux, self._contenu)
        ressources = _ressources(page)
        if isinstance(ressources, pikepdf.Dictionary):
            self._une_fois(ressources, self._dessins)

    def _dessins(self, ressources: Any) -> None:
        """Pictures and forms, and those of the forms, whatever their depth."""
        a_lire, vues = [ressources], set()
        while a_lire:
            courantes = a_lire.pop()
            if not isinstance(courantes, pikepdf.Dictionary) or courantes.objgen in vues:
                continue
            if courantes.is_indirect:
                vues.add(courantes.objgen)
            dessins = courantes.get("/XObject")
            for dessin in dessins.values() if isinstance(dessins, pikepdf.Dictionary) else ():
                self._liens -= 1
                if self._liens < 0:
                    raise TropDeTravail
                if not isinstance(dessin, pikepdf.Stream):
                    continue
                if dessin.get("/Subtype") == "/Form":
                    self._une_fois(dessin, self._contenu)
                    a_lire.append(dessin.get("/Resources"))
                else:
                    self._une_fois(dessin, self._image)

    def _une_fois(self, objet: Any, lire: Callable[[Any], None]) -> None:
        """Read an object that several pages may share; what it was found to be holds for each of them."""
        if objet.is_indirect and objet.objgen in self._lus:
            if not self._lus[objet.objgen]:
                raise FluxAbime
            return
        try:
            lire(objet)
        except FluxAbime:
            if objet.is_indirect:
                self._lus[objet.objgen] = False
            raise
        if objet.is_indirect:
            self._lus[objet.objgen] = True

    def _contenu(self, flux: pikepdf.Stream) -> None:
        lire_flux(flux, self._contenus)

    def _image(self, flux: pikepdf.Stream) -> None:
        bits = flux.get("/BitsPerComponent", 1)
        if _nombre(flux.get("/Width")) * _nombre(flux.get("/Height")) * _nombre(bits) // 8 > POINTS_MAX:
            raise ImageGeante
        if self._images.restants < 0:
            return
        noms, _ = filtres_de(flux)
        genre = next((_IMAGES[nom] for nom in noms if nom in _IMAGES), None)
        try:
            if genre is None:
                lire_flux(flux, self._images)
            else:
                self._image_codee(flux, genre)
        except TropDeTravail:
            if self._images.restants >= 0:
                raise

    def _image_codee(self, flux: pikepdf.Stream, genre: str) -> None:
        donnees = b"".join(blocs_de(flux, self._images))
        if genre == "jpeg 2000" and not donnees.startswith(_JPEG_2000):
            raise FluxAbime
        if genre == "jpeg":
            _verifier_jpeg(donnees)


def lire_flux(flux: pikepdf.Stream, compteur: Compteur) -> None:
    """Decode a stream to its end, up to what only a picture's decoder reads. Raises FluxAbime, TropDeTravail."""
    for _ in blocs_de(flux, compteur):
        pass


def blocs_de(flux: pikepdf.Stream, compteur: Compteur) -> Iterator[bytes]:
    """The octets behind the filters of a stream, those of a picture's own encoding excepted."""
    brut = flux.read_raw_bytes()
    noms, precoce = filtres_de(flux)
    utiles = []
    for nom in noms:
        if nom in _IMAGES:
            break
        utiles.append(nom)
    if not all(connu(nom) for nom in utiles):
        raise FluxAbime
    # A stream of no octet at all is what some tools write for a blank page.
    return decoder(brut, utiles, compteur, precoce=precoce) if brut else iter(())


def filtres_de(flux: pikepdf.Stream) -> tuple[list[str], bool]:
    """The filters of a stream, without « / », and LZW's EarlyChange. Raises FluxAbime."""
    declares, reglages = flux.get("/Filter"), flux.get("/DecodeParms")
    filtres = list(declares) if isinstance(declares, pikepdf.Array) else [declares]
    noms = [nom_de(nom)[1:] for nom in filtres if isinstance(nom, pikepdf.Name)]
    if declares is not None and len(noms) != len(filtres):
        raise FluxAbime
    tous = list(reglages) if isinstance(reglages, pikepdf.Array) else [reglages]
    precoces = [r.get("/EarlyChange", 1) for r in tous if isinstance(r, pikepdf.Dictionary)]
    return noms, 0 not in precoces


def _verifier_jpeg(octets: bytes) -> None:
    try:
        lue = jpeg.lire(octets)
    except jpeg.ImageAbimee as erreur:
        raise FluxAbime from erreur
    if lue.points > POINTS_MAX:
        raise ImageGeante
    if demesuree(lue):
        raise TropDeTravail
    if not lue.complete:
        raise FluxAbime


def _ressources(page: Any) -> Any:
    """The page's resources, which it may have from the nodes above it."""
    noeud = page
    for _ in range(PROFONDEUR_MAX):
        if not isinstance(noeud, pikepdf.Dictionary):
            return None
        if "/Resources" in noeud:
            return noeud.get("/Resources")
        noeud = noeud.get("/Parent")
    return None


def _nombre(valeur: Any) -> int:
    return valeur if isinstance(valeur, int) else 0


def nom_de(valeur: Any) -> str:
    """A PDF's name as it is written, with its « / »; empty for anything else. Never fails on accented letters."""
    return valeur.unparse().decode("latin-1") if isinstance(valeur, pikepdf.Name) else ""
