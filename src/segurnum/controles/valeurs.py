"""Is this value what its declared type asks? One check per type, fast when the value is plainly good.

A check returns None (nothing to say) or its findings, the last of which carries the normal value to keep:
slips that leave no doubt are put right with a warning, the rest is an error.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable
from decimal import Decimal
from typing import Any, NamedTuple

from segurnum.controles.catalogue import ERREUR, Code
from segurnum.controles.codes_valeurs import (
    BLANCS,
    CASSE,
    CHOIX,
    CODE_NON_CITE,
    CONTROLE,
    DATE,
    DECIMALES,
    ENTIER,
    ENTIER_DECIMAL,
    FORME,
    IDENTIFIANTS,
    LONGUEUR,
    MAL_LU,
    MONTANT,
    NOMBRE_CITE,
    REMPLISSAGE,
    TELEPHONE_ECRIT,
    TYPE,
    VIDE,
    VIDE_ADMIS,
)
from segurnum.controles.constats import citer, decrire, le_plus_proche
from segurnum.controles.problemes import nombre_fr
from segurnum.controles.propositions import proposer
from segurnum.couloirs.champs import (
    ABSENT,
    TELEPHONE,
    Booleen,
    Champ,
    Choix,
    DateFr,
    Entier,
    Identifiant,
    Montant,
    Texte,
)
from segurnum.couloirs.phrases import attendu
from segurnum.regles.argent import arrondir
from segurnum.regles.calendrier import lire_date_fr
from segurnum.regles.identifiants import normaliser_telephone
from segurnum.regles.textes import REMPLISSAGES, lisible, texte_repare


class Ecart(NamedTuple):
    """One finding about a value, and the value to go on with (None when it cannot be read).

    Without `code` there is nothing to report: the value only has another normal form. `propose`: what would pass,
    ABSENT when nothing is known to; of a warning it is the normal value itself.
    """

    code: Code | None
    message: str
    valeur: Any
    propose: Any = ABSENT
    sure: bool = False


Ecarts = list[Ecart] | None
Controle = Callable[[Any], Ecarts]
Scalaire = Booleen | Entier | Montant | DateFr | Texte | Choix | Identifiant

MONTANT_MAX = Decimal(10) ** 9
# Characters; longer than any text of the format. No expression nor comparison is ever run on more.
TEXTE_MAX = 1000
# Control, format and half characters, line and paragraph separators: nothing that a name is written with.
_INVISIBLES = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
# Letters and signs without accent, neither begun nor ended by a blank: most texts, told at once.
_SIMPLE = re.compile(r"[!-~](?:[ -~]{0,253}[!-~])?")
_REMPLACES = {"Cc": " ", "Zl": " ", "Zp": " ", "Cf": "", "Cs": ""}
_NOMBRE_EN_TEXTE = re.compile(r"[0-9]{1,12}(\.[0-9]+)?")


def controle_du_champ(champ: Champ) -> Controle:
    """The check of a field of a scalar type: where null is possible, an empty text is read as null."""
    controle = controle_du_type(champ.type)  # type: ignore[arg-type]
    if not champ.accepte_null:
        return controle

    def controler(valeur: Any) -> Ecarts:
        ecarts = controle(valeur)
        if ecarts is None or type(valeur) is not str:
            return ecarts
        texte = valeur[:TEXTE_MAX].strip()
        if not texte:
            return [
                Ecart(VIDE_ADMIS, "Le texte est vide : écrivez null. Il est lu ainsi.", None, None, sure=True)
            ]
        if texte in REMPLISSAGES:  # what a formula failed to find may still be known
            return [*ecarts[:-1], ecarts[-1]._replace(propose=None, sure=not texte.startswith("#"))]
        return ecarts

    return controler


def controle_du_type(type_: Scalaire) -> Controle:
    """The check of a scalar type."""
    match type_:
        case Booleen():
            return _controle_booleen(type_)
        case Entier():
            return _controle_entier(type_)
        case Montant():
            return _controle_montant(type_)
        case DateFr():
            return _controle_texte(type_, validite(type_), _ecart_date)
        case Choix():
            return _controle_texte(type_, validite(type_), lambda v: _ecart_choix(type_, v))
        case Identifiant() if type_ is TELEPHONE:
            return _controle_texte(type_, validite(type_), _ecart_telephone)
        case Identifiant():
            return _controle_texte(type_, validite(type_), lambda v: _ecart_identifiant(type_, v))
        case Texte():
            return _controle_texte(type_, validite(type_), lambda v: _ecart_texte(type_, v))


def validite(type_: DateFr | Choix | Identifiant | Texte) -> Callable[[str], bool]:
    """True for a text that the type accepts as it is written."""
    match type_:
        case DateFr():
            return _est_date
        case Choix():
            return frozenset(type_.valeurs).__contains__
        case Identifiant():
            return _telephone_bien_ecrit if type_ is TELEPHONE else type_.est_valide
        case Texte():
            return _texte_valide(type_)


def _mauvais_type(type_: Scalaire, valeur: Any) -> list[Ecart]:
    return [_proposer(Ecart(TYPE, f"Il faut {attendu(type_)}, pas {decrire(valeur)}.", None), type_, valeur)]


def _proposer(ecart: Ecart, type_: Scalaire, valeur: Any) -> Ecart:
    """The same finding, with what would pass instead."""
    possible = proposer(type_, valeur)
    if possible is None or ecart.code is None or ecart.code.severite != ERREUR:
        return ecart
    propose, sure = possible
    ecrite = json.dumps(propose, default=str, ensure_ascii=False).replace('"', "")
    message = f"{ecart.message} Vouliez-vous dire {citer(ecrite)} ?"
    return ecart._replace(message=message, propose=propose, sure=sure)


def _controle_booleen(type_: Booleen) -> Controle:
    def controler(valeur: Any) -> Ecarts:
        return None if valeur is True or valeur is False else _mauvais_type(type_, valeur)

    return controler


def _controle_entier(type_: Entier) -> Controle:
    def controler(valeur: Any) -> Ecarts:
        if type(valeur) is int and type_.minimum <= valeur <= type_.maximum:
            return None
        ecarts: list[Ecart] = []
        if isinstance(valeur, str) and re.fullmatch("[0-9]{1,12}", valeur.strip()):
            message = f"Le nombre {citer(valeur)} est entre guillemets : écrivez {int(valeur)}."
            ecarts, valeur = [Ecart(NOMBRE_CITE, message, int(valeur))], int(valeur)
        if isinstance(valeur, Decimal) and valeur == valeur.to_integral_value() and valeur.adjusted() < 12:
            message = f"Le nombre entier {citer(valeur)} s'écrit sans décimale : {int(valeur)}."
            ecarts, valeur = [Ecart(ENTIER_DECIMAL, message, int(valeur))], int(valeur)
        if type(valeur) is not int:
            return _mauvais_type(type_, valeur)
        if not type_.minimum <= valeur <= type_.maximum:
            message = (
                f"{citer(valeur)} est hors limites : un nombre entier de {type_.minimum} à {type_.maximum} "
                "est attendu."
            )
            ecarts.append(Ecart(ENTIER, message, valeur))
        return ecarts

    return controler


def _controle_montant(type_: Montant) -> Controle:
    def controler(valeur: Any) -> Ecarts:
        ecarts: list[Ecart] = []
        if isinstance(valeur, str) and _NOMBRE_EN_TEXTE.fullmatch(valeur.strip()):
            texte, valeur = valeur, Decimal(valeur.strip())
            ecarts.append(
                Ecart(
                    NOMBRE_CITE, f"Le montant {citer(texte)} est entre guillemets : écrivez {valeur}.", valeur
                )
            )
        if type(valeur) is int:
            valeur = Decimal(valeur)
            ecarts.append(Ecart(None, "", valeur))
        if not isinstance(valeur, Decimal):
            return _mauvais_type(type_, valeur)
        if not 0 < valeur < MONTANT_MAX:
            message = (
                f"Le montant {citer(valeur)} est hors limites : un montant supérieur à 0 et inférieur à un "
                "milliard d'euros est attendu."
            )
            ecarts.append(Ecart(MONTANT, message, None))
        elif valeur != round(valeur, 2):
            message = (
                f"Le montant {citer(valeur)} a trop de décimales : deux au plus sont attendues, comme "
                f"{arrondir(valeur)}."
            )
            ecarts.append(Ecart(DECIMALES, message, valeur, arrondir(valeur)))
        return ecarts or None

    return controler


def _controle_texte(
    type_: DateFr | Choix | Identifiant | Texte,
    est_valide: Callable[[str], bool],
    ecart: Callable[[str], Ecart],
) -> Controle:
    """The frame of every type written as text: blanks and unquoted identifiers are forgiven, then judged."""

    def controler(valeur: Any) -> Ecarts:
        if type(valeur) is str and len(valeur) <= TEXTE_MAX and est_valide(valeur):
            return None
        ecarts: list[Ecart] = []
        if (
            type(valeur) is int
            and isinstance(type_, Identifiant)
            and type_.nombre_tolere
            and est_valide(str(valeur))
        ):
            message = f'Le {type_.nom} s\'écrit entre guillemets : "{valeur}".'
            return [Ecart(CODE_NON_CITE, message, str(valeur))]
        if not isinstance(valeur, str):
            return _mauvais_type(type_, valeur)
        if len(valeur) > TEXTE_MAX:
            return [_demesure(type_, valeur)]
        texte = valeur.strip()
        if not texte:
            return [Ecart(VIDE, f"Le texte est vide : il faut {attendu(type_)}.", None)]
        if texte != valeur:
            ecarts.append(Ecart(BLANCS, f"Les espaces autour de {citer(texte)} ont été retirés.", texte))
        if not est_valide(texte):
            ecarts.append(_proposer(_ecart_de_tout_texte(texte) or ecart(texte), type_, texte))
        return ecarts

    return controler


def _ecart_de_tout_texte(texte: str) -> Ecart | None:
    """What is wrong with a text whatever it should say: a filler, damaged letters, invisible characters."""
    if texte in REMPLISSAGES:
        message = (
            f"{citer(texte)} est écrit par un logiciel ou un tableur à la place d'une valeur absente : une valeur est "
            "attendue, ou null sans guillemets si le champ l'admet."
        )
        return Ecart(REMPLISSAGE, message, None)
    return _caractere_interdit(texte_repare(texte))


def _demesure(type_: DateFr | Choix | Identifiant | Texte, texte: str) -> Ecart:
    """Too long to be looked at: nothing is kept of it, so that no rule works on it either."""
    message = f"Le texte compte {nombre_fr(len(texte))} caractères : il faut {attendu(type_)}."
    return Ecart(LONGUEUR, message, None)


def _caractere_interdit(texte: str) -> Ecart | None:
    interdit = next((c for c in texte if unicodedata.category(c) in _INVISIBLES), None)
    if interdit is None:
        return None
    message = f"Le texte {citer(texte)} contient un caractère invisible (U+{ord(interdit):04X}) : retirez-le."
    propre = " ".join("".join(_REMPLACES.get(unicodedata.category(c), c) for c in texte).split())
    return Ecart(CONTROLE, message, None, propre or ABSENT, sure="Cs" not in map(unicodedata.category, texte))


def _texte_valide(type_: Texte) -> Callable[[str], bool]:
    motif = re.compile(type_.motif, re.ASCII) if type_.motif else None

    def valide(texte: str) -> bool:
        if _SIMPLE.fullmatch(texte) and motif is None:
            return len(texte) <= type_.longueur_max and texte not in REMPLISSAGES
        return (
            0 < len(texte) <= type_.longueur_max
            and texte not in REMPLISSAGES
            and (texte.isascii() or not _abime(texte))
            and (texte.isprintable() or _caractere_interdit(texte) is None)
            and not texte[0].isspace()
            and not texte[-1].isspace()
            and (motif is None or motif.fullmatch(texte) is not None)
        )

    return valide


def _abime(texte: str) -> bool:
    return "\ufffd" in texte or texte_repare(texte) != texte


def _ecart_texte(type_: Texte, texte: str) -> Ecart:
    if len(texte) > type_.longueur_max:
        message = f"Le texte compte {len(texte)} caractères : {type_.longueur_max} au plus sont attendus."
        return Ecart(LONGUEUR, message, texte)
    if _abime(texte) and (type_.motif is None or re.fullmatch(type_.motif, texte_repare(texte), re.ASCII)):
        return _ecart_abime(texte)
    return Ecart(FORME, f"{citer(texte)} ne convient pas : il faut {attendu(type_)}.", texte)


def _ecart_abime(texte: str) -> Ecart:
    repare = texte_repare(texte)
    if repare != texte:
        message = (
            f"Les lettres accentuées de {citer(texte)} sont abîmées : {citer(repare)} est lu à la place."
        )
        return Ecart(MAL_LU, message, repare)
    message = f"Des lettres de {citer(texte)} ont été perdues (U+FFFD) avant le dépôt : corrigez le texte."
    return Ecart(MAL_LU, message, texte)


def _ecart_identifiant(type_: Identifiant, texte: str) -> Ecart:
    message = (
        f"{citer(texte)} n'est pas {'une' if type_.nom.startswith('adresse') else 'un'} {type_.nom} valide "
        f": il faut {type_.attendu}."
    )
    return Ecart(IDENTIFIANTS[type_.code], message, texte)


def _telephone_bien_ecrit(texte: str) -> bool:
    return TELEPHONE.est_valide(texte) and texte.isascii() and "(" not in texte


def _ecart_telephone(texte: str) -> Ecart:
    if not TELEPHONE.est_valide(texte):
        return _ecart_identifiant(TELEPHONE, texte)
    normal = normaliser_telephone(texte)
    return Ecart(TELEPHONE_ECRIT, f"Le téléphone {citer(texte)} est lu {citer(normal)}.", normal)


def _ecart_choix(type_: Choix, texte: str) -> Ecart:
    par_casse = {valeur.lower(): valeur for valeur in type_.valeurs}
    if texte.lower() in par_casse:
        valeur = par_casse[texte.lower()]
        return Ecart(CASSE, f"{citer(texte)} s'écrit {citer(valeur)} ; la valeur est corrigée.", valeur)
    message = f"{citer(texte)} n'est pas permis : il faut {attendu(type_)}."
    proche = le_plus_proche(texte.lower(), par_casse)
    if proche is None:
        return Ecart(CHOIX, message, None)
    voulu = par_casse[proche]
    return Ecart(CHOIX, f"{message} Vouliez-vous dire {citer(voulu)} ?", None, voulu)


def _est_date(texte: str) -> bool:
    try:
        lire_date_fr(texte)
    except ValueError:
        return False
    return True


def _ecart_date(texte: str) -> Ecart:
    try:
        lire_date_fr(lisible(texte))
    except ValueError as erreur:
        return Ecart(DATE, str(erreur), None)
    raise AssertionError(f"date valide jugée invalide : {texte}")
