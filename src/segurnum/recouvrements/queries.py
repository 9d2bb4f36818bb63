"""Reading the recovery orders. The supplier's reads start from its company, and never see a proposal."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Aggregate, Count, F, Q, QuerySet, Sum

from segurnum.comptes.models import Entreprise
from segurnum.demandes.models import Dossier
from segurnum.paiements.models import Versement
from segurnum.recouvrements.models import Recouvrement, Reglement
from segurnum.regles.calendrier import jour_de_paris, maintenant
from segurnum.regles.cycles import EtatPaiement, StatutDemande
from segurnum.regles.cycles_recouvrements import STATUTS_DUS, GenreReglement, StatutRecouvrement


def tous() -> QuerySet[Recouvrement]:
    """With what their list and their page show."""
    return Recouvrement.objects.select_related(
        "demande__dossier__enrolement", "decision__demande", "entreprise", "proposant", "emetteur", "lettre"
    )


def emis_de(entreprise: Entreprise) -> QuerySet[Recouvrement]:
    return _emis().filter(entreprise=entreprise)


def du_dossier(dossier: Dossier, *, emis: bool = True) -> QuerySet[Recouvrement]:
    """The titles of a dossier, as both faces show them under « Suivi financier »; `emis` False: proposals too."""
    lignes = _emis() if emis else tous()
    return lignes.filter(demande__dossier=dossier).order_by("pk")


def _emis() -> QuerySet[Recouvrement]:
    return Recouvrement.objects.filter(numero__isnull=False).select_related("demande", "lettre")


def reglements_de(ligne: Recouvrement) -> QuerySet[Reglement]:
    return ligne.reglements.select_related("versement__decision__demande", "auteur").order_by("pk")


def dus(lignes: QuerySet[Recouvrement]) -> QuerySet[Recouvrement]:
    return lignes.filter(statut__in=STATUTS_DUS)


def compensations_a_retirer(ligne: Recouvrement) -> QuerySet[Reglement]:
    """What is kept on payments that are not handed to the bank: it may still be given back."""
    return ligne.reglements.filter(
        genre=GenreReglement.COMPENSATION,
        retire_le__isnull=True,
        recouvrement__decision__demande__statut=StatutDemande.DECIDEE,
        versement__decision__versements__etat=EtatPaiement.EN_COURS,
        versement__decision__versements__mis_en_paiement_le__isnull=True,
    ).select_related("versement__decision__demande")


def compensables(ligne: Recouvrement) -> QuerySet[Versement]:
    """The payments on which an order may be settled: of the same company, decided, not handed to the bank."""
    return (
        Versement.objects.filter(
            decision__demande__entreprise=ligne.entreprise_id,
            decision__demande__statut=StatutDemande.DECIDEE,
            etat=EtatPaiement.EN_COURS,
            mis_en_paiement_le__isnull=True,
            compense__lt=F("montant_decide"),
        )
        .select_related("decision__demande")
        .order_by("pk")
    )


@dataclass(frozen=True)
class Tranche:
    """What is owed since so many days after its due date. `depuis` None: not due yet; `jusqu_a` None: no end."""

    code: str
    libelle: str
    depuis: int | None
    jusqu_a: int | None

    def filtre(self, aujourd_hui: date) -> Q:
        condition = Q(statut__in=STATUTS_DUS)
        if self.depuis is None:
            return condition & Q(echeance__gte=aujourd_hui)
        condition &= Q(echeance__lte=aujourd_hui - timedelta(days=self.depuis))
        if self.jusqu_a is not None:
            condition &= Q(echeance__gte=aujourd_hui - timedelta(days=self.jusqu_a))
        return condition


TRANCHES = (
    Tranche("a-echoir", "Pas encore échu", None, None),
    Tranche("0-30", "Échu depuis 30 jours au plus", 1, 30),
    Tranche("31-60", "Échu depuis 31 à 60 jours", 31, 60),
    Tranche("61-90", "Échu depuis 61 à 90 jours", 61, 90),
    Tranche("plus", "Échu depuis plus de 90 jours", 91, None),
)


def de_la_tranche(lignes: QuerySet[Recouvrement], code: str) -> QuerySet[Recouvrement]:
    """The orders of this age; all of them for a code that is none."""
    tranche = next((une for une in TRANCHES if une.code == code), None)
    return lignes if tranche is None else lignes.filter(tranche.filtre(jour_de_paris(maintenant())))


@dataclass(frozen=True)
class Age:
    tranche: Tranche
    nombre: int
    reste: Decimal


def par_age() -> list[Age]:
    """How much is owed, by age: one statement, over what is owed alone."""
    aujourd_hui = jour_de_paris(maintenant())
    demandes: dict[str, Aggregate] = {}
    for tranche in TRANCHES:
        filtre = tranche.filtre(aujourd_hui)
        demandes[f"n_{tranche.code}"] = Count("pk", filter=filtre)
        demandes[f"s_{tranche.code}"] = Sum(F("montant") - F("recu"), filter=filtre)
    lus = Recouvrement.objects.filter(statut__in=STATUTS_DUS).aggregate(**demandes)
    return [
        Age(tranche, lus[f"n_{tranche.code}"], lus[f"s_{tranche.code}"] or Decimal(0)) for tranche in TRANCHES
    ]


def a_emettre() -> int:
    """How many proposals wait for a decider."""
    return Recouvrement.objects.filter(statut=StatutRecouvrement.PROPOSE).count()
