"""The health probe: ready means that a deposit would go through from end to end."""

import hmac

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from segurnum.installation.sante import Sonde, sonder

PORTEUR = "Bearer "


@login_not_required
@never_cache
@require_safe
def sante(requete: HttpRequest) -> JsonResponse:
    """200 and `{"statut": "ok"}` when every part answers, 503 otherwise. What fails is told to who looks after it."""
    reponse, statut = _statut(sonder())
    return JsonResponse(reponse, status=statut)


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
    sondes = sonder()
    reponse, statut = _statut(sondes)
    parties = {
        s.nom: {"etat": "ok" if s.en_marche else "panne", "detail": s.detail, "ms": s.duree} for s in sondes
    }
    return JsonResponse(reponse | parties, status=statut)


def _statut(sondes: list[Sonde]) -> tuple[dict[str, object], int]:
    en_marche = all(sonde.en_marche for sonde in sondes)
    return {"statut": "ok" if en_marche else "panne"}, 200 if en_marche else 503
