"""Is this value what its declared type asks? One check per type, fast when the value is plainly good.

A check returns None (nothing to say) or its findings, the last of which carries the normal value to keep:
slips that leave no doubt are put right with a warning, the rest is an error.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from decimal import Decimal
from typing import Any, NamedTuple

from segurnum.controles.catalogue import AVERTISSEMENT, ERREUR, Code, declarer
from segurnum.controles.constats import citer, decrire, le_plus_proche
from segurnum.controles.problemes import nombre_fr
from segurnum.couloirs.champs import Booleen, Choix, DateFr, Entier, Identifiant, Montant, Texte
from segurnum.couloirs.phrases import attendu
from segurnum.regles.calendrier import lire_date_fr
from segurnum.regles.textes import lisible


class Ecart(NamedTuple):
    """One finding about a value, and the value to go on with (None when it cannot be read).

    Without `code` there is nothing to report: the value only has another normal form.
    """

    code: Code | None
    message: str
    valeur: Any


Ecarts = list[Ecart] | None
Controle = Callable[[Any], Ecarts]
Scalaire = Booleen | Entier | Montant | DateFr | Texte | Choix | Identifiant

_MONTANT_MAX = Decimal(10) ** 9
# Characters; longer than any text of the format. No expression nor comparison is ever run on more.
TEXTE_MAX = 1000
# Control, format and half characters, line and paragraph separators: nothing that a name is written with.
_INVISIBLES = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_NOMBRE_EN_TEXTE = re.compile(r"[0-9]{1,12}(\.[0-9]+)?")

TYPE = declarer(
    "1103",
    "Type inattendu",
    ERREUR,
    "La valeur n'est pas du type attendu : texte, nombre, booléen, objet ou liste.",
    "Reprenez le type indiqué par la documentation du champ.",
)
BLANCS = declarer(
    "1202",
    "Espaces autour d'une valeur",
    AVERTISSEMENT,
    "La valeur est entourée d'espaces ; ils sont retirés.",
    "Retirez les espaces.",
)
NOMBRE_CITE = declarer(
    "1203",
    "Nombre entre guillemets",
    AVERTISSEMENT,
    "Un nombre est écrit comme un texte ; il est lu comme un nombre.",
    "Retirez les guillemets.",
)
CASSE = declarer(
    "1204",
    "Majuscules et minuscules",
    AVERTISSEMENT,
    "La valeur n'a pas les majuscules attendues ; elle est corrigée.",
    "Écrivez la valeur comme la documentation.",
)
CODE_NON_CITE = declarer(
    "1206",
    "Identifiant sans guillemets",
    AVERTISSEMENT,
    "Un identifiant est écrit comme un nombre ; il est lu comme un texte, sa clé de contrôle ne laissant aucun doute.",
    "Mettez l'identifiant entre guillemets : un zéro initial serait perdu.",
)
IDENTIFIANTS = {
    code: declarer(
        code,
        f"{nom} invalide",
        ERREUR,
        f"La valeur n'est pas {article} {nom[0].lower() if nom[1:2].islower() else nom[0]}{nom[1:]} : {attendu}.",
        "Vérifiez la saisie, chiffre par chiffre.",
    )
    for code, nom, article, attendu in (
        ("2000", "Identifiant", "un", "elle ne suit pas la forme attendue"),
        ("2001", "Numéro ANS", "un", "10 lettres ou chiffres sans accent"),
        ("2002", "Numéro SIRET", "un", "14 chiffres et une clé de contrôle juste"),
        ("2003", "Numéro FINESS", "un", "9 caractères et une clé de contrôle juste"),
        ("2004", "Numéro PMSI", "un", "9 caractères et une clé de contrôle juste"),
        ("2005", "Numéro RPPS", "un", "11 chiffres et une clé de contrôle juste"),
        ("2006", "Adresse électronique", "une", "sans accent ni espace"),
        ("2007", "Numéro de téléphone", "un", "français, outre-mer compris"),
        ("2008", "Numéro Assurance Maladie", "un", "9 chiffres"),
        ("2009", "Adresse de site web", "une", "une adresse complète en http:// ou https:// est attendue"),
        ("2014", "Numéro de dossier", "un", "FIN, le code du couloir et six chiffres"),
    )
}
CHOIX = declarer(
    "2010",
    "Valeur hors liste",
    ERREUR,
    "La valeur n'est pas l'une de celles que le champ admet.",
    "Choisissez l'une des valeurs indiquées.",
)
LONGUEUR = declarer(
    "2011", "Texte trop long", ERREUR, "Le texte dépasse la longueur permise.", "Raccourcissez le texte."
)
FORME = declarer(
    "2012",
    "Texte mal formé",
    ERREUR,
    "Le texte contient d'autres caractères que ceux permis.",
    "Reprenez les caractères indiqués.",
)
VIDE = declarer(
    "2013", "Texte vide", ERREUR, "Le texte est vide.", "Remplissez le champ, ou écrivez null s'il l'admet."
)
CONTROLE = declarer(
    "2015",
    "Caractère interdit",
    ERREUR,
    "Le texte contient un caractère invisible (retour à la ligne, tabulation, caractère de contrôle).",
    "Écrivez le texte sur une ligne.",
)
DATE = declarer(
    "2020",
    "Date invalide",
    ERREUR,
    "La date n'est pas de la forme JJ/MM/AAAA, ou n'existe pas au calendrier.",
    "Écrivez par exemple 18/10/2021.",
)
MONTANT = declarer(
    "2021",
    "Montant hors limites",
    ERREUR,
    "Le montant n'est pas supérieur à zéro, ou atteint le milliard d'euros.",
    "Écrivez le montant hors taxe de la commande ou de la facture.",
)
DECIMALES = declarer(
    "2022",
    "Trop de décimales",
    ERREUR,
    "Un montant s'écrit avec deux décimales au plus.",
    "Arrondissez au centime comme sur la commande ou la facture.",
)
ENTIER = declarer(
    "2023",
    "Nombre hors limites",
    ERREUR,
    "Le nombre entier est trop petit ou trop grand.",
    "Comptez à partir de 1.",
)


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
            return _controle_texte(type_, _est_date, _ecart_date)
        case Choix():
            return _controle_texte(
                type_, frozenset(type_.valeurs).__contains__, lambda v: _ecart_choix(type_, v)
            )
        case Identifiant():
            return _controle_texte(type_, type_.est_valide, lambda v: _ecart_identifiant(type_, v))
        case Texte():
            return _controle_texte(type_, _texte_valide(type_), lambda v: _ecart_texte(type_, v))


def _mauvais_type(type_: Scalaire, valeur: Any) -> list[Ecart]:
    return [Ecart(TYPE, f"Il faut {attendu(type_)}, pas {decrire(valeur)}.", None)]


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
        if not 0 < valeur < _MONTANT_MAX:
            message = (
                f"Le montant {citer(valeur)} est hors limites : un montant supérieur à 0 et inférieur à un "
                "milliard d'euros est attendu."
            )
            ecarts.append(Ecart(MONTANT, message, None))
        elif valeur != round(valeur, 2):
            message = (
                f"Le montant {citer(valeur)} a trop de décimales : deux au plus sont attendues, comme "
                f"{round(valeur, 2)}."
            )
            ecarts.append(Ecart(DECIMALES, message, valeur))
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
            ecarts.append(_caractere_interdit(texte) or ecart(texte))
        return ecarts

    return controler


def _demesure(type_: DateFr | Choix | Identifiant | Texte, texte: str) -> Ecart:
    """Too long to be looked at: nothing is kept of it, so that no rule works on it either."""
    message = f"Le texte compte {nombre_fr(len(texte))} caractères : il faut {attendu(type_)}."
    return Ecart(LONGUEUR, message, None)


def _caractere_interdit(texte: str) -> Ecart | None:
    interdit = next((c for c in texte if unicodedata.category(c) in _INVISIBLES), None)
    if interdit is None:
        return None
    message = f"Le texte {citer(texte)} contient un caractère invisible (U+{ord(interdit):04X}) : retirez-le."
    return Ecart(CONTROLE, message, None)


def _texte_valide(type_: Texte) -> Callable[[str], bool]:
    motif = re.compile(type_.motif, re.ASCII) if type_.motif else None

    def valide(texte: str) -> bool:
        return (
            0 < len(texte) <= type_.longueur_max
            and (texte.isprintable() or _caractere_interdit(texte) is None)
            and not texte[0].isspace()
            and not texte[-1].isspace()
            and (motif is None or motif.fullmatch(texte) is not None)
        )

    return valide


def _ecart_texte(type_: Texte, texte: str) -> Ecart:
    if len(texte) > type_.longueur_max:
        message = f"Le texte compte {len(texte)} caractères : {type_.longueur_max} au plus sont attendus."
        return Ecart(LONGUEUR, message, texte)
    return Ecart(FORME, f"{citer(texte)} ne convient pas : il faut {attendu(type_)}.", texte)


def _ecart_identifiant(type_: Identifiant, texte: str) -> Ecart:
    message = (
        f"{citer(texte)} n'est pas {'une' if type_.nom.startswith('adresse') else 'un'} {type_.nom} valide "
        f": il faut {type_.attendu}."
    )
    return Ecart(IDENTIFIANTS[type_.code], message, texte)


def _ecart_choix(type_: Choix, texte: str) -> Ecart:
    par_casse = {valeur.lower(): valeur for valeur in type_.valeurs}
    if texte.lower() in par_casse:
        valeur = par_casse[texte.lower()]
        return Ecart(CASSE, f"{citer(texte)} s'écrit {citer(valeur)} ; la valeur est corrigée.", valeur)
    proche = le_plus_proche(texte.lower(), par_casse)
    suggestion = f" Vouliez-vous dire {citer(par_casse[proche])} ?" if proche else ""
    return Ecart(CHOIX, f"{citer(texte)} n'est pas permis : il faut {attendu(type_)}.{suggestion}", None)


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
