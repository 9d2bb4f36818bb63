"""Which showing of a page a draft was sent from: two tabs see each other, and no page meets itself."""

from django.http import HttpRequest, HttpResponse

from segurnum.regles.erreurs import RefusMetier, SaisieDepassee
from segurnum.regles.saisies import AUCUNE, Envoi
from segurnum.seuil.entrees import entier

# Sent by the script that keeps what is typed while it is typed: it wants no page.
SANS_PAGE = "X-Brouillon"
_IDENTIFIANT = 40  # characters
RANG_MAX = 2**31 - 1  # what a column of the draft holds


def envoi_de(requete: HttpRequest) -> Envoi:
    """What the hidden fields of the page say (`page_de_saisie`), and its script."""
    version = entier(requete.POST.get("version"))
    return Envoi(
        version=AUCUNE if version is None else version,
        page=requete.POST.get("page", "")[:_IDENTIFIANT].replace("\x00", ""),
        rang=min(entier(requete.POST.get("rang")) or 0, RANG_MAX),
        suit=requete.POST.get("suit", ""),
    )


def sans_page(requete: HttpRequest) -> bool:
    return SANS_PAGE in requete.headers


def gardee() -> HttpResponse:
    """The script's answer."""
    return HttpResponse(status=204)


def non_gardee(refus: RefusMetier | None = None) -> HttpResponse:
    """The script's answer; a newer sending of the same page holds what a late one brought."""
    return HttpResponse(status=204 if isinstance(refus, SaisieDepassee) else 409)
