"""What is typed and not sent yet: kept on the way out, shown on the way back, and gone once it is sent."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import BinaryIO

from django.db import transaction

from segurnum.comptes.auteurs import Auteur
from segurnum.demandes.models import BrouillonDemande, Demande, PieceBrouillonDemande
from segurnum.enrolements.models import Enrolement
from segurnum.fichiers import services as fichiers
from segurnum.regles import calendrier
from segurnum.regles.cycles import TypeDemande

# Longer than any window between an avance and its solde: the correction of a request ends with its delay.
GARDE = timedelta(days=365)


@dataclass(frozen=True)
class PieceAGarder:
    """A file that passed the checks of its zone."""

    zone: str
    nom: str
    flux: BinaryIO
    type_mime: str


def du_depot(enrolement: Enrolement, type_demande: TypeDemande) -> BrouillonDemande | None:
    """The form being filled in for an enrolment."""
    return (
        BrouillonDemande.objects.filter(enrolement=enrolement, type=type_demande, demande=None)
        .prefetch_related("pieces__fichier")
        .first()
    )


def de_la_modification(demande: Demande) -> BrouillonDemande | None:
    """The correction being typed."""
    return BrouillonDemande.objects.filter(demande=demande).first()


@transaction.atomic
def garder(
    *,
    enrolement: Enrolement,
    type_demande: TypeDemande,
    saisie: Mapping[str, str],
    auteur: Auteur,
    pieces: Sequence[PieceAGarder] = (),
    retirer: Collection[str] = (),
) -> BrouillonDemande:
    """Keep what is typed, right or wrong, and its files: one for a zone takes the place of the one before.

    Raises GesteImpossible for a file in which the antivirus finds a threat.
    """
    nouvelles = [
        (piece, fichiers.recevoir(flux=piece.flux, nom=piece.nom, type_mime=piece.type_mime))
        for piece in pieces
    ]
    ligne, _ = BrouillonDemande.objects.update_or_create(
        enrolement=enrolement, type=type_demande, demande=None, defaults=_contenu(saisie, auteur)
    )
    remplacees = {*retirer, *(piece.zone for piece in pieces)}
    anciens = [p.fichier for p in ligne.pieces.filter(zone__in=remplacees).select_related("fichier")]
    ligne.pieces.filter(zone__in=remplacees).delete()
    PieceBrouillonDemande.objects.bulk_create(
        PieceBrouillonDemande(brouillon=ligne, zone=piece.zone, nom=piece.nom, fichier=fichier)
        for piece, fichier in nouvelles
    )
    for fichier in anciens:
        fichiers.oublier(fichier)
    return ligne


@transaction.atomic
def garder_modification(*, demande: Demande, saisie: Mapping[str, str], auteur: Auteur) -> BrouillonDemande:
    """Keep the correction of a request as it is typed."""
    ligne, _ = BrouillonDemande.objects.update_or_create(
        demande=demande,
        defaults=_contenu(saisie, auteur)
        | {"enrolement_id": demande.dossier.enrolement_id, "type": demande.type},
    )
    return ligne


@transaction.atomic
def effacer(brouillon: BrouillonDemande) -> None:
    """Forget it, and its files with it unless a request has taken them."""
    anciens = [piece.fichier for piece in brouillon.pieces.select_related("fichier")]
    brouillon.delete()
    for fichier in anciens:
        fichiers.oublier(fichier)


def purger(*, instant: datetime) -> int:
    """Erase the drafts that nobody has touched for a year. Returns how many."""
    oublies = list(BrouillonDemande.objects.filter(modifie_le__lt=instant - GARDE))
    for brouillon in oublies:
        effacer(brouillon)
    return len(oublies)


def _contenu(saisie: Mapping[str, str], auteur: Auteur) -> dict[str, object]:
    return {
        "saisie": dict(saisie),
        "auteur_id": auteur.personne,
        "modifie_le": calendrier.maintenant(),
    }
