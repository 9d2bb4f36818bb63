"""The campaign: people at work on one side, outages one after the other on the other, then what is left is compared."""

import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal
from random import Random
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import connection

from endurance.agents import Comptable, Decideur, Gestionnaire
from endurance.bilan import Bilan
from endurance.fournisseur import Fournisseur
from endurance.installation import DELAI, Installation
from endurance.navigateur import Navigateur
from endurance.pannes import Panne
from endurance.personnes import Personne, Tableau
from segurnum.comptes.auteurs import PORTAIL
from segurnum.comptes.models import Profil, Utilisateur
from segurnum.courriels.models import Courriel
from segurnum.essais import usines
from segurnum.essais.depots import Deposant
from segurnum.essais.falsifications import constater
from segurnum.journal.cycle import noter

COULOIRS = ("MS1-DUI", "RAD-RIS", "HOP-DPI", "MDV-LGC", "HOP-PFI")
MOT_DE_PASSE = "un mot de passe inventé pour l'endurance"
AGENTS = ((Profil.GESTIONNAIRE, Gestionnaire), (Profil.DECIDEUR, Decideur), (Profil.COMPTABLE, Comptable))
DELAI_DE_FIN = 600.0  # seconds for all to finish once the last outage is over
TEMPS = 3.0  # seconds between two times that all that waits is made due
ENVELOPPE = "100000000"
Dire = Callable[[str], object]


@dataclass
class Campagne:
    """`fournisseurs`: how many companies deposit at once. `duree_max`: seconds that an outage lasts at the most."""

    ici: Installation
    bilan: Bilan
    graine: str
    pannes: Sequence[Panne]
    fournisseurs: int = 3
    duree_max: float = 3.0
    dire: Dire = print

    def jouer(self, nombre: int) -> bool:
        """Inject `nombre` outages, then compare. True where nothing is wrong."""
        from endurance.comparaison import comparer

        debut = time.monotonic()
        self.fin = threading.Event()
        self.tableau = Tableau()
        personnes = self._semer()
        self.ici.lancer()
        fils = [threading.Thread(target=personne.vivre, daemon=True) for personne in personnes]
        for fil in fils:
            fil.start()
        self._injecter(nombre)
        self.fin.set()
        self._finir(fils)
        self.bilan.juger_les_pages()
        self.bilan.juger_les_programmes()
        comparer(self.bilan, self.ici.boite)
        self.bilan.duree = time.monotonic() - debut
        return not self.bilan.differences

    # --- Who is there

    def _semer(self) -> list[Personne]:
        secret = make_password(MOT_DE_PASSE)
        etapes: dict[str, str] = {}
        personnes: list[Personne] = []
        for code in COULOIRS[: self.fournisseurs]:
            deposant = Deposant.nouveau(code, taux_tva=Decimal("20"))
            noter(deposant.enrolement, "DEPOSER", PORTAIL)  # as its deposit does
            usines.enveloppe(deposant.enrolement.referencement.dsr, ENVELOPPE)
            fournisseur = self._personne(Fournisseur, deposant.utilisateur)
            fournisseur.preparer(deposant, etapes)
            personnes.append(fournisseur)
        for profil, genre in AGENTS:
            agent = self._personne(genre, usines.utilisateur(profil))
            agent.etapes = etapes
            personnes.append(agent)
        Utilisateur.objects.update(password=secret)
        constater()
        return personnes

    def _personne(self, genre: type[Any], utilisateur: Utilisateur) -> Any:
        identifiant = utilisateur.username
        alea = Random(f"{self.graine}:{identifiant}")
        navigateur = Navigateur(self.ici.ports, self.bilan, alea)
        return genre(identifiant, MOT_DE_PASSE, navigateur, self.tableau, alea, self.fin)

    # --- What falls

    def _injecter(self, nombre: int) -> None:
        """Each kind in turn, in an order drawn from the seed, so that a short campaign meets as many as it can."""
        alea = Random(f"{self.graine}:pannes")
        tour: list[Panne] = []
        for rang in range(nombre):
            tour = tour or alea.sample(self.pannes, len(self.pannes))
            panne = tour.pop()
            self.dire(f"{rang + 1}/{nombre} {panne.nom} — {self._ou_en_est_on()}")
            with self.bilan.en_panne(panne.nom):
                panne.poser(self.ici, alea)
                time.sleep(alea.uniform(0.2, self.duree_max))
                panne.lever(self.ici)
                depuis = time.monotonic()
                if not self.ici.attendre_le_retour():
                    self.bilan.differe(f"« {panne.nom} » : le portail n'est pas revenu en {DELAI:.0f} s.")
                self.bilan.revenu(panne.nom, depuis)

    def _ou_en_est_on(self) -> str:
        bilan = self.bilan
        return f"{sum(bilan.gestes.values())} gestes, {bilan.pages_503} pages 503, {bilan.coupures} coupures"

    # --- How it ends

    def _finir(self, fils: Sequence[threading.Thread]) -> None:
        self.dire(f"Fin des pannes : chacun finit ce qu'il a commencé — {self._ou_en_est_on()}")
        connection.close()  # it may have been ended, with all the others
        fin = time.monotonic() + DELAI_DE_FIN
        du = 0.0
        while any(fil.is_alive() for fil in fils) or not _file_vide():
            if time.monotonic() > fin:
                vivants = sum(fil.is_alive() for fil in fils)
                self.bilan.differe(
                    f"{vivants} personne(s) et la file n'ont pas fini en {DELAI_DE_FIN:.0f} s."
                )
                return
            if time.monotonic() > du:
                du = time.monotonic() + TEMPS
                le_temps_passe()
            time.sleep(0.1)


def le_temps_passe() -> None:
    """What waits for its hour is due: tries to come, jobs of workers that died, periodic jobs."""
    from procrastinate.contrib.django import app
    from procrastinate.exceptions import AlreadyEnqueued

    with connection.cursor() as curseur:
        curseur.execute("UPDATE procrastinate_jobs SET scheduled_at = now() WHERE scheduled_at > now()")
        # A worker says every five seconds that it lives.
        curseur.execute(
            "UPDATE procrastinate_workers SET last_heartbeat = last_heartbeat - interval '1 hour'"
            " WHERE last_heartbeat < now() - interval '12 seconds'"
        )
        # A mail whose hand-over was cut, and a mail server that was down. Not while one is being handed over.
        curseur.execute(
            "UPDATE courriels_courriel SET a_remettre_le = now() WHERE a_remettre_le > now() AND NOT EXISTS"
            " (SELECT 1 FROM procrastinate_jobs WHERE queue_name = 'courriels' AND status = 'doing')"
        )
        curseur.execute("UPDATE courriels_etatserveur SET libre_le = NULL")
    for periodique in app.periodic_registry.periodic_tasks.values():
        with suppress(AlreadyEnqueued):
            periodique.task.configure(**periodique.configure_kwargs).defer(timestamp=int(time.time()))


def _file_vide() -> bool:
    """Whether no mail waits, nor any job but those that time brings back."""
    if Courriel.objects.filter(envoye_le=None, retenu_le=None).exists():
        return False
    with connection.cursor() as curseur:
        curseur.execute(
            "SELECT count(*) FROM procrastinate_jobs"
            " WHERE status IN ('todo', 'doing') AND args->>'timestamp' IS NULL"
        )
        return bool(curseur.fetchone()[0] == 0)
