"""The small parts of every page: each is a block of the page's own text, drawn by its template in « kits »."""

from typing import Any

from django import template
from django.template import Context, TemplateSyntaxError
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from segurnum.kits.badges import ton
from segurnum.kits.templatetags.kits import gabarit

register = template.Library()


def composant(nom: str, *attendus: str, **permis: Any) -> None:
    """Declare the block `nom`: what it must be told, then what it may be, with what it is otherwise.

    What the page knows under the same names is hidden from its template. Raises TemplateSyntaxError on another name.
    """

    @register.simple_block_tag(takes_context=True, name=nom)
    def poser(context: Context, content: SafeString, *rangs: Any, **nommes: Any) -> SafeString:
        dits = dict(zip((*attendus, *permis), rangs, strict=False)) | nommes
        if dits.keys() - {*attendus, *permis} or {*attendus} - dits.keys():
            raise TemplateSyntaxError(f"« {nom} » attend {(*attendus, *permis)}, et reçoit {(*dits,)}.")
        with context.push(contenu=mark_safe(content.strip()), **permis | dits):
            return mark_safe(gabarit(f"kits/{nom}.html").render(context))


# `cle` names a part in its page; `niveau` is that of its title, where it is one of the page's headings.
composant("accordeon", "titre", "cle", ouvert=False, niveau=3)  # without scripts it is shown open
# Info, succes, attention or erreur. `focus`: it answers what was just done, and is reached first.
composant("alerte", "genre", titre="", niveau=0, focus=False, marge="fr-mb-3w", texte="")
composant("carte", "titre", "cle", classe="", marque="")  # `marque`: its state, beside its title
# A button of a larger form, asked twice (a form by itself is a `bouton`). `objet`: on what, for who does not see it.
composant("confirmation", "titre", objet="", classe="")
composant("depliant", "titre", classe="portail-calcul", niveau=0)
composant("encadre", titre="", niveau=2)  # it writes its title itself where this is a whole sentence
composant("etapes", "titre", "cle")
composant("modale", "titre", "cle")  # opened by the button whose `aria-controls` is its `cle`
composant("pop_in", "titre")  # the answer to what was just done; without scripts the page stays usable
composant(
    "rubrique", "titre", "cle", niveau=2, aspect="fr-h5", classe=""
)  # a part of the page, under its heading
composant("tuile", "titre", "adresse")


@register.simple_tag
def pastille(libelle: str, etat: str) -> SafeString:
    """A word in a table or beside a title, with the colour of what it means: a status, « réussite » or « erreur »."""
    return format_html('<span class="fr-badge fr-badge--sm portail-badge {}">{}</span>', ton(etat), libelle)


@register.filter
def pastille_de_gravite(severite: str) -> SafeString:
    return pastille(severite.capitalize(), severite)
