"""Reading the mails kept."""

from datetime import datetime

from django.db.models import QuerySet

from segurnum.courriels.models import Courriel


def courriels_de(sujet: str) -> QuerySet[Courriel]:
    """What was written about a thing, newest first. The caller has checked that the reader may see the thing."""
    return Courriel.objects.filter(sujet=sujet).order_by("-id")


def retenus() -> QuerySet[Courriel]:
    """The mails that are kept and not sent, because too many had left: the oldest first."""
    return Courriel.objects.filter(retenu_le__isnull=False, relache_le=None).order_by("retenu_le", "pk")


def partis_trop_tard(*, avant: datetime) -> QuerySet[Courriel]:
    """The mails that were written before this instant and have not left, but those that an officer must let go."""
    return Courriel.objects.filter(envoye_le=None, cree_le__lt=avant).exclude(
        retenu_le__isnull=False, relache_le=None
    )
