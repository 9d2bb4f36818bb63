"""The user guides of `docs/guides`, served in the portal's help."""

from functools import cache
from pathlib import Path

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_safe
from markdown_it import MarkdownIt

DOSSIER = Path(__file__).resolve().parents[4] / "docs" / "guides"


@cache
def lire(nom: str) -> tuple[str, SafeString]:
    """The title of a guide and its text in HTML. The texts are the project's own, so they are trusted."""
    entete, texte = (DOSSIER / f"{nom}.md").read_text("utf-8").split("\n", 1)
    html = MarkdownIt("commonmark").enable("table").render(texte)
    for balise, entoure in (
        ("<table>", '<div class="fr-table" tabindex="0" role="group" aria-label="Tableau"><table>'),
        ("</table>", "</table></div>"),
    ):
        html = html.replace(balise, entoure)
    return entete.removeprefix("# "), mark_safe(html)


@login_not_required
@require_safe
def guide(requete: HttpRequest, nom: str) -> HttpResponse:
    titre, texte = lire(nom)
    return render(requete, "public/guide.html", {"titre_guide": titre, "texte": texte})
