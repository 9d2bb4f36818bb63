"""pytest plugin (loaded by `-p` in pyproject.toml): database, closed network, exigence numbers, browser.

It holds what must happen before the Django plugin reads the settings, wherever the tests lie.
"""

import gc
import os
import sys
from collections.abc import Generator
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest

from segurnum.essais import numeros, ordre
from segurnum.lanceur.navigateur import SANS_NAVIGATEUR
from segurnum.lanceur.postgres import ServeurPostgres


class ReseauFerme(RuntimeError):
    """A test tried to reach something else than this machine."""


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Generator[None]:
    """Around the Django plugin's own hook, which loads the settings."""
    donnees = early_config.rootpath / "var" / "essais"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "segurnum.config.settings")
    os.environ.setdefault("SEGURNUM_SECRET", "secret-des-essais-sans-valeur-ailleurs")
    os.environ["SEGURNUM_DONNEES"] = str(_donnees_du_processus(donnees))
    os.environ["SEGURNUM_STATIQUES_BRUTS"] = "1"
    os.environ["SEGURNUM_HTTPS"] = "0"  # tests speak to the portal without TLS, but those of TLS
    os.environ["SEGURNUM_DEMO"] = "0"  # what a demonstration adds is switched on by the tests that show it
    os.environ["SEGURNUM_SECOND_FACTEUR_AGENTS"] = "0"  # required but where it is what a test is about
    os.environ["SEGURNUM_ANNUAIRE"] = "demonstration"
    if not os.environ.get("DATABASE_URL"):  # given, or set by the process that started this worker
        serveur = ServeurPostgres(donnees / "postgres", pour_les_essais=True)
        os.environ["DATABASE_URL"] = serveur.demarrer()
        early_config.add_cleanup(serveur.arreter)
    sys.addaudithook(_refuser_le_reseau)
    yield


def _donnees_du_processus(donnees: Path) -> Path:
    """Each process its own files, as it has its own database: what one no longer owns, another may still."""
    processus = os.environ.get("PYTEST_XDIST_WORKER")
    return donnees / processus if processus else donnees


def _refuser_le_reseau(evenement: str, arguments: tuple[Any, ...]) -> None:
    if evenement == "socket.connect" and isinstance(arguments[1], tuple):
        hote = arguments[1][0]
    elif evenement == "socket.getaddrinfo":
        hote = arguments[0]
    else:
        return
    if not _est_local(hote):
        raise ReseauFerme(
            f"Un test a voulu joindre {hote!r} : seuls les serveurs de cette machine sont permis."
        )


def _est_local(hote: str | bytes | None) -> bool:
    nom = hote.decode() if isinstance(hote, bytes) else hote
    if nom in (None, "", "localhost", "0.0.0.0", "::"):
        return True
    try:
        return ip_address(str(nom).partition("%")[0]).is_loopback
    except ValueError:
        return False


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """A number that does not exist is an error of collection: a slip would otherwise show nothing, silently."""
    rapport = yield
    fautes = [
        f"{item.nodeid} : exigence inconnue {', '.join(sorted(inconnus))}"
        for item in rapport.result or []
        if isinstance(item, pytest.Item) and (inconnus := numeros.de(item) - numeros.TOUS)
    ]
    if fautes:
        rapport.outcome = "failed"
        rapport.longrepr = "\n".join(fautes)
        rapport.result = []
    return rapport


def pytest_collection_finish() -> None:
    """Modules and tests stay to the end: the collector does not go through them again and again."""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Whatever order was drawn, the long ones begin, shared between the processes; none is alone at the end."""
    processus = getattr(config, "workerinput", {}).get("workercount", 1)
    items[:] = ordre.partager(items, processus)
    raison = os.environ.get(SANS_NAVIGATEUR)
    if raison:
        for item in items:
            if item.get_closest_marker("e2e"):
                item.add_marker(pytest.mark.skip(reason=raison))
