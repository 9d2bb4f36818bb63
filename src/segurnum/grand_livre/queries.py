"""Reading the ledger: its entries, what each account holds at an instant, the statement of a month."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Case, Count, F, Q, QuerySet, Sum, When

from segurnum.grand_livre.models import Controle, Ecriture, Mouvement
from segurnum.grand_livre.plan import Compte, Operation
from segurnum.paiements.models import Enveloppe
from segurnum.regles.cycles_enveloppes import StatutMouvement

ZERO = Decimal(0)


@dataclass(frozen=True)
class Solde:
    """What an account was debited and credited (euros)."""

    compte: Compte
    debit: Decimal = ZERO
    credit: Decimal = ZERO

    @property
    def solde(self) -> Decimal:
        """Positive when it was debited of more."""
        return self.debit - self.credit


def ecritures() -> QuerySet[Ecriture]:
    return Ecriture.objects.select_related("enveloppe", "dossier", "demande", "acteur")


def du_compte(lignes: QuerySet[Ecriture], compte: str) -> QuerySet[Ecriture]:
    return lignes.filter(Q(debit=compte) | Q(credit=compte))


def soldes(
    *, avant: datetime | None = None, depuis: datetime | None = None, enveloppe: int | None = None
) -> list[Solde]:
    """Every account, in one statement: of all that is written, or of what was before `avant` and from `depuis` on."""
    lignes = _entre(depuis, avant)
    if enveloppe is not None:
        lignes = lignes.filter(enveloppe=enveloppe)
    debits: dict[Compte, Decimal] = defaultdict(Decimal)
    credits: dict[Compte, Decimal] = defaultdict(Decimal)
    for debit, credit, somme in lignes.values_list("debit", "credit").annotate(Sum("montant")).order_by():
        debits[Compte(debit)] += somme
        credits[Compte(credit)] += somme
    return [Solde(compte, debits[compte], credits[compte]) for compte in Compte]


def solde_de(demande: int, compte: Compte) -> Decimal:
    """What one account holds of one request (euros)."""
    part = Case(When(debit=compte, then=F("montant")), default=-F("montant"))
    lu: Decimal | None = du_compte(Ecriture.objects.filter(demande=demande), compte).aggregate(s=Sum(part))[
        "s"
    ]
    return lu or ZERO


def _entre(depuis: datetime | None, avant: datetime | None) -> QuerySet[Ecriture]:
    lignes = Ecriture.objects.all()
    if avant is not None:
        lignes = lignes.filter(instant__lt=avant)
    return lignes if depuis is None else lignes.filter(instant__gte=depuis)


@dataclass(frozen=True)
class EtatEnveloppe:
    """What an envelope was at an instant (euros)."""

    enveloppe: str
    exercice: int
    credits: Decimal
    disponible: Decimal

    @property
    def decide(self) -> Decimal:
        return self.credits - self.disponible


def enveloppes_au(avant: datetime | None = None) -> list[EtatEnveloppe]:
    """Each envelope as it was before this instant, as the ledger has it; those that had no credits yet are left out."""
    disponible = Sum(Case(When(debit=Compte.DISPONIBLE, then=F("montant")), default=-F("montant")))
    dotation = Sum(
        Case(
            When(credit=Compte.DOTATION, then=F("montant")),
            When(debit=Compte.DOTATION, then=-F("montant")),
            default=ZERO,
        )
    )
    lignes = (
        _entre(None, avant)
        .filter(Q(debit=Compte.DISPONIBLE) | Q(credit=Compte.DISPONIBLE))
        .values("enveloppe__libelle", "enveloppe__exercice")
        .annotate(disponible=disponible, dotation=dotation)
        .order_by("-enveloppe__exercice", "enveloppe__libelle")
    )
    return [
        EtatEnveloppe(
            ligne["enveloppe__libelle"], ligne["enveloppe__exercice"], ligne["dotation"], ligne["disponible"]
        )
        for ligne in lignes
    ]


@dataclass(frozen=True)
class LigneEtat:
    """An account over a period (euros)."""

    compte: Compte
    ouverture: Decimal
    debit: Decimal
    credit: Decimal

    @property
    def cloture(self) -> Decimal:
        return self.ouverture + self.debit - self.credit


@dataclass(frozen=True)
class LigneOperation:
    operation: Operation
    nombre: int
    somme: Decimal


@dataclass(frozen=True)
class Etat:
    """The statement of a period."""

    comptes: tuple[LigneEtat, ...]
    operations: tuple[LigneOperation, ...]
    enveloppes: tuple[EtatEnveloppe, ...]


def etat(depuis: datetime, avant: datetime) -> Etat:
    """What the accounts held when the period began, what moved, what they held at its end."""
    ouverts = {solde.compte: solde.solde for solde in soldes(avant=depuis)}
    mouvements = soldes(depuis=depuis, avant=avant)
    faites = (
        _entre(depuis, avant)
        .values_list("operation")
        .annotate(nombre=Count("pk"), somme=Sum("montant"))
        .order_by()
    )
    connues = {Operation(operation): (nombre, somme) for operation, nombre, somme in faites}
    return Etat(
        tuple(LigneEtat(un.compte, ouverts[un.compte], un.debit, un.credit) for un in mouvements),
        tuple(
            LigneOperation(operation, *connues[operation]) for operation in Operation if operation in connues
        ),
        tuple(enveloppes_au(avant)),
    )


def premiere_ecriture() -> datetime | None:
    return Ecriture.objects.order_by("instant").values_list("instant", flat=True).first()


def controles() -> QuerySet[Controle]:
    return Controle.objects.order_by("-pk")


def dernier_controle() -> Controle | None:
    return controles().first()


def mouvements() -> QuerySet[Mouvement]:
    return Mouvement.objects.select_related("enveloppe", "destination", "auteur", "approbateur")


def mouvement_entier(cle: int) -> Mouvement | None:
    return mouvements().filter(pk=cle).first()


def mouvements_a_approuver() -> int:
    return Mouvement.objects.filter(statut=StatutMouvement.A_APPROUVER).count()


def choix_d_enveloppes() -> Iterable[tuple[str, str]]:
    lues = Enveloppe.objects.order_by("-exercice", "rang", "libelle").values_list("pk", "libelle", "exercice")
    return [(str(cle), f"{libelle} ({exercice})") for cle, libelle, exercice in lues]
