"""What would pass instead of a value that does not: by kind of value, whatever the couloir.

Sure when a control key holds or when only the writing differs; else it is a question to the sender.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date
from decimal import Decimal
from typing import Any

from segurnum.couloirs.champs import (
    AM,
    FINESS,
    PMSI,
    RPPS,
    SIRET,
    TELEPHONE,
    Booleen,
    DateFr,
    Identifiant,
    Montant,
    Texte,
)
from segurnum.regles.calendrier import DEBUT_DU_PROGRAMME, date_fr, jour_de_tableur
from segurnum.regles.identifiants import normaliser_telephone

Possible = tuple[Any, bool]
"""A value that the type accepts, and whether it is sure."""

_LONGUEURS = {SIRET.code: 14, FINESS.code: 9, PMSI.code: 9, RPPS.code: 11, AM.code: 9}
_A_CLE = {SIRET.code, FINESS.code, PMSI.code, RPPS.code}
_SEPARATEURS = re.compile(r"[\s.\-_/\u200b\u2060\ufeff]")
_MONTANT = re.compile(
    r"([0-9]{1,3}(?:[ \u00a0\u202f][0-9]{3})+|[0-9]{1,9})(?:[.,]([0-9]{1,2}))?\s?(?:€|EUR)?", re.ASCII
)
_DATE_ISO = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?:[T ].*)?", re.ASCII)
_DATE_PROCHE = re.compile(r"([0-9]{1,2})[-/. ]([0-9]{1,2})[-/. ]([0-9]{4}|[0-9]{2})", re.ASCII)
_BOOLEENS = {"true": True, "vrai": True, "oui": True, "false": False, "faux": False, "non": False}


def proposer(type_: Any, valeur: Any) -> Possible | None:
    """The likeliest value that would pass, None when there is none."""
    if isinstance(valeur, bool) or len(str(valeur)) > 60:
        return None
    match type_:
        case Booleen():
            return _booleen(valeur)
        case Montant():
            return _montant(valeur)
        case DateFr():
            return _date(valeur)
        case Identifiant():
            return _identifiant(type_, valeur)
        case Texte():
            return _texte(type_, valeur)
    return None


def _texte(type_: Texte, valeur: Any) -> Possible | None:
    """A number without quotes: it may have lost zeros, which nothing can tell."""
    texte = str(valeur)
    motif = type_.motif or r"[0-9.]+"
    return (
        (texte, False)
        if isinstance(valeur, (int, Decimal)) and re.fullmatch(motif, texte, re.ASCII)
        else None
    )


def _booleen(valeur: Any) -> Possible | None:
    lu = _BOOLEENS.get(valeur.strip().lower()) if isinstance(valeur, str) else None
    return None if lu is None else (lu, True)


def _montant(valeur: Any) -> Possible | None:
    lu = _MONTANT.fullmatch(valeur.strip()) if isinstance(valeur, str) else None
    if lu is None:
        return None
    montant = Decimal(f"{re.sub('[^0-9]', '', lu[1])}.{lu[2] or '00'}")
    return (montant, True) if montant else None


def _date(valeur: Any) -> Possible | None:
    texte = str(valeur).strip()
    with suppress(ValueError, OverflowError):
        if iso := _DATE_ISO.fullmatch(texte):
            return date_fr(date(int(iso[1]), int(iso[2]), int(iso[3]))), True
        if proche := _DATE_PROCHE.fullmatch(texte):
            annee = int(proche[3]) + (2000 if len(proche[3]) == 2 else 0)
            entiere = len(proche[1]) == len(proche[2]) == 2 and len(proche[3]) == 4
            return date_fr(date(annee, int(proche[2]), int(proche[1]))), entiere
        jour = jour_de_tableur(int(texte))
        if DEBUT_DU_PROGRAMME <= jour < DEBUT_DU_PROGRAMME.replace(year=2100):
            return date_fr(jour), False
    return None


def _identifiant(type_: Identifiant, valeur: Any) -> Possible | None:
    if isinstance(valeur, Decimal):
        if valeur != valeur.to_integral_value() or valeur.adjusted() > 14:
            return None
        valeur = int(valeur)
    ecritures: Callable[[str], Iterator[Possible]] = _telephones if type_ is TELEPHONE else _ecritures(type_)
    return next((un for un in ecritures(str(valeur)) if type_.est_valide(un[0])), None)


def _ecritures(type_: Identifiant) -> Callable[[str], Iterator[Possible]]:
    longueur, a_cle = _LONGUEURS.get(type_.code), type_.code in _A_CLE

    def ecritures(texte: str) -> Iterator[Possible]:
        if longueur is None:
            yield texte.upper(), True
            yield re.sub(r"\s|^mailto:", "", texte), False
            return
        serre = _SEPARATEURS.sub("", texte).upper()
        yield serre, a_cle
        if longueur - 2 <= len(serre) < longueur:
            yield serre.zfill(longueur), a_cle  # zeros that a spreadsheet took for nothing
        if type_ is RPPS and len(serre) == 12:
            yield serre.removeprefix("8"), True  # the national identifier is an 8, then the RPPS

    return ecritures


def _telephones(texte: str) -> Iterator[Possible]:
    chiffres = re.sub("[^0-9]", "", texte)
    if texte.lstrip().startswith(("+33", "0033")):
        with suppress(ValueError):  # overseas numbers, called by the code of the mainland
            yield (
                normaliser_telephone("0" + chiffres.removeprefix("00").removeprefix("33").removeprefix("0")),
                False,
            )
    yield chiffres, False
    yield "0" + chiffres, False
    yield "+" + chiffres, False
