"""A supplier: simulates, imports, sends its ZIP, watches its check, finishes, adds the pieces that are asked for."""

import hashlib
import io
import json
import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import InterfaceError, OperationalError, connection

from endurance.navigateur import Reponse
from endurance.personnes import Personne
from segurnum.demonstration import documents, fabrique
from segurnum.essais.depots import Deposant
from segurnum.essais.parties import MENACE

IMPORTATION = "/segurnums/importation"
IMPORTATIONS = "/segurnums/importations"
DEMANDES = "/segurnums/demandes"
EN_CONTROLE = "hx-trigger"
A_TERMINER = "merci de cliquer sur"
TERMINE = "Votre dépôt est terminé"
_DEPOT = re.compile(r"/segurnums/importations/(\d+)")
_ARCHIVE = re.compile(r"[?&]archive=(\d+)")
_RAISON = re.compile(r'class="portail-rouge">([^<]+)|<strong>([^<]+)</strong>')
_TYPE = re.compile(r'<option value="(\w+)"')


@dataclass
class Suivi:
    """A deposit that is not finished, with the ZIPs that were sent for it."""

    depot: int
    octets: bytes
    numeros: list[str]
    rang: int = 0
    accuses: set[str] = field(default_factory=set)


class Fournisseur(Personne):
    deposant: Deposant
    ouverts_max = 2

    def preparer(self, deposant: Deposant, etapes: dict[str, str]) -> None:
        """`etapes`: whose board each request comes back to, which the officers read too."""
        self.deposant, self.etapes = deposant, etapes
        self.ouverts: list[Suivi] = []
        self.communs = {"entreprise": str(deposant.enrolement.entreprise_id)}

    @property
    def etape(self) -> str:
        """The step of the board that is this company's own."""
        return f"completer:{self.deposant.enrolement.entreprise_id}"

    def a_finir(self) -> bool:
        return not self.tableau.vide

    def agir(self) -> None:
        numero = self.tableau.prendre(self.etape)
        if numero is not None:
            self._completer(numero)
            self.tableau.rendre()
        elif len(self.ouverts) < self.ouverts_max and not self.fin.is_set() and self.alea.random() < 0.7:
            self._deposer()
        elif self.ouverts:
            self._suivre(self.alea.choice(self.ouverts))
        else:
            self.lire(self.alea.choice(("/segurnums/accueil", DEMANDES, IMPORTATIONS)))

    # --- From the JSON file to the import

    def _deposer(self) -> None:
        self.tableau.commencer()
        simulation = self._simuler(self._fichier(self.alea.randint(1, 3)))
        depot = self._importer(simulation)
        if depot is None:
            self.tableau.rendre()
            return
        self.bilan.acquis.imports[depot] = simulation
        sortie = json.loads(self.lire(f"{IMPORTATIONS}/{depot}/sortie.json").octets)
        numeros = [ligne["numeroASP"] for ligne in sortie["lignesImport"] if ligne["numeroASP"]]
        self.etapes.update(dict.fromkeys(numeros, self.etape))
        octets = documents.archiver(fabrique.pieces(self.deposant.source, sortie))
        self.ouverts.append(Suivi(depot, octets, numeros))
        self._envoyer_un_zip(self.ouverts[-1])

    def _fichier(self, nombre: int) -> bytes:
        """A new file. The beneficiaries that are free are read in the database, which may be down."""
        while True:
            try:
                return fabrique.en_octets(self.deposant.fichier(nombre))
            except (OperationalError, InterfaceError):
                self.souffler()
            finally:
                connection.close()

    def _simuler(self, octets: bytes) -> int:
        champs = {
            "type_demande": "AVANCE",
            "enrolement": str(self.deposant.enrolement.pk),
            "taux_tva": "20",
        }
        fichiers = {"fichier": ("MS1 - AVANCE - Ok.json", octets)}
        self.lire(IMPORTATION)
        # No page lists the simulations: without an answer, the file is simulated again.
        reponse = self.faire("simuler", IMPORTATION, champs, lambda: False, fichiers)
        if reponse is None or reponse.statut != 302:
            raise AssertionError(f"simulation refusée : {_phrases(reponse)}")
        return int(reponse.vers.rsplit("/", 1)[-1])

    def _importer(self, simulation: int) -> int | None:
        """The deposit; None where the simulation is refused."""
        page = f"{IMPORTATION}/{simulation}"
        trouve: list[str] = []

        def fait() -> bool:
            texte = self.lire(page).texte
            trouve[:] = _DEPOT.findall(texte) if "Ce fichier est importé" in texte else []
            return bool(trouve)

        reponse = self.faire(
            "importer",
            f"{page}/importer",
            {},
            fait,
            accuse=lambda reponse: _DEPOT.match(reponse.vers) is not None,
        )
        if reponse is None:
            return int(trouve[0])
        accuse = _DEPOT.match(reponse.vers)
        return int(accuse[1]) if accuse else None

    # --- The ZIP

    def _envoyer_un_zip(self, suivi: Suivi, raisons: Sequence[str] = ()) -> None:
        """The ZIP of a deposit; now and then, a faulty one or an infected one before it.

        `raisons`: what the page says of the one before.
        """
        suivi.rang += 1
        octets = suivi.octets
        if hashlib.sha256(octets).hexdigest() in suivi.accuses:
            self.bilan.differe(
                f"Import {suivi.depot} : un bon ZIP, accusé, doit être envoyé de nouveau ({', '.join(raisons)})."
            )
            octets = suivi.octets = octets + b"\n"  # the same ones would be said to be there already
        elif suivi.rang == 1 and self.alea.random() < 0.2:
            octets = self.alea.choice((_sans_une_piece, _infectee))(octets)
        empreinte = hashlib.sha256(octets).hexdigest()
        nom = f"pieces-{suivi.depot}-{suivi.rang}.zip"
        page = f"{IMPORTATIONS}/{suivi.depot}/pieces"
        reponse = self.faire(
            "envoyer le ZIP",
            page,
            {},
            lambda: nom in self.lire(page).texte,
            {"archive": (nom, octets)},
            accuse=lambda reponse: _ARCHIVE.search(reponse.vers) is not None,
        )
        if reponse is not None and reponse.statut != 302:
            raise AssertionError(f"ZIP refusé : {_phrases(reponse)}")
        suivi.accuses.add(empreinte)
        self.bilan.acquis.archives.add((suivi.depot, empreinte))

    def _suivre(self, suivi: Suivi) -> None:
        """Look at the page of the pieces, and do what it calls for."""
        texte = self.lire(f"{IMPORTATIONS}/{suivi.depot}/pieces").texte
        if TERMINE in texte:
            self._clore(suivi)
        elif A_TERMINER in texte:
            self._terminer(suivi)
        elif EN_CONTROLE in texte:
            return
        else:
            self._envoyer_un_zip(suivi, ["".join(mots).strip() for mots in _RAISON.findall(texte)[:2]])

    def _terminer(self, suivi: Suivi) -> None:
        page = f"{IMPORTATIONS}/{suivi.depot}/pieces"
        self.faire(
            "terminer",
            f"{IMPORTATIONS}/{suivi.depot}/terminer",
            {},
            lambda: TERMINE in self.lire(page).texte,
        )

    def _clore(self, suivi: Suivi) -> None:
        self.bilan.acquis.termines.add(suivi.depot)
        self.ouverts.remove(suivi)
        self.tableau.poser("instruire", *suivi.numeros)
        self.tableau.rendre()

    # --- What an officer asks for

    def _completer(self, numero: str) -> None:
        page = f"{DEMANDES}/{numero}/ajout"
        lue = self.lire(page)
        if lue.statut != 200:  # it is no longer waited for
            return
        nom = f"complement-{numero}-{self.alea.randrange(10**6):06d}.pdf"
        champs = {"type_piece": _TYPE.findall(lue.texte)[0]}
        fichiers = {"fichier": (nom, documents.attester(f"Pièce {nom}", ["Inventée."]))}
        reponse = self.faire(
            "ajouter une pièce", page, champs, lambda: nom in self.lire(page).texte, fichiers
        )
        if reponse is not None and reponse.statut != 302:
            # The antivirus is down: the page says to begin again in a few minutes.
            self.tableau.poser(self.etape, numero)
            return
        self.bilan.acquis.pieces.add((numero, nom))
        self.faire("valider l'ajout", f"{page}/valider", {}, lambda: self.lire(page).statut != 200)
        self.tableau.poser("instruire", numero)


def _sans_une_piece(octets: bytes) -> bytes:
    neuf = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(octets)) as lue, zipfile.ZipFile(neuf, "w") as ecrite:
        for entree in lue.infolist()[1:]:
            ecrite.writestr(entree, lue.read(entree))
    return neuf.getvalue()


def _infectee(octets: bytes) -> bytes:
    return octets + MENACE


def _phrases(reponse: Reponse | None) -> str:
    """What a page that refuses says, without its tags."""
    if reponse is None:
        return "(sans réponse)"
    alertes: list[Any] = re.findall(
        r"fr-(?:alert|error-text|message--error)[^>]*>(.*?)</(?:div|p)>", reponse.texte, re.S
    )
    return f"{reponse.statut} " + " ".join(re.sub(r"<[^>]+>|\s+", " ", alerte) for alerte in alertes)[:400]
