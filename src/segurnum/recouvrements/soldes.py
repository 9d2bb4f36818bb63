"""A solde that gives nothing more is closed by its own gesture: nothing due, or an overpayment to recover (RUL-011)."""

from decimal import Decimal

from django.db import transaction

from segurnum.base.contraintes import contraintes_dites
from segurnum.comptes.auteurs import PORTAIL, Auteur
from segurnum.demandes import services as demandes
from segurnum.demandes.cycle import verrouiller_lot
from segurnum.demandes.models import Demande
from segurnum.demandes.queries import verse
from segurnum.demandes.separation import Role, separer
from segurnum.journal.preuves import prouver
from segurnum.paiements.models import Decision
from segurnum.recouvrements import cycle
from segurnum.recouvrements.calculs import lignes_d_un_solde
from segurnum.recouvrements.models import Recouvrement
from segurnum.regles import calendrier
from segurnum.regles.argent import en_euros
from segurnum.regles.cycles import GesteDemande, StatutDemande, TypeDemande
from segurnum.regles.cycles_recouvrements import StatutRecouvrement
from segurnum.regles.erreurs import GesteImpossible


@transaction.atomic
def clore_sans_versement(*, demande: int, auteur: Auteur) -> Demande:
    """Decide that a validated solde pays nothing; what it shows to be overpaid is proposed for recovery at once."""
    avance, ligne = _verrouiller(demande)
    separer(ligne, Role.DECIDER, GesteDemande.CLORE_SANS_VERSEMENT, auteur)
    montant = ligne.montant_decide or Decimal(0)
    if montant > 0:
        raise GesteImpossible(
            f"Ce solde donne {en_euros(montant)} : il se décide, il ne se clôt pas sans versement."
        )
    payee = Decision.objects.select_related("demande").get(demande=avance)
    decision = Decision.objects.create(
        demande=ligne,
        enveloppe_id=payee.enveloppe_id,
        decideur_id=auteur.personne,
        montant=Decimal(0),
        prise_le=calendrier.maintenant(),
    )
    demandes.passer_close(demande=ligne, auteur=auteur, details=prouver(decision))
    if montant < 0:
        _proposer(ligne, payee, -montant)
    return ligne


def _verrouiller(cle: int) -> tuple[Demande, Demande]:
    """The avance and the solde, held: what was paid does not change meanwhile."""
    dossier = Demande.objects.values_list("dossier", flat=True).get(pk=cle)
    avances = Demande.objects.filter(
        dossier=dossier, type=TypeDemande.AVANCE, statut=StatutDemande.DECIDEE
    ).values_list("pk", flat=True)
    tenues = {ligne.pk: ligne for ligne in verrouiller_lot({cle, *avances})}
    solde = tenues.pop(cle)
    if solde.type is not TypeDemande.SOLDE or not tenues:
        raise GesteImpossible("Seul un solde, dont l'avance est décidée, se clôt sans versement.")
    return next(iter(tenues.values())), solde


def _proposer(solde: Demande, payee: Decision, montant: Decimal) -> None:
    """The portal proposes; who issues is not who validated."""
    versee = verse(payee.demande) or Decimal(0)
    nouveau = Recouvrement(
        demande=solde,
        decision=payee,
        entreprise=solde.entreprise,
        statut=StatutRecouvrement.PROPOSE,
        total=False,
        motif=(
            f"L'engagement retenu au solde {solde.numero} est inférieur à l'avance qui a été versée : "
            "la différence est un trop-perçu."
        ),
        montant=montant,
        calcul=lignes_d_un_solde(solde, versee),
        propose_le=calendrier.maintenant(),
    )
    with contraintes_dites():
        cycle.ouvrir(nouveau, PORTAIL)
