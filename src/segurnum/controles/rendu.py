"""One page of a document as a picture: what an officer looks at is never the file that a stranger sent.

PDFium draws the page with its annotations and the fields of its forms; it is built without any script engine. Pictures
are encoded anew: what they carried beside their pixels is left behind. To be called where a hostile file is read apart.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import BinaryIO

import pypdfium2
from PIL import Image, ImageOps

from segurnum.controles import jpeg, png

LARGEUR_MAX = 2_000  # pixels
PIXELS_MAX = 8_000_000
# Beyond, a picture is not even decoded.
PIXELS_LUS = 60_000_000
COULEURS = 256
QUALITE = 80
_PLUS_PETIT = 1e-3  # points: a page thinner than that shows nothing


class RenduImpossible(ValueError):
    """No picture can be made of this page; the sentence, in French, says why."""


@dataclass(frozen=True, slots=True)
class Page:
    """A picture of the page `numero` (from 1) of `pages`; or `echec`, the sentence that says why there is none."""

    octets: bytes = b""
    type_mime: str = ""
    numero: int = 1
    pages: int = 1
    echec: str = ""


def rendre(flux: BinaryIO, extension: str, numero: int, largeur: int) -> Page:
    """The page `numero`, or the last when there are fewer, `largeur` pixels wide at most.

    `extension` is « pdf », or that of a picture.
    """
    largeur = max(1, min(largeur, LARGEUR_MAX))
    try:
        if extension == "pdf":
            return _du_pdf(flux.read(), max(1, numero), largeur)
        return Page(*_encoder(_de_l_image(flux.read(), largeur)))
    except RenduImpossible as raison:
        return Page(echec=str(raison))


def _du_pdf(octets: bytes, numero: int, largeur: int) -> Page:
    try:
        document = pypdfium2.PdfDocument(octets)
    except pypdfium2.PdfiumError as erreur:
        raise RenduImpossible("Ce PDF ne s'ouvre pas sans mot de passe, ou il est abîmé.") from erreur
    try:
        pages = len(document)
        if pages == 0:
            raise RenduImpossible("Ce PDF n'a aucune page.")
        numero = min(numero, pages)
        document.init_forms()
        return Page(*_encoder(_dessiner(document, numero, largeur)), numero, pages)
    except pypdfium2.PdfiumError as erreur:
        raise RenduImpossible(f"La page {numero} de ce PDF ne peut pas être dessinée.") from erreur
    finally:
        document.close()


def _dessiner(document: pypdfium2.PdfDocument, numero: int, largeur: int) -> Image.Image:
    page = document[numero - 1]
    large, haut = page.get_size()
    if large < _PLUS_PETIT or haut < _PLUS_PETIT:
        raise RenduImpossible(f"La page {numero} de ce PDF n'a pas de surface.")
    echelle = min(largeur / large, (PIXELS_MAX / (large * haut)) ** 0.5)
    dessin: Image.Image = page.render(scale=echelle, may_draw_forms=True, draw_annots=True).to_pil()
    return dessin.convert("RGB")


def _de_l_image(octets: bytes, largeur: int) -> Image.Image:
    """Drawn without what surrounds it when that, broken or too large, is what cannot be read."""
    for ce_qui_se_lit in (bytes, _essentiel):
        try:
            return _decoder(ce_qui_se_lit(octets), largeur)
        except RenduImpossible:
            raise
        except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):
            continue
    raise RenduImpossible("Cette image ne peut pas être lue.")


def _essentiel(octets: bytes) -> bytes:
    return png.essentiel(octets) if octets.startswith(png.SIGNATURE) else jpeg.lire(octets).essentiel


def _decoder(octets: bytes, largeur: int) -> Image.Image:
    with Image.open(io.BytesIO(octets), formats=("PNG", "JPEG")) as lue:
        if lue.width * lue.height > PIXELS_LUS:
            raise RenduImpossible("Cette image est trop grande pour être montrée.")
        lue.draft("RGB", (largeur * 2, largeur * 2))
        opaque = _sur_du_blanc(ImageOps.exif_transpose(lue))
    opaque.thumbnail((largeur, min(PIXELS_MAX // largeur, PIXELS_MAX)))
    return opaque


def _sur_du_blanc(image: Image.Image) -> Image.Image:
    """What is transparent is read on paper."""
    if image.mode not in ("RGBA", "LA", "PA") and "transparency" not in image.info:
        return image.convert("RGB")
    calque = image.convert("RGBA")
    fond = Image.new("RGBA", calque.size, "white")
    return Image.alpha_composite(fond, calque).convert("RGB")


def _encoder(image: Image.Image) -> tuple[bytes, str]:
    """A text keeps its edges in a PNG of few colours, mostly paper; a photograph or a scan weighs less in a JPEG."""
    image.info.clear()  # comments and profiles would go along
    tampon = io.BytesIO()
    couleurs = image.getcolors(COULEURS)
    if couleurs is not None and max(couleurs)[0] * 2 >= image.width * image.height:
        image.quantize(COULEURS, dither=Image.Dither.NONE).save(tampon, "PNG")
        return tampon.getvalue(), "image/png"
    image.save(tampon, "JPEG", quality=QUALITE)
    return tampon.getvalue(), "image/jpeg"
