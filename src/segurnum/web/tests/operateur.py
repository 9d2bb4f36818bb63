"""An operator at its screens, and the officer before its request."""

from typing import Any

from django.test import Client
from django.urls import reverse

from segurnum.comptes.auteurs import Auteur, auteur
from segurnum.comptes.models import Profil
from segurnum.demandes import services
from segurnum.demandes.models import Demande
from segurnum.essais import argent, usines
from segurnum.essais.depots import Deposant
from segurnum.essais.operateurs import Operateur
from segurnum.paiements import services as paiements
from segurnum.regles.cycles import TypeDemande
from segurnum.web.tests.depot import Fournisseur, Reponse, gestionnaire


class Ecran(Fournisseur):
    """An operator before its own form."""

    def __init__(self, operateur: Operateur | None = None, **valeurs: Any) -> None:
        self.operateur = operateur or Operateur.nouveau(**valeurs)
        super().__init__(Deposant(self.operateur.enrolement, self.operateur.utilisateur))

    def etape(self, type_demande: TypeDemande = TypeDemande.AVANCE) -> Reponse:
        return self.lire("ma_demande_etape", self.operateur.numero_ans, type_demande)

    def envoyer(self, type_demande: TypeDemande = TypeDemande.AVANCE, **saisie: Any) -> Reponse:
        return self.faire(
            "ma_demande_etape", self.operateur.numero_ans, type_demande, **{"geste": "importer"} | saisie
        )

    def avance_decidee(self) -> Demande:
        avance = self.operateur.deposer()
        usines.enveloppe(avance.dsr)
        services.valider(demande=avance.pk, auteur=gestionnaire())
        paiements.decider(demande=avance.pk, auteur=_auteur(Profil.DECIDEUR))
        argent.payee(avance)
        return avance


def _auteur(profil: Profil) -> Auteur:
    return auteur(usines.utilisateur(profil))


class Agent:
    """An officer before an operator's request."""

    def __init__(self, demande: Demande) -> None:
        self.client = Client()
        self.client.force_login(
            usines.utilisateur(Profil.GESTIONNAIRE), backend="django.contrib.auth.backends.ModelBackend"
        )
        self.adresse = reverse("gestion:demande", args=[demande.numero])

    def lire(self) -> Reponse:
        return self.client.get(self.adresse)

    def faire(self, geste: str, **saisie: str) -> Reponse:
        vue = self.lire().context["marque"]
        return self.client.post(f"{self.adresse}/{geste}", {"vue": vue} | saisie)
