"""A cell of a spreadsheet as the value of its field: dates typed as numbers, « 1 074,99 € », « oui », lost zeros.

What leaves no doubt is read, and told; what does is refused; text is left to the engine, which judges it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from segurnum.controles.catalogue import Code
from segurnum.controles.codes_tableur import CELLULE, LU_AUTREMENT, ZERO_RENDU
from segurnum.controles.constats import citer
from segurnum.couloirs.champs import Booleen, DateFr, Entier, Identifiant, Montant, Type
from segurnum.couloirs.phrases import attendu
from segurnum.regles.calendrier import date_fr, jour_de_tableur

Cellule = str | float | int | bool | date | datetime | time | timedelta
VIDE = ""
"""What an empty cell is read as, and stays."""

_OUI = frozenset({"oui", "o", "vrai", "true", "x", "1", "✓", "✔"})
_NON = frozenset({"non", "n", "faux", "false", "0"})
COCHE = "x"
# Days of the spreadsheets' calendar between 2000 and 2099: a number there can only be a day.
_JOURS = range(36_526, 73_051)
_BLANCS = re.compile(r"[\s\u00a0\u202f\u2009']+")
_MONNAIE = re.compile(r"(€|euros?|eur)(ht)?$", re.IGNORECASE)
_MONTANT = re.compile(r"-?\d+([.,]\d+)?")
_MILLIERS = re.compile(r"-?\d{1,3}(?:([.,])\d{3})+(?!\1)[.,]\d{1,2}")
_SCIENTIFIQUE = re.compile(r"\d([.,]\d+)?E\+\d+", re.IGNORECASE)
_ERREURS = frozenset(
    {"#N/A", "#REF!", "#VALUE!", "#VALEUR!", "#NAME?", "#NOM?", "#DIV/0!", "#NUM!", "#NOMBRE!", "#NULL!"}
)


@dataclass(frozen=True, slots=True)
class Lu:
    """A value with what is to be said of how it was read; VIDE when it was not."""

    valeur: Any
    code: Code
    message: str


Lire = Callable[[Any], Any]
"""A cell, not empty, into its value, or into a `Lu`."""


def lecteur(type_: Type) -> Lire:
    """How cells of this type are read."""
    match type_:
        case Booleen():
            return _booleen
        case Montant():
            return _montant
        case DateFr():
            return _date
        case Entier():
            return _entier
        case Identifiant():
            return _lecteur_d_identifiant(type_)
        case _:
            return lambda cellule: _texte(type_, cellule)


def _erreur(texte: str) -> Lu | None:
    """A cell that shows an error of the spreadsheet, « #N/A »."""
    if texte in _ERREURS:
        return Lu(
            VIDE,
            CELLULE,
            f"La cellule affiche l'erreur {texte} du tableur : corrigez sa formule ou videz-la.",
        )
    return None


def _autre_genre(quoi: str, type_: Type) -> Lu:
    il_faut = attendu(type_).replace(" (entre guillemets)", "")
    return Lu(
        VIDE,
        CELLULE,
        f"La cellule est {quoi} : mettez-la au format « Texte », puis ressaisissez sa valeur. Il faut {il_faut}.",
    )


def _booleen(cellule: Any) -> Any:
    if isinstance(cellule, bool):
        return cellule
    mot = str(int(cellule)) if isinstance(cellule, float | int) else str(cellule).strip().casefold()
    if mot in _OUI:
        return True
    if mot in _NON:
        return False
    erreur = _erreur(str(cellule))
    return erreur or Lu(
        VIDE, CELLULE, f"{citer(cellule)} n'est pas une réponse : « oui » ou « non » est attendu."
    )


def _montant(cellule: Any) -> Any:
    if _est_un_nombre(cellule):
        return Decimal(format(cellule, ".15g"))  # as many figures as a spreadsheet keeps
    if not isinstance(cellule, str):
        return _autre_genre(_genre(cellule), Montant())
    texte = _MONNAIE.sub("", _BLANCS.sub("", cellule))
    if _MILLIERS.fullmatch(texte):
        texte = re.sub(r"[.,](?=\d{3})", "", texte)
    if not _MONTANT.fullmatch(texte):
        return _erreur(cellule) or cellule
    montant = Decimal(texte.replace(",", "."))
    if texte == cellule:
        return montant
    return Lu(
        montant, LU_AUTREMENT, f"Le montant {citer(cellule)} est lu {str(montant).replace('.', ',')} €."
    )


def _date(cellule: Any) -> Any:
    if isinstance(cellule, datetime):
        return date_fr(cellule.date())
    if isinstance(cellule, date):
        return date_fr(cellule)
    if _est_un_nombre(cellule):
        if int(cellule) not in _JOURS:
            return _autre_genre(f"le nombre {citer(_nombre(cellule))}", DateFr())
        jour = date_fr(jour_de_tableur(int(cellule)))
        return Lu(jour, LU_AUTREMENT, f"Le nombre {_nombre(cellule)} est lu comme la date {jour}.")
    if not isinstance(cellule, str):
        return _autre_genre(_genre(cellule), DateFr())
    return _date_ecrite(cellule)


def _date_ecrite(texte: str) -> Any:
    propre = texte.strip()
    for forme in ("%Y-%m-%d", "%Y-%m-%d %H:%M:%S", "%d-%m-%Y", "%d.%m.%Y"):
        try:
            jour = date_fr(datetime.strptime(propre, forme).date())
        except ValueError:
            continue
        return Lu(jour, LU_AUTREMENT, f"La date {citer(propre)} est lue {jour}.")
    return _erreur(propre) or texte


def _entier(cellule: Any) -> Any:
    if _est_un_nombre(cellule) and cellule == int(cellule):
        return int(cellule)
    if isinstance(cellule, str):
        texte = cellule.strip()
        return int(texte) if texte.isascii() and texte.isdigit() and len(texte) <= 12 else cellule
    return _autre_genre(_genre(cellule), Entier())


def _texte(type_: Type, cellule: Any) -> Any:
    if isinstance(cellule, str):
        return _erreur(cellule) or cellule
    if _est_un_nombre(cellule):
        texte = _nombre(cellule)
        message = (
            f"La cellule est un nombre, lu comme le texte {citer(texte)} : si des zéros le précédaient ou le "
            "suivaient, mettez la cellule au format « Texte » et ressaisissez-la."
        )
        return Lu(texte, LU_AUTREMENT, message)
    return _autre_genre(_genre(cellule), type_)


def _lecteur_d_identifiant(type_: Identifiant) -> Lire:
    longueur = len(type_.exemple)

    def lire(cellule: Any) -> Any:
        if cellule.__class__ is str and len(cellule) == longueur and cellule.isalnum():
            return cellule  # as most are
        return _identifiant(type_, cellule)

    return lire


def _identifiant(type_: Identifiant, cellule: Any) -> Any:
    """Numbers are taken back into texts: the key, or the length, tells whether zeros were lost."""
    if isinstance(cellule, str):
        texte = cellule.strip()
        if _SCIENTIFIQUE.fullmatch(texte):
            message = (
                f"{citer(texte)} est un numéro que le tableur a arrondi : mettez la colonne au format « Texte », puis "
                f"ressaisissez le {type_.nom}."
            )
            return Lu(VIDE, CELLULE, message)
        erreur = _erreur(texte)
        return erreur or (_avec_ses_zeros(type_, texte) if texte.isdigit() else None) or cellule
    if not _est_un_nombre(cellule):
        return _autre_genre(_genre(cellule), type_)
    texte = _nombre(cellule)
    return _avec_ses_zeros(type_, texte) or texte


def _avec_ses_zeros(type_: Identifiant, texte: str) -> Lu | None:
    """The number as long as its example, when it is shorter than it and right so."""
    entier = texte.zfill(len(type_.exemple))
    if entier == texte or not type_.exemple.isdigit() or not type_.est_valide(entier):
        return None
    message = f"Le {type_.nom} {citer(texte)} avait perdu ses premiers zéros : il est lu {citer(entier)}."
    return Lu(entier, ZERO_RENDU, message)


def _est_un_nombre(cellule: Any) -> bool:
    """True for a number; yes and no, which Python counts with, are none."""
    return isinstance(cellule, float | int) and not isinstance(cellule, bool)


def _nombre(valeur: float) -> str:
    """« 123456789 » of 123456789.0, « 1.4 » of 1.4."""
    return str(int(valeur)) if valeur == int(valeur) else format(valeur, ".15g")


def _genre(cellule: Any) -> str:
    if isinstance(cellule, bool):
        return "VRAI" if cellule else "FAUX"
    if isinstance(cellule, datetime | date):
        return f"la date {date_fr(cellule)}"
    if isinstance(cellule, time | timedelta):
        return f"l'heure {cellule}"
    return f"le nombre {citer(_nombre(cellule))}"
