"""What stands around a page: its title said once, the path to it, the way back."""

from typing import Any

from django import template
from django.template import Context
from django.template.loader_tags import BLOCK_CONTEXT_KEY
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from segurnum.kits.templatetags.kits import gabarit

register = template.Library()


@register.simple_tag(takes_context=True)
def titre_de_la_page(context: Context) -> SafeString:
    """What the page's block « titre » says: the browser's tab, the heading and the path are one text."""
    bloc: Any = context.render_context[BLOCK_CONTEXT_KEY].get_block("titre")
    with context.push():
        titre: str = bloc.render(context).strip()
    return mark_safe(titre)


@register.simple_tag(takes_context=True)
def fil(
    context: Context, parent: str = "", route: str = "", *arguments: Any, courant: object = ""
) -> SafeString:
    """The path to the page, under `parent` where it is not the home. `courant`: where its title is too long a name."""
    nom = courant or titre_de_la_page(context)
    with context.push(courant=nom, parent=parent, adresse=_adresse(route, arguments)):
        return mark_safe(gabarit("kits/fil.html").render(context))


@register.simple_tag
def retour(route: str, *arguments: Any, libelle: str = "Retour") -> SafeString:
    """The way back."""
    return format_html(
        '<a class="fr-btn fr-btn--secondary fr-btn--icon-left fr-icon-arrow-left-line" href="{}">{}</a>',
        _adresse(route, arguments),
        libelle,
    )


@register.simple_tag
def envoyer(
    libelle: str, route: str, *arguments: Any, geste: str = "", classe: str = "", marge: str = ""
) -> SafeString:
    """The foot of a form: the way back, and the button that sends it, with `geste` where there are several."""
    return format_html(
        '<div class="portail-actions {}">{} <button type="submit" class="fr-btn {}"{}>{}</button></div>',
        marge,
        retour(route, *arguments),
        classe,
        format_html(' name="geste" value="{}"', geste) if geste else "",
        libelle,
    )


def _adresse(route: str, arguments: tuple[Any, ...]) -> str:
    """Of a route, unless it is one already."""
    return reverse(route, args=arguments) if ":" in route and not route.startswith("/") else route
