"""`segurnum controles comparer A B DOSSIER`: two versions of the rules over a folder, before one of them is changed."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from segurnum.cli.communs import PAQUET, RACINE, ajouter_gestes

IDENTIQUES, DIFFERENTES, INUTILISABLE = 0, 1, 2
DUREE_MAX = 3600  # seconds, for the whole folder

# Runs in the other tree, with nothing but the engine's oldest face.
_JUGER = """
import json, sys
from pathlib import Path
from segurnum.controles import Contexte, verifier
from segurnum.controles.catalogue import Severite
dit, severites, fichiers = json.loads(sys.stdin.read())
contexte = Contexte(**dit)
if severites:
    contexte = Contexte(**dit, severites={code: Severite(valeur) for code, valeur in severites.items()})
for fichier in fichiers:
    anomalies = verifier(Path(fichier).read_bytes(), contexte).anomalies
    print(json.dumps([[a.code, str(a.severite), a.chemin, a.message] for a in anomalies]), flush=True)
"""


class VersionIllisible(Exception):
    """What was given names no version of the rules."""


@dataclass(frozen=True)
class Version:
    """A tree of the portal, and the severities to judge with."""

    nom: str
    sources: Path
    severites: dict[str, str]


Anomalie = tuple[str, str, str, str]
"""Code, severity, path, sentence."""


def ajouter(sous_commandes: Any) -> None:
    """Register the subcommand."""
    gestes = ajouter_gestes(sous_commandes, "controles", "compare deux versions des règles de contrôle")
    analyseur = gestes.add_parser(
        "comparer",
        help="juge un dossier de fichiers JSON par deux versions des règles et dit ce qui change",
        description="A et B sont une révision git, un dossier du portail (celui qui contient src), ou un fichier JSON "
        'de gravités comme {"3011": "erreur"}, jugé par cette version-ci ; « . » est cette version-ci. Rend 1 si un '
        "fichier change de verdict.",
    )
    analyseur.add_argument("a", metavar="A", help="la version d'avant")
    analyseur.add_argument("b", metavar="B", help="la version d'après")
    analyseur.add_argument(
        "dossier", type=Path, metavar="DOSSIER", help="les fichiers JSON, sous-dossiers compris"
    )
    analyseur.add_argument("--dsr", help="DSR de tous les fichiers (par défaut, dit par chacun)")
    analyseur.set_defaults(executer=comparer)


def comparer(arguments: argparse.Namespace) -> int:
    """Judge twice, tell the differences. Returns 1 when a verdict changes."""
    fichiers = sorted(un for un in arguments.dossier.rglob("*.json") if un.is_file())
    if not fichiers:
        return _refuser(f"aucun fichier JSON dans « {arguments.dossier} ».")
    contexte = {"dsr": arguments.dsr} if arguments.dsr else {}
    with ExitStack() as pile:
        try:
            avant, apres = (
                dict(zip(fichiers, _juger(_version(nom, pile), fichiers, contexte), strict=True))
                for nom in (arguments.a, arguments.b)
            )
        except VersionIllisible as faute:
            return _refuser(str(faute))
    changent = 0
    for fichier in fichiers:
        changent += _dire(fichier.relative_to(arguments.dossier), avant[fichier], apres[fichier])
    print(f"{len(fichiers)} fichiers jugés, {changent or 'aucun'} de verdict changé.")
    return DIFFERENTES if changent else IDENTIQUES


def _dire(nom: Path, avant: list[Anomalie], apres: list[Anomalie]) -> bool:
    """What becomes of one file; True when its verdict changes."""
    conforme_avant, conforme_apres = _conforme(avant), _conforme(apres)
    if {un[:3] for un in avant} == {un[:3] for un in apres}:
        return False
    titre = "reste conforme" if conforme_apres else "reste non conforme"
    if conforme_avant != conforme_apres:
        titre = "devient conforme" if conforme_apres else "devient non conforme"
    print(f"{nom} {titre} :")
    for signe, ecrites in (("-", _ecart(avant, apres)), ("+", _ecart(apres, avant))):
        for code, severite, chemin, message in ecrites:
            print(f"  {signe} {severite} {code} {chemin or 'fichier entier'} : {message}")
    return conforme_avant != conforme_apres


def _conforme(anomalies: list[Anomalie]) -> bool:
    return all(severite != "erreur" for _, severite, _, _ in anomalies)


def _ecart(anomalies: list[Anomalie], autres: list[Anomalie]) -> list[Anomalie]:
    dites = {un[:3] for un in autres}
    return [un for un in anomalies if un[:3] not in dites]


def _version(nom: str, pile: ExitStack) -> Version:
    if nom == ".":
        return Version(nom, PAQUET.parent, {})
    chemin = Path(nom)
    if chemin.is_file():
        try:
            return Version(nom, PAQUET.parent, dict(json.loads(chemin.read_bytes())))
        except ValueError:
            raise VersionIllisible(f"« {nom} » n'est pas un fichier JSON de gravités.") from None
    if (chemin / "src" / "segurnum" / "controles").is_dir():
        return Version(nom, chemin.resolve() / "src", {})
    return Version(nom, _extraire(nom, Path(pile.enter_context(tempfile.TemporaryDirectory()))) / "src", {})


def _extraire(revision: str, dossier: Path) -> Path:
    """The sources of a revision, out of the repository of this tree."""
    commande = ["git", "-C", str(RACINE), "archive", "--end-of-options", revision, "src"]
    fait = subprocess.run(commande, capture_output=True, check=False)
    if fait.returncode:
        raise VersionIllisible(
            f"« {revision} » n'est ni un dossier du portail, ni un fichier, ni une révision git."
        )
    with tarfile.open(fileobj=BytesIO(fait.stdout)) as archive:
        archive.extractall(dossier, filter="data")
    return dossier


def _juger(version: Version, fichiers: list[Path], contexte: dict[str, str]) -> Iterator[list[Anomalie]]:
    """The anomalies of each file, as the tree of this version tells them."""
    fait = subprocess.run(
        [sys.executable, "-c", _JUGER],
        input=json.dumps([contexte, version.severites, [str(un.resolve()) for un in fichiers]]),
        env=os.environ | {"PYTHONPATH": str(version.sources)},
        capture_output=True,
        text=True,
        timeout=DUREE_MAX,
        check=False,
    )
    lignes = fait.stdout.splitlines()
    if fait.returncode or len(lignes) != len(fichiers):
        raison = fait.stderr.strip().splitlines()[-1:] or ["elle s'est arrêtée"]
        raise VersionIllisible(f"la version « {version.nom} » ne peut pas juger : {raison[0]}.")
    return ([(un[0], un[1], un[2], un[3]) for un in json.loads(ligne)] for ligne in lignes)


def _refuser(phrase: str) -> int:
    print(f"segurnum controles comparer : {phrase}", file=sys.stderr)
    return INUTILISABLE
