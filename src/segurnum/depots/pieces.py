"""The pieces of incomplete requests: ZIPs received and checked by a job, pieces added one by one, « Terminer »."""

from dataclasses import dataclass, field
from datetime import datetime
from io import SEEK_END
from typing import BinaryIO

from django.db import IntegrityError, transaction
from django.db.models import Max, QuerySet

from segurnum.comptes.auteurs import Auteur
from segurnum.comptes.droits import reserve
from segurnum.comptes.models import Entreprise
from segurnum.controles import PieceAttendue, RapportPieces
from segurnum.demandes import incompletes as demandes
from segurnum.demandes.accuses import accuser_piece
from segurnum.demandes.models import Demande, PieceJustificative
from segurnum.depots import reprises, suites
from segurnum.depots.attentes import (
    avec_un_zip_en_attente,
    candidates,
    des_rejetees,
    incompletes,
    pieces_attendues,
    pretes,
    visees,
)
from segurnum.depots.models import Archive, Depot, PieceEnSuspens
from segurnum.depots.recepisses import attester_les_pieces
from segurnum.fichiers import services as fichiers
from segurnum.fichiers.groupes import Groupes
from segurnum.fichiers.models import Analyse, Fichier
from segurnum.fichiers.stockage import Contenu
from segurnum.isolement.portes import verifier_pieces
from segurnum.limites.quotas import admettre
from segurnum.regles import calendrier
from segurnum.regles.cycles import StatutDemande
from segurnum.regles.erreurs import GesteImpossible
from segurnum.regles.gestes import GesteDepot

PAS_DE_PROGRESSION = 2 * 1024 * 1024  # octets


class ArchiveDejaRecue(GesteImpossible):
    """The very same ZIP was sent for this deposit; `archive` tells what became of it."""

    def __init__(self, archive: Archive) -> None:
        self.archive = archive
        quand = calendrier.instant_fr(archive.recue_le)
        super().__init__(
            f"Ce fichier ZIP, au même contenu, a déjà été reçu le {quand} : son résultat est affiché ci-dessous. "
            "S'il contenait des erreurs, corrigez-les et envoyez le nouveau fichier."
        )


@reserve(GesteDepot.IMPORTER, sur="depot")
def recevoir(
    *, depot: Depot, auteur: Auteur, nom_fichier: str, flux: BinaryIO, recu_le: datetime | None = None
) -> Archive:
    """Keep the ZIP of a deposit and queue its check. One that was set aside, or is late, begins its check again.

    `recu_le`, here and below: when the portal began to receive it, which the last day of the pieces is judged on.
    Raises ArchiveDejaRecue for the same bytes twice, GesteImpossible once over, too late, past the company's quota, and
    while no file is taken.
    """
    if depot.termine_le is not None:
        raise GesteImpossible(
            "Le dépôt des pièces de cet import est déjà terminé : il n'attend plus de fichier ZIP."
        )
    archive = Archive(entreprise_id=depot.entreprise_id, depot=depot)
    return _recevoir(archive, auteur, nom_fichier, flux, calendrier.instant_juge(recu_le))


@reserve(GesteDepot.IMPORTER)
def recevoir_pour_toutes(
    *,
    entreprise: Entreprise,
    auteur: Auteur,
    nom_fichier: str,
    flux: BinaryIO,
    recu_le: datetime | None = None,
) -> Archive:
    """Keep a ZIP for all the incomplete requests of a company, whatever their deposits (INC-008). Raises as above."""
    archive = Archive(entreprise=entreprise)
    if not incompletes(entreprise).exists():
        raise GesteImpossible("Aucune de vos demandes n'attend de pièces : le fichier ZIP n'est pas reçu.")
    return _recevoir(archive, auteur, nom_fichier, flux, calendrier.instant_juge(recu_le))


def _recevoir(
    archive: Archive, auteur: Auteur, nom_fichier: str, flux: BinaryIO, instant: datetime
) -> Archive:
    _exiger_a_temps(archive, instant)
    admettre(octets=flux.seek(0, SEEK_END))
    archive.fichier = fichiers.deposer(flux=flux)
    archive.auteur_id, archive.nom_fichier, archive.recue_le = auteur.personne, nom_fichier, instant
    try:
        with transaction.atomic():
            archive.save()
            reprises.mettre_en_file(archive.pk)
    except IntegrityError as erreur:
        connue = Archive.objects.get(
            entreprise=archive.entreprise_id, depot=archive.depot_id, fichier=archive.fichier
        )
        if not reprises.recontroler(archive=connue.pk, auteur=auteur):
            raise ArchiveDejaRecue(connue) from erreur
        return connue
    return archive


def controler(*, archive: int) -> None:
    """Check an archive: each piece that passes is joined to its request. Run again after a crash, it does the same.

    Raises what stops it, a part that is down above all: `reprises.noter_echec` says what becomes of it.
    """
    ligne = reprises.prendre(archive=archive)
    if ligne is None:
        return
    if fichiers.analyser(ligne.fichier).analyse == Analyse.INFECTE:
        _conclure_par_une_menace(archive)
        return
    lecture = _Lecture()
    with fichiers.ouvrir(ligne.fichier) as flux:
        rapport = verifier_pieces(
            flux,
            pieces_attendues(ligne),
            couloir=None,
            consommer=lecture.consommer,
            suspendre=lecture.suspendre,
            ecartees=des_rejetees(ligne.depot),
            progression=_Progression(archive),
        )
    lecture.groupes.ranger()
    _conclure(archive, rapport, lecture)


@dataclass
class _Lecture:
    """The right files of an archive, stored as they are read.

    Their digests: by piece, and by name those that several requests wait for.
    """

    pieces: dict[int, str] = field(default_factory=dict)
    en_suspens: dict[str, str] = field(default_factory=dict)
    groupes: Groupes = field(default_factory=Groupes)

    def consommer(self, piece: PieceAttendue, flux: BinaryIO, sha256: str, taille: int) -> None:
        if piece.cle is not None:
            self.pieces[piece.cle] = sha256
            self.groupes.ajouter(Contenu(flux, sha256, taille))

    def suspendre(self, nom: str, flux: BinaryIO, sha256: str, taille: int) -> None:
        self.en_suspens[nom] = sha256
        self.groupes.ajouter(Contenu(flux, sha256, taille))


@transaction.atomic
def _conclure(archive: int, rapport: RapportPieces, lecture: _Lecture) -> None:
    ligne = (
        Archive.objects.select_for_update(of=("self",))
        .select_related("fichier", "depot__enrolement", "auteur")
        .get(pk=archive)
    )
    if not ligne.attendue:  # another worker, that took this one for dead, has concluded
        return
    stockes = lecture.groupes.fichiers
    recues = {piece: stockes[empreinte] for piece, empreinte in lecture.pieces.items()}
    demandes.recevoir_pieces(recues=recues, le=ligne.recue_le)
    PieceEnSuspens.objects.bulk_create(
        PieceEnSuspens(archive=ligne, nom=nom, fichier=stockes[empreinte])
        for nom, empreinte in lecture.en_suspens.items()
    )
    # What was said of the archive holds for what it contains.
    cles = [fichier.pk for fichier in stockes.values()]
    Fichier.objects.filter(pk__in=cles, analyse=Analyse.NON_ANALYSE).update(analyse=ligne.fichier.analyse)
    ligne.rapport = rapport.en_dict()
    reprises.conclure(ligne, Archive.Etat.CONFORME if rapport.conforme else Archive.Etat.NON_CONFORME)
    attester_les_pieces(ligne, rapport, lecture.en_suspens)


@transaction.atomic
def _conclure_par_une_menace(archive: int) -> None:
    ligne = Archive.objects.select_for_update(of=("self",)).get(pk=archive)
    if ligne.attendue:
        reprises.conclure(ligne, Archive.Etat.INFECTEE)


@reserve(GesteDepot.IMPORTER, sur="entreprise")
@transaction.atomic
def attribuer(*, entreprise: Entreprise, en_suspens: int, piece: int, auteur: Auteur) -> PieceJustificative:
    """Join to a request the file that several of them waited for: its supplier says which.

    Raises GesteImpossible where that request waits for it no more.
    """
    ligne = (
        PieceEnSuspens.objects.select_for_update(of=("self",))
        .select_related("archive", "fichier")
        .filter(pk=en_suspens, archive__entreprise=entreprise)
        .first()
    )
    (possibles,) = candidates(entreprise, [ligne.nom]) if ligne else [[]]
    choisie = next((possible for possible in possibles if possible.pk == piece), None)
    if ligne is None or choisie is None:
        raise GesteImpossible("Cette demande n'attend plus de pièce de ce nom : choisissez-en une autre.")
    demandes.recevoir_pieces(recues={choisie.pk: ligne.fichier}, le=ligne.archive.recue_le, auteur=auteur)
    ligne.delete()
    return choisie


@reserve(GesteDepot.IMPORTER, sur="demande")
@transaction.atomic
def ajouter(
    *, demande: Demande, piece: int, fichier: Fichier, auteur: Auteur, recu_le: datetime | None = None
) -> None:
    """« + Ajouter »: one announced piece of an incomplete request; it may replace the one that is there (INC-007).

    The caller has judged the file. Raises GesteImpossible too late, and where the request is handed over.
    """
    instant = calendrier.instant_juge(recu_le)
    fin = demande.expire_le
    if fin is not None and instant > fin:
        raise GesteImpossible(
            f"Les pièces de cette demande étaient attendues jusqu'au {calendrier.date_fr(fin)} inclus : elle est "
            "supprimée."
        )
    annoncee = demande.pieces.filter(pk=piece)
    recues = dict.fromkeys(annoncee.values_list("pk", flat=True), fichier)
    if not demandes.recevoir_pieces(recues=recues, le=instant, auteur=auteur):
        raise GesteImpossible("Cette demande n'attend plus de pièces : elle est transmise, ou supprimée.")
    accuser_piece(piece=annoncee.select_related("fichier").get(), recu_le=instant)


@reserve(GesteDepot.IMPORTER)
@transaction.atomic
def terminer(*, depot: int, auteur: Auteur) -> Depot:
    """Hand over to the officers the requests of a deposit whose pieces are all there (JSN-043, JSN-044).

    The others go on waiting for theirs. A second click, once all are handed over, changes nothing. Raises
    GesteImpossible where none is ready, or where the antivirus, late, found a threat in a piece.
    """
    ligne = Depot.objects.select_for_update(of=("self",)).get(pk=depot)
    if ligne.termine_le is None:
        transmettre(lignes=Demande.objects.filter(ligne_depot__depot=ligne), auteur=auteur)
        ligne.refresh_from_db()
    return ligne


@reserve(GesteDepot.IMPORTER)
@transaction.atomic
def transmettre(*, lignes: QuerySet[Demande], auteur: Auteur) -> int:
    """Hand over those of these requests whose pieces are all there. Returns how many. Raises as `terminer`."""
    cles = list(pretes(lignes).order_by("pk").values_list("pk", flat=True))
    if not cles:
        jointes = PieceJustificative.objects.filter(demande__in=lignes, fichier__isnull=False)
        fichiers.exiger_sans_menace(
            (p.nom, p.fichier) for p in jointes.select_related("fichier") if p.fichier
        )
        raise GesteImpossible(
            "Aucune de ces demandes n'a toutes ses pièces : envoyez celles qui manquent, puis terminez."
        )
    completees = demandes.completer(demandes=cles, auteur=auteur)
    suites.accuser(completees)
    suites.clore(Depot.objects.filter(lignes__demande__in=cles))
    return len(cles)


def _exiger_a_temps(archive: Archive, instant: datetime) -> None:
    """Hold a ZIP to the last day of its requests, whether or not the sweep that deletes them has run (INC-005).

    One for all the company's requests is in time as long as one of them is. What arrived in time is finished
    afterwards. Raises GesteImpossible.
    """
    dues = visees(archive).filter(statut=StatutDemande.NON_COMPLETEE)
    fin = dues.aggregate(fin=Max("expire_le"))["fin"]
    if fin is None or instant <= fin:
        return
    jour = f"Les pièces de cet import étaient attendues jusqu'au {calendrier.date_fr(fin)} inclus"
    if dues.filter(avec_un_zip_en_attente()).exists():
        raise GesteImpossible(
            f"{jour}. Votre fichier ZIP arrivé avant est bien reçu, et son contrôle a du retard : vous n'avez rien à "
            "renvoyer."
        )
    raise GesteImpossible(
        f"{jour} : ses demandes sont supprimées. Simulez et importez de nouveau votre fichier JSON pour les redéposer."
    )


class _Progression:
    """Writes how far the check is, now and then: each write is a statement, and the screen polls."""

    def __init__(self, archive: int) -> None:
        self.archive = archive
        self.ecrit = 0

    def __call__(self, fait: int, _total: int) -> None:
        if fait - self.ecrit >= PAS_DE_PROGRESSION:
            self.ecrit = fait
            Archive.objects.filter(pk=self.archive).update(
                octets_controles=fait, avance_le=calendrier.maintenant()
            )
