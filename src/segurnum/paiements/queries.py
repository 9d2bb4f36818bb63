"""Reading decisions and payments."""

from django.db.models import QuerySet

from segurnum.demandes.models import Dossier
from segurnum.paiements.models import Versement


def suivi_financier(dossier: Dossier) -> QuerySet[Versement]:
    """The payments of a dossier, avance then solde; empty until the avance is decided (REQ-059)."""
    return (
        Versement.objects.filter(decision__demande__dossier=dossier)
        .select_related("decision__demande", "avis")
        .order_by("pk")
    )
