"""The ZIP of a deposit: received, checked by a job, attached by « Terminer »."""

from datetime import datetime
from io import SEEK_END
from typing import Any, BinaryIO

from django.db import IntegrityError, transaction
from django.db.models import OuterRef, Q, QuerySet, Subquery

from segurnum.comptes.auteurs import Auteur
from segurnum.comptes.droits import reserve
from segurnum.controles import PieceAttendue, RapportPieces
from segurnum.couloirs.nomenclature import cle_de_nom
from segurnum.demandes import services as demandes
from segurnum.demandes.accuses import accuser_reception
from segurnum.demandes.models import Demande, PieceJustificative
from segurnum.depots import reprises
from segurnum.depots.models import ATTENDUES, Archive, Depot, PieceControlee
from segurnum.fichiers import services as fichiers
from segurnum.fichiers.models import Analyse, Fichier
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
    """Keep a ZIP and queue its check. The same bytes for one that was set aside, or is late, begin its check again.

    `recu_le`: when the portal began to receive it, which the last day of the pieces is judged on. Raises
    ArchiveDejaRecue for the same bytes twice, GesteImpossible once over, too late, past the company's quota, and while
    no file is taken.
    """
    if depot.termine_le is not None:
        raise GesteImpossible(
            "Le dépôt des pièces de cet import est déjà terminé : il n'attend plus de fichier ZIP."
        )
    instant = calendrier.instant_juge(recu_le)
    _exiger_a_temps(depot, instant)
    admettre(octets=flux.seek(0, SEEK_END))
    fichier = fichiers.deposer(flux=flux)
    try:
        with transaction.atomic():
            archive = Archive.objects.create(
                depot=depot,
                auteur_id=auteur.personne,
                nom_fichier=nom_fichier,
                fichier=fichier,
                recue_le=instant,
            )
            reprises.mettre_en_file(archive.pk)
    except IntegrityError as erreur:
        archive = Archive.objects.get(depot=depot, fichier=fichier)
        if not reprises.recontroler(archive=archive.pk, auteur=auteur):
            raise ArchiveDejaRecue(archive) from erreur
    return archive


def controler(*, archive: int) -> None:
    """Check an archive and store each piece that passes. Run again after a crash, it gives the same result.

    Raises what stops it, a part that is down above all: `reprises.noter_echec` says what becomes of it.
    """
    ligne = reprises.prendre(archive=archive)
    if ligne is None:
        return
    if fichiers.analyser(ligne.fichier).analyse == Analyse.INFECTE:
        _conclure_par_une_menace(archive)
        return
    pieces = _pieces_attendues(ligne.depot)
    stockees: dict[str, Fichier] = {}

    def consommer(piece: PieceAttendue, flux: BinaryIO, sha256: str, taille: int) -> None:
        stockees[cle_de_nom(piece.nom)] = fichiers.deposer(flux=flux, empreinte=sha256, taille=taille)

    with fichiers.ouvrir(ligne.fichier) as flux:
        rapport = verifier_pieces(
            flux,
            [_attendue(piece) for piece in pieces],
            couloir=ligne.depot.couloir,
            consommer=consommer,
            progression=_Progression(archive),
        )
    _conclure(archive, rapport, {cle_de_nom(p.nom): p for p in pieces}, stockees)


@transaction.atomic
def _conclure(
    archive: int, rapport: RapportPieces, pieces: dict[str, PieceJustificative], stockees: dict[str, Fichier]
) -> None:
    ligne = Archive.objects.select_for_update(of=("self",)).select_related("fichier").get(pk=archive)
    if not ligne.attendue:  # another worker, that took this one for dead, has concluded
        return
    PieceControlee.objects.bulk_create(
        (
            PieceControlee(archive=ligne, piece=pieces[nom], fichier=fichier)
            for nom, fichier in stockees.items()
        ),
        ignore_conflicts=True,
    )
    # What was said of the archive holds for what it contains.
    Fichier.objects.filter(pk__in=[f.pk for f in stockees.values()], analyse=Analyse.NON_ANALYSE).update(
        analyse=ligne.fichier.analyse
    )
    ligne.rapport = rapport.en_dict()
    reprises.conclure(ligne, Archive.Etat.CONFORME if rapport.conforme else Archive.Etat.NON_CONFORME)


@transaction.atomic
def _conclure_par_une_menace(archive: int) -> None:
    ligne = Archive.objects.select_for_update(of=("self",)).get(pk=archive)
    if ligne.attendue:
        reprises.conclure(ligne, Archive.Etat.INFECTEE)


def en_attente_de_controle() -> Q:
    """The requests whose ZIP is there and not checked yet."""
    return Q(ligne_depot__depot__in=Archive.objects.filter(etat__in=ATTENDUES).values("depot"))


@reserve(GesteDepot.IMPORTER)
@transaction.atomic
def terminer(*, depot: int, auteur: Auteur) -> Depot:
    """Attach the checked pieces and hand the requests over to the officers (JSN-043, JSN-044).

    A second click finds the deposit finished and changes nothing. Raises GesteImpossible while a piece is missing,
    or where the antivirus, late, found a threat in one.
    """
    ligne = Depot.objects.select_for_update(of=("self",)).get(pk=depot)
    if ligne.termine_le is not None:
        return ligne
    # The last conforming one: a faulty ZIP sent after it takes nothing away.
    archive = ligne.archives.filter(etat=Archive.Etat.CONFORME).order_by("-pk").first()
    if archive is None:
        raise GesteImpossible(
            "Le dépôt ne peut pas être terminé : un fichier ZIP conforme, avec toutes les pièces annoncées, "
            "est attendu."
        )
    maintenant = calendrier.maintenant()
    retenues = PieceControlee.objects.filter(archive=archive)
    fichiers.exiger_sans_menace(
        (retenue.piece.nom, retenue.fichier) for retenue in retenues.select_related("piece", "fichier")
    )
    PieceJustificative.objects.filter(pk__in=retenues.values("piece")).update(
        fichier=Subquery(_fichier_controle(archive)), depose_le=archive.recue_le
    )
    completees = demandes.completer(
        demandes=list(
            ligne.lignes.filter(demande__statut=StatutDemande.NON_COMPLETEE).values_list("demande", flat=True)
        ),
        auteur=auteur,
    )
    accuser_reception(demandes=completees, recu_le=archive.recue_le, sujet=ligne.sujet)
    archive.etat = Archive.Etat.ATTACHEE
    archive.save(update_fields=["etat"])
    ligne.termine_le = maintenant
    ligne.save(update_fields=["termine_le"])
    return ligne


def _exiger_a_temps(depot: Depot, instant: datetime) -> None:
    """Hold a ZIP to the last day of its requests, whether or not the sweep that deletes them has run (INC-005).

    What arrived in time is finished afterwards. Raises GesteImpossible.
    """
    fin = (
        Demande.objects.filter(ligne_depot__depot=depot, statut=StatutDemande.NON_COMPLETEE)
        .order_by("expire_le")
        .values_list("expire_le", flat=True)
        .first()
    )
    if fin is not None and instant > fin:
        if depot.archives.filter(etat__in=ATTENDUES).exists():
            raise GesteImpossible(
                f"Les pièces de cet import étaient attendues jusqu'au {calendrier.date_fr(fin)} inclus. Votre fichier "
                "ZIP arrivé avant est bien reçu, et son contrôle a du retard : vous n'avez rien à renvoyer."
            )
        raise GesteImpossible(
            f"Les pièces de cet import étaient attendues jusqu'au {calendrier.date_fr(fin)} inclus : ses demandes "
            "sont supprimées. Simulez et importez de nouveau votre fichier JSON pour les redéposer."
        )


def _fichier_controle(archive: Archive) -> QuerySet[PieceControlee, Any]:
    return PieceControlee.objects.filter(archive=archive, piece=OuterRef("pk")).values("fichier")[:1]


def _pieces_attendues(depot: Depot) -> list[PieceJustificative]:
    return list(
        PieceJustificative.objects.filter(
            demande__ligne_depot__depot=depot, demande__statut=StatutDemande.NON_COMPLETEE
        )
        .select_related("demande__ligne_depot")
        .order_by("demande__ligne_depot__rang", "pk")
    )


def _attendue(piece: PieceJustificative) -> PieceAttendue:
    demande = piece.demande
    return PieceAttendue(
        nom=piece.nom,
        format=piece.nom.rsplit(".", 1)[-1].upper(),
        type=piece.type,
        index=demande.ligne_depot.rang,
        numero_editeur=demande.numero_editeur,
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
