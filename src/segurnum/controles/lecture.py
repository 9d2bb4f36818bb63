"""Bytes to value: encoding, size, JSON syntax. Amounts become exact decimals, never floats."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from segurnum.controles import positions as reperes
from segurnum.controles.catalogue import Code
from segurnum.controles.codes_lecture import (
    BOM,
    CLE_REPETEE,
    CONSTANTE,
    ENCODAGE,
    NOMBRE_DEMESURE,
    PROFONDEUR,
    TROP_D_ELEMENTS,
    TROP_GROS,
    VIDE,
)
from segurnum.controles.constats import citer
from segurnum.controles.positions import Positions
from segurnum.controles.problemes import nombre_fr
from segurnum.controles.provenance import reperer
from segurnum.controles.syntaxe import expliquer
from segurnum.couloirs.champs import ABSENT, Chemin

TAILLE_MAX = 5 * 1_048_576
PROFONDEUR_MAX = 20
# Beyond this, a report helps nobody and a hostile file would only cost time.
ANOMALIES_MAX = 5000
# Objects, lists and values: what 5 Mo of the format hold at most, several times over. Each one costs memory when
# it is read and time when it is placed, however few octets it is written with.
ELEMENTS_MAX = 500_000
# A whole number longer than this cannot be a value of the format; int() itself refuses beyond 4300 digits.
_CHIFFRES_MAX = 30


@dataclass(frozen=True, slots=True)
class Defaut:
    """Something wrong in the text itself, at an offset counted in characters."""

    code: Code
    message: str
    offset: int = 0
    chemin: Chemin = ()


@dataclass
class Lecture:
    """What was read: the text, its value (ABSENT when unreadable) and what is wrong with the text."""

    texte: str = ""
    valeur: Any = ABSENT
    defauts: list[Defaut] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.positions = Positions(self.texte)

    def refuser_la_profondeur(self) -> bool:
        """True, and nothing is read of it, when the value is nested too deep.

        What the declarations know is far less deep: only a file in which something was found can be so.
        """
        if not _trop_profond(self.valeur):
            return False
        self.valeur = ABSENT
        message = (
            f"L'imbrication dépasse {PROFONDEUR_MAX} niveaux ici : repartez du modèle de fichier publié."
        )
        offset = reperes.offset_trop_profond(self.texte, PROFONDEUR_MAX)
        self.defauts = [Defaut(PROFONDEUR, message, offset)]
        return True


def lire(octets: bytes) -> Lecture:
    """Read a deposited file; what is wrong is in the result, nothing is raised."""
    if len(octets) > TAILLE_MAX:
        mo = len(octets) / 1_048_576
        return _refus(
            TROP_GROS, f"Le fichier pèse {mo:.1f} Mo".replace(".", ",") + " : 5 Mo au plus sont acceptés."
        )
    if autre := reperer(octets):
        return _refus(*autre)
    try:
        texte = octets.decode("utf-8")
    except UnicodeDecodeError as erreur:
        return _encodage(octets, erreur)
    if not texte.strip("\ufeff \t\r\n\x00"):
        return _refus(VIDE, "Le fichier est vide : un fichier JSON de 1 à 200 demandes est attendu.")
    return _analyser(texte)


def _analyser(texte: str) -> Lecture:
    lecture = Lecture(texte.removeprefix("\ufeff"))
    if len(lecture.texte) < len(texte):
        message = "Le fichier commence par une marque invisible (BOM) : enregistrez-le en UTF-8 sans BOM."
        lecture.defauts.append(Defaut(BOM, message))
    if len(texte) > ELEMENTS_MAX and sum(map(lecture.texte.count, "{[,")) > ELEMENTS_MAX:
        message = (
            f"Le fichier compte plus de {nombre_fr(ELEMENTS_MAX)} objets, listes et valeurs : un fichier de 200 "
            "demandes en compte quelques milliers."
        )
        lecture.defauts.append(Defaut(TROP_D_ELEMENTS, message))
        return lecture
    marques: list[str] = []
    try:
        lecture.valeur = _charger(lecture.texte, marques)
    except json.JSONDecodeError as erreur:
        lieu = expliquer(lecture.texte, erreur)
        lecture.defauts.append(Defaut(lieu.code, lieu.message, lieu.offset))
        return lecture
    except RecursionError:
        lecture.valeur = _SANS_FOND
        marques.append(PROFONDEUR.code)
    except InvalidOperation:
        message = "Ce nombre est démesuré : un montant en euros, avec deux décimales au plus, est attendu."
        lecture.defauts.append(Defaut(NOMBRE_DEMESURE, message, reperes.offset_demesure(lecture.texte)))
        return lecture
    return _apres_lecture(lecture, marques)


def _apres_lecture(lecture: Lecture, marques: list[str]) -> Lecture:
    """Report what the parser let through: depth, NaN, repeated keys."""
    if marques and lecture.refuser_la_profondeur():
        return lecture
    if CONSTANTE.code in marques:
        lecture.valeur = ABSENT
        for nom, offset in reperes.offsets_constantes(lecture.texte, ANOMALIES_MAX + 1):
            message = f"« {nom} » n'est pas une valeur JSON : un nombre est attendu."
            lecture.defauts.append(Defaut(CONSTANTE, message, offset))
    if CLE_REPETEE.code in marques:
        for chemin, offset in lecture.positions.cles_repetees(ANOMALIES_MAX + 1):
            message = (
                f"Le champ {citer(chemin[-1])} figure déjà dans cet objet : ne gardez qu'une occurrence."
            )
            lecture.defauts.append(Defaut(CLE_REPETEE, message, offset, chemin))
    return lecture


_SANS_FOND: Any = json.loads("[" * (PROFONDEUR_MAX + 2) + "]" * (PROFONDEUR_MAX + 2))
"""Stands for what is nested so deep that the parser itself gave up."""


def _charger(texte: str, marques: list[str]) -> Any:
    def objet(paires: list[tuple[str, Any]]) -> dict[str, Any]:
        resultat = dict(paires)
        if len(resultat) != len(paires):
            marques.append(CLE_REPETEE.code)
        return resultat

    def constante(_nom: str) -> None:
        marques.append(CONSTANTE.code)

    return json.loads(
        texte, object_pairs_hook=objet, parse_float=Decimal, parse_int=_entier, parse_constant=constante
    )


def _entier(chiffres: str) -> int | Decimal:
    return int(chiffres) if len(chiffres) <= _CHIFFRES_MAX else Decimal(chiffres)


def _trop_profond(valeur: Any) -> bool:
    niveau = [valeur] if isinstance(valeur, (dict, list)) else []
    for _ in range(PROFONDEUR_MAX):
        niveau = [
            enfant
            for conteneur in niveau
            for enfant in (conteneur.values() if type(conteneur) is dict else conteneur)
            if type(enfant) is dict or type(enfant) is list
        ]
    return bool(niveau)


def _encodage(octets: bytes, erreur: UnicodeDecodeError) -> Lecture:
    debut = octets[: erreur.start].decode("utf-8")
    message = (
        f"L'octet 0x{octets[erreur.start]:02X} n'est pas de l'UTF-8 (le fichier est sans doute en ANSI ou "
        "ISO-8859-1) : enregistrez-le en UTF-8 sans BOM."
    )
    lisible = debut + octets[erreur.start :].decode("utf-8", "replace")
    lecture = Lecture(lisible)
    lecture.defauts.append(Defaut(ENCODAGE, message, len(debut)))
    return lecture


def _refus(code: Code, message: str) -> Lecture:
    lecture = Lecture()
    lecture.defauts.append(Defaut(code, message))
    return lecture
