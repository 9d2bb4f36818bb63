"""Two suppliers whose requests claim one establishment, and the people who instruct them."""

from dataclasses import dataclass

from django.db import transaction

from segurnum.comptes.auteurs import Auteur, auteur
from segurnum.comptes.models import Profil
from segurnum.demandes.models import Demande
from segurnum.essais import usines
from segurnum.financements import contestations
from segurnum.financements.models import Contestation, Partie
from segurnum.financements.services import transmettre
from segurnum.regles.cycles import StatutDemande
from segurnum.regles.cycles_contestation import StatutContestation

FINESS = "990000010"
DENOMINATIONS = ("ÉDITEUR BLEU", "ÉDITEUR ROUGE", "ÉDITEUR VERT")


def gestionnaire() -> Auteur:
    return auteur(usines.utilisateur(Profil.GESTIONNAIRE))


def deposant(demande: Demande) -> Auteur:
    return auteur(usines.utilisateur(Profil.FOURNISSEUR, entreprise=demande.entreprise))


def demande(rang: int, statut: StatutDemande = StatutDemande.EN_COURS, finess: str = FINESS) -> Demande:
    """A request of the supplier of this rank."""
    with transaction.atomic():
        societe = usines.entreprise(denomination=DENOMINATIONS[rang])
        ligne = usines.demande(statut, inscrit=usines.enrolement(societe=societe), finess=finess)
        transmettre([ligne])
    return ligne


@dataclass
class Dispute:
    """One establishment, claimed by two suppliers."""

    bleue: Demande
    rouge: Demande

    @classmethod
    def nouvelle(cls) -> "Dispute":
        return cls(demande(0), demande(1))

    def etat(self) -> StatutContestation:
        return self.contestation.statut

    @property
    def contestation(self) -> Contestation:
        return Contestation.objects.select_related("financement").order_by("-pk")[0]

    def ouvrir(self) -> Contestation:
        return contestations.ouvrir(
            contestation=self.contestation.pk, auteur=gestionnaire(), motif="Deux commandes du même client."
        )

    def partie(self, demande: Demande) -> Partie:
        return Partie.objects.get(contestation=self.contestation, demande=demande)

    def repondre(self, demande: Demande, position: str = "MAINTIEN") -> Partie:
        return contestations.repondre(
            partie=self.partie(demande).pk,
            auteur=deposant(demande),
            position=position,
            texte="Le bon de commande est signé du directeur.",
        )

    def a_trancher(self) -> Contestation:
        self.ouvrir()
        self.repondre(self.bleue)
        self.repondre(self.rouge, "ERREUR")
        return self.contestation
