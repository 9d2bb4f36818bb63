"""An enrolment being filled in: kept step by step, found again by a link, really erased when left (ENR-012 to ENR-014).

Keyword arguments only; refusals are sentences. Nothing of a draft is seen by officers.
"""

from collections.abc import Callable, Collection, Sequence
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
from segurnum.enrolements import admission, services
from segurnum.enrolements.declaration import Declaration
from segurnum.enrolements.jointes import PieceRecue
from segurnum.enrolements.models import Brouillon, Enrolement, PieceBrouillon
from segurnum.enrolements.pieces import TypePiece, pieces_requises
from segurnum.fichiers import services as fichiers
from segurnum.fichiers.models import Fichier
from segurnum.limites.services import exiger
from segurnum.regles import calendrier, secrets
from segurnum.regles.cycles import Acteur
from segurnum.regles.cycles_enrolement import StatutEnrolement
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
    """The draft that a link of a mail leads to, until it is to be erased."""
    gardes = Brouillon.objects.filter(modifie_le__gte=calendrier.maintenant() - GARDE)
    ligne = gardes.filter(empreinte_lien=secrets.empreinte(secret)).first()
    if ligne is None:
        raise BrouillonIntrouvable
    return ligne


def retrouver_pour(utilisateur: Utilisateur, entreprise: Entreprise) -> Brouillon | None:
    """The complementary request that this person has begun for this company."""
    return Brouillon.objects.filter(auteur=utilisateur, entreprise=entreprise).first()


def parmi(cles: Collection[str]) -> list[Brouillon]:
    """Those of these drafts that are still there, the last touched first."""
    return list(Brouillon.objects.filter(pk__in=cles).order_by("-modifie_le", "pk"))


def pieces_de(cle: str | None) -> "QuerySet[PieceBrouillon]":
    """The files of a draft; none without one."""
    toutes = PieceBrouillon.objects.select_related("fichier")
    return toutes.filter(brouillon__pk=cle) if cle else toutes.none()


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


def verifier_la_reprise(rejete: Enrolement, entreprise: Entreprise | None = None) -> None:
    """Whether another request may begin from this one. Raises GesteImpossible with the reason why not."""
    if rejete.statut is not StatutEnrolement.REJETEE:
        raise GesteImpossible("Seule une demande rejetée se recommence.")
    if entreprise is None:  # by a link: what was declared is the account's, once there is one
        admission.exiger_sans_compte(rejete.entreprise.siret)
    admission.referencement_a_enroler(rejete.referencement.numero_ans, entreprise)


@reserve(GesteDepotEnrolement.DEPOSER)
@transaction.atomic
def recommencer(
    *,
    rejete: Enrolement,
    saisir: Callable[[Declaration], dict[str, dict[str, Any]]],
    auteur: Auteur,
    entreprise: Entreprise | None = None,
) -> Brouillon:
    """A draft that begins with what a rejected request declared, and with those of its pieces that nobody refused.

    `saisir` makes of a declaration what the steps of the form hold.
    """
    verifier_la_reprise(rejete, entreprise)
    ligne = creer(auteur=auteur, entreprise=entreprise)
    if ligne.version or ligne.saisie:
        raise GesteImpossible(
            "Une autre demande complémentaire est commencée : terminez-la, ou quittez-la sans enregistrer."
        )
    gardees = rejete.pieces.filter(confirmee=True, refusee_le=None).order_by("pk")
    du_type = {piece.type: piece for piece in gardees}
    PieceBrouillon.objects.bulk_create(
        PieceBrouillon(brouillon=ligne, type=piece.type, nom=piece.nom, fichier_id=piece.fichier_id)
        for piece in du_type.values()
    )
    ligne.saisie, ligne.version = saisir(Declaration.lire(rejete.donnees)), 1
    ligne.save(update_fields=["saisie", "version"])
    return ligne


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
    ligne.modifie_le, ligne.relances = calendrier.maintenant(), 0
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
    cgu: str = "",
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
            cgu=cgu,
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
    ligne.courriel = courriel
    _ecrire(ligne, "M24", calendrier.maintenant() + GARDE)


@transaction.atomic
def relancer(*, brouillon: UUID) -> bool:
    """What was typed is about to be erased: another link to it, where the one before was sent. Once, unless touched."""
    ligne = _verrouiller(brouillon)
    if ligne.relances or not ligne.courriel:
        return False
    ligne.relances = 1
    _ecrire(ligne, "M113", ligne.modifie_le + GARDE)
    return True


def _ecrire(ligne: Brouillon, code: str, fin: datetime) -> None:
    """A mail with a new link, which replaces the one before. `fin`: when the draft is erased, if nobody touches it."""
    secret = secrets.nouveau()
    ligne.empreinte_lien = secret.empreinte
    ligne.save(update_fields=["empreinte_lien", "courriel", "relances"])
    texte = rediger(
        code,
        adresse=adresse_de("public:enrolement_reprise", secret.texte),
        expire_le=calendrier.date_fr(fin),
        jours=GARDE.days,
    )
    sujet = f"brouillon:{ligne.pk}"
    courriels.envoyer([courriels.Envoi(code=code, texte=texte, destinataire=ligne.courriel, sujet=sujet)])


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
    cgu: str = "",
) -> Enrolement:
    """« Terminer »: the draft becomes an enrolment (E4). Raises BrouillonIntrouvable when it already did."""
    ligne = _verrouiller(brouillon)
    if ligne.version != version:
        raise BrouillonModifie
    reference = admission.referencement_a_enroler(declaration.numero_ans, entreprise)
    requises = pieces_requises(services.situation(declaration, reference, entreprise=entreprise))
    recues = [
        PieceRecue(TypePiece(piece.type), piece.nom, piece.fichier)
        for piece in ligne.pieces.select_related("fichier").order_by("pk")
        if TypePiece(piece.type) in requises
    ]
    fichiers.exiger_sans_menace((piece.nom, piece.fichier) for piece in recues)
    enrolement = services.deposer(
        declaration=declaration,
        pieces=recues,
        entreprise=entreprise,
        auteur=auteur,
        recu_le=recu_le,
        cgu=cgu,
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
