"""How many connections an installation may open in all, and how many PostgreSQL accepts.

The processes that read hostile bytes, and those that start them, open none.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Warning
from django.db import DatabaseError, connection

from segurnum.base.adresse import Programme
from segurnum.base.postgresql.base import CONNEXIONS_DES_SONDES

journal = logging.getLogger(__name__)

FILE = 2  # connections by which a worker speaks to the queue, whatever it runs
ECOUTE = 1  # and the one that hears of new jobs
COMMANDES = 5  # kept for what runs beside: a back-up, a migration, « segurnum securite »
REMEDE = (
    "Augmentez max_connections, ou baissez SEGURNUM_CONNEXIONS, ou mettez PgBouncer devant les pages "
    "(SEGURNUM_BASE_PAGES). Dites le nombre de vos processus par SEGURNUM_PROCESSUS_WEB et SEGURNUM_OUVRIERS."
)


@dataclass(frozen=True)
class Somme:
    """Connections at the very most, of all the processes that the settings announce."""

    pages: int
    ouvriers: int

    @property
    def total(self) -> int:
        return self.pages + self.ouvriers + COMMANDES


def par_ouvrier() -> int:
    """A connection for each job, one for what the worker itself does by Django, and those of the queue."""
    return int(settings.TACHES) + 1 + FILE + ECOUTE


def par_processus_web() -> int:
    """Those of the pages, and those of the probes."""
    return int(settings.CONNEXIONS) + CONNEXIONS_DES_SONDES


def somme() -> Somme:
    """Pages that go through a pooler open none of PostgreSQL's: how many it opens is its own setting."""
    pages = 0 if settings.BASE_PAR_REPARTITEUR else settings.PROCESSUS_WEB * par_processus_web()
    return Somme(pages, settings.OUVRIERS * par_ouvrier())


def accepte() -> int:
    """Connections that PostgreSQL grants to this role on this database. Raises DatabaseError."""
    with connection.cursor() as curseur:
        curseur.execute(
            "SELECT current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int "
            "- coalesce(current_setting('reserved_connections', true)::int, 0), "  # since PostgreSQL 16
            "(SELECT rolconnlimit FROM pg_roles WHERE rolname = current_user), "
            "(SELECT datconnlimit FROM pg_database WHERE datname = current_database())"
        )
        serveur, *limites = curseur.fetchone()
    return int(min([serveur, *(limite for limite in limites if limite >= 0)]))


def repartiteur() -> bool:
    """Whether a pooler stands between: the process that answers is not the one that the connection was told of."""
    with connection.cursor() as curseur:
        curseur.execute("SELECT pg_backend_pid()")
        return bool(curseur.fetchone()[0] != curseur.connection.info.backend_pid)


def fautes() -> list[str]:
    """What does not add up, one sentence each. Raises DatabaseError."""
    total, limite = somme(), accepte()
    trouvees = []
    if total.total > limite:
        trouvees.append(f"{detail(total)} : PostgreSQL n'en accepte que {limite}.")
    if settings.FILS_WEB > 2 * settings.CONNEXIONS:
        trouvees.append(
            f"Chaque processus web a {settings.FILS_WEB} fils pour {settings.CONNEXIONS} connexions : plus de la "
            "moitié attendraient, puis répondraient que la base est indisponible."
        )
    annonce = settings.BASE_PAR_REPARTITEUR and settings.PROGRAMME is Programme.PAGES
    if repartiteur() and not annonce:
        trouvees.append(
            "DATABASE_URL passe par un répartiteur de connexions : elle doit mener à PostgreSQL même, et "
            "SEGURNUM_BASE_PAGES au répartiteur."
        )
    return trouvees


def detail(total: Somme) -> str:
    """The addition, as it is said."""
    pages = (
        "pages par le répartiteur (ses connexions sont les siennes)"
        if settings.BASE_PAR_REPARTITEUR
        else f"{settings.PROCESSUS_WEB} processus web x {par_processus_web()} = {total.pages}"
    )
    return (
        f"{pages} ; {settings.OUVRIERS} ouvriers x {par_ouvrier()} = {total.ouvriers} ; "
        f"{COMMANDES} pour les commandes : {total.total} connexions au plus"
    )


def verifier(databases: Any = None, **_: Any) -> list[CheckMessage]:
    """Django's system check, which asks the database only where it is told to (« check --database default »)."""
    if not databases:
        return []
    try:
        return [Warning(faute, hint=REMEDE, id="installation.W001") for faute in fautes()]
    except DatabaseError:
        return []  # told by all else


def annoncer() -> None:
    """At the start of a process that serves pages: what does not add up is told before it fails on a closing day."""
    try:
        for faute in fautes():
            journal.warning("%s %s", faute, REMEDE)
    except DatabaseError as panne:
        journal.warning("Les connexions n'ont pas été comptées : la base ne répond pas (%s).", panne)
    finally:
        connection.close()
