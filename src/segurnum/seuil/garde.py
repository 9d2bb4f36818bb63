"""Before any view: what is closed, who asks too often. The body is not read for who is refused past their first file.

A refusal is counted and decided before the body is read, and told after the CSRF check, with everything that was
typed: the page sends it again when it may be.
"""

from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import Resolver404, resolve

from segurnum.limites.adresses import adresse_client, empreinte_reseau
from segurnum.limites.models import Interrupteur
from segurnum.limites.origine import Origine, depuis
from segurnum.limites.phrases import a_partir_de, secondes_avant
from segurnum.limites.queries import fermes
from segurnum.limites.services import compter
from segurnum.seuil.limites import ADRESSE, ENTREPRISE, GESTES, Limite, limites_de
from segurnum.seuil.saisie import saisie

SURES = ("GET", "HEAD", "OPTIONS")


@dataclass(frozen=True)
class Refus:
    """Why a request is not served now. `libre_le`: when to try again, None where nobody knows."""

    titre: str
    phrase: str
    statut: int
    libre_le: datetime | None = None


class Garde:
    def __init__(self, suite: Callable[[HttpRequest], HttpResponse]) -> None:
        self.suite = suite

    def __call__(self, requete: HttpRequest) -> HttpResponse:
        vue = _vue(requete)
        if requete.method in SURES:
            refus = _trop(requete, [posee for posee in limites_de(vue) if posee.lectures])
            return page(requete, refus) if refus else self.suite(requete)
        origine = origine_de(requete)
        requete.refus = vue and (_ferme(requete, vue) or _trop(requete, _des_envois(vue)))  # type: ignore[attr-defined]
        with depuis(origine) if vue else nullcontext():
            return self.suite(requete)

    def process_view(
        self, requete: HttpRequest, _vue: Callable[..., Any], _args: object, _kwargs: object
    ) -> HttpResponse | None:
        """After the CSRF check: what was typed is shown to nobody but who typed it here."""
        refus: Refus | None = getattr(requete, "refus", None)
        return page(requete, refus) if refus else None


def refuser_les_fichiers(requete: HttpRequest | None) -> bool:
    """True when nothing of the files that come is to be read."""
    return bool(getattr(requete, "refus", None))


def page(requete: HttpRequest, refus: Refus) -> HttpResponse:
    """What happened, when to try again, and what was typed, ready to be sent again."""
    contexte = {"refus": refus, "saisie": saisie(requete), "demandee": requete.get_full_path()}
    reponse = render(requete, "commun/erreurs/refus.html", contexte, status=refus.statut)
    if refus.libre_le is not None:
        reponse["Retry-After"] = str(secondes_avant(refus.libre_le))
    return reponse


def fermes_de(requete: HttpRequest) -> dict[str, str]:
    """What is closed, asked once by request."""
    if not hasattr(requete, "_fermes"):
        requete._fermes = fermes()  # type: ignore[attr-defined]
    connus: dict[str, str] = requete._fermes  # type: ignore[attr-defined]
    return connus


def bandeaux(requete: HttpRequest) -> list[tuple[str, str]]:
    """Title and reason of what is closed on this page. Nothing when the database does not answer."""
    vue = requete.resolver_match.func if requete.resolver_match else None
    try:
        actifs = fermes_de(requete)
    except DatabaseError:
        return []
    return [
        (Interrupteur.Cle(cle).label, motif) for cle, motif in sorted(actifs.items()) if _concerne(cle, vue)
    ]


def origine_de(requete: HttpRequest) -> Origine:
    personne: Any = requete.user
    reseau = empreinte_reseau(adresse_client(requete))
    if not personne.is_authenticated:
        return Origine(reseau)
    return Origine(reseau, entreprise=personne.entreprise_id, personne=personne.pk)


def _concerne(cle: str, vue: Any) -> bool:
    if cle == Interrupteur.Cle.LECTURE_SEULE:
        return True
    if cle == Interrupteur.Cle.FICHIERS:
        return hasattr(vue, "taille_max")
    return getattr(vue, "ferme_par", None) == cle


def _vue(requete: HttpRequest) -> Any:
    try:
        return resolve(requete.path_info).func
    except Resolver404:
        return None


def _ferme(requete: HttpRequest, vue: Any) -> Refus | None:
    actifs = fermes_de(requete)
    for cle, exemptee in (
        (Interrupteur.Cle.LECTURE_SEULE, hasattr(vue, "sans_ecriture")),
        (Interrupteur.Cle.SIMULATEUR, getattr(vue, "ferme_par", None) != Interrupteur.Cle.SIMULATEUR),
    ):
        if cle in actifs and not exemptee:
            return Refus(Interrupteur.Cle(cle).label, f"{actifs[cle]} Rien n'a été enregistré.", 503)
    return None


def _des_envois(vue: Any) -> list[Limite]:
    if hasattr(vue, "se_compte"):
        return []
    return [posee for posee in limites_de(vue) if not posee.lectures] or [GESTES]


def _trop(requete: HttpRequest, posees: list[Limite]) -> Refus | None:
    for posee in posees:
        qui = _qui(posee, origine_de(requete))
        libre_le = qui and compter(f"limite:{posee.nom}:{qui}", maximum=posee.maximum, duree=posee.duree)
        if libre_le:
            phrase = f"{posee.phrase} Recommencez {a_partir_de(libre_le)}."
            return Refus("Trop d'envois" if not posee.lectures else "Trop de demandes", phrase, 429, libre_le)
    return None


def _qui(posee: Limite, origine: Origine) -> str:
    """Whom a limit counts; nobody where the page is not for who asks."""
    if posee.par is ADRESSE:
        return origine.reseau
    if posee.par is ENTREPRISE and origine.entreprise is not None:
        return f"entreprise:{origine.entreprise}"
    return f"personne:{origine.personne}" if origine.personne is not None else ""
