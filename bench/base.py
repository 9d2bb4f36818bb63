"""A database and a store of the bench's own, made for the run and thrown away after it."""

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
from psycopg import sql

NOM = "segurnum_bench"


@contextlib.contextmanager
def base_de_mesure(nom: str = NOM, *, demonstration: bool = True) -> Iterator[None]:
    """Django, ready on a fresh database of this name that holds the demonstration, or what the migrations write.

    The server is the one of DATABASE_URL, or an embedded one.
    """
    from segurnum.lanceur.environnement import application

    with contextlib.ExitStack() as pile:
        if not os.environ.get("DATABASE_URL"):
            pile.enter_context(application(Path("var/bench"), proprietaire=True))
        adresse = os.environ["DATABASE_URL"]
        racine = Path(os.environ.get("SEGURNUM_DONNEES", "var"))
        racine.mkdir(parents=True, exist_ok=True)
        donnees = tempfile.mkdtemp(prefix="mesures-", dir=racine)
        pile.callback(shutil.rmtree, donnees, ignore_errors=True)
        _administrer(adresse, nom, "DROP DATABASE IF EXISTS {} WITH (FORCE)", "CREATE DATABASE {}")
        pile.callback(_administrer, adresse, nom, "DROP DATABASE IF EXISTS {} WITH (FORCE)")
        os.environ.update(
            DATABASE_URL=urlsplit(adresse)._replace(path=f"/{nom}").geturl(),
            SEGURNUM_DONNEES=donnees,
            SEGURNUM_DEMO="1",
            DJANGO_SETTINGS_MODULE="segurnum.config.settings",
        )
        os.environ.setdefault("SEGURNUM_SECRET", "mesures")
        pile.callback(os.environ.update, DATABASE_URL=adresse)
        _preparer(demonstration)
        pile.callback(fermer)
        yield


@contextlib.contextmanager
def copie(adresse: str, nom: str, de: str) -> Iterator[str]:
    """A database of this name that begins as another, which nobody looks at; `adresse`: of any of their server."""
    supprimer = "DROP DATABASE IF EXISTS {} WITH (FORCE)"
    _administrer(adresse, nom, supprimer, f'CREATE DATABASE {{}} TEMPLATE "{de}"')
    try:
        yield nom
    finally:
        _administrer(adresse, nom, supprimer)


def _administrer(adresse: str, nom: str, *ordres: str) -> None:
    with psycopg.connect(urlsplit(adresse)._replace(path="/postgres").geturl(), autocommit=True) as connexion:
        for ordre in ordres:
            connexion.execute(sql.SQL(ordre).format(sql.Identifier(nom)))


def _preparer(demonstration: bool) -> None:
    import logging

    import django
    from django.core.management import call_command

    django.setup()
    logging.disable(logging.INFO)
    call_command("migrate", verbosity=0, skip_checks=True)
    if demonstration:
        from segurnum.demonstration.chargement import charger

        charger()


def fermer() -> None:
    """Let go of the database, its pool included: what is forked after takes connections of its own."""
    from django.db import connections
    from django.db.backends.postgresql.base import DatabaseWrapper

    connection = connections["default"]
    connection.close()
    if isinstance(connection, DatabaseWrapper):
        connection.close_pool()
