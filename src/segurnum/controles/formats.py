"""What a file really is, told by its first octets: a name in French, and how to make of it what is expected."""

from __future__ import annotations

import re
from dataclasses import dataclass

import puremagic

SIGNATURES: dict[str, tuple[bytes, ...]] = {
    "pdf": (b"%PDF-",),
    "png": (b"\x89PNG\r\n\x1a\n",),
    "jpg": (b"\xff\xd8\xff",),
    "jpeg": (b"\xff\xd8\xff",),
    # The last two are what tools that can split an archive put before the first file of one that is whole.
    "zip": (b"PK\x03\x04", b"PK\x05\x06", b"PK00PK", b"PK\x07\x08PK"),
}
EXECUTABLES = (b"MZ", b"\x7fELF", b"#!", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe")

_EN_IMAGE = "ouvrez-la dans un logiciel d'images et enregistrez-la dans le format attendu"
_EN_PDF = "ouvrez-le dans son logiciel et exportez-le en PDF"
_EXTRAIRE = "extrayez-en le document"
_TELEPHONE = (
    "exportez-la en JPEG depuis l'ordinateur ou le téléphone (sur iPhone : Réglages, Appareil photo, Formats, "
    "« Le plus compatible »)"
)


@dataclass(frozen=True, slots=True)
class Contenu:
    """A kind of content: its name with its article, whether that name is feminine, what its sender can do."""

    nom: str
    conseil: str | None = None

    @property
    def renomme(self) -> str:
        """« renommé », in agreement with the name."""
        return "renommée" if self.nom.startswith("une ") else "renommé"


# Contents that people really rename; puremagic names the others.
_CONNUS: tuple[tuple[bytes, Contenu], ...] = (
    (b"MZ", Contenu("un programme Windows")),
    (b"\x7fELF", Contenu("un programme Linux")),
    (b"%PDF-", Contenu("un document PDF")),
    (b"\x89PNG", Contenu("une image PNG", _EN_IMAGE)),
    (b"\xff\xd8\xff", Contenu("une image JPEG", _EN_IMAGE)),
    (b"GIF8", Contenu("une image GIF", _EN_IMAGE)),
    (b"BM", Contenu("une image BMP", _EN_IMAGE)),
    (b"II*\x00", Contenu("une image TIFF", _EN_IMAGE)),
    (b"MM\x00*", Contenu("une image TIFF", _EN_IMAGE)),
    (b"8BPS", Contenu("une image Photoshop", _EN_IMAGE)),
    (b"\xff\x4f\xff\x51", Contenu("une image JPEG 2000", _EN_IMAGE)),
    (b"\x00\x00\x00\x0cjP  ", Contenu("une image JPEG 2000", _EN_IMAGE)),
    (b"\xff\x0a", Contenu("une image JPEG XL", _EN_IMAGE)),
    (b"\x00\x00\x00\x0cJXL ", Contenu("une image JPEG XL", _EN_IMAGE)),
    (b"\xd0\xcf\x11\xe0", Contenu("un ancien document Office", _EN_PDF)),
    (b"{\\rtf", Contenu("un document RTF", _EN_PDF)),
    (b"%!PS", Contenu("un document PostScript", _EN_PDF)),
    (b"Rar!", Contenu("une archive RAR", _EXTRAIRE)),
    (b"7z\xbc\xaf\x27\x1c", Contenu("une archive 7z", _EXTRAIRE)),
    (b"\x1f\x8b", Contenu("une archive GZIP", _EXTRAIRE)),
    (b"#!", Contenu("un script")),
)
_MARQUES_ISO: dict[bytes, Contenu] = {
    **dict.fromkeys(
        (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"),
        Contenu("une photo HEIC", _TELEPHONE),
    ),
    b"avif": Contenu("une image AVIF", _EN_IMAGE),
    b"avis": Contenu("une image AVIF", _EN_IMAGE),
    **dict.fromkeys((b"isom", b"mp41", b"mp42", b"qt  "), Contenu("une vidéo")),
}
_DANS_UN_ZIP: tuple[tuple[bytes, Contenu], ...] = (
    (b"word/", Contenu("un document Word", _EN_PDF)),
    (b"xl/", Contenu("un classeur Excel", _EN_PDF)),
    (b"ppt/", Contenu("une présentation PowerPoint", "ouvrez-la dans PowerPoint et exportez-la en PDF")),
    (b"opendocument", Contenu("un document LibreOffice", _EN_PDF)),
    (b"[Content_Types].xml", Contenu("un document Office", _EN_PDF)),
)
_ARCHIVE = Contenu("une archive ZIP", _EXTRAIRE)
_SUFFIXE = re.compile(r"\.[a-z0-9]{2,5}")


def reconnaitre(tete: bytes) -> Contenu | None:
    """The kind of content that begins so (4 096 octets are enough), None when nothing tells it."""
    return reconnaitre_surement(tete) or _selon_puremagic(tete)


def reconnaitre_surement(tete: bytes) -> Contenu | None:
    """The same, without what may be chance."""
    if tete.startswith(b"PK"):
        return next((contenu for marque, contenu in _DANS_UN_ZIP if marque in tete), _ARCHIVE)
    if tete[4:8] == b"ftyp" and (contenu := _MARQUES_ISO.get(tete[8:12])):
        return contenu
    if tete[257:262] == b"ustar":
        return Contenu("une archive TAR", _EXTRAIRE)
    if tete.startswith(b"RIFF") and tete[8:12] == b"WEBP":
        return Contenu("une image WebP", _EN_IMAGE)
    debut = tete.removeprefix(b"\xef\xbb\xbf").lstrip()[:256].lower()
    if debut.startswith((b"<!doctype html", b"<html")):
        return Contenu("une page web")
    if b"<svg" in debut:
        return Contenu("une image SVG", _EN_IMAGE)
    for signature, contenu in _CONNUS:
        if tete.startswith(signature):
            return contenu
    if debut.startswith(b"<?xml"):
        return Contenu("un fichier XML")
    return None


def _selon_puremagic(tete: bytes) -> Contenu | None:
    try:
        suffixe = puremagic.from_string(tete)
    except (puremagic.PureError, ValueError):
        return None
    return Contenu(f"un fichier {suffixe}") if _SUFFIXE.fullmatch(suffixe or "") else None
