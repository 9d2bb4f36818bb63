"""What is typed and not sent yet: kept on the way out, shown on the way back, and gone once it is sent."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, BinaryIO

from django.db import transaction
from django.db.models import QuerySet

from segurnum.comptes.auteurs import Auteur
from segurnum.comptes.droits import reserve
from segurnum.demandes.cycle import verrouiller
from segurnum.demandes.models import BrouillonDemande, Demande, PieceBrouillonDemande
from segurnum.demandes.modifiables import exiger_modifiable
from segurnum.demandes.queries import vivante
from segurnum.enrolements.models import Enrolement
from segurnum.fichiers import services as fichiers
from segurnum.fichiers.models import Fichier
from segurnum.regles import calendrier
from segurnum.regles.cycles import GesteDemande, TypeDemande
from segurnum.regles.erreurs import GesteImpossible
from segurnum.regles.gestes import GesteDepot
from segurnum.regles.saisies import DernierEnvoi, Envoi, succeder

# Longer than any window between an avance and its solde: the correction of a request ends with its delay.
GARDE = timedelta(days=365)


class DejaDeposee(GesteImpossible):
    """Sent already, by another tab or by a second click; `demande` is what was sent."""

    def __init__(self, demande: Demande) -> None:
        self.demande = demande
        super().__init__(
            f"La demande {demande.numero} a déjà été déposée le {calendrier.date_fr(demande.depose_le)} : il n'y en "
            f"a qu'une par numéro ANS. Son statut est « {demande.statut.libelle} »."
        )


@dataclass(frozen=True)
class Garde:
    """A draft that was kept: its version, and why a file was not, by zone."""

    version: int
    refus: Mapping[str, str]


@dataclass(frozen=True)
class PieceAGarder:
    """A file that passed the checks of its zone."""

    zone: str
    nom: str
    flux: BinaryIO


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


@reserve(GesteDepot.SAISIR, sur="enrolement")
def garder(
    *,
    enrolement: Enrolement,
    type_demande: TypeDemande,
    saisie: Mapping[str, str],
    auteur: Auteur,
    envoi: Envoi | None = None,
    pieces: Sequence[PieceAGarder] = (),
    retirer: Collection[str] = (),
) -> Garde:
    """Keep what is typed, right or wrong, and its files: one for a zone takes the place of the one before.

    `envoi`: which page sends it; None: whatever the draft holds. The antivirus has its say on each file, and the
    rest is kept all the same. Raises BrouillonModifie, SaisieDepassee, and DejaDeposee once nothing is left to type.
    """
    recues: dict[str, tuple[str, Fichier]] = {}
    refus: dict[str, str] = {}
    for piece in pieces:
        try:
            fichier = fichiers.recevoir(flux=piece.flux, nom=piece.nom)
        except GesteImpossible as raison:
            refus[piece.zone] = str(raison)
        else:
            recues[piece.zone] = (piece.nom, fichier)
    ligne = _garder(enrolement, type_demande, envoi, _contenu(saisie, auteur), recues, {*retirer, *recues})
    return Garde(ligne.version, refus)


@transaction.atomic
def _garder(
    enrolement: Enrolement,
    type_demande: TypeDemande,
    envoi: Envoi | None,
    contenu: dict[str, object],
    recues: Mapping[str, tuple[str, Fichier]],
    retirer: Collection[str],
) -> BrouillonDemande:
    # A deposit holds the enrolment too: a late draft does not come back after it.
    Enrolement.objects.select_for_update(of=("self",)).get(pk=enrolement.pk)
    deposee = vivante(enrolement, type_demande)
    if deposee is not None:
        raise DejaDeposee(deposee)
    ligne = _ecrire({"enrolement": enrolement, "type": type_demande, "demande": None}, envoi, contenu)
    remplacees = ligne.pieces.filter(zone__in=retirer)
    anciens = _fichiers_de(remplacees)
    remplacees.delete()
    PieceBrouillonDemande.objects.bulk_create(
        PieceBrouillonDemande(brouillon=ligne, zone=zone, nom=nom, fichier=fichier)
        for zone, (nom, fichier) in recues.items()
    )
    _oublier(anciens)
    return ligne


@reserve(GesteDemande.MODIFIER, sur="demande")
@transaction.atomic
def garder_modification(
    *,
    demande: Demande,
    saisie: Mapping[str, str],
    auteur: Auteur,
    envoi: Envoi | None = None,
    recu_le: datetime | None = None,
) -> Garde:
    """Keep the correction of a request as it is typed. Raises GesteImpossible once it is not to be corrected."""
    ligne = exiger_modifiable(verrouiller(demande.pk), calendrier.instant_juge(recu_le))
    contenu = _contenu(saisie, auteur) | {"enrolement_id": ligne.dossier.enrolement_id, "type": ligne.type}
    return Garde(_ecrire({"demande": ligne}, envoi, contenu).version, {})


def _ecrire(cle: dict[str, Any], envoi: Envoi | None, contenu: dict[str, object]) -> BrouillonDemande:
    """Under the lock of what the draft is for. `envoi` None: whatever it holds."""
    ligne = BrouillonDemande.objects.filter(**cle).first() or BrouillonDemande(**cle, version=0)
    suivant = succeder(envoi or Envoi(ligne.version), DernierEnvoi(ligne.version, ligne.page, ligne.rang))
    for nom, valeur in (contenu | asdict(suivant)).items():
        setattr(ligne, nom, valeur)
    ligne.save()
    return ligne


@transaction.atomic
def effacer(brouillon: BrouillonDemande) -> None:
    """Forget it, and its files with it unless a request has taken them."""
    anciens = _fichiers_de(brouillon.pieces.all())
    brouillon.delete()
    _oublier(anciens)


def purger(*, instant: datetime) -> int:
    """Erase the drafts that nobody has touched for a year. Returns how many."""
    oublies = list(BrouillonDemande.objects.filter(modifie_le__lt=instant - GARDE))
    for brouillon in oublies:
        effacer(brouillon)
    return len(oublies)


def _fichiers_de(pieces: QuerySet[PieceBrouillonDemande]) -> list[Fichier]:
    """In the order that every transaction takes them in, so that none waits for another in a circle."""
    return [piece.fichier for piece in pieces.select_related("fichier").order_by("fichier__empreinte")]


def _oublier(anciens: list[Fichier]) -> None:
    """Once nothing of the draft points to them: the same bytes may have come again."""
    for fichier in anciens:
        fichiers.oublier(fichier)


def _contenu(saisie: Mapping[str, str], auteur: Auteur) -> dict[str, object]:
    return {
        # The one sign that a text of the database cannot hold.
        "saisie": {nom: texte.replace("\x00", "") for nom, texte in saisie.items()},
        "auteur_id": auteur.personne,
        "modifie_le": calendrier.maintenant(),
    }
