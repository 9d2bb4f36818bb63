"""What a back-up says of itself, in clear beside it: versions, digests, counts. Nothing personal is in it."""

import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path

from segurnum.controles.problemes import en_nombre
from segurnum.sauvegarde.ecriture import Ecrit, ecrire
from segurnum.sauvegarde.erreurs import SauvegardeImpossible

FORMAT = 1
NOM = "manifeste.json"
EN_COURS = "-en-cours"  # what the name of an unfinished back-up ends with
FICHIERS = "fichiers"  # the folder that all the back-ups of a folder share


@dataclass(frozen=True)
class Manifeste:
    """`base`, `tetes`, `liste`: the dump, the last digest of each chain of the journal, the files and their sizes.

    `lignes`: how many rows each table has. `perdus`, `alteres`: files that the store did not give, or gave changed.
    """

    instant: str
    postgresql: int  # the server's major version
    outil: int  # pg_dump's
    chiffrement: str
    base: Ecrit
    tetes: Ecrit
    liste: Ecrit
    nombre: int
    octets: int
    lignes: dict[str, int]
    ruptures: int
    perdus: list[str] = field(default_factory=list)
    alteres: list[str] = field(default_factory=list)
    format: int = FORMAT

    @property
    def defauts(self) -> list[str]:
        """What was already wrong in the installation that was saved, as sentences."""
        defauts = [f"le stockage a perdu le fichier {empreinte}" for empreinte in self.perdus]
        defauts += [f"le stockage rend un autre contenu pour {empreinte}" for empreinte in self.alteres]
        if self.ruptures:
            defauts.append(
                f"le journal a {en_nombre(self.ruptures, 'anomalie')} : lancez « segurnum journal verifier »"
            )
        return defauts

    def ecrire(self, dossier: Path) -> None:
        texte = json.dumps(asdict(self), ensure_ascii=False, indent=2) + "\n"
        ecrire([texte.encode()], dossier / NOM)

    @classmethod
    def lire(cls, dossier: Path) -> "Manifeste":
        """Raises SauvegardeImpossible for a folder that is no finished back-up of this format."""
        try:
            lu = json.loads((dossier / NOM).read_text("utf-8"))
            manifeste = cls(**lu | {nom: Ecrit(**lu[nom]) for nom in ("base", "tetes", "liste")})
            datetime.fromisoformat(manifeste.instant)
        except FileNotFoundError as absent:
            raise SauvegardeImpossible(
                f"{dossier} n'est pas une sauvegarde finie : {NOM} manque."
            ) from absent
        except (ValueError, TypeError, KeyError) as illisible:
            raise SauvegardeImpossible(f"{dossier / NOM} est illisible : {illisible}.") from illisible
        if manifeste.format != FORMAT:
            raise SauvegardeImpossible(
                f"la sauvegarde est au format {manifeste.format}, et cette version du portail lit le format {FORMAT}."
            )
        return manifeste


def terminees(dossier: Path) -> list[Path]:
    """The finished back-ups of a folder, the oldest first."""
    return sorted(
        manifeste.parent for manifeste in dossier.glob(f"*/{NOM}") if not _en_cours(manifeste.parent)
    )


def interrompues(dossier: Path) -> list[Path]:
    return sorted(reste for reste in dossier.glob(f"*{EN_COURS}") if reste.is_dir())


def _en_cours(dossier: Path) -> bool:
    return dossier.name.endswith(EN_COURS)


def fichiers_de(liste: Path) -> Iterator[tuple[str, int]]:
    """Digest and size (octets) of each file of a back-up, in the order of the digests."""
    with open(liste, encoding="ascii") as lignes:
        for ligne in lignes:
            empreinte, taille = ligne.split()
            yield empreinte, int(taille)


def chemin_de(dossier: Path, empreinte: str, suffixe: str) -> Path:
    """Where a file lies among those that the back-ups of a folder share."""
    return dossier / FICHIERS / empreinte[:2] / empreinte[2:4] / f"{empreinte}{suffixe}"


def nom_libre(dossier: Path, instant: datetime) -> str:
    """The name of a new back-up: its instant, in UTC."""
    nom = f"{instant:%Y%m%dT%H%M%SZ}"
    return nom if not os.path.exists(dossier / nom) else f"{instant:%Y%m%dT%H%M%S_%fZ}"
