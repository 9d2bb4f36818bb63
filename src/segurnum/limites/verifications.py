"""What Django's system check says of the limits' settings."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Warning


def mandataires(**_: Any) -> list[CheckMessage]:
    """Behind TLS, every visitor has the proxy's address unless the proxy is known: the limits would be everybody's."""
    if not settings.SESSION_COOKIE_SECURE or settings.MANDATAIRES is not None:
        return []
    return [
        Warning(
            "SEGURNUM_HTTPS est actif et SEGURNUM_MANDATAIRES n'est pas donné : tous les visiteurs ont l'adresse du "
            "mandataire TLS, et les limites d'un réseau sont celles de tous.",
            hint="Donnez les adresses ou réseaux des mandataires (SEGURNUM_MANDATAIRES=10.0.0.0/24), ou « aucun » si "
            "les visiteurs joignent le portail sans mandataire.",
            id="limites.W001",
        )
    ]
