"""The small parts of every page: each is a block of the page's own text, drawn by a template of « kits »."""

from typing import Any

from django import template
from django.template import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from segurnum.web.kits.badges import ton
from segurnum.web.templatetags.kits import gabarit

register = template.Library()


def _poser(context: Context, nom: str, content: SafeString, **valeurs: Any) -> SafeString:
    """`content` in its component; what the page knows under the same names is hidden meanwhile."""
    with context.push(contenu=mark_safe(content.strip()), **valeurs):
        return mark_safe(gabarit(f"{nom}.html").render(context))


@register.simple_block_tag(takes_context=True)
def accordeon(
    context: Context, content: SafeString, titre: str, cle: str, ouvert: bool = False, niveau: int = 3
) -> SafeString:
    """`cle` names it in its page. Without scripts it is shown open."""
    return _poser(context, "kits/accordeon", content, titre=titre, cle=cle, ouvert=ouvert, niveau=niveau)


@register.simple_block_tag(takes_context=True)
def alerte(
    context: Context,
    content: SafeString,
    genre: str = "info",
    titre: str = "",
    niveau: int = 0,
    focus: bool = False,
    marge: str = "fr-mb-3w",
) -> SafeString:
    """`genre`: info, succes, attention or erreur. `niveau`: of its title, where it is one of the page's headings.

    `focus`: it answers what was just done, and is reached first.
    """
    valeurs = {"genre": genre, "titre": titre, "niveau": niveau, "focus": focus, "marge": marge, "texte": ""}
    return _poser(context, "commun/composants/alerte", content, **valeurs)


@register.simple_block_tag(takes_context=True)
def encadre(context: Context, content: SafeString, titre: str = "", niveau: int = 2) -> SafeString:
    """What is not to be missed in its page (« callout »); it writes its title itself where this is a whole sentence."""
    return _poser(context, "kits/encadre", content, titre=titre, niveau=niveau)


@register.simple_block_tag(takes_context=True)
def carte(
    context: Context,
    content: SafeString,
    titre: str,
    cle: str,
    classe: str = "",
    marque: str = "",
) -> SafeString:
    """A part of the page that stands by itself. `marque`: its state, beside its title."""
    return _poser(context, "kits/carte", content, titre=titre, cle=cle, classe=classe, marque=marque)


@register.simple_block_tag(takes_context=True)
def tuile(context: Context, content: SafeString, titre: str, adresse: str) -> SafeString:
    """A way into another page, and what waits there."""
    return _poser(context, "kits/tuile", content, titre=titre, adresse=adresse)


@register.simple_block_tag(takes_context=True)
def etapes(context: Context, content: SafeString, titre: str, cle: str) -> SafeString:
    """The steps of what is being done, as items of a list."""
    return _poser(context, "kits/etapes", content, titre=titre, cle=cle)


@register.simple_block_tag(takes_context=True)
def confirmation(
    context: Context, content: SafeString, titre: str, objet: str = "", classe: str = ""
) -> SafeString:
    """A gesture that is asked twice: what is said before it is made. `objet`: on what, for who does not see it."""
    return _poser(context, "kits/confirmation", content, titre=titre, objet=objet, classe=classe)


@register.simple_block_tag(takes_context=True)
def depliant(
    context: Context, content: SafeString, titre: str, classe: str = "portail-calcul", niveau: int = 0
) -> SafeString:
    """What is read on demand. `niveau`: of its title, where it is one of the page's headings."""
    return _poser(context, "kits/depliant", content, titre=titre, classe=classe, niveau=niveau)


@register.simple_block_tag(takes_context=True)
def modale(context: Context, content: SafeString, titre: str, cle: str) -> SafeString:
    """A window that a button of the page opens: `aria-controls` is its `cle`."""
    return _poser(context, "kits/modale", content, titre=titre, cle=cle)


@register.simple_block_tag(takes_context=True)
def pop_in(context: Context, content: SafeString, titre: str) -> SafeString:
    """The answer to what was just done, above the page until it is closed; without scripts the page stays usable."""
    return _poser(context, "kits/pop_in", content, titre=titre)


@register.simple_tag
def pastille(libelle: str, etat: str) -> SafeString:
    """A word in a table or beside a title, with the colour of what it means: a status, « réussite » or « erreur »."""
    return format_html('<span class="fr-badge fr-badge--sm portail-badge {}">{}</span>', ton(etat), libelle)
