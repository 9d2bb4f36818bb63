"""The door: when the portal began to receive a gesture, read once, before its body, and judged everywhere after.

A proxy that keeps a whole upload before handing it over says when it began, by `X-Request-Start` (« t= » and the
seconds, milliseconds or microseconds since 1970). Only a trusted one is believed, only where the installation says
that it sets the header (one that does not lets through what its client wrote), and only within the hour that an
upload may take.
"""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from segurnum.limites.adresses import vient_d_un_mandataire
from segurnum.regles import calendrier

ENTETE = "X-Request-Start"
_HORODATAGE = re.compile(r"(?:t=)?([0-9]{10})(?:\.?([0-9]{3}))?(?:[0-9]{3})?")


class Arrivee:
    """Placed first: whatever comes after, the reading of the body included, takes time that is nobody's fault."""

    def __init__(self, suite: Callable[[HttpRequest], HttpResponse]) -> None:
        self.suite = suite

    def __call__(self, requete: HttpRequest) -> HttpResponse:
        requete.recu_le = _dit_par_le_mandataire(requete) or calendrier.maintenant()  # type: ignore[attr-defined]
        return self.suite(requete)


def recu_le(requete: HttpRequest) -> datetime:
    """The instant that the gesture of this request is judged on."""
    return calendrier.instant_juge(getattr(requete, "recu_le", None))


def _dit_par_le_mandataire(requete: HttpRequest) -> datetime | None:
    """What a trusted proxy says; None where none says it, or where what it says makes no sense."""
    lu = _HORODATAGE.fullmatch(requete.headers.get(ENTETE, "").strip())
    if lu is None or not settings.MANDATAIRE_DIT_L_ARRIVEE or not vient_d_un_mandataire(requete):
        return None
    horodatage = datetime.fromtimestamp(int(lu[1]), UTC) + timedelta(milliseconds=int(lu[2] or 0))
    dit = calendrier.sur_cette_horloge(horodatage)
    present = calendrier.maintenant()
    return dit if present - calendrier.DUREE_D_UN_ENVOI <= dit <= present else None
