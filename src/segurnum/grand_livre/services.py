"""The only way to write in the ledger."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from segurnum.comptes.auteurs import Auteur
from segurnum.demandes.models import Demande
from segurnum.grand_livre.models import Ecriture
from segurnum.grand_livre.plan import PLAN, Operation
from segurnum.regles import calendrier


@dataclass(frozen=True, kw_only=True)
class Ligne:
    """One operation on an envelope, and on the request or the payment that it is about (euros).

    `enveloppe` and `versement` are keys; `reference` numbers what justifies it (an order, a repayment, a movement).
    """

    operation: Operation
    montant: Decimal
    enveloppe: int
    demande: Demande | None = None
    versement: int | None = None
    reference: str = ""


@transaction.atomic(savepoint=False)
def ecrire(*, lignes: Sequence[Ligne], auteur: Auteur, instant: datetime | None = None) -> None:
    """Write the entries of one gesture, in its transaction: the caller holds the lock of what they are about.

    The accounts are those of the plan. Raises IntegrityError on an amount that is not positive, or on a payment's
    operation that is already written.
    """
    instant = instant or calendrier.maintenant()
    Ecriture.objects.bulk_create(
        Ecriture(
            instant=instant,
            operation=ligne.operation,
            debit=PLAN[ligne.operation].debit,
            credit=PLAN[ligne.operation].credit,
            montant=ligne.montant,
            enveloppe_id=ligne.enveloppe,
            dossier_id=ligne.demande.dossier_id if ligne.demande else None,
            demande=ligne.demande,
            versement_id=ligne.versement,
            acteur_id=auteur.cle,
            role=auteur.qualite,
            reference=ligne.reference,
        )
        for ligne in lignes
    )
