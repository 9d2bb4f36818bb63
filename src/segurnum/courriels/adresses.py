"""The addresses that mails carry: whole, and told by the name of their page."""

from django.conf import settings
from django.urls import reverse


def adresse_de(page: str, *valeurs: object) -> str:
    """Where a page lies, for who reads it outside the portal."""
    return f"{settings.ADRESSE_PORTAIL}{reverse(page, args=valeurs)}"
