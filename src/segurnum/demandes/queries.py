"""Every read of requests. The supplier's reads start from its company; the officers' never see incomplete ones."""

from collections.abc import Collection
from decimal import Decimal
from typing import Any

from django.db.models import Case, Count, F, Prefetch, Q, QuerySet, Sum, When
from django.db.models.functions import Coalesce

from segurnum.comptes.models import Entreprise
from segurnum.demandes.models import (
    STATUTS_A_COMPLETER,
    STATUTS_ETEINTS,
    Beneficiaire,
    BrouillonDemande,
    Demande,
    Octroi,
    PieceJustificative,
    VersionDemande,
)
from segurnum.enrolements.models import Enrolement
from segurnum.fichiers.models import Analyse
from segurnum.regles import calendrier
from segurnum.regles.cycles import EtatPaiement, StatutDemande, StatutOctroi, TypeDemande
from segurnum.regles.cycles_recouvrements import StatutRecouvrement
from segurnum.regles.numeros import dossiers_cites

# What the home page counts (FRM-022), and the incomplete requests that it warns of (FRM-023).
COMPTEURS = {
    "en_cours": Q(statut=StatutDemande.EN_COURS),
    "validees": Q(statut__in=(StatutDemande.VALIDEE, StatutDemande.DECIDEE)),
    "en_attente": Q(statut=StatutDemande.EN_ATTENTE_PIECE),
    "payees": Q(etat_paiement=EtatPaiement.EFFECTUE),
    "non_completees": Q(statut=StatutDemande.NON_COMPLETEE),
}


def de_l_entreprise(entreprise: Entreprise) -> QuerySet[Demande]:
    return Demande.objects.filter(entreprise=entreprise)


def dsr_de(entreprise: Entreprise) -> list[str]:
    """The couloirs in which the company has requests."""
    lus = de_l_entreprise(entreprise).order_by("dsr").values_list("dsr", flat=True).distinct()
    return list(lus)


def nombre_de_beneficiaires(demandes: QuerySet[Demande], au_plus: int) -> int:
    """How many beneficiaries these requests declare, counted no further than `au_plus`."""
    lignes = Beneficiaire.objects.filter(demande__in=demandes.order_by().values("pk"))
    return lignes.values("pk")[:au_plus].count()


def visibles_des_agents() -> QuerySet[Demande]:
    """Requests handed over: an incomplete one is nobody's business but the supplier's (INC-001)."""
    return Demande.objects.exclude(statut=StatutDemande.NON_COMPLETEE)


def nommees(texte: str) -> QuerySet[Demande]:
    """The requests that a person names by their number, or that of their dossier, somewhere in a text (CON-33)."""
    vivantes = visibles_des_agents().exclude(statut=StatutDemande.HISTORISEE)
    return vivantes.filter(dossier__numero__in=dossiers_cites(texte)).order_by("numero")


def menaces_trop_tard() -> QuerySet[PieceJustificative]:
    """The pieces where the antivirus, late, found a threat once their request was validated."""
    return (
        PieceJustificative.objects.filter(
            fichier__analyse=Analyse.INFECTE,
            demande__statut__in=(StatutDemande.VALIDEE, StatutDemande.DECIDEE),
        )
        .select_related("demande__entreprise")
        .order_by("pk")
    )


def a_repondre(entreprise: Entreprise) -> QuerySet[Demande]:
    """What waits for the company, the most pressing first. `brouillon_du`: when its answer was begun."""
    a_temps = Q(cloture_le=None) | Q(cloture_le__gt=calendrier.maintenant())
    return (
        de_l_entreprise(entreprise)
        .filter(a_temps, statut__in=STATUTS_A_COMPLETER)
        .annotate(brouillon_du=F("brouillon__modifie_le"))
        .order_by(F("cloture_le").asc(nulls_last=True), "statut_depuis", "pk")
    )


def depots_commences(entreprise: Entreprise) -> QuerySet[BrouillonDemande]:
    """The forms that are filled in and not sent: nobody else sees that they exist."""
    return (
        BrouillonDemande.objects.filter(enrolement__entreprise=entreprise, demande=None)
        .select_related("enrolement__referencement")
        .order_by("-modifie_le")
    )


def paiements_rejetes(entreprise: Entreprise) -> QuerySet[Demande]:
    """The decided requests whose payment the bank sent back: it is issued again on the active account."""
    return (
        de_l_entreprise(entreprise)
        .filter(statut=StatutDemande.DECIDEE, etat_paiement=EtatPaiement.REJETE)
        .order_by("-depose_le", "-pk")
    )


def a_payer(entreprise: Entreprise) -> Decimal:
    """What is validated or decided for a company and not paid yet, in euros: what an account of it may receive."""
    attendues = de_l_entreprise(entreprise).filter(
        statut__in=(StatutDemande.VALIDEE, StatutDemande.DECIDEE), montant_decide__gt=0
    )
    somme = attendues.exclude(etat_paiement=EtatPaiement.EFFECTUE).aggregate(somme=Sum("montant_decide"))
    return somme["somme"] or Decimal(0)


def avec_tout(demandes: QuerySet[Demande]) -> QuerySet[Demande]:
    """What a consultation shows, in a constant number of statements."""
    return demandes.select_related(
        "dossier__enrolement__referencement", "entreprise", "valideur"
    ).prefetch_related(
        Prefetch("versions", VersionDemande.objects.select_related("auteur").order_by("-rang")),
        "beneficiaires",
        Prefetch("pieces", PieceJustificative.objects.select_related("fichier").order_by("depose_le", "pk")),
    )


def de_numero(demandes: QuerySet[Demande], numero: str, cle: int | None = None) -> Demande | None:
    """The request of this number, among these, with all that a consultation shows.

    A cancelled request shares its number with the avenant that it left behind: the last is meant, unless `cle` says.
    """
    lues = avec_tout(demandes).filter(numero=numero)
    return (lues if cle is None else lues.filter(pk=cle)).order_by("-pk").first()


def donnees_courantes(demande: Demande) -> dict[str, Any]:
    """What is declared today, in the normal form of the couloir."""
    donnees: dict[str, Any] = demande.versions.get(rang=demande.version_courante).donnees
    return donnees


def compteurs(entreprise: Entreprise) -> dict[str, dict[str, int]]:
    """The four counters of the home page, each split between avance and solde (FRM-022): one statement."""
    lignes = (
        de_l_entreprise(entreprise)
        .values("type")
        .annotate(**{nom: Count("pk", filter=condition) for nom, condition in COMPTEURS.items()})
        .values_list("type", *COMPTEURS)
    )
    comptes = {type_demande.value: dict.fromkeys(COMPTEURS, 0) for type_demande in TypeDemande}
    for type_demande, *nombres in lignes:
        comptes[type_demande] = dict(zip(COMPTEURS, nombres, strict=True))
    return comptes


def avances_a_decider(entreprise: Entreprise | int, dossiers: Collection[str]) -> int:
    """How many of these dossiers of a company have a living avance that is not decided yet (CON-35)."""
    vivantes = Demande.objects.filter(entreprise=entreprise, type=TypeDemande.AVANCE)
    decidees = (StatutDemande.DECIDEE, *STATUTS_ETEINTS)
    return vivantes.filter(dossier__numero__in=dossiers).exclude(statut__in=decidees).count()


def derniere(enrolement: Enrolement, type_demande: TypeDemande) -> Demande | None:
    """The request of this type that a screen for one enrolment shows: the last one, dead or alive."""
    return (
        Demande.objects.filter(dossier__enrolement=enrolement, type=type_demande)
        .exclude(statut=StatutDemande.HISTORISEE)
        .select_related("dossier")
        .order_by("-pk")
        .first()
    )


def vivante(enrolement: Enrolement, type_demande: TypeDemande) -> Demande | None:
    """The last request of this type, unless it is over: then another may be deposited (OPEN-07, OPEN-10)."""
    trouvee = derniere(enrolement, type_demande)
    return None if trouvee is None or trouvee.statut in STATUTS_ETEINTS else trouvee


def lettres_de_l_avance(solde: Demande) -> QuerySet[PieceJustificative]:
    """What the agency joined to the avance of this dossier: its solde is read with it."""
    return (
        PieceJustificative.objects.filter(
            demande__dossier=solde.dossier_id,
            demande__type=TypeDemande.AVANCE,
            origine=PieceJustificative.Origine.AGENCE,
        )
        .exclude(demande__statut=StatutDemande.HISTORISEE)
        .select_related("fichier", "demande")
        .order_by("pk")
    )


def solde_vivant(avance: Demande) -> Demande | None:
    """The solde that was deposited on this avance, unless it is over."""
    return (
        Demande.objects.filter(dossier=avance.dossier_id, type=TypeDemande.SOLDE)
        .exclude(statut__in=STATUTS_ETEINTS)
        .first()
    )


def octroi_vivant(demande: Demande) -> Octroi | None:
    """What is granted for this request: it waits for its approval, or has it."""
    return demande.octrois.exclude(statut=StatutOctroi.ECARTE).select_related("auteur", "approbateur").first()


def octrois() -> QuerySet[Octroi]:
    """Every amount granted where no ceiling was known, whoever it was for."""
    return Octroi.objects.select_related("demande__entreprise", "auteur", "approbateur")


def avance_du_dossier(solde: Demande) -> Demande | None:
    """The avance that a solde completes."""
    return (
        Demande.objects.filter(dossier=solde.dossier_id, type=TypeDemande.AVANCE)
        .exclude(statut=StatutDemande.HISTORISEE)
        .order_by("-pk")
        .first()
    )


def verse(demande: Demande) -> Decimal | None:
    """What was really paid of a request (euros), less what was ordered back; None while no payment of it is made.

    An order that was cancelled counts for what it had brought back, a proposal for nothing.
    """
    rendu = Case(
        When(decision__recouvrements__statut=StatutRecouvrement.PROPOSE, then=Decimal(0)),
        When(
            decision__recouvrements__statut=StatutRecouvrement.ANNULE, then=F("decision__recouvrements__recu")
        ),
        default=F("decision__recouvrements__montant"),
    )
    lus = (
        Demande.objects.filter(pk=demande.pk, decision__versements__etat=EtatPaiement.EFFECTUE)
        .values_list("decision__versements__montant_decide")
        .annotate(rendu=Coalesce(Sum(rendu), Decimal(0)))
    )
    return next((paye - rendu for paye, rendu in lus), None)  # one payment of a request is made, or none


def identifiants_de_l_avance(demande: Demande) -> set[str] | None:
    """Identifiers of the beneficiaries of the dossier's avance; None when the request is the avance itself."""
    if demande.type is TypeDemande.AVANCE:
        return None
    avances = demande.dossier.demandes.filter(type=TypeDemande.AVANCE).order_by("-pk").values("pk")[:1]
    lus = Beneficiaire.objects.filter(demande__in=avances).values_list("identifiants", flat=True)
    return {identifiant for identifiants in lus for identifiant in identifiants}


def pieces_de(demandes: QuerySet[Demande]) -> QuerySet[PieceJustificative]:
    """The pieces of the requests that somebody may see, with their files."""
    return PieceJustificative.objects.filter(demande__in=demandes).select_related("fichier", "demande")
