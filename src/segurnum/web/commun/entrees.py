"""What a browser never sends and a stranger does: told in a sentence, in one place, before and behind every view."""

import logging
from collections.abc import Callable
from typing import Any

from django.core.exceptions import BadRequest
from django.db import DataError, IntegrityError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.http import url_has_allowed_host_and_scheme

from segurnum.base.contraintes import refus_de
from segurnum.comptes.droits import DroitRefuse
from segurnum.web.commun.erreurs import acces_refuse, introuvable, requete_incomprise
from segurnum.web.commun.garde import Refus, page
from segurnum.web.commun.televersement import fermer_les_recus

journal = logging.getLogger(__name__)

NUL = "\x00"
CODAGES = frozenset({"", "utf-8", "utf8", "us-ascii", "ascii"})
ENTIER_MAX = 2**63 - 1  # what a key of the database holds


def entier(texte: str | None) -> int | None:
    """A whole number that somebody sent, None for anything else: signs, letters, thousands of digits."""
    chiffres = (texte or "").strip()
    if not (chiffres.isascii() and chiffres.isdecimal() and len(chiffres) <= len(str(ENTIER_MAX))):
        return None
    valeur = int(chiffres)
    return valeur if valeur <= ENTIER_MAX else None


def adresse_du_portail(requete: HttpRequest, texte: str, *, complete: bool = False) -> str:
    """An address that somebody sent to come back to: a path of this portal, « » for anything else. `complete`: with its
    host, as browsers say where they come from.
    """
    du_portail = url_has_allowed_host_and_scheme(
        texte, {requete.get_host()}, require_https=requete.is_secure()
    )
    return texte if du_portail and (complete or texte.startswith("/")) and texte.isprintable() else ""


class EntreesSaines:
    """An address that cannot exist is a page that does not; a search without its unreadable signs finds what it can."""

    def __init__(self, suite: Callable[[HttpRequest], HttpResponse]) -> None:
        self.suite = suite

    def __call__(self, requete: HttpRequest) -> HttpResponse:
        if NUL in requete.path_info:
            return introuvable(requete)
        if (requete.content_params or {}).get("charset", "").lower() not in CODAGES:
            return requete_incomprise(requete, BadRequest("Le formulaire doit être envoyé en UTF-8."))
        if "%00" in requete.META.get("QUERY_STRING", ""):
            requete.GET = _lisibles(requete.GET)  # type: ignore[assignment]
        try:
            return self.suite(requete)
        finally:
            fermer_les_recus(requete)

    def process_exception(self, requete: HttpRequest, erreur: Exception) -> HttpResponse | None:
        """What the database or the language refuses is the sender's doing, whichever view read it.

        A right that a service refuses is told by the page of refused accesses, whichever view asked.
        """
        if isinstance(erreur, DroitRefuse):
            return acces_refuse(requete, erreur)
        if isinstance(erreur, IntegrityError):
            return page(requete, Refus("Rien n'a été enregistré", str(refus_de(erreur)), 409))
        if not _vient_de_l_entree(erreur):
            return None
        lieu = requete.resolver_match.view_name if requete.resolver_match else ""
        journal.warning(
            "Saisie impossible à enregistrer (%s) : %s", lieu, type(erreur.__cause__ or erreur).__name__
        )
        return requete_incomprise(requete, BadRequest(PHRASE))


PHRASE = (
    "L'un des champs contient un signe invisible ou un nombre démesuré, que le portail ne peut pas enregistrer : "
    "corrigez-le."
)


def _lisibles(parametres: QueryDict) -> QueryDict:
    """The same search without NUL, which no text of the database can hold."""
    lus = QueryDict(mutable=True)
    for nom, valeurs in parametres.lists():
        lus.setlist(nom.replace(NUL, ""), [valeur.replace(NUL, "") for valeur in valeurs])
    return lus


def _vient_de_l_entree(erreur: Any) -> bool:
    if isinstance(erreur, (DataError, UnicodeEncodeError)):
        return True
    return isinstance(erreur, ValueError) and "NUL" in str(erreur)
