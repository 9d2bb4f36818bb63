"""How what is decided is paid: put into payment, recorded, refused, sent back, issued again."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from segurnum.comptes.auteurs import Auteur
from segurnum.comptes.models import CoordonneesBancaires
from segurnum.essais.vies.gestes import joue, motif
from segurnum.essais.vies.monde import Monde
from segurnum.essais.vies.tirage import Tirage
from segurnum.grand_livre import mouvements
from segurnum.paiements import comptes, retours
from segurnum.paiements import services as paiements
from segurnum.regles import calendrier
from segurnum.regles.cycles import GestePaiement, StatutDemande
from segurnum.regles.cycles_enveloppes import GesteMouvement


def aujourd_hui(tirage: Tirage) -> date:
    """The day that a bank said; now and then one that cannot be."""
    jours = tirage.parmi((*[0] * 8, 1, -30))
    return calendrier.jour_de_paris(calendrier.maintenant()) + timedelta(days=jours)


def _a_remettre(versement: Any) -> bool:
    return versement.mis_en_paiement_le is None


def _vit(versement: Any) -> bool:
    return versement.demande is StatutDemande.DECIDEE


@joue(GestePaiement.CONFIRMER_COMPTE, poids=2, quand=_a_remettre)
def _confirmer_compte(_: Monde, versement: Any, qui: Auteur, tirage: Tirage) -> None:
    """On the account that the company has now, or on one that it had."""
    siens = CoordonneesBancaires.objects.filter(entreprise=versement.entreprise_id).order_by("statut", "-pk")
    choisi = tirage.parmi((siens[0], siens[0], siens.last()))
    comptes.confirmer_compte(versement=versement.pk, auteur=qui, compte=choisi.pk if choisi else 0)


@joue(GestePaiement.METTRE_EN_PAIEMENT, poids=6, quand=_a_remettre)
def _mettre_en_paiement(_: Monde, versement: Any, qui: Auteur, _tirage: Tirage) -> None:
    paiements.mettre_en_paiement(versement=versement.pk, auteur=qui)


@joue(GestePaiement.CONSTATER, poids=4, quand=lambda un: not _a_remettre(un))
def _constater(_: Monde, versement: Any, qui: Auteur, tirage: Tirage) -> None:
    """The amount that the bank said; now and then another."""
    ecart = tirage.parmi((*[Decimal(0)] * 8, Decimal("0.01"), Decimal("-0.01")))
    montant = versement.montant_decide - versement.compense + ecart
    paiements.constater(versement=versement.pk, auteur=qui, montant=montant, jour=aujourd_hui(tirage))


@joue(GestePaiement.REJETER)
def _rejeter_le_virement(_: Monde, versement: Any, qui: Auteur, tirage: Tirage) -> None:
    paiements.rejeter(versement=versement.pk, auteur=qui, motif=motif(tirage))


@joue(GestePaiement.REEMETTRE, poids=4, quand=_vit)
def _reemettre(_: Monde, versement: Any, qui: Auteur, _tirage: Tirage) -> None:
    paiements.reemettre(versement=versement.pk, auteur=qui)


@joue(GestePaiement.RETOURNER, quand=_vit)
def _retourner(_: Monde, versement: Any, qui: Auteur, tirage: Tirage) -> None:
    jour = aujourd_hui(tirage)
    retours.constater_retour(versement=versement.pk, auteur=qui, motif=motif(tirage), jour=jour)


# --- The credits that it is paid on


@joue(GesteMouvement.APPROUVER, poids=4)
def _approuver(_: Monde, mouvement: Any, qui: Auteur, _tirage: Tirage) -> None:
    mouvements.approuver(mouvement=mouvement.pk, auteur=qui)


@joue(GesteMouvement.REFUSER)
def _refuser(_: Monde, mouvement: Any, qui: Auteur, tirage: Tirage) -> None:
    mouvements.refuser(mouvement=mouvement.pk, auteur=qui, motif=motif(tirage))


@joue(GesteMouvement.RETIRER)
def _retirer(_: Monde, mouvement: Any, qui: Auteur, _tirage: Tirage) -> None:
    mouvements.retirer(mouvement=mouvement.pk, auteur=qui)
