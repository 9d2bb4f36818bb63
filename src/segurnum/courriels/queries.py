"""Reading the mails kept."""

from django.db.models import QuerySet

from segurnum.courriels.models import Courriel


def courriels_de(sujet: str) -> QuerySet[Courriel]:
    """What was written about a thing, newest first. The caller has checked that the reader may see the thing."""
    return Courriel.objects.filter(sujet=sujet).order_by("-id")
