"""An outage that is over: noted once, whoever met it, and what it cut is put off."""

from datetime import timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet

from segurnum.comptes.models import Invitation, LienMotDePasse
from segurnum.coordonnees.models import ModificationBancaire
from segurnum.demandes.models import STATUTS_A_COMPLETER, Demande
from segurnum.enrolements.models import Enrolement
from segurnum.installation.models import Indisponibilite
from segurnum.pannes import Partie
from segurnum.referentiel import fenetres
from segurnum.regles.calendrier import Panne
from segurnum.regles.cycles import StatutDemande

# Shorter, nobody has been kept out: a statement that failed, a connection that was cut.
DUREE_MINIMALE = timedelta(seconds=60)
SUIVIES = {
    Partie.BASE: Indisponibilite.Partie.BASE,
    Partie.FICHIERS: Indisponibilite.Partie.FICHIERS,
}
_VERROU = 5_202_611_291


def noter(*, partie: Partie, panne: Panne) -> None:
    """Note an outage that is over, and put off the deadlines that it cut. Said twice, or by several, it counts once."""
    if partie not in SUIVIES or panne.fin - panne.debut < DUREE_MINIMALE:
        return
    entiere = _retenir(SUIVIES[partie], panne)
    fenetres.reporter(panne=entiere)
    _reporter_les_echeances(entiere)


@transaction.atomic
def _retenir(partie: Indisponibilite.Partie, panne: Panne) -> Panne:
    """The whole outage, of which each process has seen a part."""
    with connection.cursor() as curseur:
        curseur.execute("SELECT pg_advisory_xact_lock(%s)", [_VERROU])
    vues = Indisponibilite.objects.filter(partie=partie, debut__lte=panne.fin, fin__gte=panne.debut)
    morceaux = [panne, *(vue.en_regle for vue in vues)]
    vues.delete()
    ligne = Indisponibilite.objects.create(
        partie=partie,
        debut=min(morceau.debut for morceau in morceaux),
        fin=max(morceau.fin for morceau in morceaux),
        recu_le=min(morceau.recu_le for morceau in morceaux),
    )
    return ligne.en_regle


def _reporter_les_echeances(panne: Panne) -> None:
    """The deadlines of one request or of one person that are judged on arrival. Each moves alone: locks are short."""
    echeances: tuple[tuple[QuerySet[Any], str], ...] = (
        (Demande.objects.filter(statut=StatutDemande.NON_COMPLETEE), "expire_le"),
        (Demande.objects.filter(statut__in=STATUTS_A_COMPLETER), "cloture_le"),
        (Enrolement.objects.exclude(empreinte_lien=""), "lien_expire_le"),
        (Enrolement.objects.all(), "suivi_expire_le"),
        (ModificationBancaire.objects.exclude(empreinte_jeton=""), "jeton_expire_le"),
        (LienMotDePasse.objects.all(), "expire_le"),
        (Invitation.objects.filter(statut=Invitation.Statut.EN_ATTENTE), "expire_le"),
    )
    for lignes, champ in echeances:
        touchees = lignes.filter(**{f"{champ}__gt": panne.recu_le, f"{champ}__lt": panne.repit})
        touchees.update(**{champ: panne.repit})
