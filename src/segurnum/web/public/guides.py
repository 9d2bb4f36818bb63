"""The user guides of `docs/guides`, served in the portal's help."""

from functools import cache
from pathlib import Path

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_safe
from markdown_it import MarkdownIt

from segurnum import editique

# In the order of « Documents utiles », where each is a PDF too (PUB-044, PUB-047): name -> title there, what it tells.
GUIDES = {
    "presentation": (
        "Présentation officielle du Ségur du numérique en santé",
        "Ce que l'État finance, pour qui, et comment une demande chemine.",
    ),
    "enroler": (
        "Guide utilisateur - L'enrôlement auprès de l'ASP",
        "Premier enrôlement, enrôlement anticipé, pièces demandées, demande complémentaire.",
    ),
    "identifiants": (
        "Guide utilisateur - Retrouver son identifiant ou mot de passe de connexion",
        "Identifiant ou mot de passe perdu, lien expiré, second facteur.",
    ),
    "ecrans": (
        "Guide utilisateur - Les écrans du portail",
        "Les pages publiques, la page d'accueil, les menus et les tableaux.",
    ),
    "simuler": (
        "Guide utilisateur - Simulateur de dépôt JSON",
        "Contrôler un fichier avec ou sans compte, lire le rapport.",
    ),
    "deposer": (
        "Guide utilisateur - Dépôt d'une demande de financement",
        "Simulation, import, pièces, suivi.",
    ),
    "modifier": (
        "Guide utilisateur - La modification d'une demande d'avance ou de solde",
        "Corriger une avance ou un solde « A modifier », ajouter une pièce, les délais.",
    ),
    "operateur": (
        "Guide utilisateur - Opérateur MSS, dépôt d'une demande de solde",
        "Avance et solde d'un opérateur, pièces selon le profil, calcul du montant.",
    ),
    "banque": (
        "Guide utilisateur - Ajouter de nouvelles coordonnées bancaires",
        "Saisie, confirmation par le représentant légal, délai.",
    ),
    "personnes": (
        "Guide utilisateur - Modifier les coordonnées des personnes physiques",
        "Représentant légal, dépositaire, pièces demandées.",
    ),
}
DOSSIER = Path(__file__).resolve().parents[4] / "docs" / "guides"


@cache
def lire(nom: str) -> tuple[str, SafeString]:
    """The title of a guide and its text in HTML. The texts are the project's own, so they are trusted."""
    titre, texte = _source(nom)
    html = MarkdownIt("commonmark").enable("table").render(texte)
    for balise, entoure in (
        ("<table>", '<div class="portail-tableau" tabindex="0" role="group" aria-label="Tableau"><table>'),
        ("</table>", "</table></div>"),
        ("<pre>", '<pre tabindex="0">'),
    ):
        html = html.replace(balise, entoure)
    return titre, mark_safe(html)


def en_pdf(nom: str) -> bytes:
    """The same guide, to keep or to print."""
    return editique.guide(*_source(nom))


def _source(nom: str) -> tuple[str, str]:
    entete, texte = (DOSSIER / f"{nom}.md").read_text("utf-8").split("\n", 1)
    return entete.removeprefix("# "), texte


@login_not_required
@require_safe
def guide(requete: HttpRequest, nom: str) -> HttpResponse:
    titre, texte = lire(nom)
    return render(requete, "public/guide.html", {"titre_guide": titre, "texte": texte})
