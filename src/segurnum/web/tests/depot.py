"""A supplier at its screens, with what it deposited."""

import io
from typing import Any

from django.test import Client
from django.urls import reverse

from segurnum.comptes.auteurs import Auteur, auteur
from segurnum.comptes.models import Profil
from segurnum.demandes import services
from segurnum.demandes.models import Demande
from segurnum.demonstration import fabrique
from segurnum.depots import pieces
from segurnum.depots import services as depots
from segurnum.depots.models import Archive
from segurnum.essais import usines
from segurnum.essais.depots import Deposant
from segurnum.paiements import services as paiements
from segurnum.paiements.models import Versement
from segurnum.regles.calendrier import jour_de_paris, maintenant
from segurnum.regles.cycles import TypeDemande

# An answer as Django's test client completes it: context, url, wsgi_request.
Reponse = Any


# The forms that say which version of a draft their page was made from.
SAISIES = ("ma_demande_etape", "modifier")


class Fournisseur:
    """A signed-in person of the depositing company."""

    def __init__(self, deposant: Deposant | None = None, **valeurs: Any) -> None:
        self.deposant = deposant or Deposant.nouveau(**valeurs)
        self.client = Client()
        self.client.force_login(
            self.deposant.utilisateur, backend="django.contrib.auth.backends.ModelBackend"
        )

    def lire(self, route: str, *args: Any, **parametres: Any) -> Reponse:
        return self.client.get(reverse(f"fournisseur:{route}", args=args), parametres)

    def faire(self, route: str, *args: Any, **saisie: Any) -> Reponse:
        page = {"entreprise": self.deposant.utilisateur.entreprise_id}
        if route in SAISIES and "version" not in saisie:
            montree = self.lire(route, *args).context or {}
            page |= {"version": montree.get("version", "")}
        return self.client.post(reverse(f"fournisseur:{route}", args=args), page | saisie)

    def suivre(self, reponse: Reponse) -> Reponse:
        """The page that an accepted form leads to."""
        assert reponse.status_code == 302, reponse.status_code
        return self.client.get(reponse["Location"])

    def simuler(self, octets: bytes, *, type_demande: str = "AVANCE", **saisie: Any) -> Reponse:
        return self.faire(
            "importer",
            type_demande=type_demande,
            **{
                "enrolement": self.deposant.enrolement.pk,
                "taux_tva": "20",
                "fichier": fichier("MS1 - AVANCE - Ok.json", octets),
            }
            | saisie,
        )

    def avances(self, nombre: int = 2) -> bytes:
        """A file of new avances that passes every check."""
        return fabrique.en_octets(self.deposant.fichier(nombre))


def fichier(nom: str, octets: bytes) -> io.BytesIO:
    """A file as a browser sends it."""
    flux = io.BytesIO(octets)
    flux.name = nom
    return flux


def controler(archive: Archive) -> None:
    """What the worker does with the ZIP that was just sent."""
    pieces.controler(archive=archive.pk)


def en_cours(deposant: Deposant, nombre: int = 1) -> list[Demande]:
    """Avances deposited with their pieces."""
    depot = deposant.importer(nombre)
    deposant.envoyer(depot)
    deposant.terminer(depot)
    return list(Demande.objects.filter(ligne_depot__depot=depot).order_by("pk"))


def solde_de(deposant: Deposant, avance: Demande, fichier: dict[str, Any] | None = None) -> Demande:
    """The solde of a decided avance, deposited with its pieces."""
    fichier = fichier or fabrique.fichier_de_soldes(deposant.source, [avance])
    simulation = deposant.simuler(fichier, TypeDemande.SOLDE)
    depot = depots.importer(simulation=simulation.pk, auteur=deposant.auteur)
    deposant.envoyer(depot)
    deposant.terminer(depot)
    return Demande.objects.get(ligne_depot__depot=depot)


def gestionnaire() -> Auteur:
    return auteur(usines.utilisateur(Profil.GESTIONNAIRE))


def decideur() -> Auteur:
    return auteur(usines.utilisateur(Profil.DECIDEUR))


def decider(demande: Demande) -> Versement:
    """Validate then decide a request: its payment waits."""
    usines.enveloppe(demande.dsr)
    services.valider(demande=demande.pk, auteur=gestionnaire())
    decision = paiements.decider(demande=demande.pk, auteur=decideur())
    return decision.versements.get()


def payer(versement: Versement) -> Versement:
    comptable = auteur(usines.utilisateur(Profil.COMPTABLE))
    paiements.mettre_en_paiement(versement=versement.pk, auteur=comptable)
    return paiements.constater(
        versement=versement.pk,
        auteur=comptable,
        montant=versement.montant_decide,
        jour=jour_de_paris(maintenant()),
    )
