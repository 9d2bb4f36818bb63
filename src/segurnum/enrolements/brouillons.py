"""An enrolment being filled in: kept step by step, found again by a link, really erased when left (ENR-012 to ENR-014).

Keyword arguments only; refusals are sentences. Nothing of a draft is seen by officers.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, BinaryIO
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet

from segurnum.comptes.auteurs import Auteur
from segurnum.comptes.droits import reserve
from segurnum.comptes.models import Entreprise, Utilisateur
from segurnum.courriels import services as courriels
from segurnum.courriels.adresses import adresse_de
from segurnum.courriels.textes import rediger
from segurnum.enrolements import services
from segurnum.enrolements.declaration import Declaration
from segurnum.enrolements.jointes import PieceRecue
from segurnum.enrolements.models import Brouillon, Enrolement, PieceBrouillon
from segurnum.enrolements.pieces import TypePiece, pieces_requises
from segurnum.fichiers import services as fichiers
from segurnum.fichiers.models import Fichier
from segurnum.limites.services import exiger
from segurnum.regles import calendrier, secrets
from segurnum.regles.cycles import Acteur
from segurnum.regles.erreurs import BrouillonModifie, GesteImpossible
from segurnum.regles.gestes import GesteDepotEnrolement
from segurnum.regles.saisies import DernierEnvoi, Envoi, succeder

GARDE = timedelta(days=30)
LIENS_PAR_JOUR = 5
# Who fills the public form in: nobody that the portal knows yet.
DEMANDEUR = Auteur(role=Acteur.FOURNISSEUR, nom="le demandeur")


class BrouillonIntrouvable(LookupError):
    """No such draft: never begun, erased, expired, or finished."""


@dataclass(frozen=True)
class Recu:
    """What became of a sending: the draft if something of it was kept, the enrolment if it was finished, or why not."""

    garde: Brouillon | None = None
    enrolement: Enrolement | None = None
    refus: str = ""


@dataclass(frozen=True)
class PieceAJoindre:
    """A file whose name, size and content passed the checks of its screen."""

    type: TypePiece
    nom: str
    flux: BinaryIO


# --- Finding a draft


def lire(cle: str) -> Brouillon:
    """The draft that a browser's session remembers."""
    try:
        return Brouillon.objects.get(pk=cle)
    except (Brouillon.DoesNotExist, ValidationError, ValueError) as absent:
        raise BrouillonIntrouvable from absent


def retrouver(secret: str) -> Brouillon:
    """The draft that a link of a mail leads to."""
    ligne = Brouillon.objects.filter(empreinte_lien=secrets.empreinte(secret)).first()
    if ligne is None:
        raise BrouillonIntrouvable
    return ligne


def retrouver_pour(utilisateur: Utilisateur, entreprise: Entreprise) -> Brouillon | None:
    """The complementary request that this person has begun for this company."""
    return Brouillon.objects.filter(auteur=utilisateur, entreprise=entreprise).first()


# --- Filling it in


@reserve(GesteDepotEnrolement.DEPOSER)
@transaction.atomic
def creer(*, auteur: Auteur, entreprise: Entreprise | None = None) -> Brouillon:
    """A new draft; a signed-in person has one at a time for each of its companies, and gets it back."""
    if auteur.cle is not None and entreprise is not None:
        utilisateur = Utilisateur.objects.select_for_update().get(pk=auteur.cle)
        if commence := retrouver_pour(utilisateur, entreprise):
            return commence
    return Brouillon.objects.create(
        empreinte_lien=secrets.nouveau().empreinte,
        auteur_id=auteur.cle,
        entreprise=entreprise,
        modifie_le=calendrier.maintenant(),
    )


@transaction.atomic
def enregistrer_etape(
    *,
    brouillon: UUID,
    etape: str,
    saisie: dict[str, Any],
    envoi: Envoi,
    joindre: Sequence[PieceAJoindre] = (),
    retirer: Collection[TypePiece] = (),
) -> Brouillon:
    """Keep what is typed in a step, right or wrong, and its files. A piece takes the place of the one of its type.

    Raises BrouillonModifie when another page has kept it since, SaisieDepassee when this one has kept newer.
    """
    ligne = _verrouiller(brouillon)
    suivant = succeder(envoi, DernierEnvoi(ligne.version, ligne.page, ligne.rang))
    nouvelles = [_accepter(ligne, piece) for piece in joindre]
    remplacees = [*retirer, *(piece.type for piece in nouvelles)]
    anciens = _detacher(ligne.pieces.filter(type__in=remplacees))
    PieceBrouillon.objects.bulk_create(nouvelles)
    ligne.saisie = ligne.saisie | {etape: saisie}
    ligne.version, ligne.page, ligne.rang = suivant.version, suivant.page, suivant.rang
    ligne.modifie_le = calendrier.maintenant()
    ligne.save()
    _oublier(anciens)
    return ligne


def recevoir(
    *,
    brouillon: UUID,
    etape: str,
    saisie: dict[str, Any] | None,
    envoi: Envoi,
    joindre: Sequence[PieceAJoindre] = (),
    retirer: Collection[TypePiece] = (),
    declaration: Declaration | None = None,
    auteur: Auteur,
    entreprise: Entreprise | None = None,
    recu_le: datetime | None = None,
) -> Recu:
    """One sending of a page: what was typed is kept, unless there is nothing, then `declaration` is handed over.

    What refuses the deposit leaves the draft as it is kept.
    """
    garde = None
    if saisie is not None:
        garde = enregistrer_etape(
            brouillon=brouillon, etape=etape, saisie=saisie, envoi=envoi, joindre=joindre, retirer=retirer
        )
    if declaration is None:
        return Recu(garde)
    version = envoi.version if garde is None else garde.version
    try:
        enrolement = terminer(
            brouillon=brouillon,
            declaration=declaration,
            version=version,
            auteur=auteur,
            entreprise=entreprise,
            recu_le=recu_le,
        )
    except BrouillonModifie:
        raise
    except GesteImpossible as refus:
        return Recu(garde, refus=str(refus))
    return Recu(garde, enrolement)


@transaction.atomic
def envoyer_lien(*, brouillon: UUID, courriel: str) -> None:
    """Mail a link to the draft. A link replaces the one sent before; a few a day, for the portal is nobody's relay."""
    exiger(
        f"lien-enrolement:{brouillon}",
        maximum=LIENS_PAR_JOUR,
        duree=timedelta(days=1),
        phrase=f"{LIENS_PAR_JOUR} liens ont été envoyés en un jour pour cette saisie : recommencez {{}}.",
    )
    ligne = _verrouiller(brouillon)
    secret = secrets.nouveau()
    ligne.empreinte_lien = secret.empreinte
    ligne.save(update_fields=["empreinte_lien"])
    texte = rediger(
        "M24",
        adresse=adresse_de("public:enrolement_reprise", secret.texte),
        expire_le=calendrier.date_fr(calendrier.maintenant() + GARDE),
        jours=GARDE.days,
    )
    courriels.envoyer(
        [courriels.Envoi(code="M24", texte=texte, destinataire=courriel, sujet=f"brouillon:{ligne.pk}")]
    )


# --- Leaving it


@transaction.atomic
def effacer(*, brouillon: UUID) -> None:
    """« Quitter sans enregistrer »: neither the values nor the files are kept (ENR-012)."""
    _effacer(_verrouiller(brouillon))


@reserve(GesteDepotEnrolement.DEPOSER)
@transaction.atomic
def terminer(
    *,
    brouillon: UUID,
    declaration: Declaration,
    version: int,
    auteur: Auteur,
    entreprise: Entreprise | None = None,
    recu_le: datetime | None = None,
) -> Enrolement:
    """« Terminer »: the draft becomes an enrolment (E4). Raises BrouillonIntrouvable when it already did."""
    ligne = _verrouiller(brouillon)
    if ligne.version != version:
        raise BrouillonModifie
    reference = services.referencement_a_enroler(declaration.numero_ans, entreprise)
    requises = pieces_requises(services.situation(declaration, reference, entreprise=entreprise))
    recues = [
        PieceRecue(TypePiece(piece.type), piece.nom, piece.fichier)
        for piece in ligne.pieces.select_related("fichier").order_by("pk")
        if TypePiece(piece.type) in requises
    ]
    fichiers.exiger_sans_menace((piece.nom, piece.fichier) for piece in recues)
    enrolement = services.deposer(
        declaration=declaration, pieces=recues, entreprise=entreprise, auteur=auteur, recu_le=recu_le
    )
    _effacer(ligne)
    return enrolement


def purger(*, instant: datetime) -> int:
    """Erase the drafts that nobody has touched for 30 days. Returns how many."""
    oublies = Brouillon.objects.filter(modifie_le__lt=instant - GARDE).values_list("pk", flat=True)
    for cle in list(oublies):
        effacer(brouillon=cle)
    return len(oublies)


# --- What they share


def _verrouiller(cle: UUID) -> Brouillon:
    try:
        return Brouillon.objects.select_for_update().get(pk=cle)
    except Brouillon.DoesNotExist as absent:
        raise BrouillonIntrouvable from absent


def _accepter(ligne: Brouillon, piece: PieceAJoindre) -> PieceBrouillon:
    fichier = fichiers.recevoir(flux=piece.flux, nom=piece.nom, brouillon=f"enrolement:{ligne.pk}")
    return PieceBrouillon(brouillon=ligne, type=piece.type, nom=piece.nom, fichier=fichier)


def _effacer(ligne: Brouillon) -> None:
    anciens = _detacher(ligne.pieces.all())
    ligne.delete()
    _oublier(anciens)


def _detacher(pieces: "QuerySet[PieceBrouillon]") -> list[Fichier]:
    """Remove these pieces from their draft. Returns their files, to be forgotten at the end of the transaction."""
    anciens = [piece.fichier for piece in pieces.select_related("fichier")]
    pieces.delete()
    return anciens


def _oublier(anciens: list[Fichier]) -> None:
    for fichier in anciens:
        fichiers.oublier(fichier)
