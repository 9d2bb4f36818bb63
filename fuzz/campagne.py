"""The loop: a kind, a seed and a number give one case, always the same; the first that breaks something is kept."""

import base64
import json
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Protocol

from fuzz.enfant import Issue, Limites, essayer

Dire = Callable[[str], object]


class Genre(Protocol):
    """A kind of input: how one is made from chance, and what is done with it."""

    nom: str

    def engendrer(self, alea: Random) -> bytes:
        """One hostile input."""
        ...

    def eprouver(self, octets: bytes) -> int:
        """Do with it what the portal does; answers how many octets it told. Raises for what must never happen."""
        ...


@dataclass
class Bilan:
    """Figures of one kind."""

    cas: int = 0
    cpu_max: float = 0.0
    memoire_max: int = 0
    reponse_max: int = 0
    octets: int = 0

    def ajouter(self, octets: bytes, issue: Issue) -> None:
        self.cas += 1
        self.octets += len(octets)
        self.cpu_max = max(self.cpu_max, issue.cpu)
        self.memoire_max = max(self.memoire_max, issue.memoire)
        self.reponse_max = max(self.reponse_max, issue.reponse)


@dataclass
class Campagne:
    """What was tried; `faute` and `fichier` when something broke."""

    genres: Sequence[Genre]
    graine: str
    dossier: Path
    limites: Limites = field(default_factory=Limites)
    bilans: dict[str, Bilan] = field(default_factory=lambda: defaultdict(Bilan))
    faute: str = ""
    fichier: Path | None = None
    duree: float = 0.0

    def cas(self, numero: int) -> tuple[Genre, bytes]:
        """The kind and the octets of one case: they depend on the seed and on its number alone."""
        alea = Random(f"{self.graine}:{numero}")
        genre = alea.choice(self.genres)
        return genre, genre.engendrer(alea)

    def jouer(self, *, secondes: float, cas_max: int | None = None, dire: Dire = print) -> bool:
        """Try cases until the time is up; stops at the first that breaks something. True when none did."""
        debut = time.monotonic()
        annonce = debut
        numero = 0
        while time.monotonic() - debut < secondes and numero != cas_max:
            genre, octets = self.cas(numero)
            issue = essayer(lambda genre=genre, octets=octets: genre.eprouver(octets), self.limites)  # type: ignore[misc]
            self.bilans[genre.nom].ajouter(octets, issue)
            self.duree = time.monotonic() - debut
            if issue.faute:
                self.faute = issue.faute
                self.fichier = self._garder(genre, numero, octets)
                return False
            numero += 1
            if time.monotonic() - annonce > 30:
                annonce = time.monotonic()
                dire(f"{numero} cas en {self.duree:.0f} s…")
        return True

    def _garder(self, genre: Genre, numero: int, octets: bytes) -> Path:
        self.dossier.mkdir(parents=True, exist_ok=True)
        fichier = self.dossier / f"{genre.nom}-{self.graine}-{numero}.cas.json"
        contenu = {
            "genre": genre.nom,
            "graine": self.graine,
            "numero": numero,
            "faute": self.faute,
            "octets": base64.b64encode(octets).decode(),
        }
        fichier.write_text(json.dumps(contenu, ensure_ascii=False, indent=1), encoding="utf-8")
        return fichier


def rejouer(fichier: Path, genres: Sequence[Genre], limites: Limites) -> Issue:
    """Try again a case that was kept. KeyError when its kind is no longer tried."""
    contenu = json.loads(fichier.read_text(encoding="utf-8"))
    genre = {genre.nom: genre for genre in genres}[contenu["genre"]]
    octets = base64.b64decode(contenu["octets"])
    return essayer(lambda: genre.eprouver(octets), limites)


def ecrire(campagne: Campagne) -> str:
    """The figures, kind by kind."""
    total = sum(bilan.cas for bilan in campagne.bilans.values())
    lignes = [
        f"Graine « {campagne.graine} » : {total} cas en {campagne.duree:.0f} s "
        f"({total / max(campagne.duree, 0.001):.1f} par seconde).",
        f"{'genre':<16}{'cas':>8}{'octets':>14}{'calcul max':>13}{'mémoire max':>14}{'réponse max':>14}",
    ]
    for nom, bilan in sorted(campagne.bilans.items()):
        lignes.append(
            f"{nom:<16}{bilan.cas:>8}{bilan.octets:>14}{bilan.cpu_max:>11.2f} s"
            f"{bilan.memoire_max / 1_048_576:>11.0f} Mo{bilan.reponse_max:>14}"
        )
    return "\n".join(lignes)
