"""Which test executes which line, and how long it takes: measured once by coverage, kept by file of tests."""

import hashlib
import json
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter
from typing import Any

import coverage
import pytest

RACINE = Path(__file__).resolve().parents[1]
PROGRAMME = RACINE / "src" / "segurnum"
OMIS = {"tests", "migrations", "essais", "demonstration", "web", "cli"}  # not measured


def empreinte(*fichiers: Path) -> str:
    """What these files hold."""
    return hashlib.sha256(b"".join(fichier.read_bytes() for fichier in fichiers)).hexdigest()[:16]


def fichier_de(essai: str) -> str:
    return essai.partition("::")[0]


class Carte:
    """`fichiers`: of tests, those that were measured on the program as it is."""

    def __init__(self, dossier: Path) -> None:
        self.dossier = dossier
        self.programme = empreinte(*sorted(f for f in PROGRAMME.rglob("*.py") if not OMIS & set(f.parts)))
        self.durees: dict[str, float] = {}
        self.essais: dict[tuple[str, int], set[str]] = defaultdict(set)  # by file and line of the program
        self.fleches: dict[str, set[tuple[int, int]]] = defaultdict(set)  # from line to line, by file
        dossier.mkdir(parents=True, exist_ok=True)

    def connu(self, fichier: str) -> dict[str, Any]:
        """What was measured, if it still holds."""
        lieu = self._lieu(fichier)
        connu: dict[str, Any] = json.loads(lieu.read_text()) if lieu.exists() else {}
        return connu if connu.get("etat") == self._etat(fichier) else {}

    def noter(self, fichier: str, connu: dict[str, Any]) -> None:
        self._lieu(fichier).write_text(json.dumps({"etat": self._etat(fichier), **connu}))

    def _lieu(self, fichier: str) -> Path:
        return self.dossier / f"{fichier.replace('/', '+')}.json"

    def _etat(self, fichier: str) -> str:
        return self.programme + empreinte(RACINE / fichier)

    def lire(self, fichier: str) -> None:
        connu = self.connu(fichier)
        self.durees |= connu.get("durees", {})
        for essai, vues in connu.get("lignes", {}).items():
            for source, lignes in vues.items():
                for ligne in lignes:
                    self.essais[source, ligne].add(essai)
        for source, fleches in connu.get("fleches", {}).items():
            self.fleches[source].update(map(tuple, fleches))

    def qui_executent(self, source: str, lignes: range) -> set[str]:
        return set().union(*(self.essais.get((source, ligne), ()) for ligne in lignes))

    def qui_touchent(self, source: str) -> set[str]:
        return set().union(*(essais for (autre, _), essais in self.essais.items() if autre == source))

    def est_executee(self, source: str, lignes: range) -> bool:
        """By a test, or by an import."""
        return any(ligne in lignes for fleche in self.fleches[source] for ligne in fleche)


class Mesure:
    """pytest plugin: what each test executes, itself or by what is made once for several."""

    def __init__(self, carte: Carte) -> None:
        self.carte = carte
        omis = [f"*/{dossier}/*" for dossier in OMIS]
        self.couverture = coverage.Coverage(
            None, branch=True, include=[f"{PROGRAMME}/*"], omit=omis, config_file=False
        )
        self.couverture.start()
        self.partages: dict[str, set[str]] = defaultdict(set)  # what is made once -> tests
        self.durees: dict[str, float] = {}

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: Any) -> Iterator[None]:
        self.couverture.switch_context(item.nodeid)
        for definition in (d for ds in item._fixtureinfo.name2fixturedefs.values() for d in ds):
            self.partages[_nom(definition)].add(item.nodeid)
        debut = perf_counter()
        rendu = yield
        self.durees.setdefault(item.nodeid, perf_counter() - debut)
        return rendu

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(self, fixturedef: Any, request: Any) -> Iterator[None]:
        if fixturedef.scope != "function":
            self.couverture.switch_context(_nom(fixturedef))
        try:
            return (yield)
        finally:
            self.couverture.switch_context(request._pyfuncitem.nodeid)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if not report.passed:
            self.durees[report.nodeid] = -1.0

    def pytest_sessionfinish(self) -> None:
        self.couverture.stop()
        mesure = self.couverture.get_data()
        passes = {essai: duree for essai, duree in self.durees.items() if duree >= 0}
        connus: dict[str, Any] = defaultdict(
            lambda: {"durees": {}, "lignes": defaultdict(dict), "fleches": {}}
        )
        for essai, duree in passes.items():
            connus[fichier_de(essai)]["durees"][essai] = duree
        for chemin in mesure.measured_files():
            source = str(Path(chemin).relative_to(RACINE))
            for ligne, contextes in mesure.contexts_by_lineno(chemin).items():
                vus = set().union(*(self.partages.get(contexte, {contexte}) for contexte in contextes))
                for essai in vus & passes.keys():
                    connus[fichier_de(essai)]["lignes"][essai].setdefault(source, []).append(ligne)
        for fichier, connu in connus.items():
            mesure.set_query_contexts([f"^{re.escape(fichier)}::", r"\|", "^$"])
            for chemin in mesure.measured_files():
                connu["fleches"][str(Path(chemin).relative_to(RACINE))] = mesure.arcs(chemin)
            self.carte.noter(fichier, connu)


def _nom(definition: Any) -> str:
    return f"{definition.baseid}|{definition.argname}"
