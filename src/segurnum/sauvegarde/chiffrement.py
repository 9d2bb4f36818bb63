"""Encrypting what leaves the installation, by age or GPG: streams through their commands, no key is read here."""

import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

from segurnum.sauvegarde.erreurs import SauvegardeImpossible

AUCUN, AGE, GPG = "aucun", "age", "gpg"
SUFFIXES = {AUCUN: "", AGE: ".age", GPG: ".gpg"}
_PREFIXES_AGE = ("age1", "ssh-")


@dataclass(frozen=True)
class Chiffrement:
    """How what is written is encrypted: `outil`, and the recipients whose keys will open it."""

    outil: str
    destinataires: tuple[str, ...] = ()

    @property
    def suffixe(self) -> str:
        """What the name of an encrypted file ends with."""
        return SUFFIXES[self.outil]

    @property
    def commande(self) -> list[str] | None:
        """What encrypts its standard input on its standard output; None for plain copies."""
        if self.outil == AGE:
            return ["age", *(mot for nom in self.destinataires for mot in ("-r", nom))]
        if self.outil == GPG:
            qui = (mot for nom in self.destinataires for mot in ("--recipient", nom))
            return ["gpg", "--batch", "--quiet", "--trust-model", "always", "--encrypt", *qui]
        return None


def choisir(destinataires: Sequence[str], *, en_clair: bool) -> Chiffrement:
    """What the recipients say: `age1…` and `ssh-…` are age's, the others GPG's. Raises SauvegardeImpossible.

    Nothing is written in clear unless it is asked for.
    """
    if en_clair:
        return Chiffrement(AUCUN)
    if not destinataires:
        raise SauvegardeImpossible(
            "aucun destinataire n'est donné : indiquez par --destinataire (ou SEGURNUM_SAUVEGARDE_DESTINATAIRE) la clé "
            "publique age ou GPG qui ouvrira la sauvegarde, ou demandez une sauvegarde lisible par --en-clair."
        )
    outils = {AGE if nom.startswith(_PREFIXES_AGE) else GPG for nom in destinataires}
    if len(outils) > 1:
        raise SauvegardeImpossible("les destinataires sont les uns d'age, les autres de GPG : choisissez.")
    (outil,) = outils
    _exiger(outil)
    return Chiffrement(outil, tuple(destinataires))


def commande_de_lecture(outil: str, cle: Path | None) -> list[str] | None:
    """What decrypts its standard input. `cle`: the file of an age identity; GPG looks into its own keyring."""
    if outil == AUCUN:
        return None
    if outil not in SUFFIXES:
        raise SauvegardeImpossible(f"le chiffrement « {outil} » n'est pas connu de cette version.")
    _exiger(outil)
    if outil == GPG:
        return ["gpg", "--batch", "--quiet", "--decrypt"]
    if cle is None:
        raise SauvegardeImpossible(
            "la sauvegarde est chiffrée par age : indiquez par --cle le fichier de la clé privée."
        )
    return ["age", "--decrypt", "-i", str(cle)]


def _exiger(outil: str) -> None:
    if shutil.which(outil) is None:
        paquet = "gnupg" if outil == GPG else outil
        raise SauvegardeImpossible(
            f"la commande « {outil} » n'est pas installée sur cette machine (sous Debian : « apt install {paquet} »)."
        )


@contextmanager
def lire(fichier: Path, commande: Sequence[str] | None) -> Iterator[IO[bytes]]:
    """The content of a file, decrypted on the way. Raises SauvegardeImpossible when the key does not open it."""
    with open(fichier, "rb") as source:
        if commande is None:
            yield source
            return
        with subprocess.Popen(
            commande, stdin=source, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        ) as processus:
            yield cast(IO[bytes], processus.stdout)
            _, erreurs = processus.communicate()
    if processus.returncode:
        raise SauvegardeImpossible(f"« {fichier.name} » ne s'ouvre pas : {dire_erreur(erreurs)}")


def dire_erreur(erreurs: bytes) -> str:
    """What a command that failed says: the line of its error, which pg_restore follows with what it was doing."""
    lignes = erreurs.decode("utf-8", "replace").strip().splitlines()
    return next(
        (ligne for ligne in lignes if "error:" in ligne.lower()), lignes[-1] if lignes else "sans message"
    )
