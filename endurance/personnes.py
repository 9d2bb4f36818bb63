"""What every person does: ask for a page until it is there; send a form, again only if it is not shown as done."""

import threading
import time
from abc import ABC, abstractmethod
from collections import defaultdict, deque
from collections.abc import Callable, Mapping
from random import Random

from endurance.bilan import Bilan
from endurance.navigateur import Coupure, Fichiers, Navigateur, Reponse

ENTREE = "/segurnums/"
PATIENCE = 120.0  # seconds without any page, after which a person has been abandoned
COUP_D_OEIL = (0.1, 0.6)  # seconds between two looks
REFUSE = (400, 403, 404, 409, 413, 422)


class Abandonnee(Exception):
    """A person for whom the portal did not come back."""


class Tableau:
    """What waits for somebody: requests by step, as lists and mails would tell. A step may be a company's own."""

    def __init__(self) -> None:
        self._verrou = threading.Lock()
        self._files: dict[str, deque[str]] = defaultdict(deque)
        self._en_main = 0

    def poser(self, etape: str, *numeros: str) -> None:
        with self._verrou:
            self._files[etape].extend(numeros)

    def prendre(self, etape: str) -> str | None:
        """The next one; `rendre` once it is done with."""
        with self._verrou:
            if not self._files[etape]:
                return None
            self._en_main += 1
            return self._files[etape].popleft()

    def commencer(self) -> None:
        """Something is under way that will end by `poser` and `rendre`."""
        with self._verrou:
            self._en_main += 1

    def rendre(self) -> None:
        with self._verrou:
            self._en_main -= 1

    @property
    def vide(self) -> bool:
        with self._verrou:
            return not self._en_main and not any(self._files.values())


class Personne(ABC):
    """`agir` does one thing; `vivre` goes on until `fin`, then until nothing is left to do."""

    def __init__(
        self,
        identifiant: str,
        mot_de_passe: str,
        navigateur: Navigateur,
        tableau: Tableau,
        alea: Random,
        fin: threading.Event,
    ) -> None:
        self.identifiant, self.mot_de_passe = identifiant, mot_de_passe
        self.navigateur, self.tableau, self.alea, self.fin = navigateur, tableau, alea, fin
        self.bilan: Bilan = navigateur.bilan
        self.communs: Mapping[str, str] = {}  # what every form of this person carries
        self._sans_page: float | None = None

    @abstractmethod
    def agir(self) -> None:
        """One gesture, whichever comes next."""

    @abstractmethod
    def a_finir(self) -> bool:
        """Whether something was begun that must still be ended."""

    def vivre(self) -> None:
        try:
            while not self.fin.is_set() or self.a_finir():
                self.agir()
                self.souffler()
        except Exception as erreur:
            self.bilan.differe(f"{self.identifiant} n'a pas pu finir : {type(erreur).__name__} {erreur}")

    def souffler(self) -> None:
        time.sleep(self.alea.uniform(*COUP_D_OEIL))

    def lire(self, chemin: str) -> Reponse:
        """A page, asked for until it is there; signs in when asked to. Raises Abandonnee."""
        while True:
            reponse = self.lire_sans_entrer(chemin)
            self._servie()
            if not _vers_l_entree(reponse):
                return reponse
            self.entrer()

    def entrer(self) -> None:
        """Sign in, however often it takes."""
        while True:
            page = self.lire_sans_entrer(ENTREE)
            if page.statut == 302:  # signed in already
                return
            try:
                saisie = {"username": self.identifiant, "password": self.mot_de_passe}
                reponse = self.navigateur.envoyer(ENTREE, saisie)
            except Coupure:
                self._patienter(ENTREE)
                continue
            if reponse.statut == 302:
                self._servie()
                self.bilan.compter(self.bilan.gestes, "se connecter")
                return
            self._patienter(ENTREE)

    def lire_sans_entrer(self, chemin: str) -> Reponse:
        while True:
            try:
                reponse = self.navigateur.lire(chemin)
            except Coupure:
                self._patienter(chemin)
                continue
            if reponse.statut < 500 and reponse.statut != 429:
                return reponse
            self._patienter(chemin)

    def faire(
        self,
        nom: str,
        chemin: str,
        champs: Mapping[str, str],
        fait: Callable[[], bool],
        fichiers: Fichiers | None = None,
        accuse: Callable[[Reponse], bool] = lambda _reponse: True,
    ) -> Reponse | None:
        """Send a form until it is acknowledged (the answer), refused (the answer), or shown as done (None).

        `accuse` tells an acknowledgement among the answers that lead elsewhere.
        """
        while True:
            reponse = self._envoyer(chemin, {**self.communs, **champs}, fichiers)
            if reponse is not None and _vers_l_entree(reponse):
                self.entrer()
                continue
            if reponse is not None and reponse.statut == 302 and accuse(reponse):
                self._servie()
                self.bilan.compter(self.bilan.gestes, nom)
                return reponse
            if reponse is not None and reponse.statut in REFUSE:
                return reponse
            if fait():
                self.bilan.compter(self.bilan.retrouves, nom)
                return None
            self._patienter(chemin)
            self.bilan.compter(self.bilan.reprises, nom)

    def _envoyer(self, chemin: str, champs: Mapping[str, str], fichiers: Fichiers | None) -> Reponse | None:
        """One sending, sometimes two at once. None where nobody knows what became of it."""
        if self.alea.random() > 0.15:
            return self._une_fois(chemin, champs, fichiers)
        with self.bilan.verrou:
            self.bilan.doubles += 1
        recues: list[Reponse | None] = []
        autre = threading.Thread(target=lambda: recues.append(self._une_fois(chemin, champs, fichiers)))
        autre.start()
        recues.append(self._une_fois(chemin, champs, fichiers))
        autre.join()
        # The one that was accepted, if any: the other one was told that it came second.
        return min(recues, key=lambda reponse: (reponse is None, reponse.statut if reponse else 0))

    def _une_fois(self, chemin: str, champs: Mapping[str, str], fichiers: Fichiers | None) -> Reponse | None:
        try:
            reponse = self.navigateur.envoyer(chemin, champs, fichiers)
        except Coupure:
            return None
        return reponse if reponse.statut < 500 and reponse.statut != 429 else None

    def _servie(self) -> None:
        if self._sans_page is not None:
            self.bilan.attendu(time.monotonic() - self._sans_page)
            self._sans_page = None

    def _patienter(self, chemin: str) -> None:
        if self._sans_page is None:
            self._sans_page = time.monotonic()
        elif time.monotonic() - self._sans_page > PATIENCE:
            raise Abandonnee(f"plus rien à {chemin} depuis {PATIENCE:.0f} s")
        self.souffler()


def _vers_l_entree(reponse: Reponse) -> bool:
    """The session is not known (any more)."""
    return reponse.statut == 302 and reponse.vers.partition("?")[0] == ENTREE
