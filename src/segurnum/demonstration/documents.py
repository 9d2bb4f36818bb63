"""The pieces of the demonstration: real PDF and pictures, readable, that say which document they stand for."""

import io
import textwrap
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pikepdf
from PIL import Image, ImageDraw, ImageFont

from segurnum import editique
from segurnum.couloirs.nomenclature import LIBELLES_PIECES
from segurnum.regles.argent import arrondir, en_euros

_A4 = (595, 842)
_LARGEUR_TITRE = 48  # characters that fit on the page
_POLICE = Path(editique.__file__).with_name("polices") / "Inter-Regular.otf"
_MENTION = "Document inventé pour la démonstration du portail : il n'engage personne."


@dataclass(frozen=True)
class Contenu:
    """What a piece tells: the same figures as the request that announces it."""

    type: str
    numero: str
    date: str
    fournisseur: str
    client: str
    logiciel: str
    montant_ht: Decimal
    taux_tva: Decimal  # %

    @property
    def titre(self) -> str:
        return f"{LIBELLES_PIECES.get(self.type, 'Pièce')} n° {self.numero}"

    def lignes(self) -> list[str]:
        tva = arrondir(self.montant_ht * self.taux_tva / 100)
        entete = [
            self.titre,
            "",
            f"Fournisseur : {self.fournisseur}",
            f"Client : {self.client}",
            f"Date : {self.date}",
            "",
        ]
        if self.type in ("VA", "MOM", "PV_PILOTE"):
            corps = [
                f"Le client constate que le logiciel {self.logiciel} est installé, paramétré",
                "et apte à l'usage dans ses services.",
                "",
                "Lu et approuvé, le client.",
            ]
        elif self.type == "PREUVE_HT":
            corps = ["Le fournisseur n'est pas assujetti à la TVA : la prestation est facturée hors taxe."]
        else:
            corps = [
                f"Prestation Ségur numérique, logiciel {self.logiciel}",
                f"Montant HT : {en_euros(self.montant_ht)}",
                f"TVA ({self.taux_tva.normalize():f} %) : {en_euros(tva)}",
                f"Montant TTC : {en_euros(self.montant_ht + tva)}",
                "",
                "Bon pour accord, le client.",
            ]
        return [*entete, *corps, "", _MENTION]


def fabriquer(contenu: Contenu, format_: str) -> bytes:
    """The bytes of a piece; `format_` is PDF, PNG or JPG. The same contents give the same bytes."""
    return _pdf(contenu.lignes()) if format_ == "PDF" else _image(contenu.lignes(), format_)


def attester(titre: str, lignes: Iterable[str]) -> bytes:
    """A one-page PDF that tells what it stands for: a certificate, an identity document, bank details."""
    return _pdf([*textwrap.wrap(titre, _LARGEUR_TITRE), "", *lignes, "", _MENTION])


def _pdf(lignes: list[str]) -> bytes:
    document = pikepdf.new()
    page = document.add_blank_page(page_size=_A4)
    page.obj["/Resources"] = pikepdf.Dictionary(
        Font=pikepdf.Dictionary(F1=_police("/Helvetica"), F2=_police("/Helvetica-Bold"))
    )
    ordres = [b"BT /F2 18 Tf 60 760 Td", _montrer(lignes[0]), b"/F1 11 Tf"]
    for ligne in lignes[1:]:
        ordres += [b"0 -20 Td", _montrer(ligne)]
    page.obj["/Contents"] = document.make_stream(b"\n".join([*ordres, b"ET"]))
    sortie = io.BytesIO()
    document.save(sortie, deterministic_id=True)
    return sortie.getvalue()


def _police(nom: str) -> pikepdf.Dictionary:
    return pikepdf.Dictionary(
        Type=pikepdf.Name.Font,
        Subtype=pikepdf.Name.Type1,
        BaseFont=pikepdf.Name(nom),
        Encoding=pikepdf.Name.WinAnsiEncoding,
    )


def _montrer(texte: str) -> bytes:
    # The narrow no-break space of the amounts is not in the fonts that every reader has.
    octets = texte.replace("\u202f", "\u00a0").encode("cp1252", "replace")
    for signe in (b"\\", b"(", b")"):
        octets = octets.replace(signe, b"\\" + signe)
    return b"(" + octets + b") Tj"


def _image(lignes: list[str], format_: str) -> bytes:
    image = Image.new("RGB", (1000, 1200), "white")
    dessin = ImageDraw.Draw(image)
    for rang, ligne in enumerate(lignes):
        police = ImageFont.truetype(_POLICE, 34 if rang == 0 else 22)
        dessin.text((80, 90 + 44 * rang), ligne, fill="black", font=police)
    sortie = io.BytesIO()
    image.save(sortie, "PNG" if format_ == "PNG" else "JPEG")
    return sortie.getvalue()


def archiver(pieces: Iterable[tuple[str, bytes]]) -> bytes:
    """A ZIP whose bytes depend on the pieces only, not on the hour."""
    sortie = io.BytesIO()
    with zipfile.ZipFile(sortie, "w") as archive:
        for nom, octets in pieces:
            archive.writestr(zipfile.ZipInfo(nom), octets, zipfile.ZIP_DEFLATED)
    return sortie.getvalue()
