"""What time does to requests. Sweeps over stored due dates: late, or run twice, they give the same result."""

from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from segurnum.comptes.auteurs import PORTAIL
from segurnum.demandes import cycle
from segurnum.demandes.models import Demande
from segurnum.regles.cycles import GesteDemande, StatutDemande

LOT = 200


def expirer(*, instant: datetime) -> int:
    """Delete the requests left incomplete past their last day (INC-006). Returns how many."""
    with transaction.atomic():
        lignes = list(_echues(Q(statut=StatutDemande.NON_COMPLETEE, expire_le__lt=instant)))
        cycle.supprimer_lot(
            lignes, [cycle.etape(ligne, GesteDemande.EXPIRER, PORTAIL) for ligne in lignes], PORTAIL
        )
    return len(lignes)


def relancer(*, instant: datetime) -> int:
    """Remind, once, of the requests that still wait for a modification (MOD-022). Returns how many."""

    def rappeler(demande: Demande) -> None:
        demande.rappel_le = None
        cycle.franchir(
            demande, cycle.etape(demande, GesteDemande.RELANCER, PORTAIL, demande.commentaire), PORTAIL
        )

    return _une_par_une(
        Q(statut=StatutDemande.A_MODIFIER, rappel_le__lte=instant, cloture_le__gt=instant), rappeler
    )


def clore(*, instant: datetime) -> int:
    """Send back to instruction, as they are, the requests whose time to modify is over (MOD-023)."""
    return _une_par_une(
        Q(statut=StatutDemande.A_MODIFIER, cloture_le__lte=instant),
        lambda demande: cycle.franchir(
            demande, cycle.etape(demande, GesteDemande.CLORE_MODIFICATION, PORTAIL), PORTAIL
        ),
    )


def _echues(condition: Q) -> list[Demande]:
    return list(
        Demande.objects.select_for_update(of=("self",), skip_locked=True)
        .filter(condition)
        .select_related("dossier__enrolement", "entreprise")
        .order_by("pk")[:LOT]
    )


def _une_par_une(condition: Q, geste: Callable[[Demande], object]) -> int:
    """Each request in the same short transaction as its mail; a batch at a time."""
    with transaction.atomic():
        lignes = _echues(condition)
        for ligne in lignes:
            geste(ligne)
    return len(lignes)
