"""A user guide of `docs/guides` as an accessible PDF: the same Markdown as the portal's help, laid out by typst."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token

from .lettres import compiler

_LECTEUR = MarkdownIt("commonmark").enable("table")
_JOUR = date(2026, 1, 1)  # the same text gives the same octets

Bloc = dict[str, Any]
Morceaux = list[dict[str, Any]]


def guide(titre: str, markdown: str) -> bytes:
    """The PDF of a guide whose first line, its title, is already taken off."""
    return compiler("guide.typ", {"titre": titre, "blocs": list(_blocs(_LECTEUR.parse(markdown)))}, _JOUR)


def _blocs(jetons: Sequence[Token]) -> Iterator[Bloc]:
    """The blocks that the template knows. Lists hold paragraphs only: a guide is one page, not a treatise."""
    rang = 0
    while rang < len(jetons):
        jeton = jetons[rang]
        fin = _fin(jetons, rang)
        dedans = jetons[rang + 1 : fin]
        if jeton.type == "heading_open":
            yield {"genre": "titre", "niveau": int(jeton.tag[1:]) - 1, "texte": _textes(dedans)[0]}
        elif jeton.type == "paragraph_open":
            yield {"genre": "texte", "texte": _textes(dedans)[0]}
        elif jeton.type in ("bullet_list_open", "ordered_list_open"):
            yield {"genre": "liste", "numerotee": jeton.tag == "ol", "elements": _textes(dedans)}
        elif jeton.type == "table_open":
            yield {"genre": "tableau", "lignes": list(_lignes(dedans))}
        elif jeton.type in ("fence", "code_block"):
            yield {"genre": "code", "lignes": jeton.content.splitlines()}
        else:
            raise ValueError(f"Un guide ne sait pas montrer « {jeton.type} ».")
        rang = fin + 1


def _fin(jetons: Sequence[Token], debut: int) -> int:
    """The token that closes the one at `debut`; itself when it opens nothing."""
    profondeur = 0
    for rang in range(debut, len(jetons)):
        profondeur += jetons[rang].nesting
        if profondeur == 0:
            return rang
    raise AssertionError("le lecteur ferme ce qu'il ouvre")


def _lignes(jetons: Sequence[Token]) -> Iterator[list[Morceaux]]:
    """The rows of a table, its head first."""
    for rang, jeton in enumerate(jetons):
        if jeton.type == "tr_open":
            yield _textes(jetons[rang : _fin(jetons, rang)])


def _textes(jetons: Sequence[Token]) -> list[Morceaux]:
    return [_morceaux(jeton.children or []) for jeton in jetons if jeton.type == "inline"]


def _morceaux(jetons: Sequence[Token]) -> Morceaux:
    """A text in pieces, the bold ones told. A link is its words: a printed page leads nowhere."""
    gras, morceaux = False, []
    for jeton in jetons:
        if jeton.type in ("strong_open", "strong_close"):
            gras = jeton.type == "strong_open"
        texte = " " if jeton.type == "softbreak" else jeton.content
        if texte:
            morceaux.append({"texte": texte, "gras": gras})
    return morceaux
