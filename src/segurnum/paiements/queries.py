"""Reading decisions and payments."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.db.models import CharField, F, FilteredRelation, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.fields.json import KT
from django.db.models.functions import Coalesce

from segurnum.base.copies import une_de
from segurnum.comptes.models import Entreprise
from segurnum.demandes.models import Demande, Dossier, VersionDemande
from segurnum.demandes.queries import de_l_entreprise
from segurnum.paiements.models import Decision, Enveloppe, Versement
from segurnum.regles.cycles import EtatPaiement, TypeDemande
from segurnum.regles.cycles_recouvrements import STATUTS_VIVANTS
from segurnum.regles.erreurs import GesteImpossible


def suivi_financier(dossier: Dossier) -> QuerySet[Versement]:
    """The payments of a dossier, avance then solde; empty until the avance is decided (REQ-059)."""
    return (
        Versement.objects.filter(decision__demande__dossier=dossier)
        .select_related("decision__demande", "avis")
        .order_by("pk")
    )


def versements_de(demandes: QuerySet[Demande]) -> QuerySet[Versement]:
    """The payments of the requests that somebody may see, with their notices."""
    return Versement.objects.filter(decision__demande__in=demandes).select_related(
        "decision__demande", "avis"
    )


def motif_du_rejet(demande: Demande) -> str:
    """Why the bank sent the last payment of a request back; empty when it did not."""
    if demande.etat_paiement is not EtatPaiement.REJETE:
        return ""
    rejetes = Versement.objects.filter(decision__demande=demande, etat=EtatPaiement.REJETE)
    return rejetes.order_by("-pk").values_list("motif_rejet", flat=True).first() or ""


def enveloppes() -> QuerySet[Enveloppe]:
    return Enveloppe.objects.order_by("-exercice", "rang", "libelle")


def enveloppes_de(dsr: str) -> QuerySet[Enveloppe]:
    """The envelopes that finance a DSR, in the order in which decisions draw on them."""
    return Enveloppe.objects.filter(dsr__contains=[dsr]).order_by("rang", "pk")


def decision_de(demande: Demande) -> Decision | None:
    return Decision.objects.filter(demande=demande).select_related("decideur", "enveloppe").first()


def recouvre(decision: Decision) -> Decimal:
    """What came back of a decision (euros): repaid, or kept on another payment."""
    lu: Decimal | None = decision.recouvrements.aggregate(recu=Sum("recu"))["recu"]
    return lu or Decimal(0)


def exiger_sans_recouvrement(demande: Demande) -> None:
    """Raise GesteImpossible while money is being asked back of a request, or of what it showed."""
    vivants = Q(recouvrements__statut__in=STATUTS_VIVANTS)
    sur_la_decision = Q(decision__recouvrements__statut__in=STATUTS_VIVANTS)
    if Demande.objects.filter(vivants | sur_la_decision, pk=demande.pk).exists():
        raise GesteImpossible(
            f"Un recouvrement court sur la demande {demande.numero} : qu'il soit d'abord soldé, écarté ou annulé."
        )


def demandes_a_exporter(
    entreprise: Entreprise, cles: Sequence[int] | None = None, ordre: Sequence[str] = ("-depose_le", "-pk")
) -> QuerySet[Any]:
    """The requests of the company, of these keys where some are given, each with what its payment says: `paye_le`,
    `montant_paye`, and `date_commande` (« 18/10/2021 ») (EXP-002, EXP-007).
    """
    return _avec_paiement(entreprise, cles).order_by(*ordre)


def beneficiaires_a_exporter(
    entreprise: Entreprise, dsr: str, cles: Sequence[int], ordre: Sequence[str]
) -> QuerySet[Any]:
    """One row per beneficiary of each of these requests of one couloir, in the same order (EXP-004, EXP-006)."""
    lignes = _avec_paiement(entreprise, cles).filter(dsr=dsr, beneficiaires__isnull=False)
    return lignes.order_by(*ordre, "beneficiaires__rang")


def _avec_paiement(entreprise: Entreprise, cles: Sequence[int] | None) -> QuerySet[Demande]:
    """At most one payment of a request is made: the others are refused, or still under way."""
    fait = Q(decision__versements__etat=EtatPaiement.EFFECTUE)
    siennes = de_l_entreprise(entreprise)
    return (siennes if cles is None else siennes.filter(une_de(cles))).annotate(
        fait=FilteredRelation("decision__versements", condition=fait),
        paye_le=F("fait__paye_le"),
        montant_paye=F("fait__montant_paye"),
        date_commande=_date_commande(),
    )


def _date_commande() -> Coalesce:
    """Only an avance declares its order: its own for an avance, that of the dossier's last avance for a solde."""
    sienne = VersionDemande.objects.filter(demande=OuterRef("pk"), rang=OuterRef("version_courante"))
    avance = VersionDemande.objects.filter(
        rang=F("demande__version_courante"),
        demande__dossier=OuterRef("dossier"),
        demande__type=TypeDemande.AVANCE,
    )
    return Coalesce(
        *(
            Subquery(
                versions.values_list(KT("donnees__commande__dateCommande"))[:1], output_field=CharField()
            )
            for versions in (sienne, avance.order_by("-demande"))
        )
    )
