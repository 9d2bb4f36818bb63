"""The environment variables that the settings read, for a database embedded or given by DATABASE_URL."""

import os
import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from segurnum.lanceur.binaires import LanceurErreur
from segurnum.lanceur.postgres import ServeurPostgres, ecrire_secret

# The command itself, whatever the current folder and PATH are.
SEGURNUM = [sys.executable, "-m", "segurnum"]


@contextmanager
def application(donnees: Path, *, proprietaire: bool = False) -> Iterator[ServeurPostgres | None]:
    """Set os.environ so that Django can start here and in children; yields the embedded server, if it is used.

    `proprietaire`: as the role that owns the tables of the embedded database, for what makes, loads or empties them.
    An embedded database is a demonstration's (SEGURNUM_DEMO=1); with DATABASE_URL nothing is presumed.
    """
    donnees = donnees.resolve()
    _creer(donnees)
    os.environ["SEGURNUM_DONNEES"] = str(donnees)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "segurnum.config.settings")
    if not os.environ.get("SEGURNUM_SECRET"):
        os.environ["SEGURNUM_SECRET"] = secret(donnees / "secret")
    if os.environ.get("DATABASE_URL"):
        yield None
        return
    os.environ.setdefault("SEGURNUM_DEMO", "1")
    serveur = ServeurPostgres(donnees / "postgres")
    try:
        adresse = serveur.demarrer()
        os.environ["DATABASE_URL"] = adresse if proprietaire else serveur.url_du_portail
        yield serveur
    finally:
        serveur.arreter()
        os.environ.pop("DATABASE_URL", None)


def secret(fichier: Path) -> str:
    """The signing key of this installation, made once and readable by its owner only."""
    if not fichier.exists():
        ecrire_secret(fichier, secrets.token_urlsafe(48))
    return fichier.read_text().strip()


def _creer(donnees: Path) -> None:
    try:
        donnees.mkdir(parents=True, exist_ok=True)
    except OSError as erreur:
        raise LanceurErreur(
            f"Impossible de créer le dossier des données {donnees} ({erreur.strerror}) : choisissez par --donnees "
            "un dossier où votre compte peut écrire."
        ) from erreur
