"""A file that is no JSON at all: what it is instead, told by its first octets, and what to do with it."""

from __future__ import annotations

import re

from segurnum.controles.catalogue import Code
from segurnum.controles.codes_lecture import AUTRE_FORMAT, ENCODAGE

_TETE = 4096
_BOM = ((b"\xff\xfe\x00\x00", "utf-32"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
# The first signs of a JSON file, as wide characters write them.
_LARGES = (
    (re.compile(rb"[{\[ \r\n\t]\x00\x00\x00"), "utf-32-le"),
    (re.compile(rb"\x00\x00\x00[{\[ \r\n\t]"), "utf-32-be"),
    (re.compile(rb"(?:[{\[ \r\n\t]\x00){2}"), "utf-16-le"),
    (re.compile(rb"(?:\x00[{\[ \r\n\t]){2}"), "utf-16-be"),
)
_QUE_FAIRE = (
    "exportez les demandes en JSON depuis votre logiciel, ou partez du modèle de tableur publié, que le simulateur lit "
    "sous son propre nom (.xlsx, .ods ou .csv)"
)


def reperer(octets: bytes) -> tuple[Code, str] | None:
    """The code and the sentence of a file that is something else; None for what may be JSON in UTF-8."""
    if octets[:1] in (b"{", b"[") and b"\x00" not in octets[:8] and not octets.startswith(b"{\\rtf"):
        return None
    if codage := encodage_large(octets):
        nom = codage.upper()[:6]
        return ENCODAGE, f"Le fichier est encodé en {nom} : enregistrez-le en UTF-8 sans BOM."
    quoi = _autre_format(octets[:_TETE])
    return (AUTRE_FORMAT, f"Votre fichier est {quoi}, pas un texte JSON : {_QUE_FAIRE}.") if quoi else None


def encodage_large(octets: bytes) -> str | None:
    """UTF-16 or UTF-32, with its mark or without; None for anything else."""
    for marque, codage in _BOM:
        if octets.startswith(marque):
            return codage
    return next((codage for forme, codage in _LARGES if forme.match(octets)), None)


def _autre_format(tete: bytes) -> str | None:
    debut = tete.lstrip(b"\xef\xbb\xbf \t\r\n")
    if not debut or (debut[:1] in b"{[\"'/#" and not debut.startswith(b"{\\rtf")) or debut[:2] == b"\xc2\xa0":
        return None
    # It names by their signatures the files that are deposited too, with libraries that JSON does without.
    from segurnum.controles.formats import reconnaitre_surement

    contenu = reconnaitre_surement(tete)
    if contenu is not None:
        return contenu.nom
    return "un tableau (CSV)" if _est_un_tableau(debut) else None


def _est_un_tableau(debut: bytes) -> bool:
    """Titles then cells, parted by the same sign as many times."""
    lignes = debut.split(b"\n")[:2]
    return len(lignes) == 2 and any(
        lignes[0].count(s) == lignes[1].count(s) >= 2 for s in (b";", b"\t", b",")
    )
