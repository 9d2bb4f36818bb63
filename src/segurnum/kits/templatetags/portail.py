"""French forms of dates and amounts for the templates. Templates format; they never compute."""

from datetime import date, datetime
from decimal import Decimal
from secrets import token_urlsafe
from typing import Any

from django import template
from django.template import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

from segurnum.controles import problemes
from segurnum.controles.ecriture import ecrire_json
from segurnum.controles.problemes import nombre_fr
from segurnum.regles import argent, calendrier
from segurnum.regles.identifiants import ecrire_telephone

register = template.Library()

# What officers write: paragraphs, lists, links, emphasis. Neither HTML nor headings, which would break the page's.
_REDACTION = MarkdownIt("commonmark", {"html": False, "breaks": True}).disable(
    ["heading", "lheading", "image", "html_block", "html_inline", "code", "hr"]
)
_KO, _MO = 1024, 1024 * 1024


@register.simple_tag(takes_context=True)
def page_de_saisie(context: Context, version: int) -> SafeString:
    """What a form that is kept as it is typed says of itself: the draft that it shows, and which showing this is (one
    for all the forms of a page).

    « autocomplete »: a browser that reads the page again would otherwise put back what the last showing said.
    """
    requete = context["request"]
    requete.page_de_saisie = getattr(requete, "page_de_saisie", None) or token_urlsafe(12)
    return format_html(
        '<input type="hidden" name="version" value="{}" autocomplete="off">'
        '<input type="hidden" name="page" value="{}" autocomplete="off">',
        version,
        requete.page_de_saisie,
    )


@register.filter
def euros(montant: Decimal | None) -> str:
    """« 1 074,99 € »; nothing when there is no amount yet."""
    return "" if montant is None else argent.en_euros(montant)


@register.filter
def taux(valeur: Decimal) -> str:
    return argent.en_taux(valeur)


@register.filter
def entier(nombre: int) -> str:
    """« 535 188 »."""
    return nombre_fr(nombre)


@register.filter
def en_nombre(nombre: int, formes: str) -> str:
    """« 1 ligne », « 2 lignes »; the two forms apart by a comma where « s » is not enough."""
    return problemes.en_nombre(nombre, *formes.split(","))


@register.filter
def jour(valeur: date | datetime | None) -> str:
    """« 02/01/2024 », judged in Paris."""
    return "" if valeur is None else calendrier.date_fr(valeur)


@register.filter
def instant(valeur: datetime | None) -> str:
    """« 02/01/2024 à 14:56 »."""
    return "" if valeur is None else calendrier.instant_fr(valeur)


@register.filter
def instant_long(valeur: datetime | None) -> str:
    """« 28 février 2024 à 14 h 00 »."""
    return "" if valeur is None else calendrier.instant_long(valeur)


@register.filter
def instant_exact(valeur: datetime | None) -> str:
    """« 28 février 2024 à 13:59:59, heure de Paris »."""
    return "" if valeur is None else calendrier.instant_exact(valeur)


@register.filter
def telephone(numero: str) -> str:
    """« 01 23 45 67 89 », however it is kept."""
    return ecrire_telephone(numero)


@register.filter
def redaction(texte: str) -> SafeString:
    """The text of an officer, with its paragraphs, lists and links. Markup of any other kind is shown as typed."""
    html: str = _REDACTION.render(texte)
    return mark_safe(html)


@register.filter
def reponse(valeur: Any, gras: int = 0) -> SafeString:
    """What a form answers: a sign for yes or no, a text in bold where the portal has checked it."""
    if isinstance(valeur, bool):
        icone = "checkbox" if valeur else "close"
        return format_html(
            '<span class="fr-icon-{}-circle-line fr-icon--sm" aria-hidden="true"></span> <span>{}</span>',
            icone,
            "Oui" if valeur else "Non",
        )
    texte = "" if valeur is None else str(valeur)
    return format_html("<strong>{}</strong>", texte) if gras else format_html("{}", texte)


@register.filter
def en_json(valeur: Any) -> str:
    """A value as a file writes it, on one line."""
    return " ".join(ecrire_json(valeur).split())


@register.filter
def retire(texte: object) -> SafeString:
    """What a version says no more."""
    return format_html("<del>{}</del>", texte)


@register.filter
def ajoute(texte: object) -> SafeString:
    return format_html("<ins>{}</ins>", texte)


@register.filter
def code(texte: str) -> SafeString:
    return format_html("<code>{}</code>", texte)


@register.filter
def nomme(personne: Any) -> str:
    """Who did something, by name; nothing where it is nobody's yet."""
    return "" if personne is None else str(personne.nom_complet)


@register.filter
def poids(octets: int) -> str:
    """« 1,22 Mo », or « 84 Ko » under one."""
    if octets < _MO:
        return f"{max(1, round(octets / _KO))}\u00a0Ko"
    return f"{octets / _MO:.2f}\u00a0Mo".replace(".", ",")


@register.filter
def genre_de_fichier(nom: str) -> str:
    """« PDF », from the name of a file."""
    return nom.rpartition(".")[2].upper()
