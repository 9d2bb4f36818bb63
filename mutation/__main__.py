"""`python -m mutation [--modules …] [--part N] [--graine N]`: the coverage of the rules, then the mutants."""

import argparse
import os
import sys
from pathlib import Path
from random import Random

from mutation import bilan
from mutation.campagne import Campagne
from mutation.carte import RACINE
from mutation.mutants import Source
from segurnum.lanceur.postgres import ServeurPostgres

COUVERTS = ("segurnum.regles", "segurnum.couloirs", "segurnum.controles")
MODULES = ("segurnum.demandes", "segurnum.depots", "segurnum.paiements", *COUVERTS)
APART = {"e2e", "processus"}  # their tests look at programs that run in other processes


def principal() -> int:
    analyseur = argparse.ArgumentParser(prog="segurnum qualite --profonde")
    analyseur.add_argument("--modules", nargs="+", default=MODULES, help="modules ou paquets à éprouver")
    analyseur.add_argument("--essais", nargs="+", type=Path, default=[Path("src"), Path("tests")])
    analyseur.add_argument("--part", type=int, default=200, help="mutants tirés au sort")
    analyseur.add_argument("--graine", type=int, default=1, help="la même graine tire les mêmes")
    analyseur.add_argument("--budget", type=float, default=40.0, help="secondes d'essais pour un mutant")
    analyseur.add_argument(
        "--dossier", type=Path, default=RACINE / "var" / "mutation", help="un par campagne"
    )
    arguments = analyseur.parse_args()
    dossier = arguments.dossier.resolve()
    os.environ["PYTEST_XDIST_WORKER"] = (
        "mutation"  # its own files, and its own database: tests may run beside
    )
    with ServeurPostgres(dossier / "postgres", pour_les_essais=True) as url:
        os.environ["DATABASE_URL"] = url
        campagne = Campagne(dossier, fichiers_d_essais(arguments.essais), budget=arguments.budget, dire=_dire)
        print(bilan.couverture(campagne.carte, COUVERTS), flush=True)
        mutants = [mutant for source in sources(arguments.modules) for mutant in source.mutants()]
        tires = Random(arguments.graine).sample(mutants, min(arguments.part, len(mutants)))
        print(bilan.ecrire(campagne.essayer(tires), len(mutants)))
    return 0


def fichiers_d_essais(lieux: list[Path]) -> list[str]:
    """By their path from the root; those that a child of this process can look at."""
    fichiers = {f for lieu in lieux for f in ([lieu] if lieu.is_file() else lieu.rglob("test_*.py"))}
    return sorted(str(f.resolve().relative_to(RACINE)) for f in fichiers if not APART & set(f.parts))


def sources(noms: list[str]) -> list[Source]:
    """The modules of these names, and those of the packages of these names."""
    trouvees = []
    for nom in noms:
        lieu = RACINE / "src" / Path(*nom.split("."))
        for fichier in sorted(lieu.rglob("*.py")) if lieu.is_dir() else [lieu.with_suffix(".py")]:
            parties = fichier.relative_to(RACINE / "src").with_suffix("").parts
            if not {"tests", "migrations"} & set(parties):
                trouvees.append(Source(".".join(parties).removesuffix(".__init__"), fichier))
    return trouvees


def _dire(phrase: str) -> None:
    print(phrase, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(principal())
