"""The French words for declared types: one wording for anomalies and for the published documentation."""

from __future__ import annotations

from segurnum.couloirs.champs import (
    Booleen,
    Champ,
    Choix,
    DateFr,
    Entier,
    Identifiant,
    Montant,
    Objet,
    Tableau,
    Texte,
    Type,
)
from segurnum.regles.calendrier import instant_long


def attendu(type_: Type) -> str:
    """What the type expects, after « il faut »."""
    match type_:
        case Booleen():
            return "true ou false (sans guillemets)"
        case Entier():
            return f"un nombre entier à partir de {type_.minimum} (sans guillemets)"
        case Montant():
            return "un montant en euros comme 1074.99 (sans guillemets)"
        case DateFr():
            return 'une date JJ/MM/AAAA comme "18/10/2021"'
        case Choix():
            return " ou ".join(f'"{valeur}"' for valeur in type_.valeurs)
        case Identifiant():
            return f"{type_.attendu} (entre guillemets)"
        case Texte():
            return type_.attendu or f"un texte d'au plus {type_.longueur_max} caractères (entre guillemets)"
        case Objet():
            return "un objet { … }"
        case Tableau():
            return "une liste [ … ]"


def nom_du_type(type_: Type) -> str:
    """The type in a word or two, for a table."""
    match type_:
        case Booleen():
            return "booléen"
        case Entier():
            return "entier"
        case Montant():
            return "nombre décimal"
        case DateFr():
            return "texte (date)"
        case Choix() | Identifiant() | Texte():
            return "texte"
        case Objet():
            return "objet"
        case Tableau():
            return f"liste ({nom_du_type(type_.element)})"


def regle(champ: Champ) -> str:
    """The rule of a field: what its type expects, then what the declaration adds."""
    phrases = [_regle_du_type(champ.type)]
    if champ.nullable:
        phrases.append("null admis")
    if champ.depuis:
        phrases.append(f"obligatoire depuis le {instant_long(champ.depuis)}")
    if champ.alias:
        phrases.append(f"écriture acceptée avec un avertissement : {', '.join(champ.alias)}")
    if champ.description:
        phrases.append(champ.description)
    return " ".join(f"{_majuscule(phrase.rstrip('.'))}." for phrase in phrases if phrase)


def _majuscule(phrase: str) -> str:
    """A capital at the start of a sentence, unless it starts with a JSON word."""
    return phrase if phrase.split(" ", 1)[0] in ("null", "true") else phrase[:1].upper() + phrase[1:]


def _regle_du_type(type_: Type) -> str:
    match type_:
        case Tableau(minimum=0, maximum=None):
            return _regle_du_type(type_.element)
        case Tableau():
            maximum = f" à {type_.maximum}" if type_.maximum else " élément au moins"
            de_quoi = _regle_du_type(type_.element)
            return f"{type_.minimum}{maximum}" + (f" ; {de_quoi}" if de_quoi else "")
        case Objet(un_de=groupes):
            return " ; ".join(f"l'un des champs {' ou '.join(groupe)} rempli" for groupe in groupes)
        case Montant():
            return "supérieur à 0, deux décimales au plus, hors taxe"
        case Texte(attendu=""):
            return f"{type_.longueur_max} caractères au plus"
        case _:
            return attendu(type_).replace(" (entre guillemets)", "").replace(" (sans guillemets)", "")
