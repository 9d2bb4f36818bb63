"""What several tests look at, made once for them all."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar
from unittest import mock

from django.apps import apps
from django.db import connection, transaction
from pytest_django.plugin import DjangoDbBlocker

Chose = TypeVar("Chose")


@contextmanager
def fait_une_fois(blocage: DjangoDbBlocker, faire: Callable[[], Chose]) -> Iterator[Chose]:
    """What `faire` writes, under tests that each undo what they do on top of it; undone itself at the end.

    For a fixture of a module whose tests are in transactions: theirs are then savepoints of this one.
    """
    bloc = _bloc_d_essai()
    with blocage.unblock():
        bloc.__enter__()
        try:
            chose = faire()
        except BaseException:  # left open, it would be that of every test after it
            transaction.set_rollback(True)
            bloc.__exit__(None, None, None)
            raise
    # A test that ends closes the connection, and would take all this away.
    with mock.patch.object(connection, "close"):
        yield chose
    with blocage.unblock():
        transaction.set_rollback(True)
        bloc.__exit__(None, None, None)
        connection.close()


@contextmanager
def essai_annule() -> Iterator[None]:
    """One of the things that a test tries: what it writes is undone before the next."""
    with _bloc_d_essai():
        yield
        transaction.set_rollback(True)


def _bloc_d_essai() -> transaction.Atomic:
    bloc = transaction.atomic()
    bloc._from_testcase = True  # type: ignore[attr-defined]  # a durable block may begin in it, as in a test's own
    return bloc


def tout_ce_qui_est_ecrit(*domaines: str) -> dict[str, list[dict[str, Any]]]:
    """Every row of these apps, to be held against what is there after a gesture that failed."""
    return {
        modele.__name__: list(modele._default_manager.order_by("pk").values())
        for domaine in domaines
        for modele in apps.get_app_config(domaine).get_models()
    }
