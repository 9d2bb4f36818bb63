"""What a test that commits leaves of the tables: what the migrations write there, and nothing else."""

from importlib import import_module

from django.apps import apps
from django.core.management import call_command
from django.db import connection

_FAQ = import_module("segurnum.editorial.migrations.0002_rubriques_de_la_faq")
_FILE = "procrastinate_jobs, procrastinate_workers, procrastinate_periodic_defers"


def remettre() -> None:
    """After the tables were emptied: the rows of the migrations again, and no job, since the queue is no model's."""
    _FAQ.ecrire(apps, None)
    with connection.cursor() as curseur:
        curseur.execute(f"TRUNCATE {_FILE} CASCADE")


def reprendre() -> None:
    """A database that another run leaves, maybe in the middle of a test, is as if it had just been migrated."""
    call_command("flush", interactive=False, verbosity=0)
    remettre()
