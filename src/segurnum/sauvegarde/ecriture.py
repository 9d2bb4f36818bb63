"""Writing into the folder of the back-ups: whole under its name or not at all, and kept by the disk."""

import hashlib
import os
import subprocess
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

from segurnum.fichiers.stockage import graver
from segurnum.sauvegarde.chiffrement import dire_erreur
from segurnum.sauvegarde.erreurs import SauvegardeImpossible

TRANCHE = 1024 * 1024  # octets


@dataclass(frozen=True)
class Ecrit:
    """A file as it lies in the folder: what its digest is computed on is what is there, encrypted or not."""

    nom: str
    sha256: str
    taille: int  # octets

    @classmethod
    def lire(cls, fichier: Path) -> "Ecrit":
        calcul = hashlib.sha256()
        with open(fichier, "rb") as flux:
            while bloc := flux.read(TRANCHE):
                calcul.update(bloc)
            return cls(fichier.name, calcul.hexdigest(), flux.tell())


def ecrire(
    blocs: Iterable[bytes],
    destination: Path,
    commande: Sequence[str] | None = None,
    *,
    racine: Path | None = None,
) -> None:
    """Write blocks under a name, through a command that encrypts them. What `blocs` raises leaves nothing behind.

    `racine`: the folder that was there before those that lead to the name.
    """
    destination.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    poignee, provisoire = tempfile.mkstemp(dir=destination.parent, prefix=".en-cours-")
    try:
        with os.fdopen(poignee, "wb") as sortie:
            if commande is None:
                for bloc in blocs:
                    sortie.write(bloc)
            else:
                _par_la_commande(blocs, commande, sortie.fileno())
            sortie.flush()
            os.fsync(sortie.fileno())
        os.replace(provisoire, destination)
    except BaseException:
        Path(provisoire).unlink(missing_ok=True)
        raise
    graver([destination.parent], racine or destination.parent)


def _par_la_commande(blocs: Iterable[bytes], commande: Sequence[str], sortie: int) -> None:
    with subprocess.Popen(
        commande, stdin=subprocess.PIPE, stdout=sortie, stderr=subprocess.PIPE
    ) as processus:
        entree = cast(IO[bytes], processus.stdin)
        try:
            for bloc in blocs:
                entree.write(bloc)
        except BrokenPipeError:
            pass  # it says why itself
        except BaseException:
            processus.kill()
            raise
        _, erreurs = processus.communicate()
    if processus.returncode:
        raise SauvegardeImpossible(f"le chiffrement par « {commande[0]} » échoue : {dire_erreur(erreurs)}")
