"""A plain French sentence for a JSON syntax error, from the text around it.

The diagnosis reads the text, not the parser's message, which changes from one Python to the next.
"""

from __future__ import annotations

import json
import re
from typing import NamedTuple

from segurnum.controles.catalogue import Code
from segurnum.controles.codes_lecture import INVISIBLE, SYNTAXE

_PYTHON = {"True": "true", "False": "false", "None": "null"}
_INVISIBLES = {
    "\u00a0": "un espace insécable",
    "\u202f": "un espace fin insécable",
    "\u2009": "un espace fin",
    "\u3000": "un espace idéographique",
    "\u200b": "un espace sans largeur",
    "\u2028": "un séparateur de lignes",
    "\u2060": "un gluon de mots",
    "\ufeff": "une marque d'ordre des octets (BOM)",
    "\x00": "un octet nul",
    "\x1a": "une marque de fin de fichier",
}
_TYPOGRAPHIQUES = "“”„«»‘’"


class ErreurSyntaxe(NamedTuple):
    """Where (offset from 0) and what to write instead."""

    offset: int
    message: str
    code: Code = SYNTAXE


def expliquer(texte: str, erreur: json.JSONDecodeError) -> ErreurSyntaxe:
    """What is wrong at the place where the parser stopped."""
    offset = erreur.pos
    if erreur.msg.startswith("Unterminated string"):
        return ErreurSyntaxe(
            offset, "Ce texte n'est jamais fermé : il manque un guillemet double (\") à sa fin."
        )
    if erreur.msg.startswith("Invalid control character"):
        return ErreurSyntaxe(
            offset,
            "Un texte ne peut pas contenir de retour à la ligne ni de tabulation : fermez le guillemet sur la "
            "même ligne.",
        )
    if erreur.msg.startswith("Invalid \\"):
        return ErreurSyntaxe(
            offset,
            "L'antislash (\\) commence un caractère spécial : écrivez-le deux fois (\\\\) dans un texte.",
        )
    return _autour(texte, offset, erreur.msg)


def _autour(texte: str, offset: int, message: str) -> ErreurSyntaxe:
    while offset < len(texte) and texte[offset] in " \t\r\n":
        offset += 1
    avant = texte[:offset].rstrip()
    suite = texte[offset : offset + 20]
    if nom := nom_invisible(suite[:1]):
        return ErreurSyntaxe(offset, f"Un caractère invisible est ici : {nom}. Effacez-le.", INVISIBLE)
    if not suite:
        return ErreurSyntaxe(
            offset,
            "Le fichier s'arrête trop tôt : il manque au moins une accolade « } » ou un crochet « ] ».",
        )
    virgule = _virgule_en_trop(texte, avant, offset)
    if virgule is not None:
        return ErreurSyntaxe(virgule, "Cette virgule est en trop : rien ne la suit avant la fermeture.")
    return ErreurSyntaxe(offset, _phrase(suite, avant, message))


def nom_invisible(caractere: str) -> str | None:
    """« un espace insécable (U+00A0) »; None for a sign that is seen, and for the blanks of JSON."""
    if not caractere or caractere.isprintable() or caractere in " \t\r\n":
        return None
    return f"{_INVISIBLES.get(caractere, 'un caractère de contrôle')} (U+{ord(caractere):04X})"


def _virgule_en_trop(texte: str, avant: str, offset: int) -> int | None:
    """Offset of a comma with nothing behind it; parsers stop on it or after it."""
    if texte[offset] in "}]" and avant.endswith(","):
        return len(avant) - 1
    if texte[offset] == "," and texte[offset + 1 :].lstrip()[:1] in ("}", "]"):
        return offset
    return offset if texte[offset] == "," and avant[-1:] in (",", "{", "[") else None


def _phrase(suite: str, avant: str, message: str) -> str:
    caractere = suite[0]
    if suite.startswith(("//", "/*", "#")):
        return "Un fichier JSON ne contient pas de commentaire : supprimez-le."
    if caractere == "'":
        return "Les noms et les textes s'écrivent entre guillemets doubles (\"), pas entre apostrophes (')."
    if caractere in _TYPOGRAPHIQUES:
        return f'Le guillemet « {caractere} » est typographique : utilisez le guillemet droit double (").'
    mot = re.match(r"[A-Za-z]+", suite)
    if mot and mot[0] in _PYTHON:
        return f"« {mot[0]} » n'est pas du JSON : écrivez {_PYTHON[mot[0]]}, en minuscules."
    if caractere.isdigit() and re.search(r"[0-9],$", avant):
        return "Les décimales s'écrivent avec un point, pas une virgule : 1074.99."
    return _phrase_du_manque(caractere, avant, message)


def _phrase_du_manque(caractere: str, avant: str, message: str) -> str:
    if message.startswith("Extra data"):
        return "Le fichier continue après sa dernière accolade : un seul objet { … } est attendu."
    if message.startswith("Expecting ':'"):
        return "Il manque deux points (:) entre le nom du champ et sa valeur."
    if message.startswith("Expecting ','"):
        if caractere.isdigit() and avant.endswith("0"):
            return "Un nombre ne commence pas par 0 : mettez-le entre guillemets s'il s'agit d'un code."
        return "Il manque une virgule (,) avant cet élément, ou l'objet qui précède n'est pas fermé."
    if message.startswith("Expecting property name"):
        return 'Un nom de champ entre guillemets doubles (") est attendu ici.'
    return (
        "Une valeur est attendue ici : un texte entre guillemets doubles, un nombre (0.5, sans signe +), "
        "true, false, null, un objet { … } ou une liste [ … ]."
    )
