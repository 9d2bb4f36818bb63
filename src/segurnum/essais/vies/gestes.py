"""How each gesture of the life cycles is made: a table, its objects, and one player by gesture.

Another life cycle joins by a `Table` and its players; a gesture that nobody makes by itself is said in SANS_JOUEUR.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from segurnum.comptes.auteurs import Auteur
from segurnum.coordonnees import banque
from segurnum.courriels.models import Courriel
from segurnum.demandes import incompletes
from segurnum.demandes import services as demandes
from segurnum.demandes.creation import Declaration
from segurnum.demandes.models import PieceJustificative
from segurnum.essais.vies.monde import BENEFICIAIRES, Monde
from segurnum.essais.vies.photo import Photo
from segurnum.essais.vies.tirage import Tirage
from segurnum.paiements import services as paiements
from segurnum.regles import calendrier
from segurnum.regles.cycles import (
    DEMANDE,
    PAIEMENT,
    EnumLibelle,
    GesteDemande,
    GestePaiement,
    Transition,
)
from segurnum.regles.cycles_coordonnees import BANCAIRE, GesteModification
from segurnum.regles.erreurs import GesteImpossible

MOTIF = "Le bon de commande n'est pas signé."
# Euros HT: one cent, halves of cents once multiplied, under, at and above the ceiling.
MONTANTS = tuple(map(Decimal, ("9000.00", "3333.33", "0.01", "1000.05", "12000.00", "48000.00")))
Joueur = Callable[[Monde, Any, Auteur, Tirage], object]


@dataclass(frozen=True)
class Table:
    """A life cycle: its rows, its objects as the photo has them, and which of their columns is their status."""

    nom: str
    passages: tuple[Transition[Any, Any], ...]
    objets: Callable[[Photo], Sequence[Any]]
    etat: str = "statut"

    def depuis(self, objet: Any) -> EnumLibelle:
        etat: EnumLibelle = getattr(objet, self.etat)
        return etat


TABLES = (
    Table("demande", DEMANDE, lambda photo: photo.demandes),
    Table("paiement", PAIEMENT, lambda photo: photo.versements, "etat"),
    Table("banque", BANCAIRE, lambda photo: photo.changements),
)
# By the name of their gesture: two tables may have gestures of the same value, which are equal.
JOUEURS: dict[str, Joueur] = {}
# How much more often than another a permitted gesture is made: lives are to reach their payments.
POIDS: dict[str, int] = {}


def nom_de(geste: EnumLibelle) -> str:
    return f"{type(geste).__name__}.{geste.value}"


SANS_JOUEUR: Mapping[str, str] = {
    nom_de(GesteDemande.EXPIRER): "by the sweeps",
    nom_de(GesteDemande.RELANCER): "by the sweeps",
    nom_de(GesteDemande.CLORE_MODIFICATION): "by the sweeps",
    nom_de(GesteModification.ACTIVER): "by the sweeps",
    nom_de(GesteDemande.MODIFIER): "edits a draft, and changes no status",
    nom_de(GesteDemande.ARRETER_COMPTES): "of the couloirs whose amounts come from a directory",
    nom_de(GesteDemande.HISTORISER): "inside a cancellation",
    nom_de(GestePaiement.OUVRIR): "inside a decision",
    nom_de(GestePaiement.ANNULER): "inside a cancellation",
}


def joue(geste: EnumLibelle, *, poids: int = 1) -> Callable[[Joueur], Joueur]:
    """Say how this gesture is made on an object of its table, by whoever is drawn."""

    def retenir(joueur: Joueur) -> Joueur:
        JOUEURS[nom_de(geste)], POIDS[nom_de(geste)] = joueur, poids
        return joueur

    return retenir


# --- A request


@joue(GesteDemande.COMPLETER, poids=6)
def _completer(monde: Monde, demande: Any, qui: Auteur, tirage: Tirage) -> None:
    """The pieces come, or not."""
    if tirage.parmi((True, True, True, True, False)):
        PieceJustificative.objects.filter(demande=demande.pk, fichier=None).update(
            fichier=monde.piece, depose_le=calendrier.maintenant()
        )
    incompletes.completer(demandes=[demande.pk], auteur=qui)


@joue(GesteDemande.SUPPRIMER)
def _supprimer(_: Monde, demande: Any, qui: Auteur, _tirage: Tirage) -> None:
    incompletes.supprimer(demandes=[demande.pk], auteur=qui)


@joue(GesteDemande.DEMANDER_PIECE)
def _demander_piece(_: Monde, demande: Any, qui: Auteur, tirage: Tirage) -> None:
    demandes.demander_piece(demande=demande.pk, auteur=qui, motif=_motif(tirage))


@joue(GesteDemande.AJOUTER_PIECE)
def _ajouter_piece(monde: Monde, demande: Any, qui: Auteur, tirage: Tirage) -> None:
    if tirage.parmi((True, False)):
        nom = f"ajout-{tirage.parmi(range(50))}.pdf"
        demandes.ajouter_piece(
            demande=demande.pk, auteur=qui, nom=nom, type_piece="AUTRE", fichier=monde.piece
        )
    demandes.valider_ajout(demande=demande.pk, auteur=qui)


@joue(GesteDemande.DEMANDER_MODIFICATION)
def _demander_modification(_: Monde, demande: Any, qui: Auteur, tirage: Tirage) -> None:
    demandes.demander_modification(demande=demande.pk, auteur=qui, motif=_motif(tirage))


@joue(GesteDemande.CONFIRMER_MODIFICATION)
def _confirmer_modification(monde: Monde, demande: Any, qui: Auteur, tirage: Tirage) -> None:
    """Another amount, and perhaps another beneficiary."""
    enrolement = next(un for un in monde.enrolements if un.entreprise_id == demande.entreprise_id)
    montant = tirage.parmi(MONTANTS)
    donnees = monde.donnees(
        enrolement, demande.type, identifiant=tirage.parmi(BENEFICIAIRES), montant=montant
    )
    demandes.confirmer_modification(
        demande=demande.pk,
        auteur=qui,
        declaration=Declaration(donnees=donnees, montant_declare=montant, taux_tva=demande.taux_tva),
    )


@joue(GesteDemande.NE_PAS_MODIFIER)
def _ne_pas_modifier(_: Monde, demande: Any, qui: Auteur, _tirage: Tirage) -> None:
    demandes.ne_pas_modifier(demande=demande.pk, auteur=qui)


@joue(GesteDemande.VALIDER, poids=6)
def _valider(_: Monde, demande: Any, qui: Auteur, tirage: Tirage) -> None:
    retenu = tirage.parmi((None, None, None, None, Decimal("0.01"), Decimal("2500.55"), Decimal("99999.00")))
    demandes.valider(demande=demande.pk, auteur=qui, retenu_ht=retenu)


@joue(GesteDemande.DECIDER, poids=6)
def _decider(_: Monde, demande: Any, qui: Auteur, _tirage: Tirage) -> None:
    paiements.decider(demande=demande.pk, auteur=qui)


@joue(GesteDemande.REJETER)
def _rejeter(_: Monde, demande: Any, qui: Auteur, tirage: Tirage) -> None:
    demandes.rejeter(demande=demande.pk, auteur=qui, motif=_motif(tirage))


@joue(GesteDemande.ANNULER)
def _annuler(_: Monde, demande: Any, qui: Auteur, tirage: Tirage) -> None:
    paiements.annuler(demande=demande.pk, auteur=qui, motif=_motif(tirage))


# --- Its payment


@joue(GestePaiement.METTRE_EN_PAIEMENT, poids=6)
def _mettre_en_paiement(_: Monde, versement: Any, qui: Auteur, _tirage: Tirage) -> None:
    paiements.mettre_en_paiement(versement=versement.pk, auteur=qui)


@joue(GestePaiement.CONSTATER, poids=4)
def _constater(_: Monde, versement: Any, qui: Auteur, tirage: Tirage) -> None:
    """The amount and the day that the bank said; now and then others."""
    ecart = tirage.parmi((*[Decimal(0)] * 8, Decimal("0.01"), Decimal("-0.01")))
    jour = calendrier.jour_de_paris(calendrier.maintenant()) + timedelta(
        days=tirage.parmi((*[0] * 8, 1, -30))
    )
    paiements.constater(
        versement=versement.pk, auteur=qui, montant=versement.montant_decide + ecart, jour=jour
    )


@joue(GestePaiement.REJETER)
def _rejeter_le_virement(_: Monde, versement: Any, qui: Auteur, tirage: Tirage) -> None:
    paiements.rejeter(versement=versement.pk, auteur=qui, motif=_motif(tirage))


@joue(GestePaiement.REEMETTRE, poids=4)
def _reemettre(_: Monde, versement: Any, qui: Auteur, _tirage: Tirage) -> None:
    paiements.reemettre(versement=versement.pk, auteur=qui)


# --- A change of bank account


@joue(GesteModification.CONFIRMER, poids=3)
def _confirmer_le_compte(_: Monde, _changement: Any, _qui: Auteur, _tirage: Tirage) -> None:
    banque.confirmer(jeton=_dernier_jeton())


@joue(GesteModification.CONTESTER)
def _contester_le_compte(_: Monde, _changement: Any, _qui: Auteur, _tirage: Tirage) -> None:
    banque.contester(jeton=_dernier_jeton())


@joue(GesteModification.ACCEPTER, poids=3)
def _accepter_le_compte(_: Monde, changement: Any, qui: Auteur, _tirage: Tirage) -> None:
    banque.accepter(modification=changement.pk, auteur=qui)


@joue(GesteModification.REFUSER)
def _refuser_le_compte(_: Monde, changement: Any, qui: Auteur, tirage: Tirage) -> None:
    banque.refuser(modification=changement.pk, auteur=qui, motif=_motif(tirage))


@joue(GesteModification.ANNULER)
def _annuler_le_compte(_: Monde, changement: Any, qui: Auteur, _tirage: Tirage) -> None:
    banque.annuler(modification=changement.pk, auteur=qui)


def _motif(tirage: Tirage) -> str:
    return tirage.parmi((MOTIF, MOTIF, MOTIF, MOTIF, " "))


def _dernier_jeton() -> str:
    """Of the last link that was sent: whoever reads the mail has it."""
    courriel = Courriel.objects.filter(code="M19").order_by("-pk").first()
    if courriel is None:
        raise GesteImpossible("Aucun lien n'a été envoyé.")
    return courriel.corps.partition("?jeton=")[2].split()[0]
