"""Reading enrolments."""

import re
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min, Q, QuerySet

from segurnum import couloirs
from segurnum.comptes import queries as acces
from segurnum.comptes.models import Entreprise
from segurnum.coordonnees.personnes import RolePersonne
from segurnum.enrolements.models import STATUTS_OUVERTS, Enrolement, PieceEnrolement
from segurnum.enrolements.pieces import HEBERGEMENT, QualiteTiers, TypePiece
from segurnum.referentiel.models import Referencement
from segurnum.regles.cycles_enrolement import StatutEnrolement

# What waits for an officer; in the other statuses the applicant's turn has come, or all is said.
STATUTS_A_INSTRUIRE = (StatutEnrolement.EN_COURS, StatutEnrolement.CERTIFICAT_A_VALIDER)
STATUTS_DU_DEMANDEUR = (StatutEnrolement.EN_ATTENTE_PIECE, StatutEnrolement.VALIDATION_PARTIELLE)
A_INSTRUIRE = "A_INSTRUIRE"  # any of these
# What an enrolment is, as it is looked for.
TYPES = {
    f"{genre.value}{'_ANTICIPE' if anticipe else ''}": Enrolement(type=genre, anticipe=anticipe).libelle_type
    for genre in Enrolement.Type
    for anticipe in (False, True)
}
_NUMERO = re.compile(r"(?:ENR)?([0-9]{1,9})(?:M0)?", re.ASCII)


def tous() -> QuerySet[Enrolement]:
    """Every enrolment, of whichever company: the officers' reads."""
    return Enrolement.objects.select_related("entreprise", "referencement")


def par_numero(numero: str) -> Enrolement | None:
    """The enrolment of this number, with or without its suffix."""
    lu = _NUMERO.fullmatch(numero.upper())
    return tous().filter(sequence=int(lu[1])).first() if lu else None


def cherches(enrolements: QuerySet[Enrolement], texte: str) -> QuerySet[Enrolement]:
    """By number of the enrolment, name of the company or of the software, address of the mails."""
    trouves = (
        Q(entreprise__denomination__icontains=texte)
        | Q(referencement__logiciel__icontains=texte)
        | Q(courriel__icontains=texte)
    )
    if numero := _NUMERO.fullmatch("".join(texte.split()).upper()):
        trouves |= Q(sequence=int(numero[1]))
    return enrolements.filter(trouves)


def par_siret(enrolements: QuerySet[Enrolement], siret: str) -> QuerySet[Enrolement]:
    return enrolements.filter(entreprise__siret__startswith="".join(siret.split()))


def par_statut(enrolements: QuerySet[Enrolement], statut: str) -> QuerySet[Enrolement]:
    return enrolements.filter(statut__in=STATUTS_A_INSTRUIRE if statut == A_INSTRUIRE else [statut])


def par_type(enrolements: QuerySet[Enrolement], choisi: str) -> QuerySet[Enrolement]:
    genre, _, anticipe = choisi.partition("_")
    return enrolements.filter(type=genre, anticipe=bool(anticipe))


@dataclass(frozen=True)
class Attente:
    """The enrolments of one status that wait for an officer."""

    statut: StatutEnrolement
    nombre: int
    ancienne: datetime | None


def en_attente() -> list[Attente]:
    """What waits for an officer, by status, in one statement."""
    lignes = (
        Enrolement.objects.filter(statut__in=STATUTS_A_INSTRUIRE)
        .values_list("statut")
        .annotate(Count("pk"), Min("depose_le"))
        .order_by()
    )
    comptes = {statut: (nombre, ancienne) for statut, nombre, ancienne in lignes}
    return [Attente(statut, *comptes.get(statut, (0, None))) for statut in STATUTS_A_INSTRUIRE]


def qui_deposent_en_json(entreprise: Entreprise) -> QuerySet[Enrolement]:
    """The enrolments for which a JSON file may be simulated: validated, or anticipated (JSN-005, JSN-015)."""
    return (
        entreprise.enrolements.filter(
            Q(statut=StatutEnrolement.VALIDEE) | Q(anticipe=True) & ~Q(statut=StatutEnrolement.REJETEE),
            referencement__dsr__in=[couloir.dsr for couloir in couloirs.par_fichier()],
        )
        .select_related("referencement", "entreprise")
        .prefetch_related("regimes")
        .order_by("referencement__numero_ans")
    )


def qui_deposent_par_formulaire(entreprise: Entreprise) -> QuerySet[Enrolement]:
    """The enrolments whose requests are deposited on screen, those that are not rejected (MSS-002, MSS-029)."""
    dsr = [couloir.dsr for couloir in couloirs.par_formulaire()]
    return (
        entreprise.enrolements.filter(referencement__dsr__in=dsr)
        .exclude(statut=StatutEnrolement.REJETEE)
        .select_related("referencement", "entreprise")
        .order_by("referencement__numero_ans")
    )


def dsr_ou_deposer(entreprise: Entreprise) -> set[str]:
    """The couloirs where a company may deposit, by file or on screen, when their windows are open."""
    ouverts = Q(statut=StatutEnrolement.VALIDEE) | Q(anticipe=True) & ~Q(statut=StatutEnrolement.REJETEE)
    return set(entreprise.enrolements.filter(ouverts).values_list("referencement__dsr", flat=True))


def de_l_entreprise(entreprise: Entreprise) -> QuerySet[Enrolement]:
    """Every enrolment of a company, the last deposited first."""
    return entreprise.enrolements.select_related("referencement", "entreprise").order_by("-depose_le", "-pk")


def couloirs_de(entreprise: Entreprise) -> list[couloirs.Couloir]:
    """The couloirs that the company enrolled for, whatever became of it: its requests are of no other."""
    dsr = set(entreprise.enrolements.values_list("referencement__dsr", flat=True))
    return [couloir for couloir in couloirs.tous() if couloir.dsr in dsr]


def qui_attendent(entreprise: Entreprise) -> QuerySet[Enrolement]:
    """Those that wait for their company: pieces that are asked for, certificates."""
    return de_l_entreprise(entreprise).filter(statut__in=STATUTS_DU_DEMANDEUR)


def qualite_du_depositaire(entreprise: Entreprise) -> QualiteTiers | None:
    """What the account's holder said to be when not the legal representative; None for the representative itself."""
    for donnees in (
        entreprise.enrolements.filter(type=Enrolement.Type.INITIAL, statut__in=STATUTS_OUVERTS)
        .exclude(donnees={})
        .order_by("-pk")
        .values_list("donnees", flat=True)[:1]
    ):
        qualite = donnees["qualite"]
        return QualiteTiers[qualite] if qualite else None
    depositaire = entreprise.personnes_physiques.filter(role=RolePersonne.DEPOSITAIRE).exists()
    return QualiteTiers.EMPLOYE if depositaire else None


def mandat_a_deposer(entreprise: Entreprise, reference: Referencement) -> bool:
    """True when a depositor has not given a mandate for this wave yet (ENR-076)."""
    return qualite_du_depositaire(entreprise) is not None and not mandat_connu(entreprise, reference.vague)


def pieces_qui_comptent() -> QuerySet[PieceEnrolement]:
    """The pieces that justify something: handed over, not refused, of an enrolment that was not rejected."""
    return PieceEnrolement.objects.filter(confirmee=True, refusee_le=None).exclude(
        enrolement__statut=StatutEnrolement.REJETEE
    )


def mandat_connu(entreprise: Entreprise, vague: int) -> bool:
    """A depositor's mandate is asked once per wave (ENR-076)."""
    return (
        pieces_qui_comptent()
        .filter(
            enrolement__entreprise=entreprise,
            enrolement__referencement__dsr__endswith=f"-Va{vague}",
            type__in=(TypePiece.MANDAT_SIGNATURE, TypePiece.CONTRAT_PRESTATION),
        )
        .exists()
    )


def releve_du_compte(enrolement: Enrolement) -> bool:
    """True for an initial request, not accepted yet, of a company that signs in already (PUB-013).

    Nobody signed in at its deposit: another initial request of the same company was accepted meanwhile.
    """
    ouvrirait = enrolement.statut in (StatutEnrolement.EN_COURS, StatutEnrolement.EN_ATTENTE_PIECE)
    initial = enrolement.type == Enrolement.Type.INITIAL
    return ouvrirait and initial and acces.a_un_acces(enrolement.entreprise.siret)


def attend_ses_certificats(enrolement: Enrolement) -> bool:
    """True for an anticipated enrolment that can be validated only in part (E9).

    Its certificates may have come since, among the extra pieces: with a validated referencing it is whole (E8).
    """
    if not enrolement.anticipe:
        return False
    reference = enrolement.referencement
    recues = pieces_qui_comptent().filter(enrolement=enrolement).values_list("type", flat=True)
    types = {TypePiece(recue) for recue in recues}
    hebergement = not reference.est_dpi or bool(types.intersection(HEBERGEMENT))
    return not (reference.valide and TypePiece.CERTIFICAT in types and hebergement)


def pieces_de(enrolement: Enrolement) -> QuerySet[PieceEnrolement]:
    """The pieces that the applicant handed over, with their files."""
    return enrolement.pieces.filter(confirmee=True).select_related("fichier")
