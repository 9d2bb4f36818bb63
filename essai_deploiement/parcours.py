"""The walk of a deposit, one step after the other, and what is stopped during each."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import pyotp

from essai_deploiement.fichiers import EssaiImpossible
from essai_deploiement.installation import NOEUDS, Dire, Installation, attendre, comptes
from essai_deploiement.personne import PasServi, Personne
from segurnum.lanceur.reseau import est_libre

ESSAYES = "SELECT count(*) FROM procrastinate_jobs WHERE queue_name = 'archives' AND attempts > 0"
RETENUS = "SELECT count(*) FROM courriels_courriel WHERE envoye_le IS NULL"
COUPURE = 3.0  # seconds that a part is away while somebody waits for it


@dataclass(frozen=True)
class Etape:
    """`arret`: what is stopped, in French, and does it; `geste`: what the person does; `retour`: what is given back."""

    nom: str
    geste: Callable[[], None]
    quoi: str = ""
    arret: Callable[[], None] = field(default=lambda: None)
    retour: Callable[[], None] = field(default=lambda: None)


class Parcours:
    """A supplier through nginx, an officer through HAProxy. `fautes`: what makes the trial fail."""

    def __init__(self, lieu: Installation, dire: Dire) -> None:
        self.lieu, self.dire, self.fautes = lieu, dire, list[str]()
        self.qui = comptes(lieu)
        public, seul = lieu.adresses
        self.fournisseur = Personne(public, lieu.certificat)
        self.agent = Personne(seul, lieu.certificat)
        self.page = ""  # the last page of the deposit

    def jouer(self, *, pannes: bool) -> bool:
        """All the steps; True when each was served, and nothing was sent twice."""
        for etape in self.etapes():
            if not self._jouer(etape, pannes=pannes):
                break
        self._repartition()
        for faute in self.fautes:
            self.dire(f"FAUTE : {faute}")
        return not self.fautes

    def _jouer(self, etape: Etape, *, pannes: bool) -> bool:
        if pannes and etape.quoi:
            etape.arret()
        debut = time.monotonic()
        # What stops in the middle of a gesture comes back in the middle of it.
        retour = threading.Timer(COUPURE, etape.retour) if pannes else None
        if retour:
            retour.start()
        try:
            etape.geste()
        except (PasServi, EssaiImpossible) as erreur:
            self.fautes.append(f"{etape.nom} : {erreur}")
        duree = time.monotonic() - debut
        if retour:
            retour.join()
        self._raconter(etape, duree, pannes=pannes)
        return not self.fautes

    def _raconter(self, etape: Etape, duree: float, *, pannes: bool) -> None:
        vus, renvois = [], 0
        for personne in (self.fournisseur, self.agent):
            vus += personne.vu
            renvois += personne.renvois
            personne.vu, personne.renvois = [], 0
        if renvois:
            self.fautes.append(f"{etape.nom} : envoyé {renvois + 1} fois.")
        panne = f" ; {etape.quoi}" if pannes and etape.quoi else ""
        vu = f"a vu {', puis '.join(vus)}" if vus else "n'a rien vu d'autre que sa page"
        self.dire(f"{etape.nom}{panne} : la personne {vu} ; servie en {duree:.1f} s.".replace(".", ",", 1))

    def _repartition(self) -> None:
        # A node that was slow to answer is set aside for a while: both are asked for a page once they are there.
        for nom in NOEUDS:
            self.lieu.attendre_noeud(nom)
        for _ in range(2 * len(NOEUDS)):
            self.agent.lire("/segurnums/")
        vues = self.lieu.haproxy.compter()
        self.dire(", ".join(f"{nom} : {vues.get(nom, 0)} requêtes" for nom in NOEUDS) + ".")
        if not all(vues.get(nom) for nom in NOEUDS):
            self.fautes.append("un nœud n'a rien servi.")

    def etapes(self) -> tuple[Etape, ...]:
        s, r = self.lieu.services, self.lieu.robinets
        return (
            Etape(
                "Connexion",
                self._connexion,
                "noeud-1 arrêté, puis relancé",
                s["noeud-1"].arreter,
                s["noeud-1"].demarrer,
            ),
            Etape("Simulation", self._simulation, "noeud-2 tué", self._tuer("noeud-2")),
            Etape(
                "Import de trois demandes",
                self._import,
                "PostgreSQL arrêté, puis relancé",
                self._arreter_la_base,
                self.lieu.postgres.demarrer,
            ),
            Etape(
                "Envoi du ZIP",
                self._envoi,
                "ouvrier des archives arrêté et HAProxy rechargé",
                self._recharger_sans_ouvrier,
            ),
            Etape(
                "Contrôle du ZIP",
                self._controle,
                "stockage et antivirus coupés quand l'ouvrier revient, rendus après un essai",
                self._couper_le_stockage,
                self._rendre_le_stockage,
            ),
            Etape(
                "« Terminer »",
                self._terminer,
                "serveur de courriels arrêté, ouvrier des courriels tué, noeud-1 tué",
                self._couper_les_courriels,
                r["smtp"].ouvrir,
            ),
            Etape("Courriels reçus", self._courriels),
            Etape("L'agent voit les demandes", self._lecture, "noeud-2 tué", self._tuer("noeud-2")),
        )

    # --- What is stopped.

    def _tuer(self, nom: str) -> Callable[[], None]:
        def tuer() -> None:
            for noeud in NOEUDS:
                self.lieu.attendre_noeud(noeud)
            self._tuer_noeud(nom)

        return tuer

    def _tuer_noeud(self, nom: str) -> None:
        """Until its port is closed: what a dying process still accepts is nobody's to try again (see operations)."""
        port = self.lieu.haproxy.noeuds[NOEUDS.index(nom)]
        self.lieu.services[nom].tuer()
        attendre(lambda: est_libre(port), f"« {nom} » écoute encore", self.lieu.dossier)

    def _arreter_la_base(self) -> None:
        for noeud in NOEUDS:
            self.lieu.attendre_noeud(noeud)
        self.lieu.postgres.arreter()

    def _recharger_sans_ouvrier(self) -> None:
        for noeud in NOEUDS:
            self.lieu.attendre_noeud(noeud)
        self.lieu.services["archives"].arreter()
        self.lieu.haproxy.recharger()

    def _couper_le_stockage(self) -> None:
        for nom in ("s3", "antivirus"):
            self.lieu.robinets[nom].fermer()
        self.lieu.services["archives"].demarrer()

    def _rendre_le_stockage(self) -> None:
        """Once the check has met the outage, or the step would show nothing."""
        attendre(
            lambda: self.lieu.postgres.lire(ESSAYES) != "0", "le contrôle n'a pas commencé", self.lieu.dossier
        )
        for nom in ("s3", "antivirus"):
            self.lieu.robinets[nom].ouvrir()

    def _couper_les_courriels(self) -> None:
        for noeud in NOEUDS:
            self.lieu.attendre_noeud(noeud)
        self.lieu.robinets["smtp"].fermer()
        self.lieu.services["courriels"].tuer()
        self._tuer_noeud("noeud-1")

    # --- What people do.

    def _connexion(self) -> None:
        self._entrer(self.fournisseur, self.qui["fournisseur"])

    def _entrer(self, personne: Personne, identifiant: str) -> None:
        saisie = {"username": identifiant, "password": self.qui["mot_de_passe"]}
        personne.envoyer("/segurnums/", saisie)

    def _envoyer(self, page: str, champs: dict[str, str] | None = None, **suite: object) -> str:
        """A gesture of the supplier; the path of the page that it leads to."""
        saisie = {"entreprise": str(self.qui["entreprise"])} | (champs or {})
        reponse = self.fournisseur.envoyer(page, saisie, **suite)  # type: ignore[arg-type]
        return reponse.url.removeprefix(self.fournisseur.adresse)

    def _simulation(self) -> None:
        saisie = {"type_demande": "AVANCE", "enrolement": str(self.qui["enrolement"]), "taux_tva": "20"}
        fichier = ("MS1 - AVANCE - Ok.json", self.qui["json"].encode())
        self.page = self._envoyer("/segurnums/importation", saisie, fichiers={"fichier": fichier})

    def _import(self) -> None:
        vers = f"{self.page}/importer"
        self.page = self._envoyer(self.page, vers=vers)

    def _envoi(self) -> None:
        sortie = self.fournisseur.lire(f"{self.page}/sortie.json").content
        outil = ("-m", "essai_deploiement.preparation", "pieces", str(self.qui["enrolement"]))
        pieces = self.lieu.commande(*outil, entree=sortie)
        self._envoyer(f"{self.page}/pieces", fichiers={"archive": ("pieces.zip", pieces)})

    def _controle(self) -> None:
        self.fournisseur.voir(f"{self.page}/pieces", "merci de cliquer sur « Terminer »")

    def _terminer(self) -> None:
        self._envoyer(f"{self.page}/pieces", vers=f"{self.page}/terminer")

    def _courriels(self) -> None:
        attendre(
            lambda: bool(self.lieu.boite.recus) and self.lieu.postgres.lire(RETENUS) == "0",
            "des courriels ne sont pas partis",
            self.lieu.dossier,
        )
        if len({recu.message_id for recu in self.lieu.boite.recus}) != len(self.lieu.boite.recus):
            self.fautes.append("un courriel est arrivé deux fois.")

    def _lecture(self) -> None:
        self._entrer(self.agent, self.qui["agent"])
        self.agent.envoyer("/segurnums/code", {"code": pyotp.TOTP(self.qui["cle"]).now()})
        self.agent.voir("/segurnums/gestion/demandes", "En cours")
