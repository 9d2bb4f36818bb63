"""Reading receipts: a company's own; and what anybody may confirm of one."""

from django.db.models import Q, QuerySet

from segurnum.comptes.models import Entreprise
from segurnum.recepisses.models import Recepisse


def recepisses_de(entreprise: Entreprise) -> QuerySet[Recepisse]:
    """The last first."""
    return Recepisse.objects.filter(entreprise=entreprise).select_related("entreprise").order_by("-pk")


def recepisses_sur(entreprise: Entreprise, *sujets: str) -> QuerySet[Recepisse]:
    """Those about these things, without what they attest."""
    return recepisses_de(entreprise).filter(sujet__in=sujets).defer("contenu")


def recepisses_citant(
    entreprise: Entreprise, sujet: str, lot: str, *, nom: str, detail: str
) -> QuerySet[Recepisse]:
    """Those about one thing, and of what came with others (`lot`) those that retain it, under this name or detail."""
    cite = Q(contenu__retenus__contains=[{"nom": nom}]) | Q(contenu__retenus__contains=[{"detail": detail}])
    return recepisses_de(entreprise).filter(Q(sujet=sujet) | Q(cite, sujet=lot)).defer("contenu")


def par_code(code: str) -> Recepisse | None:
    """The receipt that a QR code leads to."""
    return Recepisse.objects.filter(code=code).select_related("entreprise").first()


def par_cle(cle: int) -> Recepisse | None:
    return Recepisse.objects.filter(pk=cle).select_related("entreprise").first()
