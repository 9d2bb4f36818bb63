"""Pictures: their size is judged before anything is decoded, and what surrounds the picture is not judged at all.

A profile, a comment, a preview that is too large or broken keeps no reader from showing the picture.
"""

from __future__ import annotations

import io
from typing import BinaryIO

from PIL import Image

from segurnum.controles import jpeg, png
from segurnum.controles.catalogue import ERREUR, declarer
from segurnum.controles.jpeg import ImageAbimee
from segurnum.controles.problemes import Probleme, probleme
from segurnum.controles.travail import trop_de_travail

IMAGE_ABIMEE = declarer(
    "4115",
    "Image illisible ou tronquée",
    ERREUR,
    "L'image ne peut pas être décodée jusqu'au bout, ou son codage est de ceux que peu de logiciels affichent.",
    "Numérisez ou exportez à nouveau l'image.",
)
IMAGE_GEANTE = declarer(
    "4116",
    "Image aux dimensions excessives",
    ERREUR,
    "L'image compte plus de 50 millions de points, plus qu'une page A4 numérisée à 600 points par pouce.",
    "Numérisez en 200 ou 300 points par pouce.",
)

POINTS_MAX = 50_000_000
PASSES_MAX = 100  # an ordinary progressive picture has about ten
POINTS_RELUS_MAX = 2_000_000_000  # points, each counted once for each pass over the picture
COEFFICIENTS_MAX = 75_000_000  # two octets each, all in memory when a picture comes in several passes


def verifier_png(flux: BinaryIO, nom: str, _taille: int) -> list[Probleme]:
    """Every point of the picture is there, told by the sizes alone: nothing of it is kept."""
    try:
        lue = png.lire(flux.read())
        if lue.largeur * lue.hauteur > POINTS_MAX:
            return [_geante(nom)]
        png.verifier_points(lue)
    except ImageAbimee:
        return [_abimee(nom)]
    return []


def verifier_jpeg(flux: BinaryIO, nom: str, _taille: int) -> list[Probleme]:
    """A picture in many passes is refused before it is decoded; the others are decoded to the end."""
    try:
        lue = jpeg.lire(flux.read(), passes_max=PASSES_MAX)
    except ImageAbimee:
        return [_abimee(nom)]
    if lue.points > POINTS_MAX:
        return [_geante(nom)]
    if demesuree(lue):
        return [trop_de_travail(nom)]
    if not lue.courante:
        return [
            probleme(
                IMAGE_ABIMEE,
                f"l'image « {nom} » est d'un codage JPEG que peu de logiciels affichent ; enregistrez-la à nouveau en "
                "JPEG ordinaire.",
            )
        ]
    return [] if _se_decode(lue) else [_abimee(nom)]


def demesuree(lue: jpeg.Jpeg) -> bool:
    """True for a JPEG whose decoding would cost too much time or memory, whatever its size."""
    return (
        lue.passes > PASSES_MAX
        or lue.passes * lue.points > POINTS_RELUS_MAX
        or (lue.en_plusieurs_passes and lue.coefficients > COEFFICIENTS_MAX)
    )


def _se_decode(lue: jpeg.Jpeg) -> bool:
    """Decoded at an eighth of its size: all of its data are read, at little memory."""
    try:
        with Image.open(io.BytesIO(lue.essentiel), formats=["JPEG"]) as image:
            image.draft("L", (image.width // 8, image.height // 8))
            image.load()
    except MemoryError:  # it says nothing of the file's soundness
        raise
    except Exception:  # Pillow's decoders raise many types; each means that the picture cannot be shown.
        return False
    return True


def _abimee(nom: str) -> Probleme:
    return probleme(IMAGE_ABIMEE, f"l'image « {nom} » est illisible ou tronquée.")


def _geante(nom: str) -> Probleme:
    return probleme(
        IMAGE_GEANTE,
        f"l'image « {nom} » a des dimensions excessives ; {POINTS_MAX // 1_000_000} millions de points au plus sont "
        "acceptés.",
    )
