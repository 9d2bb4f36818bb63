"""Addresses: the communes of a postal code, the types of street, the extensions of a number (ENR-032 to ENR-035).

The communes come from an embedded official list (see donnees/LISEZMOI.md), read at the first question and kept.
"""

import gzip
import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files

_FICHIER = "communes.txt.gz"

# Label of the screen, and how the Sirene directory writes it when it shortens it.
_VOIES = {
    "Allée": "ALL",
    "Avenue": "AV",
    "Boulevard": "BD",
    "Carrefour": "CAR",
    "Chaussée": "CHS",
    "Chemin": "CHE",
    "Cité": "CITE",
    "Clos": "CLOS",
    "Cours": "CRS",
    "Domaine": "DOM",
    "Esplanade": "ESP",
    "Faubourg": "FG",
    "Grande rue": "GR",
    "Hameau": "HAM",
    "Impasse": "IMP",
    "Lieu-dit": "LD",
    "Lotissement": "LOT",
    "Mail": "MAIL",
    "Montée": "MTE",
    "Parc": "PARC",
    "Passage": "PAS",
    "Place": "PL",
    "Promenade": "PRO",
    "Quai": "QUAI",
    "Quartier": "QUA",
    "Résidence": "RES",
    "Rond-point": "RPT",
    "Route": "RTE",
    "Rue": "RUE",
    "Ruelle": "RLE",
    "Sentier": "SEN",
    "Square": "SQ",
    "Traverse": "TRA",
    "Villa": "VLA",
    "Village": "VLGE",
    "Voie": "VOIE",
    "Zone artisanale": "ZA",
    "Zone d'activité": "ZAC",
    "Zone industrielle": "ZI",
}
_EXTENSIONS = {"bis": "B", "ter": "T", "quater": "Q", "quinquies": "C"}
_CEDEX = re.compile(r" CEDEX.*\Z")
_ARRONDIS = {"PARIS": 75000, "LYON": 69000, "MARSEILLE": 13000}
_ARRONDISSEMENT = re.compile(r"\A(PARIS|LYON|MARSEILLE) [0-9]+.*\Z")


def communes(code_postal: str) -> list[str]:
    """The communes of a postal code, in alphabetical order. None for a CEDEX, which no commune owns."""
    return list(_par_code().get(code_postal, ()))


def adresse_officielle(code_postal: str, libelle: str) -> tuple[str, str]:
    """The postal code and the commune that a directory writes; a CEDEX gives those of the commune that it serves.

    What is found nowhere stays as it is written.
    """
    if trouvee := commune_officielle(code_postal, libelle):
        return code_postal, trouvee
    if communes(code_postal) or not _CEDEX.search(_simplifie(libelle)):
        return code_postal, libelle
    return _du_cedex(code_postal[:2], _simplifie(libelle)) or (code_postal, libelle)


def _du_cedex(departement: str, libelle: str) -> tuple[str, str] | None:
    """« PARIS CEDEX 08 » is in the eighth; elsewhere, the first code of the commune of this name in the department."""
    ville, rang = _CEDEX.sub("", libelle), libelle.rpartition(" ")[2]
    if (base := _ARRONDIS.get(ville)) and rang.isdigit() and (communes(code := str(base + int(rang)))):
        return code, communes(code)[0]
    for code, noms in sorted(_par_code().items()):
        if code.startswith(departement):
            for nom in noms:
                if _simplifie(nom) == ville:
                    return code, nom
    return None


def types_de_voie() -> list[str]:
    """What « Type de voie » proposes."""
    return list(_VOIES)


def extensions() -> list[str]:
    """What « Extension » proposes."""
    return list(_EXTENSIONS)


def commune_officielle(code_postal: str, libelle: str) -> str:
    """The commune of this postal code that a directory writes `libelle` (« ST-JUNIEN »); "" when it is none of them.

    A postal code that has one commune only settles it, whatever the label.
    """
    connues = communes(code_postal)
    voulue = _ARRONDISSEMENT.sub(r"\1", _CEDEX.sub("", _simplifie(libelle)))
    trouvees = [commune for commune in connues if _simplifie(commune) == voulue] or connues
    return trouvees[0] if len(trouvees) == 1 else ""


def type_de_voie_officiel(libelle: str) -> str:
    """The type of street that a directory writes `libelle` (« AV », « BOULEVARD »); "" for one that is not proposed."""
    return _voies_ecrites().get(_simplifie(libelle), "")


def extension_officielle(libelle: str) -> str:
    """The extension that a directory writes `libelle` (« B », « TER »); "" for one that is not proposed."""
    voulue = libelle.strip().upper()
    return next((mot for mot, lettre in _EXTENSIONS.items() if voulue in (lettre, mot.upper())), "")


def compresser(lignes: Iterable[Mapping[str, object]]) -> bytes:
    """The embedded list, made from `communes.json` of the official package: one line per postal code."""
    par_code: dict[str, set[str]] = {}
    for ligne in lignes:
        codes = ligne.get("codesPostaux", ())
        if ligne["type"] == "commune-actuelle" and isinstance(codes, list):
            for code in codes:
                par_code.setdefault(code, set()).add(str(ligne["nom"]))
    texte = "".join(
        f"{code};{'|'.join(sorted(noms, key=_simplifie))}\n" for code, noms in sorted(par_code.items())
    )
    return gzip.compress(texte.encode(), mtime=0)


@cache
def _par_code() -> dict[str, tuple[str, ...]]:
    texte = gzip.decompress(files("segurnum.referentiel").joinpath("donnees", _FICHIER).read_bytes()).decode()
    lignes = (ligne.split(";") for ligne in texte.splitlines())
    return {code: tuple(noms.split("|")) for code, noms in lignes}


@cache
def _voies_ecrites() -> dict[str, str]:
    ecrites = {_simplifie(libelle): libelle for libelle in _VOIES}
    return ecrites | {_simplifie(court): libelle for libelle, court in _VOIES.items()}


def _simplifie(texte: str) -> str:
    """Capitals, no accent, no hyphen; « ST » and « STE » in full: how directories and the post write names."""
    decompose = unicodedata.normalize("NFKD", texte.replace("œ", "oe").replace("Œ", "OE"))
    lettres = "".join(lettre for lettre in decompose if not unicodedata.combining(lettre)).upper()
    mots = re.sub(r"[^A-Z0-9]+", " ", lettres).split()
    return " ".join({"ST": "SAINT", "STE": "SAINTE"}.get(mot, mot) for mot in mots)
