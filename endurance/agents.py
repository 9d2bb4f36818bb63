"""The administration's people: one instructs, one decides, one pays."""

import re

from endurance.navigateur import Reponse
from endurance.personnes import Personne
from segurnum.essais.formulaires import Formulaire

GESTION = "/segurnums/gestion"
_VERSEMENT = re.compile(rf"{GESTION}/paiements/\d+/[\w-]+")
MOTIF = "Pièce illisible : envoyez une copie où l'on voit la signature."


class Agent(Personne):
    etapes: dict[str, str]  # request -> the step of its company

    def a_finir(self) -> bool:
        return not self.tableau.vide

    def _sur_une_demande(self, numero: str, geste: str, journal: str, **saisie: str) -> bool:
        """Make a gesture from the page of a request. False where it is no longer possible, or came second."""
        page = f"{GESTION}/demandes/{numero}"
        formulaire = _formulaire(self.lire(page), f"{page}/{geste}")
        if formulaire is None:
            return False
        reponse = self.faire(
            geste,
            f"{page}/{geste}",
            formulaire.champs | saisie,
            lambda: _formulaire(self.lire(page), f"{page}/{geste}") is None,
        )
        if reponse is not None and reponse.statut != 302:
            self.bilan.compter(self.bilan.gestes, f"{geste} : refusé ({reponse.statut})")
            return False
        self.bilan.acquis.gestes.add((numero, journal))
        return True


class Gestionnaire(Agent):
    def agir(self) -> None:
        numero = self.tableau.prendre("instruire")
        if numero is None:
            self.lire(self.alea.choice((f"{GESTION}/", f"{GESTION}/demandes")))
            return
        tirage = self.alea.random()
        if tirage < 0.2:
            if self._sur_une_demande(numero, "demander-piece", "DEMANDER_PIECE", motif=MOTIF):
                self.tableau.poser(self.etapes[numero], numero)
        elif tirage < 0.35:
            self._sur_une_demande(numero, "rejeter", "REJETER", motif=MOTIF)
        elif self._sur_une_demande(numero, "valider", "VALIDER"):
            self.tableau.poser("decider", numero)
        self.tableau.rendre()


class Decideur(Agent):
    def agir(self) -> None:
        numero = self.tableau.prendre("decider")
        if numero is None:
            self.lire(f"{GESTION}/")
            return
        self._sur_une_demande(numero, "decider", "DECIDER")
        self.tableau.rendre()


class Comptable(Agent):
    """Works through lists: what is to be handed to the bank, and what the bank did."""

    def agir(self) -> None:
        page = f"{GESTION}/paiements?phase={self.alea.choice(('a-mettre', 'a-constater'))}"
        adresses = [a for a in self.lire(page).page.formulaires if _VERSEMENT.fullmatch(a)]
        adresses = [a for a in adresses if not a.endswith("/rejeter")]
        if not adresses:
            return
        adresse = self.alea.choice(sorted(adresses))
        formulaire = _formulaire(self.lire(page), adresse)
        if formulaire is not None:
            self.faire(
                adresse.rsplit("/", 1)[-1],
                adresse,
                formulaire.champs,
                lambda: _formulaire(self.lire(page), adresse) is None,
            )


def _formulaire(reponse: Reponse, adresse: str) -> Formulaire | None:
    return reponse.page.formulaires.get(adresse)
