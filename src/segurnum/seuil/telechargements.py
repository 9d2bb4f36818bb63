"""Opening documents: the one door of every face. A view says which kinds it serves, and this asks who may.

What leaves here is data: its type is its document's, it runs nothing, shows nowhere else, stays in no cache.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, TypeVar, cast

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.response import HttpResponseBase, StreamingHttpResponse
from django.utils.http import content_disposition_header

from segurnum.comptes.auteurs import auteur
from segurnum.comptes.models import Utilisateur
from segurnum.fichiers import formats, lectures
from segurnum.fichiers import services as fichiers
from segurnum.fichiers.documents import Document, Genre
from segurnum.fichiers.models import Fichier
from segurnum.fichiers.permissions import Refus, Usage, est_suivi, peut_ouvrir, refus
from segurnum.regles.textes import nom_de_fichier
from segurnum.seuil.lecture_seule import en_lisant

V = TypeVar("V", bound=Callable[..., HttpResponseBase])
RESERVE = "Ce document est réservé à d'autres personnes que vous : votre profil ou votre rôle ne l'ouvre pas."
# No script, no form, no link, no page of its own origin; and no frame, whose ever it is.
POLITIQUE = "sandbox; default-src 'none'; frame-ancestors 'none'"
_DEBUT = 64 * 1024  # octets


def sert(*genres: Genre) -> Callable[[V], V]:
    """Say which kinds of documents a view gives. `servir` and its like refuse a view that does not say so."""

    def marquer(vue: V) -> V:
        vue.genres = frozenset(genres)  # type: ignore[attr-defined]
        return vue

    return marquer


def genres_de(vue: Any) -> frozenset[Genre]:
    """The kinds that a view says it gives; none for a view that gives no document."""
    return cast(frozenset[Genre], getattr(vue, "genres", frozenset()))


def servir(requete: HttpRequest, document: Document) -> HttpResponseBase:
    """Stored bytes, to save. 404 for what is held back or unknown to this person, 403 for what is others'.

    What is followed is served to a POST alone, once it is in the journal: a GET is answered 405.
    """
    exiger(requete, document, Usage.TELECHARGER)
    if document.fichier is None:
        raise Http404("Ce document n'est pas encore déposé.")
    if document.retenu:
        raise Http404(f"Ce fichier n'est pas lisible : {document.retenu}.")
    if not _noter(requete, document):
        return HttpResponseNotAllowed(["POST"])
    type_mime = _type(document.type_mime, document.fichier)
    reponse = FileResponse(fichiers.ouvrir(document.fichier), content_type=type_mime)
    return proteger(reponse, document.nom)


def donner(
    document: Callable[[Any], Document], trouver: Callable[..., Any], *genres: Genre
) -> Callable[..., HttpResponseBase]:
    """A view that serves the stored document of what `trouver` finds by what the address names, in its order."""

    @sert(*genres)
    def vue(requete: HttpRequest, **adresse: Any) -> HttpResponseBase:
        return servir(requete, document(trouver(requete, *adresse.values())))

    return vue


def envoyer(
    requete: HttpRequest, document: Document, octets: bytes | str | Iterable[bytes], *, ouvrir: bool = False
) -> HttpResponseBase:
    """What was just made, as `servir` does with what is stored. `ouvrir`: for an application, not to save."""
    exiger(requete, document, Usage.TELECHARGER)
    if not _noter(requete, document):
        return HttpResponseNotAllowed(["POST"])
    type_mime = document.type_mime
    if type_mime.startswith("text/") or type_mime == formats.TYPES["json"]:
        type_mime = f"{type_mime}; charset=utf-8"
    entier = isinstance(octets, bytes | str)
    # Asked by a gesture for its trace, and nothing but read afterwards.
    if not entier and requete.method == "POST":
        octets = en_lisant(octets)
    reponse = (HttpResponse if entier else StreamingHttpResponse)(octets, content_type=type_mime)
    return proteger(reponse, document.nom, ouvrir=ouvrir)


@dataclass(frozen=True)
class Offre:
    """How a page offers a document: `adresse` is empty for who may not open it; `suivie`: by a button, not a link.

    `retenu`: why nobody opens it for now.
    """

    adresse: str = ""
    suivie: bool = False
    retenu: str = ""


AUCUNE_OFFRE = Offre()


def offrir(requete: HttpRequest, document: Document, adresse: str) -> Offre:
    """What a page shows of a document that `adresse` serves: nothing to who may not open it."""
    if document.fichier is None or not peut_ouvrir(personne(requete), document, Usage.TELECHARGER):
        return AUCUNE_OFFRE
    if document.retenu:
        return Offre(retenu=document.retenu)
    return Offre(adresse, est_suivi(document.genre))


def exiger(requete: HttpRequest, document: Document, usage: Usage) -> None:
    """Raises Http404 or PermissionDenied unless this person may open this document for this purpose."""
    lieu = requete.resolver_match
    if lieu is None or document.genre not in genres_de(lieu.func):
        raise AssertionError(f"la vue ne dit pas qu'elle sert un document {document.genre.name}")
    raison = refus(personne(requete), document, usage)
    if raison is Refus.INCONNU:
        raise Http404
    if raison is Refus.RESERVE:
        raise PermissionDenied(RESERVE)


def personne(requete: HttpRequest) -> Utilisateur | AnonymousUser:
    qui = requete.user
    return qui if isinstance(qui, Utilisateur) else AnonymousUser()


def _noter(requete: HttpRequest, document: Document) -> bool:
    """Write a followed opening before it is served. False for one that is not a gesture: looking never writes."""
    qui = personne(requete)
    if not est_suivi(document.genre) or not isinstance(qui, Utilisateur):
        return not est_suivi(document.genre)
    if requete.method != "POST":
        return False
    lectures.noter(auteur=auteur(qui), document=document, usage=Usage.TELECHARGER)
    return True


R = TypeVar("R", bound=HttpResponseBase)


def proteger(reponse: R, nom: str, *, ouvrir: bool = False) -> R:
    """The headers of every document that leaves."""
    disposition = content_disposition_header(not ouvrir, nom_de_fichier(nom))
    reponse["Content-Disposition"] = disposition or "attachment"
    reponse["X-Content-Type-Options"] = "nosniff"
    reponse["Content-Security-Policy"] = POLITIQUE
    reponse["Cross-Origin-Resource-Policy"] = "same-origin"
    reponse["Cache-Control"] = "private, no-store"
    return reponse


def _type(type_mime: str, fichier: Fichier) -> str:
    """Its media type; a text says in which letters it is written, for its accents to be read."""
    if type_mime != formats.TEXTE:
        return type_mime
    with fichiers.ouvrir(fichier) as flux:
        return f"{type_mime}; charset={fichiers.jeu_de(flux.read(_DEBUT))}"
