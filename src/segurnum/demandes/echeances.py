"""What time does to requests. Sweeps over stored due dates: late, or run twice, they give the same result."""

from collections.abc import Callable, Sequence
from datetime import datetime

from django.db.models import Q, QuerySet

from segurnum.comptes.auteurs import PORTAIL
from segurnum.demandes import complements, cycle
from segurnum.demandes.brouillons import de_la_modification
from segurnum.demandes.creation import expiration, prochain_rappel
from segurnum.demandes.models import STATUTS_A_COMPLETER, Demande
from segurnum.entretien.balayages import un_par_un
from segurnum.regles.calendrier import instant_long, maintenant
from segurnum.regles.cycles import GesteDemande, StatutDemande

_CLORE = {
    StatutDemande.A_MODIFIER: GesteDemande.CLORE_MODIFICATION,
    StatutDemande.EN_ATTENTE_PIECE: GesteDemande.CLORE_ATTENTE,
}


def expirer(
    *,
    instant: datetime,
    sauf: Q | None = None,
    noter: Callable[[Sequence[Demande]], object] = list,
) -> int:
    """Delete the requests left incomplete past their last day (INC-006). Returns how many.

    `sauf`: those that wait for the portal itself. `noter`: what is kept and said of those of one deposit, before they
    go.
    """
    dues = Q(statut=StatutDemande.NON_COMPLETEE, expire_le__lt=instant)

    def supprimer(demandes: Sequence[Demande]) -> None:
        noter(demandes)
        passages = [cycle.passage(demande, GesteDemande.EXPIRER, PORTAIL) for demande in demandes]
        cycle.supprimer_lot(demandes, passages, PORTAIL)

    return _par_depot(dues & ~sauf if sauf else dues, supprimer)


def prevenir(*, instant: datetime, ecrire: Callable[[Sequence[Demande]], object]) -> int:
    """Say of the incomplete requests that their time is nearly over: two days before, then on the last day."""
    dues = Q(statut=StatutDemande.NON_COMPLETEE, rappel_le__lte=instant, expire_le__gte=instant)

    def rappeler(demandes: Sequence[Demande]) -> None:
        ecrire(demandes)
        for demande in demandes:
            demande.rappel_le = prochain_rappel(demande.expire_le, instant)
        Demande.objects.bulk_update(demandes, ["rappel_le"])

    return _par_depot(dues, rappeler)


def _par_depot(condition: Q, geste: Callable[[Sequence[Demande]], None]) -> int:
    """The requests that are due, those that were deposited together at once; held ones wait for the next sweep."""
    dues = Demande.objects.filter(condition).order_by("pk")
    ensembles = list(dict.fromkeys(dues.values_list("entreprise", "depose_le")))
    traitees = 0

    def passer(rang: int) -> bool:
        nonlocal traitees
        entreprise, depose_le = ensembles[rang]
        ensemble = list(
            dues.select_for_update(of=("self",), skip_locked=True)
            .select_related("dossier__enrolement", "entreprise")
            .filter(entreprise=entreprise, depose_le=depose_le)
        )
        if ensemble:
            geste(ensemble)
            traitees += len(ensemble)
        return bool(ensemble)

    un_par_un(range(len(ensembles)), passer)
    return traitees


def prolonger(demandes: QuerySet[Demande]) -> datetime:
    """Give incomplete requests, from today, the time that they had from their deposit. Returns their last instant.

    For what the portal itself has held back: none loses a day by it.
    """
    fin = expiration(maintenant())
    demandes.filter(statut=StatutDemande.NON_COMPLETEE, expire_le__lt=fin).update(
        expire_le=fin, rappel_le=prochain_rappel(fin, maintenant())
    )
    return fin


def relancer(*, instant: datetime) -> int:
    """Remind, once, of the requests that still wait for their supplier (MOD-022). Returns how many."""

    def rappeler(demande: Demande) -> None:
        demande.rappel_le = None
        pas = cycle.passage(demande, GesteDemande.RELANCER, PORTAIL, demande.commentaire)
        cycle.franchir(demande, pas, PORTAIL, dits=_commence(demande))

    return _balayer(
        Q(statut__in=STATUTS_A_COMPLETER, rappel_le__lte=instant, cloture_le__gt=instant), rappeler
    )


def _commence(demande: Demande) -> dict[str, str]:
    """What the reminder says of a correction that was begun and not confirmed."""
    brouillon = de_la_modification(demande)
    return {"brouillon_du": instant_long(brouillon.modifie_le)} if brouillon else {}


def clore(*, instant: datetime) -> int:
    """Send back to instruction, as they are, the requests whose time to answer is over (MOD-023)."""

    def rendre(demande: Demande) -> None:
        pas = cycle.passage(demande, _CLORE[demande.statut], PORTAIL)
        # A piece that was asked for is read without a word of its supplier; a correction is confirmed whole, or not.
        corrigee = demande.statut is StatutDemande.A_MODIFIER
        cycle.franchir(demande, pas, PORTAIL, dits=complements.ecarter(demande) if corrigee else None)

    return _balayer(Q(statut__in=STATUTS_A_COMPLETER, cloture_le__lte=instant), rendre)


def _balayer(condition: Q, geste: Callable[[Demande], None]) -> int:
    """Each request that is due, with its mail; one that somebody holds waits for the next sweep."""
    dues = Demande.objects.filter(condition).order_by("pk")

    def passer(cle: int) -> bool:
        ligne = (
            dues.select_for_update(of=("self",), skip_locked=True)
            .select_related("dossier__enrolement", "entreprise")
            .filter(pk=cle)
            .first()
        )
        if ligne is not None:
            geste(ligne)
        return ligne is not None

    return un_par_un(list(dues.values_list("pk", flat=True)), passer)
