"""Requests as officers find them, and the officers at their screens."""

from typing import Any

from django.test import Client
from django.urls import reverse

from segurnum import couloirs
from segurnum.comptes.auteurs import Auteur, auteur
from segurnum.comptes.models import Profil, Utilisateur
from segurnum.couloirs.vierges import exemple
from segurnum.demandes import services
from segurnum.demandes.examen import marque
from segurnum.demandes.models import Demande
from segurnum.essais import usines
from segurnum.paiements import services as paiements
from segurnum.paiements.models import Versement
from segurnum.regles.cycles import StatutDemande

# An answer as Django's test client completes it: context, url, wsgi_request.
Reponse = Any


def demande(statut: StatutDemande = StatutDemande.EN_COURS, **valeurs: Any) -> Demande:
    """A request whose declared data can be shown."""
    ligne = usines.demande(statut, **valeurs)
    fichier = exemple(couloirs.par_dsr(ligne.dsr), ligne.type)
    ligne.versions.update(donnees=fichier["lignesImport"][0])
    return ligne


def validee(**valeurs: Any) -> Demande:
    """Validated by some officer, with an envelope that can pay it."""
    ligne = demande(**valeurs)
    usines.enveloppe(ligne.dsr)
    return services.valider(demande=ligne.pk, auteur=Agent(Profil.GESTIONNAIRE).auteur)


def decidee(**valeurs: Any) -> Versement:
    """The payment that waits once a request is decided."""
    ligne = validee(**valeurs)
    return paiements.decider(demande=ligne.pk, auteur=Agent(Profil.DECIDEUR).auteur).versements.get()


def octets(reponse: Reponse) -> bytes:
    """The whole of what was served; a file is closed once it has been read."""
    return bytes(b"".join(reponse) if reponse.streaming else reponse.content)


class Agent:
    """A signed-in person, with the pages that were opened."""

    def __init__(self, profil: Profil, utilisateur: Utilisateur | None = None) -> None:
        self.utilisateur = utilisateur or usines.utilisateur(profil)
        self.client = Client()
        self.client.force_login(self.utilisateur, backend="django.contrib.auth.backends.ModelBackend")

    @property
    def auteur(self) -> Auteur:
        return auteur(self.utilisateur)

    def lire(self, route: str, *args: Any, **parametres: str) -> Reponse:
        return self.client.get(reverse(f"gestion:{route}", args=args), parametres)

    def faire(self, ligne: Demande, geste: str, *, file: str = "", **saisie: str) -> Reponse:
        """Send the form of a gesture as the page of `ligne`, read before, holds it."""
        adresse = reverse("gestion:geste", args=[ligne.numero, geste]) + (f"?{file}" if file else "")
        return self.client.post(adresse, {"vue": marque(ligne)} | saisie)

    def payer(self, versement: Versement, geste: str, *, phase: str = "a-mettre", **saisie: str) -> Reponse:
        adresse = reverse("gestion:versement", args=[versement.pk, geste]) + f"?etape={phase}"
        return self.client.post(adresse, saisie)
