"""Reading decisions and payments."""

from django.db.models import QuerySet

from segurnum.demandes.models import Dossier
from segurnum.paiements.models import Versement
from segurnum.regles.cycles import EtatPaiement


def suivi_financier(dossier: Dossier) -> QuerySet[Versement]:
    """The payments of a dossier, avance then solde; empty until the avance is decided (REQ-059)."""
    return (
        Versement.objects.filter(decision__demande__dossier=dossier)
        .select_related("decision__demande", "avis")
        .order_by("pk")
    )


def a_traiter() -> QuerySet[Versement]:
    """The accountant's list: what is decided and not yet paid, oldest first."""
    return (
        Versement.objects.filter(etat=EtatPaiement.EN_COURS)
        .select_related("decision__demande__entreprise", "compte_bancaire")
        .order_by("pk")
    )
