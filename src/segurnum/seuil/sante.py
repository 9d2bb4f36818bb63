"""Three questions, three addresses: is this process alive, can it serve pages, is all well with the installation.

The first asks nothing of anything: a supervisor restarts what does not answer it. The second is a proxy's: only the
database counts, for a portal whose store is down still serves. The third is for whoever is called when something is
wrong. None says more than yes or no to strangers.
"""

import hmac
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from segurnum.installation.mesure import Sonde, etat, prete

PORTEUR = "Bearer "


@login_not_required
@never_cache
@require_safe
def vivant(_requete: HttpRequest) -> JsonResponse:
    return _reponse(en_marche=True)


@login_not_required
@never_cache
@require_safe
def pret(_requete: HttpRequest) -> JsonResponse:
    return _reponse(en_marche=prete())


@login_not_required
@never_cache
@require_safe
def sante(_requete: HttpRequest) -> JsonResponse:
    """200 and `{"statut": "ok"}` when all is well, 503 otherwise. What fails is told to who looks after it."""
    return _reponse(en_marche=_vont_bien(etat()))


@login_not_required
@never_cache
@require_safe
def details(requete: HttpRequest) -> JsonResponse:
    """Part by part, for who shows the installation's token (SEGURNUM_JETON_SANTE); nothing is there for others."""
    voulu = f"{PORTEUR}{settings.JETON_SANTE}".encode()
    if not settings.JETON_SANTE or not hmac.compare_digest(
        requete.headers.get("Authorization", "").encode(), voulu
    ):
        raise Http404
    sondes = etat()
    parties = {
        sonde.controle.code: {
            "etat": "ok" if sonde.en_marche else "panne",
            "detail": sonde.constat.texte,
            "remede": sonde.constat.remede,
            "ms": sonde.duree,
        }
        for sonde in sondes
    }
    return _reponse(en_marche=_vont_bien(sondes), **parties)


def _vont_bien(sondes: list[Sonde]) -> bool:
    return all(sonde.en_marche for sonde in sondes)


def _reponse(*, en_marche: bool, **parties: object) -> JsonResponse:
    statut = "ok" if en_marche else "panne"
    reponse = JsonResponse({"statut": statut, **parties}, status=200 if en_marche else 503)
    # Proxies ask every second or two: what hears the answer is whoever asked, not the log.
    reponse._has_been_logged = True  # type: ignore[attr-defined]
    return reponse


# By their addresses: see `config/urls.py`, which gives them their names.
_ADRESSES: dict[str, Callable[[HttpRequest], HttpResponse]] = {
    "/vivant": vivant,
    "/pret": pret,
    "/sante": sante,
}


class Sondes:
    """Answers the probes before anything looks for a session, whoever asks and by whatever name of the host."""

    def __init__(self, suite: Callable[[HttpRequest], HttpResponse]) -> None:
        self.suite = suite

    def __call__(self, requete: HttpRequest) -> HttpResponse:
        vue = (
            _ADRESSES.get(requete.path_info, self.suite) if requete.method in ("GET", "HEAD") else self.suite
        )
        return vue(requete)
