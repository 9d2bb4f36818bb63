"""What the templates of the kits need: a cell of a table, and the parts that pages are built of."""

from collections.abc import Iterable
from functools import cache
from typing import Any

from django import template
from django.template import Context, Engine
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import slugify

from segurnum.kits.badges import ton
from segurnum.kits.tableau import COCHER, PAGE, TOTAUX, VIDE, Affiche, Colonne, Tableau
from segurnum.kits.tranches import APRES, AVANT

register = template.Library()


@cache
def gabarit(contenu: str) -> template.Template:
    """Of a small template's path, else of an expression on the row: « depose_le|jour »."""
    if contenu.endswith(".html"):
        return Engine.get_default().get_template(contenu)
    return Engine.get_default().from_string("".join(("{{ ligne.", contenu, " }}")))


def _ecrire(context: Context, contenu: str, ligne: Any) -> SafeString:
    with context.push(ligne=ligne):
        return mark_safe(gabarit(contenu).render(context).strip())


@register.simple_tag(takes_context=True)
def cellule(context: Context, colonne: Colonne, affiche: Affiche, ligne: Any) -> SafeString:
    """The cell of a row."""
    texte = _ecrire(context, colonne.contenu, ligne)
    if colonne.lien:
        texte = format_html(
            '<a class="fr-link" href="{}">{}</a>', affiche.adresse(colonne.lien(ligne)), texte
        )
    if colonne.precision and (precision := _ecrire(context, colonne.precision, ligne)):
        texte = format_html('{}<span class="fr-hint-text">{}</span>', texte, precision)
    classe = "portail-nombre" if colonne.nombre else "portail-insecable" if colonne.insecable else ""
    attributs = format_html(' class="{}"', classe) if classe else ""
    if colonne.titre:
        return format_html('<th scope="row"{}>{}</th>', attributs, texte)
    return format_html("<td{}>{}</td>", attributs, texte)


@register.simple_tag
def ancre(affiche: Affiche, ligne: Any) -> SafeString:
    """The identifier of a row, where the table says what names it."""
    nom = affiche.tableau.ancre
    return format_html(' id="{}"', nom(ligne)) if nom else mark_safe("")


@register.simple_block_tag(takes_context=True)
def tableau(
    context: Context,
    content: SafeString,
    legende: str,
    colonnes: str,
    cle: str = "",
    classe: str = "",
    legende_lue: bool = False,
    vide: str = VIDE,
) -> SafeString:
    """A table whose rows the page writes itself. `colonnes`: their titles, « Type|Nombre # », « # » for numbers."""
    declare = _declare(legende, colonnes.split("|"), cle, vide=vide, legende_lue=legende_lue)
    with context.push(affiche=declare.montrer(()), corps=mark_safe(content.strip()), classe_tableau=classe):
        return mark_safe(gabarit("kits/tableau.html").render(context))


@register.simple_tag(takes_context=True)
def tableau_de(
    context: Context, lignes: Iterable[Any], legende: str, colonnes: str, cle: str = "", classe: str = ""
) -> SafeString:
    """A table of these rows, all of them. `colonnes`: « Code * = code | Montant # = montant|euros », the title then the
    cell; « * » for what names the row, « # » for numbers.
    """
    declare = _declare(legende, colonnes.split(" | "), cle)
    with context.push(affiche=declare.montrer(lignes), corps="", classe_tableau=classe):
        return mark_safe(gabarit("kits/tableau.html").render(context))


def _declare(legende: str, colonnes: Iterable[str], cle: str, **options: Any) -> Tableau:
    lues = tuple(_colonne(f"c{rang}", ecrite) for rang, ecrite in enumerate(colonnes))
    return Tableau(cle or f"tableau-{slugify(legende)}", legende, lues, **options)


def _colonne(cle: str, ecrite: str) -> Colonne:
    dite, _, cellule = ecrite.partition(" = ")
    titre, nombre = dite.removesuffix(" *").removesuffix(" #"), dite.endswith(" #")
    return Colonne(cle, titre, nombre=nombre, titre=dite.endswith(" *"), cellule=cellule)


@register.filter
def badge(statut: str, libelle: str = "") -> SafeString:
    """A status, with the colour that it has everywhere; its own label unless another is given."""
    return format_html(
        '<p class="fr-badge portail-badge {}">{}</p>',
        ton(statut),
        libelle or getattr(statut, "libelle", statut),
    )


@register.simple_tag(takes_context=True)
def adresse_de_page(context: Context, numero: int) -> str:
    """The same address, another page of a table: `nom_page` names it there, `ancre` is where it is."""
    parametres = context["request"].GET.copy()
    parametres[context.get("nom_page") or PAGE] = str(numero)
    ancre = context.get("ancre")
    return f"?{parametres.urlencode()}{f'#{ancre}' if ancre else ''}"


@register.simple_tag(takes_context=True)
def adresse_de_tranche(context: Context, sens: str = "", borne: str = "") -> str:
    """The same list, from this key on (`kits.tranches`); from its first row when none is given."""
    parametres = context["request"].GET.copy()
    for passager in (PAGE, COCHER, APRES, AVANT):
        parametres.pop(passager, None)
    if sens:
        parametres[sens] = borne
    return f"?{parametres.urlencode()}"


@register.simple_tag(takes_context=True)
def adresse_des_totaux(context: Context) -> str:
    """The same page, with the whole result added up."""
    parametres = context["request"].GET.copy()
    parametres[TOTAUX] = "oui"
    return f"?{parametres.urlencode()}#bilan"


@register.simple_tag
def case(affiche: Affiche, ligne: Any) -> dict[str, object]:
    """What the box of a row sends, and what is said of it."""
    choix = affiche.tableau.choix
    return {"nom": choix.nom, "cle": choix.cle(ligne), "dit": choix.dit(ligne)} if choix else {}


@register.simple_tag(takes_context=True)
def adresse_cochee(context: Context, affiche: Affiche) -> str:
    """The same page with its rows ticked, or none."""
    parametres = context["request"].GET.copy()
    parametres.pop(COCHER, None)
    if not affiche.cochee:
        parametres[COCHER] = PAGE
    return f"?{parametres.urlencode()}#cocher"


@register.simple_block_tag(takes_context=True)
def selection(
    context: Context, content: SafeString, route: str, *arguments: str, **gardes: str
) -> SafeString:
    """The buttons of a table whose rows are ticked, below it; the filters of the list go with what is sent."""
    filtres = context["request"].GET.urlencode()
    action = f"{reverse(route, args=arguments)}{'?' if filtres else ''}{filtres}"
    with context.push(contenu=mark_safe(content.strip()), action=action, gardes=list(gardes.items())):
        return mark_safe(gabarit("kits/selection.html").render(context))


@register.simple_block_tag(takes_context=True)
def televersement(
    context: Context,
    content: SafeString,
    action: str = "",
    formulaires: Any = None,
    identifiant: str = "",
    classe: str = "fr-mb-4w",
    attributs: str = "",
) -> SafeString:
    """A form that carries files, sent to its own page, under what is wrong with it. `formulaires`: those that it holds,
    `form` if nothing is said. `attributs`: names of others that the form bears, « data-brouillon ».
    """
    with context.push(
        contenu=mark_safe(content.strip()),
        formulaires=[context.get("form")] if formulaires is None else formulaires,
        action=action or context["request"].path,
        identifiant=identifiant,
        classe=classe,
        attributs=attributs,
    ):
        return mark_safe(gabarit("kits/televersement.html").render(context))


@register.filter
def intitule(libelle: str) -> str:
    """A label inside a sentence: without the star and the colon that end it beside its field."""
    seul = str(libelle).rstrip(" *:\u00a0")
    return mark_safe(seul) if isinstance(libelle, SafeString) else seul
