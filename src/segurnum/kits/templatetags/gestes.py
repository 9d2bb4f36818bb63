"""What the templates need of gestures and of what they are made on: a button, a line of a list of values."""

from collections.abc import Iterable
from typing import Any

from django import template
from django.template import Context
from django.urls import reverse
from django.utils.html import conditional_escape, escape, format_html
from django.utils.safestring import SafeString, mark_safe

from segurnum.coordonnees.permissions import peut_modifier
from segurnum.courriels.phrases import constat
from segurnum.demandes.permissions import peut_deposer
from segurnum.kits.fiche import Donnee

register = template.Library()
register.filter("constat", constat)
# Who may send requests of their company; who changes the company's own data.
register.filter("depose", peut_deposer)
register.filter("responsable", peut_modifier)

PETIT = "fr-btn--sm fr-btn--tertiary"


def _dit(libelle: str, sur: object) -> SafeString:
    """« Fermer| le compte de {} »: what follows the bar is for screen readers, {} is `sur`, escaped already or not."""
    visible, _, lu = libelle.partition("|")
    dite = mark_safe(escape(lu).replace("{}", conditional_escape(str(sur))))
    precision = format_html('<span class="fr-sr-only">{}</span>', dite) if lu else ""
    return format_html("{}{}", visible, precision)


@register.inclusion_tag("kits/bouton.html", takes_context=True)
def bouton(
    context: Context,
    route: str,
    *arguments: Any,
    libelle: str,
    sur: object = "",
    confirmer: str = "",
    avertir: str = "",
    classe: str | None = None,
    marge: str = "",
    nom: str = "",
    valeur: object = "",
    possible: object = True,
) -> dict[str, Any]:
    """A gesture that asks for nothing: a form of one button. `route`: a route, or an
    address. `nom`, `valeur`: what the button sends. `possible`: false for one that is shown and cannot be made yet.

    `confirmer`: it is asked twice, and this is the second button; `avertir` says what follows from it.
    """
    return {
        "adresse": route if route.startswith("/") else reverse(route, args=arguments),
        "libelle": _dit(libelle, sur),
        "confirmer": _dit(confirmer, sur) if confirmer else "",
        "avertir": avertir,
        "classe": ("fr-btn--sm" if confirmer else PETIT) if classe is None else classe,
        "marge": marge,
        "nom": nom,
        "valeur": valeur,
        "possible": possible,
        "user": context.get("user"),
    }


@register.simple_tag
def lien(route: str, *arguments: Any, libelle: str, classe: str = "", possible: object = True) -> SafeString:
    """A link drawn as a button; inert while it leads nowhere yet."""
    if not possible:
        return format_html('<button type="button" class="fr-btn {}" disabled>{}</button>', classe, libelle)
    return format_html(
        '<a class="fr-btn {}" href="{}">{}</a>', classe, reverse(route, args=arguments), libelle
    )


@register.simple_tag
def ligne(libelle: str, *valeurs: Any) -> SafeString:
    """A line of a `<dl>`; none when it has no value."""
    valeur = "".join(conditional_escape(valeur) for valeur in valeurs if valeur is not None)
    return (
        format_html("<div><dt>{}</dt><dd>{}</dd></div>", libelle, mark_safe(valeur))
        if valeur
        else mark_safe("")
    )


@register.inclusion_tag("kits/fiche.html")
def fiche(
    lignes: Iterable[Donnee | tuple[str, Any]], classe: str = "", prefixe: str = "", suffixe: str = ""
) -> dict[str, Any]:
    """Labelled values. `prefixe` makes the ids of their tooltips unique in the page; `suffixe` follows labels."""
    donnees = [une if isinstance(une, Donnee) else Donnee(*une) for une in lignes]
    return {"donnees": donnees, "classe": classe, "prefixe": prefixe, "suffixe": suffixe}
