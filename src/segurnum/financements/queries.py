"""Every read of claims and contests. The supplier's reads start from its company, and name nobody else."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, OuterRef, Prefetch, QuerySet

from segurnum.comptes.models import Entreprise
from segurnum.demandes.models import STATUTS_ETEINTS, Demande
from segurnum.financements.models import (
    Accord,
    Contestation,
    Financement,
    Partie,
    PiecePartie,
    Revendication,
)
from segurnum.regles.cycles import StatutDemande, TypeDemande
from segurnum.regles.cycles_contestation import (
    STATUTS_A_TRAITER,
    STATUTS_OUVERTS,
    STATUTS_SUSPENSIFS,
    StatutContestation,
)

# Requests that officers see: one that is not complete is nobody's business but its supplier's.
_VUES = tuple(s for s in StatutDemande if s not in (*STATUTS_ETEINTS, StatutDemande.NON_COMPLETEE))


def revendications_sur(
    *, sons: str, valeurs: Collection[str], sauf_dossier: int | None
) -> QuerySet[Revendication]:
    """The living claims on these identifiers of one programme, of every supplier: one statement."""
    lues = Revendication.objects.filter(
        financement__sons=sons, financement__valeur__in=list(valeurs)
    ).select_related("financement", "demande")
    return lues.exclude(demande__dossier=sauf_dossier).order_by("pk")


def partages(financements: Collection[Financement]) -> set[int]:
    """Of these, those that several dossiers claim, whose requests officers see and none of which was set aside."""
    rivales = Revendication.objects.filter(
        financement__in=financements, ecartee=False, demande__statut__in=_VUES
    )
    comptees = rivales.values("financement").annotate(dossiers=Count("demande__dossier", distinct=True))
    return set(comptees.filter(dossiers__gt=1).values_list("financement", flat=True))


def ouvertes(financements: Collection[Financement]) -> QuerySet[Contestation]:
    return Contestation.objects.filter(
        financement__in=financements, statut__in=STATUTS_OUVERTS
    ).select_related("financement")


def financement_de(contestation: Contestation) -> QuerySet[Financement]:
    return Financement.objects.filter(pk=contestation.financement_id)


def revendiquees(financement: Financement) -> QuerySet[Revendication]:
    """What officers see of who claims a beneficiary: the last request of each dossier first."""
    return (
        financement.revendications.filter(demande__statut__in=_VUES)
        .select_related("demande__dossier__enrolement", "demande__entreprise", "financement")
        .order_by("demande__depose_le", "demande_id")
    )


# --- A request, as its officer reads it


@dataclass(frozen=True)
class Ajout:
    """A beneficiary of a solde that its avance did not have; `accord_donne` None: nobody has agreed to it yet."""

    revendication: Revendication
    accord_donne: Accord | None

    @property
    def financement(self) -> Financement:
        return self.revendication.financement


def ajouts(demande: Demande) -> list[Ajout]:
    """What a solde brings in, in one statement; nothing for an avance."""
    if demande.type is not TypeDemande.SOLDE:
        return []
    de_l_avance = Revendication.objects.filter(
        financement=OuterRef("financement"),
        demande__dossier=demande.dossier_id,
        demande__type=TypeDemande.AVANCE,
    )
    lues = (
        demande.revendications.filter(~Exists(de_l_avance))
        .select_related("financement", "accord__auteur")
        .order_by("financement__valeur")
    )
    return [Ajout(lue, getattr(lue, "accord", None)) for lue in lues]


@dataclass(frozen=True)
class Concurrence:
    """What else claims a beneficiary of the request: the other dossier's request, and the contest that is open."""

    financement: Financement
    autre: Demande
    ecartee: bool
    contestation: Contestation | None

    @property
    def finance(self) -> bool:
        """Whether the other holds it already."""
        return self.financement.dossier_id == self.autre.dossier_id


def concurrences(demande: Demande) -> list[Concurrence]:
    """The requests of other dossiers that claim the same beneficiaries: two statements, whatever they are."""
    siens = demande.revendications.values("financement")
    lues = (
        Revendication.objects.filter(financement__in=siens, demande__statut__in=_VUES)
        .exclude(demande__dossier=demande.dossier_id)
        .select_related("financement", "demande__entreprise")
        .order_by("financement__valeur", "demande__depose_le", "pk")
    )
    rivales = list(lues)
    en_cours = {c.financement_id: c for c in ouvertes([r.financement for r in rivales])} if rivales else {}
    return [Concurrence(r.financement, r.demande, r.ecartee, en_cours.get(r.financement_id)) for r in rivales]


def accords() -> QuerySet[Accord]:
    """Every beneficiary that an officer let a solde add."""
    return Accord.objects.select_related("revendication__financement", "revendication__demande", "auteur")


# --- The contests


def pieces_de_reponse() -> QuerySet[PiecePartie]:
    """Every piece of an answer, for the face that says whose may be opened."""
    return PiecePartie.objects.select_related("fichier", "partie__demande")


def contestations() -> QuerySet[Contestation]:
    """What officers see."""
    return Contestation.objects.select_related("financement", "attribuee_a", "instructeur")


def parties_de(contestation: Contestation) -> QuerySet[Partie]:
    return (
        contestation.parties.select_related("demande__entreprise", "demande__dossier__enrolement", "auteur")
        .prefetch_related("pieces__fichier")
        .order_by("demande__depose_le", "demande_id")
    )


def parties_en_lice(contestation: Contestation) -> QuerySet[Partie]:
    """Those whose request still claims the beneficiary: who is written to."""
    return parties_de(contestation).filter(demande__revendications__financement=contestation.financement_id)


@dataclass(frozen=True)
class Attente:
    """How many contests wait for an officer, and since when."""

    nombre: int
    ancienne: datetime | None


def en_attente() -> Attente:
    attendues = Contestation.objects.filter(statut__in=STATUTS_A_TRAITER)
    premiere = attendues.order_by("proposee_le").values_list("proposee_le", flat=True).first()
    return Attente(attendues.count(), premiere)


def de_l_entreprise(entreprise: Entreprise) -> QuerySet[Partie]:
    """What a supplier is asked, of its own requests; what a beneficiary of another is called is not there."""
    return (
        Partie.objects.filter(demande__entreprise=entreprise)
        .select_related("contestation__financement", "demande__dossier")
        .prefetch_related(Prefetch("pieces"))
        .order_by("contestation__echeance", "pk")
    )


def a_repondre(entreprise: Entreprise) -> QuerySet[Partie]:
    """What waits for its answer."""
    return de_l_entreprise(entreprise).filter(
        contestation__statut=StatutContestation.EN_REPONSE, repondue_le__isnull=True
    )


def sur_la_demande(demande: Demande) -> QuerySet[Partie]:
    """The procedures about a request, as its own supplier reads them, the open ones first."""
    return (
        Partie.objects.filter(demande=demande)
        .select_related("contestation__financement")
        .order_by("-contestation__ouverte_le", "pk")
    )


def est_suspendue(contestation: Contestation) -> bool:
    return contestation.statut in STATUTS_SUSPENSIFS
