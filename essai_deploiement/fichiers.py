"""The files that the documentation tells to copy, as a trial reads them: other addresses and paths, nothing else."""

from collections.abc import Mapping
from pathlib import Path

RACINE = Path(__file__).resolve().parents[1]
DEPLOIEMENT = RACINE / "deploiement"


class EssaiImpossible(RuntimeError):
    """The trial cannot be made here, or a part did not start; the message is a French sentence."""


def lire(nom: str) -> str:
    """One file of `deploiement/`, as it is copied by who installs the portal."""
    return (DEPLOIEMENT / nom).read_text("utf-8")


def adapter(nom: str, remplacements: Mapping[str, object]) -> str:
    """The file, each documented text replaced by the one of the trial, in order.

    Raises EssaiImpossible where the file no longer holds a text: it would be tried half as documented.
    """
    texte = lire(nom)
    for documente, essaye in remplacements.items():
        if documente not in texte:
            raise EssaiImpossible(
                f"deploiement/{nom} ne contient plus « {documente} », que l'essai remplace."
            )
        texte = texte.replace(documente, str(essaye))
    return texte


def variables(texte: str) -> dict[str, str]:
    """What an EnvironmentFile says, as systemd reads it: a line that begins by # is a comment."""
    lignes = (ligne for ligne in texte.splitlines() if ligne.strip() and not ligne.startswith("#"))
    return {nom: valeur.strip() for nom, _, valeur in (ligne.partition("=") for ligne in lignes)}
