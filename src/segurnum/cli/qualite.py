"""`segurnum qualite`: form, types, imports, migrations, dead code, templates, locks, libraries, reads; `--profonde`."""

import argparse
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from segurnum.cli.communs import RACINE, outil_absent

LIGNES_MAXIMUM = 400
# Looking for known weaknesses asks the registry of packages: elsewhere, it is not reached, or does not answer.
AUDIT_MAXIMUM, AUDIT_ATTENTE = 60, 5  # seconds in all; seconds for an answer
ADRESSE = re.compile(r"https?://|file:|--(extra-)?index-url|--find-links|--trusted-host")
LECTURE = re.compile(r"\.(objects|_default_manager|_base_manager)\b")
CONSTAT = re.compile(r"unused (?P<sorte>\w+) '(?P<nom>\w+)'")


@dataclass(frozen=True)
class Resultat:
    """What a check says: `reussi`, and the text to show when there is something to show."""

    reussi: bool
    texte: str = ""
    verifie: bool = True

    @property
    def verdict(self) -> str:
        if not self.verifie:
            return "[yellow]non vérifié[/]"
        return "[green]conforme[/]" if self.reussi else "[bold red]à corriger[/]"


@dataclass(frozen=True)
class Controle:
    nom: str
    titre: str
    executer: Callable[[], Resultat]


def ajouter(sous_commandes: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    analyseur = sous_commandes.add_parser("qualite", help="vérifie la forme et la structure du code")
    noms = ", ".join(controle.nom for controle in CONTROLES)
    analyseur.add_argument("noms", nargs="*", metavar="CONTROLE", help=f"contrôles à faire parmi : {noms}")
    analyseur.add_argument("--corriger", action="store_true", help="met en forme ce qui peut l'être, avant")
    profonde = analyseur.add_argument_group("qualité profonde : les essais voient-ils ce qui se casse ?")
    profonde.add_argument(
        "--profonde",
        action="store_true",
        help="casse le programme en un endroit à la fois, et rejoue les essais",
    )
    profonde.add_argument(
        "--modules", nargs="+", default=[], metavar="MODULE", help="modules ou paquets à casser"
    )
    profonde.add_argument("--essais", nargs="+", default=[], metavar="CHEMIN", help="essais à rejouer")
    profonde.add_argument("--part", default="200", help="nombre d'endroits tirés au sort (par défaut : 200)")
    profonde.add_argument(
        "--graine", default="1", help="la même graine tire les mêmes endroits (par défaut : 1)"
    )
    profonde.add_argument(
        "--budget", default="40", help="secondes d'essais pour un endroit (par défaut : 40)"
    )
    analyseur.set_defaults(executer=executer)


def executer(arguments: argparse.Namespace) -> int:
    if outil_absent("ruff"):
        return 2
    if arguments.profonde:
        return _executer_la_profonde(arguments)
    inconnus = set(arguments.noms) - {controle.nom for controle in CONTROLES}
    if inconnus:
        print(f"Contrôle inconnu : {', '.join(sorted(inconnus))}.", file=sys.stderr)
        return 2
    from rich.console import Console
    from rich.table import Table

    from segurnum.lanceur.environnement import application

    os.chdir(RACINE)
    console = Console(highlight=False)
    if arguments.corriger:
        for commande in (["ruff", "check", "--fix"], ["ruff", "format"]):
            console.print(_outil(*commande).texte, markup=False)
    tableau = Table("Contrôle", "Résultat", "Durée")
    reussi = True
    with application(Path("var") / "essais"):
        for controle in CONTROLES:
            if arguments.noms and controle.nom not in arguments.noms:
                continue
            debut = time.monotonic()
            with console.status(f"{controle.titre}…"):
                resultat = controle.executer()
            reussi = reussi and resultat.reussi
            if resultat.texte:
                console.rule(controle.titre)
                console.print(resultat.texte, markup=False, soft_wrap=True)
            tableau.add_row(
                controle.titre, resultat.verdict, f"{time.monotonic() - debut:.1f} s".replace(".", ",")
            )
    console.print(tableau)
    return 0 if reussi else 1


def _executer_la_profonde(arguments: argparse.Namespace) -> int:
    commande = [sys.executable, "-m", "mutation", "--part", arguments.part, "--graine", arguments.graine]
    commande += ["--budget", arguments.budget]
    for nom in ("modules", "essais"):
        commande += [f"--{nom}", *choisis] if (choisis := getattr(arguments, nom)) else []
    return subprocess.run(commande, cwd=RACINE, check=False).returncode


def _outil(*commande: str) -> Resultat:
    """Run a tool of the virtual environment; its text is shown only when it fails."""
    chemin = Path(sys.executable).with_name(commande[0])
    resultat = subprocess.run(
        [str(chemin), *commande[1:]], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    reussi = resultat.returncode == 0
    return Resultat(reussi, "" if reussi else resultat.stdout.strip())


def _par(*commande: str) -> Callable[[], Resultat]:
    return lambda: _outil(*commande)


def verifier_code_mort() -> Resultat:
    """Functions, methods and classes that nothing names: neither code, nor a template, nor the settings.

    Attributes are left out: columns and members of enumerations are declared for the database and the screens.
    """
    textes = [
        (RACINE / "src").glob(motif) for motif in ("**/*.html", "**/*.txt", "**/*.typ", "**/config/*.py")
    ]
    appeles = {
        mot for fichiers in textes for fichier in fichiers for mot in re.findall(r"\w+", _lire(fichier))
    }
    morts = [
        ligne
        for ligne in _outil("vulture").texte.splitlines()
        if not (constat := CONSTAT.search(ligne))
        or (constat["sorte"] not in ("variable", "attribute") and constat["nom"] not in appeles)
    ]
    return Resultat(not morts, "\n".join(morts))


def verifier_dependances() -> Resultat:
    """What the program imports is declared for it, what tries the program is declared for those who work on it."""
    essais = ("tests", "bench", "fuzz", "endurance", "essai_deploiement", "mutation")
    du_programme = _outil("deptry", "src", "--no-ansi")
    de_tous = _outil(
        *("deptry", "src", *essais, "--no-ansi", "--ignore", "DEP002,DEP004", "--extend-exclude", "^$")
    )
    return Resultat(du_programme.reussi and de_tous.reussi, f"{du_programme.texte}\n{de_tous.texte}".strip())


def verifier_failles() -> Resultat:
    """Known weaknesses of the locked libraries (pip-audit). Nothing reached says nothing, and stays green."""
    commande = [str(Path(sys.executable).with_name("pip-audit")), "--disable-pip", "--require-hashes"]
    commande += ["--requirement", "requirements.lock", "--progress-spinner", "off", "--format", "json"]
    commande += ["--timeout", str(AUDIT_ATTENTE)]
    try:
        sortie = subprocess.run(
            commande, capture_output=True, text=True, check=False, timeout=AUDIT_MAXIMUM
        ).stdout
    except subprocess.TimeoutExpired:
        sortie = ""
    return lire_l_audit(sortie)


def lire_l_audit(sortie: str) -> Resultat:
    """What pip-audit wrote, in JSON; empty when it could not ask."""
    try:
        paquets = json.loads(sortie)["dependencies"]
    except (ValueError, KeyError):
        paquets = []
    vus = [paquet for paquet in paquets if "skip_reason" not in paquet]
    failles = [
        f"{paquet['name']} {paquet['version']} : {faille['id']}, réparée en {', '.join(faille['fix_versions']) or '–'}"
        for paquet in vus
        for faille in paquet["vulns"]
    ]
    return Resultat(not failles, "\n".join(failles), verifie=bool(vus))


def verifier_verrous() -> Resultat:
    """A lock that names a registry would send everybody to the network of whoever wrote it."""
    fautes = [
        f"{verrou.name}:{rang} nomme une adresse : {ligne.strip()}"
        for verrou in sorted(RACINE.glob("requirements*.lock"))
        for rang, ligne in enumerate(_lire(verrou).splitlines(), 1)
        if ADRESSE.search(ligne)
    ]
    return Resultat(not fautes, "\n".join(fautes))


def verifier_lectures() -> Resultat:
    """A screen reads through its domain's queries: who may see what is decided there, once."""
    fautes = [
        f"{fichier.relative_to(RACINE)}:{rang} lit la base : passez par les « queries » du domaine"
        for paquet in ("seuil", "kits", "web")
        for fichier in sorted((RACINE / "src" / "segurnum" / paquet).rglob("*.py"))
        if "tests" not in fichier.parts
        for rang, ligne in enumerate(_lire(fichier).splitlines(), 1)
        if LECTURE.search(ligne)
    ]
    return Resultat(not fautes, "\n".join(fautes))


def verifier_longueurs(fichiers: Iterable[Path] | None = None) -> Resultat:
    """A file that is too long holds several things: each has its own."""
    longs = [
        f"{fichier} : {lignes} lignes, pour {LIGNES_MAXIMUM} au plus"
        for fichier in (_sources() if fichiers is None else fichiers)
        if (lignes := len(_lire(fichier).splitlines())) > LIGNES_MAXIMUM
    ]
    return Resultat(not longs, "\n".join(longs))


def _lire(fichier: Path) -> str:
    return fichier.read_text(encoding="utf-8")


def _sources() -> Iterable[Path]:
    """Of the program and of what tries it, as the project names them: code and templates, migrations aside."""
    for dossier in ("src", "tests", "bench", "fuzz", "endurance", "essai_deploiement", "mutation"):
        for fichier in sorted((RACINE / dossier).rglob("*")):
            if fichier.suffix in (".py", ".html") and "migrations" not in fichier.parts:
                yield fichier.relative_to(RACINE)


CONTROLES = (
    Controle("format", "Mise en forme (ruff format)", _par("ruff", "format", "--check", "--quiet", "--diff")),
    Controle("lint", "Fautes courantes (ruff check)", _par("ruff", "check", "--output-format=concise")),
    Controle("types", "Types (mypy)", _par("mypy")),
    Controle("imports", "Contrats d'import (import-linter)", _par("lint-imports", "--no-logo")),
    Controle(
        "migrations",
        "Migrations à jour",
        _par("python", "-m", "segurnum", "django", "makemigrations", "--check", "--dry-run"),
    ),
    Controle("mort", "Code mort (vulture)", verifier_code_mort),
    Controle("gabarits", "Gabarits (djlint)", _par("djlint", "src", "--lint", "--quiet")),
    Controle("verrous", "Verrous sans adresse", verifier_verrous),
    Controle("dependances", "Bibliothèques déclarées (deptry)", verifier_dependances),
    Controle("failles", "Failles connues (pip-audit)", verifier_failles),
    Controle("lectures", "Lectures hors des écrans", verifier_lectures),
    Controle("longueurs", "Longueur des fichiers", verifier_longueurs),
)
