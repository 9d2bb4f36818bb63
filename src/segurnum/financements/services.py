"""Who claims a beneficiary and who holds it: what each change of a request does, called by its cycle.

A request claims its beneficiaries from its creation to its end. The first one that is validated holds them for its
dossier; what an officer may then do of the others is in `contestations`. Locks: requests, then the rows of their
beneficiaries in the order of their keys, then a contest.
"""

from collections.abc import Collection, Iterable, Sequence

from django.db.models import Exists, OuterRef, Q, QuerySet

from segurnum.comptes.auteurs import PORTAIL
from segurnum.demandes.models import STATUTS_ETEINTS, Beneficiaire, Demande
from segurnum.financements import cycle, lettres
from segurnum.financements.models import Financement, Revendication
from segurnum.financements.queries import ajouts, ouvertes, partages
from segurnum.regles.cycles import GesteDemande, StatutDemande, Transition
from segurnum.regles.erreurs import GesteImpossible

RETENUS = (StatutDemande.VALIDEE, StatutDemande.DECIDEE)
Cle = tuple[str, str, str]  # programme, kind of the identifier, identifier


def revendiquer(beneficiaires: Sequence[Beneficiaire]) -> None:
    """New requests claim what they declare: three statements, however many they are."""
    par_demande = {(b.demande_id, cle) for b in beneficiaires for cle in _cles(b)}
    _inscrire(par_demande)


def _cles(beneficiaire: Beneficiaire) -> set[Cle]:
    return {(beneficiaire.dsr, beneficiaire.type_identifiant, valeur) for valeur in beneficiaire.identifiants}


def _inscrire(par_demande: Collection[tuple[int, Cle]]) -> None:
    if not par_demande:
        return
    cles = sorted({cle for _, cle in par_demande})
    # In one order for everybody: two deposits of the same beneficiaries wait, and do not cross.
    Financement.objects.bulk_create(
        (Financement(sons=sons, genre=genre, valeur=valeur) for sons, genre, valeur in cles),
        ignore_conflicts=True,
    )
    connus = Financement.objects.filter(
        sons__in={sons for sons, *_ in cles}, valeur__in=[valeur for *_, valeur in cles]
    )
    places = {(f.sons, f.genre, f.valeur): f.pk for f in connus}
    Revendication.objects.bulk_create(
        Revendication(demande_id=demande, financement_id=places[cle]) for demande, cle in sorted(par_demande)
    )


def remplacer(*, demande: Demande, beneficiaires: Sequence[Beneficiaire]) -> None:
    """A correction: what is kept keeps what was said of it, what goes is free, what comes is claimed."""
    voulues = {cle for b in beneficiaires for cle in _cles(b)}
    avant = {
        (r.financement.sons, r.financement.genre, r.financement.valeur): r
        for r in demande.revendications.select_related("financement")
    }
    partantes = [revendication.pk for cle, revendication in avant.items() if cle not in voulues]
    _liberer(Revendication.objects.filter(pk__in=partantes))
    _inscrire({(demande.pk, cle) for cle in voulues - avant.keys()})
    transmettre([demande])


def suivre(demande: Demande, pas: Transition[StatutDemande, GesteDemande]) -> None:
    """What a step of a request does to its beneficiaries, before it is written. Raises GesteImpossible."""
    if pas.vers is pas.depuis:
        return
    if pas.vers in STATUTS_ETEINTS:
        liberer([demande])
    elif pas.vers in RETENUS:
        retenir(demande, vers=pas.vers)
    elif pas.depuis in RETENUS:
        _relacher(_tenir(demande.revendications.all()), demande)


def liberer(demandes: Collection[Demande]) -> None:
    """Requests that are over, or deleted, claim nothing any more."""
    _liberer(Revendication.objects.filter(demande__in=demandes), tuple(demandes))


def _liberer(partantes: QuerySet[Revendication], demandes: Collection[Demande] = ()) -> None:
    tenus = _tenir(partantes)
    if not tenus:
        return
    partantes.delete()
    for demande in demandes:
        _relacher([tenu for tenu in tenus if tenu.dossier_id == demande.dossier_id], demande)
    _classer_ce_qui_n_est_plus_conteste(tenus)


def _tenir(revendications: QuerySet[Revendication]) -> list[Financement]:
    """The rows of these beneficiaries, held: gestures on the same one happen one after the other."""
    siens = revendications.order_by().values("financement")
    return list(Financement.objects.select_for_update(no_key=True).filter(pk__in=siens).order_by("pk"))


def _relacher(tenus: Iterable[Financement], demande: Demande) -> None:
    """Free what this request held, unless another validated request of its dossier holds it too."""
    cles = [tenu.pk for tenu in tenus if tenu.dossier_id == demande.dossier_id]
    if not cles:
        return
    autre = Revendication.objects.filter(
        financement=OuterRef("pk"), demande__dossier=demande.dossier_id, demande__statut__in=RETENUS
    ).exclude(demande=demande)
    Financement.objects.filter(Q(pk__in=cles), ~Exists(autre)).update(dossier=None)


def retenir(demande: Demande, *, vers: StatutDemande) -> None:
    """The request holds all that it claims, or is refused with the sentence of what another holds."""
    tenus = _tenir(demande.revendications.all())
    if vers is StatutDemande.VALIDEE:
        _exiger_un_accord(demande)
    ecartes = set(demande.revendications.filter(ecartee=True).values_list("financement", flat=True))
    for tenu in tenus:
        _exiger_libre(tenu, demande, ecarte=tenu.pk in ecartes)
    libres = [tenu.pk for tenu in tenus if tenu.dossier_id is None]
    if libres:
        Financement.objects.filter(pk__in=libres).update(dossier=demande.dossier_id)


def _exiger_libre(tenu: Financement, demande: Demande, *, ecarte: bool) -> None:
    if tenu.contestee:
        raise GesteImpossible(
            f"Le bénéficiaire {tenu} est contesté : ni validation ni décision tant que la procédure n'est pas close."
        )
    if ecarte:
        raise GesteImpossible(
            f"Le bénéficiaire {tenu} n'est pas attribué à cette demande : faites-le retirer par une modification, ou "
            "rejetez la demande."
        )
    if tenu.dossier_id not in (None, demande.dossier_id):
        raise GesteImpossible(
            f"Le bénéficiaire {tenu} est déjà financé par le dossier {tenu.dossier}, validé avant celui-ci : il ne "
            "peut l'être qu'une fois. Ouvrez une procédure de contestation, ou rejetez la demande."
        )


def _exiger_un_accord(demande: Demande) -> None:
    """A solde brings in no beneficiary that its avance did not have, unless an officer agreed to it in writing."""
    sans_accord = [ajout.financement for ajout in ajouts(demande) if ajout.accord_donne is None]
    if sans_accord:
        noms = ", ".join(str(financement) for financement in sans_accord[:5])
        raise GesteImpossible(
            f"Le solde ajoute des bénéficiaires que l'avance n'avait pas ({noms}) : donnez votre accord avec un motif, "
            "ou faites-les retirer."
        )


def transmettre(demandes: Collection[Demande]) -> None:
    """Handed over to the officers, requests that claim what others claim propose a contest of it."""
    tenus = _tenir(_a_comparer(demandes))
    if tenus:
        a_plusieurs = partages(tenus) - set(ouvertes(tenus).values_list("financement", flat=True))
        cycle.proposer([tenu for tenu in tenus if tenu.pk in a_plusieurs])


def _a_comparer(demandes: Collection[Demande]) -> QuerySet[Revendication]:
    """Of their claims, those that another dossier makes too: one statement, and nearly always no row."""
    autre = Revendication.objects.filter(financement=OuterRef("financement")).exclude(
        demande__dossier=OuterRef("demande__dossier")
    )
    return Revendication.objects.filter(Exists(autre), demande__in=demandes)


def _classer_ce_qui_n_est_plus_conteste(tenus: Collection[Financement]) -> None:
    lignes = list(ouvertes(tenus).select_for_update(of=("self",)).order_by("pk"))
    encore = partages(tenus) if lignes else set()
    for contestation in lignes:
        if contestation.financement_id not in encore:
            cycle.classer(contestation)
            lettres.joindre(contestation.pk, lettres.ISSUE, auteur=PORTAIL)
