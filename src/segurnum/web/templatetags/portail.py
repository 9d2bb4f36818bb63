"""French forms of dates and amounts for the templates. Templates format; they never compute."""

from datetime import date, datetime
from decimal import Decimal

from django import template

from segurnum.regles import argent, calendrier

register = template.Library()


@register.filter
def euros(montant: Decimal | None) -> str:
    """« 1 074,99 € »; nothing when there is no amount yet."""
    return "" if montant is None else argent.en_euros(montant)


@register.filter
def taux(valeur: Decimal) -> str:
    return argent.en_taux(valeur)


@register.filter
def jour(valeur: date | datetime | None) -> str:
    """« 02/01/2024 », judged in Paris."""
    return "" if valeur is None else calendrier.date_fr(valeur)


@register.filter
def instant(valeur: datetime | None) -> str:
    """« 02/01/2024 à 14:56 »."""
    return "" if valeur is None else calendrier.instant_fr(valeur)


@register.filter
def instant_long(valeur: datetime | None) -> str:
    """« 28 février 2024 à 14 h 00 »."""
    return "" if valeur is None else calendrier.instant_long(valeur)
