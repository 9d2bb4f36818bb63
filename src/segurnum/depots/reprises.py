"""What becomes of a check that did not end: waited for, counted against its file, or handed to a person (record 28).

An outage is not a try. A file is set aside by what it does itself, three times.
"""

import logging
from datetime import datetime, timedelta

from django.db import close_old_connections, connection, transaction
from django.db.models import Min
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from segurnum.comptes.auteurs import PORTAIL, Auteur
from segurnum.comptes.droits import exiger, reserve
from segurnum.courriels.adresses import adresse_de
from segurnum.courriels.services import Envoi, envoyer
from segurnum.courriels.textes import rediger
from segurnum.demandes import echeances
from segurnum.depots.attentes import visees
from segurnum.depots.models import ATTENDUES, Archive
from segurnum.entretien.balayages import un_par_un
from segurnum.isolement.refus import EnfantPerdu
from segurnum.journal.services import Fait, consigner
from segurnum.pannes import Partie, partie_en_panne
from segurnum.regles.calendrier import DUREE_D_UN_ENVOI, date_fr, instant_fr, maintenant
from segurnum.regles.cycles import Acteur
from segurnum.regles.erreurs import GesteImpossible
from segurnum.regles.gestes import GesteDepot

journal = logging.getLogger(__name__)

TACHE = "depots.controler_archive"
ECHECS_MAX = 3
FICHIERS_PROLONGES_MAX = 3  # by deposit
# Jobs that failed, each ten times: the fault is ours, and beginning again mends nothing.
TACHES_ECHOUEES_MAX = 3
# Workers that die within this time of each other die of one incident, whatever file they held.
INCIDENT = timedelta(minutes=10)
OUVRIER_MORT = "ouvrier interrompu"
# Checks of this process whose outage could not be written down, the database being what was out: nobody died.
_COUPES: set[int] = set()


def mettre_en_file(archive: int) -> bool:
    """Queue the check, in the caller's transaction, which holds the row. False when a job is at it or due already.

    One that waits for the end of an outage makes way for one that begins at once.
    """
    verrou = f"archive:{archive}"
    vivantes = list(ProcrastinateJob.objects.filter(lock=verrou, status__in=("todo", "doing")))
    if any(tache.status == "doing" or not _attend(tache) for tache in vivantes):
        return False
    for tache in vivantes:
        app.job_manager.cancel_job_by_id(tache.pk)
    app.configure_task(TACHE, queue="archives", lock=verrou).defer(archive=archive)
    return True


def _attend(tache: ProcrastinateJob) -> bool:
    return tache.scheduled_at is not None and tache.scheduled_at > maintenant()


@transaction.atomic
def prendre(*, archive: int) -> Archive | None:
    """Begin a check. None when there is none to make: it is over, or the file has just been set aside.

    A check that is found begun is one whose worker died, unable to say so.
    """
    ligne = _tenir(archive)
    if ligne is None or not ligne.attendue:
        return None
    coupe = archive in _COUPES
    _COUPES.discard(archive)
    if ligne.etat == Archive.Etat.EN_CONTROLE and not coupe and _compter_une_mort(ligne):
        return None
    ligne.etat, ligne.octets_controles, ligne.avance_le = Archive.Etat.EN_CONTROLE, 0, maintenant()
    ligne.save(update_fields=["etat", "octets_controles", "avance_le"])
    return ligne


def noter_echec(*, archive: int, erreur: Exception) -> bool:
    """Remember why a check did not end. Returns whether the file is set aside: no other try is to be made."""
    try:
        return _noter(archive, erreur)
    except Exception as panne:
        if partie_en_panne(panne) is Partie.BASE:
            _COUPES.add(archive)
        raise


def _noter(archive: int, erreur: Exception) -> bool:
    partie = partie_en_panne(erreur)
    if partie is Partie.BASE and not connection.in_atomic_block:
        close_old_connections()  # what is written next needs one that works
    with transaction.atomic():
        ligne = _tenir(archive)
        if ligne is None or not ligne.attendue:
            return True
        ligne.etat, ligne.octets_controles, ligne.avance_le = Archive.Etat.RECUE, 0, maintenant()
        if partie is None:
            ecartee = _compter(ligne, type(erreur).__name__)
        else:
            ecartee = isinstance(erreur, EnfantPerdu) and _compter_une_mort(ligne)
            ligne.panne, ligne.panne_depuis = partie.value, ligne.panne_depuis or ligne.avance_le
        if not ecartee:
            ligne.save()
        return ecartee


def conclure(ligne: Archive, etat: Archive.Etat) -> None:
    """Write the end of a check on its row, which the caller holds. One that ends late gives its time back."""
    ligne.etat, ligne.panne, ligne.panne_depuis = etat, "", None
    if maintenant() - ligne.recue_le > DUREE_D_UN_ENVOI:
        echeances.prolonger(visees(ligne))
    ligne.save()


@reserve(GesteDepot.RECONTROLER)
@transaction.atomic
def recontroler(*, archive: int, auteur: Auteur) -> bool:
    """« Recontrôler »: check again a file that was set aside, or whose check is late. False when nothing is to be done.

    The date of its arrival stays: it is the one that is judged. Raises GesteImpossible
    for a supplier whose file was set aside three times.
    """
    ligne = _tenir(archive)
    if ligne is None:
        return False
    exiger(auteur, GesteDepot.RECONTROLER, ligne)
    avant = ligne.etat
    if avant == Archive.Etat.ILLISIBLE:
        if auteur.role is not Acteur.FOURNISSEUR:
            ligne.mises_a_l_ecart = 0  # a person has looked at it: all begins anew
        elif not ligne.se_recontrole:
            raise GesteImpossible(
                "Le contrôle de ce fichier n'aboutit pas, quoi qu'on recommence : un gestionnaire, qui le voit, "
                "peut seul le recommencer. Recréez l'archive ZIP et envoyez-la, ou écrivez à l'assistance."
            )
        ligne.etat, ligne.echecs, ligne.echec_le, ligne.dernier_echec = Archive.Etat.RECUE, 0, None, ""
        mettre_en_file(ligne.pk)  # the job that gave up may not have ended: the sweep then makes another
    elif ligne.en_retard_depuis(maintenant()) is None or not mettre_en_file(ligne.pk):
        return False
    ligne.avance_le = maintenant()
    ligne.save()
    _consigner(ligne, "RECONTROLER", auteur, avant=avant)
    return True


def relancer_les_oubliees() -> int:
    """Queue again the checks that no living job is going to make: it was lost, or it failed. Returns how many."""

    def relancer(cle: int) -> bool:
        ligne = _tenir(cle)
        if ligne is None or not ligne.attendue or _a_une_tache(cle) or _abandonnee(cle):
            return False
        return mettre_en_file(cle)

    oubliees = Archive.objects.filter(etat__in=ATTENDUES).order_by("pk").values_list("pk", flat=True)
    return un_par_un(list(oubliees), relancer)


def _a_une_tache(archive: int) -> bool:
    return ProcrastinateJob.objects.filter(lock=f"archive:{archive}", status__in=("todo", "doing")).exists()


def _abandonnee(archive: int) -> bool:
    """Whether its jobs end without being able to say why: officers see it late, the state of the installation red."""
    echouees = ProcrastinateJob.objects.filter(lock=f"archive:{archive}", status="failed")
    return echouees.count() >= TACHES_ECHOUEES_MAX


def _tenir(archive: int) -> Archive | None:
    return (
        Archive.objects.select_for_update(of=("self",))
        .select_related("fichier", "depot", "auteur")
        .filter(pk=archive)
        .first()
    )


def _compter_une_mort(ligne: Archive) -> bool:
    """Count it, unless something else explains it: the incident of the last one, or a database that began again since.

    Returns whether the file is set aside.
    """
    if ligne.echec_le is not None and maintenant() - ligne.echec_le < INCIDENT:
        return False
    return not _base_relancee_depuis(ligne.avance_le) and _compter(ligne, OUVRIER_MORT)


def _base_relancee_depuis(instant: datetime) -> bool:
    with connection.cursor() as curseur:
        curseur.execute("SELECT pg_postmaster_start_time() > %s", [instant])
        return bool(curseur.fetchone()[0])


def _compter(ligne: Archive, pourquoi: str) -> bool:
    ligne.echecs += 1
    ligne.echec_le, ligne.dernier_echec = maintenant(), pourquoi[:80]
    if ligne.echecs < ECHECS_MAX:
        ligne.save(update_fields=["echecs", "echec_le", "dernier_echec"])
        return False
    _ecarter(ligne)
    return True


def _ecarter(ligne: Archive) -> None:
    """Set the file aside: its sender is told, and has time; a person looks at it (page « Contrôles »)."""
    ligne.etat, ligne.octets_controles = Archive.Etat.ILLISIBLE, 0
    ligne.panne, ligne.panne_depuis = "", None
    ligne.mises_a_l_ecart += 1
    ligne.save()
    fin = _laisser_du_temps(ligne)
    journal.error("Archive %s écartée après %s échecs (%s).", ligne.pk, ligne.echecs, ligne.dernier_echec)
    _consigner(ligne, "ECARTER", PORTAIL, motif=ligne.dernier_echec)
    pour_toutes = ligne.depot_id is None
    texte = rediger(
        "M25",
        quoi="de vos demandes incomplètes" if pour_toutes else f"de votre import {ligne.depot_id}",
        nom=ligne.nom_fichier,
        recue_le=instant_fr(ligne.recue_le),
        avant_le=date_fr(fin),
        lien=adresse_de("fournisseur:incompletes")
        if pour_toutes
        else adresse_de("fournisseur:pieces", ligne.depot_id),
    )
    envoyer([Envoi(code="M25", texte=texte, destinataire=ligne.auteur.email, sujet=f"archive:{ligne.pk}")])


def _laisser_du_temps(ligne: Archive) -> datetime:
    """Seven days anew the first time that a file is set aside, for three files of a deposit at the most: a ZIP that
    always fails does not keep requests for ever. Returns the last instant.
    """
    autres = Archive.objects.filter(
        entreprise=ligne.entreprise_id, depot=ligne.depot_id, mises_a_l_ecart__gt=0
    ).exclude(pk=ligne.pk)
    if ligne.mises_a_l_ecart == 1 and autres.count() < FICHIERS_PROLONGES_MAX:
        return echeances.prolonger(visees(ligne))
    fin: datetime | None = visees(ligne).aggregate(fin=Min("expire_le"))["fin"]
    return fin or maintenant()


def _consigner(ligne: Archive, geste: str, auteur: Auteur, *, avant: str = "", motif: str = "") -> None:
    objet = f"archive:{ligne.pk}"
    consigner(
        [
            Fait(
                chaine=objet,
                objet=objet,
                geste=geste,
                auteur=auteur,
                avant=avant,
                apres=ligne.etat,
                motif=motif,
                details={"depot": ligne.depot_id},
            )
        ]
    )
