"""A short document for word processors (Office Open XML): paragraphs and two-column tables, nothing else.

What is written are the few parts that ECMA-376 asks of a document; the same blocks give the same octets.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

if TYPE_CHECKING:
    from .contrats import Bloc

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_PAQUET = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_MIME = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_ENTETE = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_DATE = (2020, 1, 1, 0, 0, 0)  # nothing of the hour
_LARGEURS = (4500, 4500)  # twentieths of a point

_TYPES = (
    f'<Types xmlns="{_PAQUET}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/word/document.xml" ContentType="{_MIME}.document.main+xml"/>'
    f'<Override PartName="/word/styles.xml" ContentType="{_MIME}.styles+xml"/>'
    '<Override PartName="/docProps/core.xml" '
    'ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>'
    "</Types>"
)
_LIENS = (
    f'<Relationships xmlns="{_PAQUET}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="word/document.xml"/>'
    f'<Relationship Id="rId2" Type="{_PAQUET}/relationships/metadata/core-properties" Target="docProps/core.xml"/>'
    "</Relationships>"
)
_LIENS_DU_TEXTE = (
    f'<Relationships xmlns="{_PAQUET}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/styles" Target="styles.xml"/>'
    "</Relationships>"
)
_STYLES = (
    f'<w:styles xmlns:w="{_W}">'
    '<w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii="Arial" w:hAnsi="Arial" w:cs="Arial"/>'
    '<w:sz w:val="21"/><w:lang w:val="fr-FR"/></w:rPr></w:rPrDefault>'
    '<w:pPrDefault><w:pPr><w:spacing w:after="200" w:line="276" w:lineRule="auto"/></w:pPr></w:pPrDefault>'
    "</w:docDefaults>"
    '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="Titre1"><w:name w:val="heading 1"/><w:basedOn w:val="Normal"/>'
    '<w:pPr><w:outlineLvl w:val="0"/></w:pPr><w:rPr><w:b/><w:sz w:val="32"/></w:rPr></w:style>'
    "</w:styles>"
)


def en_docx(titre: str, blocs: Iterable[Bloc]) -> bytes:
    """The document of these blocks."""
    corps = "".join(map(_bloc, blocs))
    bords = " ".join(f'w:{bord}="1417"' for bord in ("top", "right", "bottom", "left"))
    marges = f'<w:pgMar {bords} w:header="708" w:footer="708" w:gutter="0"/>'
    texte = (
        f'<w:document xmlns:w="{_W}"><w:body>{corps}'
        f'<w:sectPr><w:pgSz w:w="11906" w:h="16838"/>{marges}</w:sectPr></w:body></w:document>'
    )
    proprietes = (
        f'<cp:coreProperties xmlns:cp="{_PAQUET}/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<dc:title>{_dit(titre)}</dc:title><dc:language>fr-FR</dc:language></cp:coreProperties>"
    )
    parties = {
        "[Content_Types].xml": _TYPES,
        "_rels/.rels": _LIENS,
        "docProps/core.xml": proprietes,
        "word/document.xml": texte,
        "word/_rels/document.xml.rels": _LIENS_DU_TEXTE,
        "word/styles.xml": _STYLES,
    }
    tampon = io.BytesIO()
    with zipfile.ZipFile(tampon, "w", zipfile.ZIP_DEFLATED) as archive:
        for nom, contenu in parties.items():
            archive.writestr(zipfile.ZipInfo(nom, _DATE), _ENTETE + contenu, zipfile.ZIP_DEFLATED)
    return tampon.getvalue()


def _bloc(bloc: Bloc) -> str:
    if bloc.lignes:
        return _table(bloc)
    return _paragraphe(bloc.texte, "Titre1" if bloc.genre == "titre" else "")


def _paragraphe(texte: str, style: str = "", *, gras: bool = False, a_droite: bool = False) -> str:
    proprietes = f'<w:pStyle w:val="{style}"/>' if style else ""
    proprietes += '<w:jc w:val="right"/>' if a_droite else ""
    forme = "<w:rPr><w:b/></w:rPr>" if gras else ""
    return f'<w:p><w:pPr>{proprietes}</w:pPr><w:r>{forme}<w:t xml:space="preserve">{_dit(texte)}</w:t></w:r></w:p>'


def _table(bloc: Bloc) -> str:
    bords = "".join(
        f'<w:{cote} w:val="single" w:sz="4" w:space="0" w:color="8A8A9A"/>'
        for cote in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    grille = "".join(f'<w:gridCol w:w="{largeur}"/>' for largeur in _LARGEURS)
    lignes = "".join(
        f"<w:tr>{'<w:trPr><w:tblHeader/></w:trPr>' if rang == 0 else ''}"
        + "".join(
            f'<w:tc><w:tcPr><w:tcW w:w="{largeur}" w:type="dxa"/></w:tcPr>'
            + _paragraphe(texte, gras=rang == 0, a_droite=bloc.genre == "montants" and place == 1)
            + "</w:tc>"
            for place, (texte, largeur) in enumerate(zip(ligne, _LARGEURS, strict=True))
        )
        + "</w:tr>"
        for rang, ligne in enumerate(bloc.lignes)
    )
    proprietes = f'<w:tblPr><w:tblW w:w="0" w:type="auto"/><w:tblBorders>{bords}</w:tblBorders></w:tblPr>'
    return f"<w:tbl>{proprietes}<w:tblGrid>{grille}</w:tblGrid>{lignes}</w:tbl>{_paragraphe('')}"


def _dit(texte: str) -> str:
    """As XML 1.0 may hold it: control signs and those that are none, which no person types on purpose, are left out."""
    return escape("".join(signe for signe in texte if signe >= " " and signe not in "\ufffe\uffff"))
