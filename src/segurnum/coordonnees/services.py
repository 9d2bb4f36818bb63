"""Every write of the natural persons: at enrolment, then by changes that an officer instructs (ACC-005 to ACC-013).

Functions take keyword arguments only and raise `TransitionRefusee` or `GesteImpossible` with a sentence.
"""

from collections.abc import Mapping

from django.db import transaction

from segurnum.comptes import entreprises
from segurnum.comptes import services as comptes
from segurnum.comptes.auteurs import Auteur
from segurnum.comptes.droits import reserve
from segurnum.comptes.models import Entreprise
from segurnum.coordonnees import cycle, queries
from segurnum.coordonnees.models import ModificationPersonnes, PersonnePhysique, PieceModification
from segurnum.coordonnees.personnes import (
    Personne,
    Personnes,
    RolePersonne,
    TypePiece,
    champs_changes,
    demandeur,
    ecrire,
    lire,
    pieces_exigees,
)
from segurnum.coordonnees.queries import Suite
from segurnum.enrolements.models import Enrolement
from segurnum.fichiers.models import Fichier
from segurnum.fichiers.services import exiger_sains
from segurnum.journal import pieces
from segurnum.journal.cycle import noter
from segurnum.regles import calendrier
from segurnum.regles.cycles_coordonnees import GesteModification, StatutModification
from segurnum.regles.erreurs import GesteImpossible
from segurnum.regles.gestes import GesteEntreprise

SUIVRE_COURRIEL = "SUIVRE_COURRIEL"
# A draft keeps what is typed, right or wrong: role -> field -> text.
Saisie = Mapping[str, Mapping[str, str]]


@transaction.atomic
def enregistrer_personnes(
    *, entreprise: Entreprise, representant: Personne, depositaire: Personne | None
) -> None:
    """Keep the persons that an accepted enrolment names. No « dépositaire »: the legal representative is the one."""
    cycle.verrouiller_entreprise(entreprise)
    personnes = {RolePersonne.REPRESENTANT.value: representant}
    if depositaire is not None:
        personnes[RolePersonne.DEPOSITAIRE.value] = depositaire
    entreprise.personnes_physiques.exclude(role__in=personnes).delete()
    _remplacer(entreprise, personnes)


# --- The supplier's side


@reserve(GesteEntreprise.PREPARER_PERSONNES)
@transaction.atomic
def ajouter_piece(
    *,
    entreprise: Entreprise,
    auteur: Auteur,
    saisie: Saisie,
    nom: str,
    type_piece: str,
    fichier: Fichier,
    vue: str,
) -> PieceModification:
    """Add a piece to the change being prepared, and keep with it what is typed so far."""
    brouillon = _preparer(entreprise, auteur, saisie, vue)
    if brouillon.pieces.filter(nom__iexact=nom).exists():
        raise GesteImpossible(
            f"Une pièce nommée « {nom} » est déjà importée : renommez le fichier avant de l'importer."
        )
    piece = PieceModification.objects.create(
        modification=brouillon, nom=nom, type=type_piece, fichier=fichier, depose_le=calendrier.maintenant()
    )
    _noter_piece(brouillon, pieces.JOINDRE, auteur, piece)
    return piece


@reserve(GesteEntreprise.PREPARER_PERSONNES)
@transaction.atomic
def retirer_piece(*, entreprise: Entreprise, auteur: Auteur, saisie: Saisie, piece: int, vue: str) -> None:
    """Remove a piece that is not sent yet. One that is already gone is no mistake: another tab did it."""
    brouillon = _preparer(entreprise, auteur, saisie, vue)
    for retiree in brouillon.pieces.select_related("fichier").filter(pk=piece):
        retiree.delete()
        _noter_piece(brouillon, pieces.RETIRER, auteur, retiree)


def _noter_piece(ligne: ModificationPersonnes, geste: str, auteur: Auteur, piece: PieceModification) -> None:
    libelle = TypePiece(piece.type).label
    details = pieces.identite(nom=piece.nom, type_piece=piece.type, libelle=libelle, fichier=piece.fichier)
    noter(ligne, geste, auteur, avant=ligne.statut, details=details)


@transaction.atomic
def soumettre(
    *, entreprise: Entreprise, auteur: Auteur, personnes: Personnes, vue: str
) -> ModificationPersonnes:
    """« Valider mes informations »: hand the change over to the officers, with the pieces that it requires."""
    ligne = _preparer(entreprise, auteur, ecrire(personnes), vue)
    pas = cycle.passage(ligne, GesteModification.SOUMETTRE, auteur)
    actuelles = queries.personnes_de(entreprise)
    _exiger(ligne, actuelles, personnes)
    ligne.demandeur_id, ligne.depose_le = auteur.personne, calendrier.maintenant()
    ligne.anciennes = ecrire(actuelles)
    changes = sorted(f"{role}.{champ}" for role, champ in champs_changes(actuelles, personnes))
    # Who is known today is told; a company that gives its first persons is told at the address that it gives.
    destinataires = queries.adresses_de(entreprise) or _adresse(personnes)
    cycle.franchir(ligne, pas, auteur, destinataires=destinataires, details={"champs": changes})
    return ligne


def _preparer(entreprise: Entreprise, auteur: Auteur, saisie: Saisie, vue: str) -> ModificationPersonnes:
    """The draft of the company, made if need be, holding what is typed. Raises when it is no time to change."""
    cycle.verrouiller_entreprise(entreprise)
    ouverte = queries.modification_ouverte(entreprise)
    if ouverte is not None and ouverte.statut is StatutModification.EN_COURS:
        raise GesteImpossible(
            "Une demande de modification est déjà en cours d'instruction : attendez sa réponse avant d'en faire "
            "une autre."
        )
    if vue != queries.marque(entreprise):
        raise GesteImpossible(
            "Vos coordonnées ont changé depuis que vous avez ouvert cette page. Rien n'a été enregistré : relisez-les "
            "avant de recommencer."
        )
    brouillon = ouverte or _nouvelle(entreprise, auteur)
    brouillon.donnees = {role: dict(valeurs) for role, valeurs in saisie.items()}
    brouillon.save(update_fields=["donnees"])
    return brouillon


def _nouvelle(entreprise: Entreprise, auteur: Auteur) -> ModificationPersonnes:
    instant = calendrier.maintenant()
    return ModificationPersonnes.objects.create(
        entreprise=entreprise,
        demandeur_id=auteur.personne,
        statut=StatutModification.EN_PREPARATION,
        statut_depuis=instant,
        depose_le=instant,
    )


def _exiger(ligne: ModificationPersonnes, actuelles: Personnes, personnes: Personnes) -> None:
    """Something changes, and what justifies it is there (ACC-008)."""
    exigees = pieces_exigees(actuelles, personnes)
    if not exigees:
        raise GesteImpossible("Aucune information n'a changé : modifiez au moins un champ avant de valider.")
    presentes = set(ligne.pieces.values_list("type", flat=True))
    manquantes = [TypePiece(piece).label for piece in exigees if piece not in presentes]
    if manquantes:
        liste = " et ".join(f"« {libelle} »" for libelle in manquantes)
        raise GesteImpossible(
            f"Il manque {liste} : importez chaque pièce requise par cette modification avant de valider."
        )


# --- The officers' side


@transaction.atomic
def accepter(*, modification: int, auteur: Auteur) -> ModificationPersonnes:
    """Replace the persons; the addresses of the mails follow (ACC-013)."""
    ligne = cycle.verrouiller(ModificationPersonnes, modification)
    pas = cycle.passage(ligne, GesteModification.ACCEPTER, auteur)
    recues = ligne.pieces.select_related("fichier").order_by("pk")
    # They came together: none takes the place of another.
    exiger_sains((str(piece.pk), piece.nom, piece.fichier) for piece in recues)
    cycle.verrouiller_entreprise(ligne.entreprise)
    avant = queries.personnes_de(ligne.entreprise)
    apres = lire(ligne.donnees)
    _remplacer(ligne.entreprise, apres)
    _suivre(ligne.entreprise, avant, apres, auteur)
    ligne.instructeur_id = auteur.personne
    destinataires = [*_adresse(avant), *queries.adresses_de(ligne.entreprise)]
    cycle.franchir(ligne, pas, auteur, destinataires=destinataires)
    entreprises.consigner(ligne.entreprise, auteur=auteur)
    return ligne


@transaction.atomic
def refuser(*, modification: int, auteur: Auteur, motif: str) -> ModificationPersonnes:
    """Leave the persons as they are, and say why."""
    ligne = cycle.verrouiller(ModificationPersonnes, modification)
    pas = cycle.passage(ligne, GesteModification.REFUSER, auteur, motif)
    ligne.instructeur_id = auteur.personne
    destinataires = queries.adresses_de(ligne.entreprise) or _adresse(lire(ligne.donnees))
    cycle.franchir(ligne, pas, auteur, destinataires=destinataires, motif=motif)
    return ligne


def _remplacer(entreprise: Entreprise, personnes: Personnes) -> None:
    for role, personne in personnes.items():
        PersonnePhysique.objects.update_or_create(
            entreprise=entreprise, role=role, defaults=personne.en_dict()
        )


def _adresse(personnes: Personnes) -> list[str]:
    """The address of who asks for the financing, where the portal writes."""
    personne = demandeur(personnes)
    return [personne.courriel] if personne is not None else []


def _suivre(entreprise: Entreprise, avant: Personnes, apres: Personnes, auteur: Auteur) -> None:
    """The mails of the enrolments follow the new address, and the account of the former one its holder (ACC-013)."""
    if _adresse(avant) != _adresse(apres):
        for inscrit in Enrolement.objects.select_for_update().filter(entreprise=entreprise).order_by("pk"):
            inscrit.courriel = _adresse(apres)[0]
            inscrit.save(update_fields=["courriel"])
            noter(inscrit, SUIVRE_COURRIEL, auteur, avant=inscrit.statut)
    suite = queries.suite_du_compte(entreprise, avant, apres)
    if suite is None:
        return
    titulaire = comptes.Titulaire(suite.personne.nom, suite.personne.prenom, suite.personne.courriel)
    geste = {
        Suite.SUIVRE: comptes.suivre_titulaire,
        Suite.CEDER: comptes.ceder_compte,
        Suite.REMPLACER: comptes.remplacer_titulaire,
    }[suite.suite]
    geste(entreprise=entreprise, personne=suite.compte, titulaire=titulaire, auteur=auteur)
