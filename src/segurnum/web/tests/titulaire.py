"""Somebody who signs in for an enrolled company, in front of the pages of its enrolments."""

from typing import Any

from django.test import Client
from django.urls import reverse

from segurnum.comptes.models import Profil
from segurnum.essais import usines
from segurnum.web.tests.depot import Reponse


class Titulaire:
    """A signed-in person of an enrolled company."""

    def __init__(self, **valeurs: Any) -> None:
        self.enrolement = usines.enrolement(**valeurs)
        self.societe = self.enrolement.entreprise
        self.personne = usines.utilisateur(Profil.FOURNISSEUR, entreprise=self.societe)
        self.client = Client()
        self.client.force_login(self.personne)

    def lire(self, route: str, *args: Any, **parametres: Any) -> Reponse:
        return self.client.get(reverse(f"fournisseur:{route}", args=args), parametres)

    def faire(self, route: str, *args: Any, **saisie: Any) -> Reponse:
        page = {"entreprise": self.personne.entreprise_id}
        return self.client.post(reverse(f"fournisseur:{route}", args=args), page | saisie)

    def suivre(self, reponse: Reponse) -> Reponse:
        assert reponse.status_code == 302, reponse.status_code
        return self.client.get(reponse["Location"])

    def completer(self, action: str = "suivante", **saisie: Any) -> Reponse:
        version = self.lire("enrolement_complementaire").context["version"]
        return self.faire("enrolement_complementaire", **{"version": version, "geste": action} | saisie)

    def rechercher(self, **reference: Any) -> Reponse:
        numero = usines.referencement(**reference).numero_ans
        return self.suivre(self.completer("rechercher", numero_ans=numero))
