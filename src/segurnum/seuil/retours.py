"""The webhook by which the mail service says that a mail came back."""

import hmac
import json
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from segurnum.courriels.message import remise_de
from segurnum.courriels.retours import STATUT, Retour, Suite, noter_retour
from segurnum.seuil.limites import ADRESSE, HEURE, limite

PORTEUR = "Bearer "
OCTETS_MAX = 64 * 1024


@login_not_required
@never_cache
@csrf_exempt  # a server speaks, with a token of its own and no cookie
@limite("retours", ADRESSE, 10_000, HEURE)
@require_POST
def retours(requete: HttpRequest) -> JsonResponse:
    """JSON: `message_id` of the mail, `status` (RFC 3463, « 5.1.1 »); `diagnostic` is not kept, it may name people.

    2xx once noted, however often it is told. 4.x is a delay, 5.x a bounce. Without SEGURNUM_JETON_RETOURS, 404.
    """
    if not settings.JETON_RETOURS:
        raise Http404
    voulu = f"{PORTEUR}{settings.JETON_RETOURS}".encode()
    if not hmac.compare_digest(requete.headers.get("Authorization", "").encode(), voulu):
        return _dire("Jeton absent ou faux.", 401)
    if int(requete.META.get("CONTENT_LENGTH") or 0) > OCTETS_MAX:
        return _dire(f"Au plus {OCTETS_MAX} octets sont lus.", 413)
    dit = _lire(requete.body)
    statut, message = dit.get("status"), dit.get("message_id")
    if not isinstance(message, str) or not isinstance(statut, str) or not STATUT.fullmatch(statut):
        return _dire(
            "Un objet JSON est attendu, avec « message_id » et « status » (par exemple « 5.1.1 »).", 422
        )
    remise = remise_de(message)
    if remise is None:
        return _dire("Ce Message-ID n'est pas celui d'un courriel du portail.", 404)
    if statut.startswith("2"):
        return _dire("Rien à noter.", 200)
    suite = noter_retour(Retour(remise, statut, definitif=statut.startswith("5")))
    return _dire(suite.value, 404 if suite is Suite.INCONNU else 200)


def _lire(octets: bytes) -> dict[str, Any]:
    try:
        lu = json.loads(octets)
    except (ValueError, RecursionError):
        return {}
    return lu if isinstance(lu, dict) else {}


def _dire(phrase: str, statut: int) -> JsonResponse:
    return JsonResponse({"resultat": phrase}, status=statut)
