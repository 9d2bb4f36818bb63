"""Reading decisions and payments."""

from django.db.models import QuerySet

from segurnum.demandes.models import Demande, Dossier
from segurnum.paiements.models import Decision, Enveloppe, Versement


def suivi_financier(dossier: Dossier) -> QuerySet[Versement]:
    """The payments of a dossier, avance then solde; empty until the avance is decided (REQ-059)."""
    return (
        Versement.objects.filter(decision__demande__dossier=dossier)
        .select_related("decision__demande", "avis")
        .order_by("pk")
    )


def enveloppes_de(dsr: str) -> QuerySet[Enveloppe]:
    """The envelopes that finance a DSR; the oldest is the one that decisions draw on."""
    return Enveloppe.objects.filter(dsr__contains=[dsr]).order_by("pk")


def decision_de(demande: Demande) -> Decision | None:
    return Decision.objects.filter(demande=demande).select_related("decideur", "enveloppe").first()
