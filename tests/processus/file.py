"""The queue as a test sees it: emptied around each, and moved in time, since nobody sleeps."""

from collections.abc import Iterator

import pytest
from django.db import connection


def executer(ordre: str) -> None:
    with connection.cursor() as curseur:
        curseur.execute(ordre)


@pytest.fixture
def file_vide(transactional_db: None) -> Iterator[None]:
    """The tables of the queue are not the models' own: nothing empties them between two tests."""
    ordre = "TRUNCATE procrastinate_jobs, procrastinate_workers, procrastinate_periodic_defers CASCADE"
    executer(ordre)
    yield
    executer(ordre)


def sans_attendre() -> None:
    """What is to be tried again later is tried again now."""
    executer("UPDATE procrastinate_jobs SET scheduled_at = now() WHERE scheduled_at > now()")


def une_minute_passe() -> None:
    """A dead worker has been silent for long, and the job of each minute is due again."""
    executer("UPDATE procrastinate_workers SET last_heartbeat = last_heartbeat - interval '1 minute'")
    executer("DELETE FROM procrastinate_periodic_defers")
