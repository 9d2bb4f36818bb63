"""Which cells of a workbook are formulas: what is read of them is their last value, and some have none."""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass, field
from html import unescape

CITEES = 5
_FEUILLE = re.compile(rb"<(?:\w+:)?sheet\s[^>]*>")
_LIEN = re.compile(rb"<Relationship\s[^>]*>")
_FORMULE = re.compile(
    rb'<c r="([A-Z]{1,3}[0-9]{1,7})"([^>]*)>\s*<f(?:[^>]*/>|[^>]*>[^<]*</f>)\s*(<v>[^<]|<is>)?'
)


@dataclass
class Formules:
    """How many cells are formulas, the first ones, and the places of those that were never computed."""

    nombre: int = 0
    premieres: list[str] = field(default_factory=list)
    sans_valeur: set[str] = field(default_factory=set)


def formules(archive: zipfile.ZipFile, feuille: str) -> Formules:
    """Those of one sheet of an XLSX workbook, or of an ODS document as a whole (which does not tell their places)."""
    try:
        if "content.xml" in archive.namelist():
            return Formules(archive.read("content.xml").count(b"table:formula="))
        partie = _partie(archive, feuille)
        contenu = archive.read(partie) if partie else b""
    except (KeyError, zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError):
        return Formules()
    trouvees = Formules()
    if b"<f" not in contenu:
        return trouvees
    for trouvee in _FORMULE.finditer(contenu):
        place = trouvee[1].decode()
        trouvees.nombre += 1
        if len(trouvees.premieres) < CITEES:
            trouvees.premieres.append(place)
        if trouvee[3] is None and b't="str"' not in trouvee[2]:  # a text may be empty
            trouvees.sans_valeur.add(place)
    return trouvees


def _partie(archive: zipfile.ZipFile, feuille: str) -> str | None:
    """The file of the archive that holds this sheet."""
    for balise in _FEUILLE.findall(archive.read("xl/workbook.xml")):
        if _attribut(balise, b"name") == feuille:
            lien = _attribut(balise, rb"\w+:id")
            for relation in _LIEN.findall(archive.read("xl/_rels/workbook.xml.rels")):
                if _attribut(relation, b"Id") == lien:
                    cible = _attribut(relation, b"Target") or ""
                    return cible.lstrip("/") if cible.startswith("/") else f"xl/{cible}"
    return None


def _attribut(balise: bytes, nom: bytes) -> str | None:
    trouve = re.search(rb"\s" + nom + rb'="([^"]*)"', balise)
    return None if trouve is None else unescape(trouve[1].decode("utf-8", "replace"))
