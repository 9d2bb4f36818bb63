"""One clock, `regles.calendrier.maintenant`: a demonstration that travels, and a test, move the whole portal."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import segurnum

PAQUET = Path(segurnum.__file__).parent
# What reads another clock: module and name, of the class or of the function.
HORLOGES = {
    "datetime.now",
    "datetime.utcnow",
    "datetime.today",
    "date.today",
    "timezone.now",
    "timezone.localdate",
    "time.time",
    "time.time_ns",
    "time.gmtime",
    "time.localtime",
    "time.ctime",
}
NOMS = {"utcnow", "Now", "auto_now", "auto_now_add"}
EN_SQL = re.compile(
    r"\bnow\(\)|\b(current|local)_?(timestamp|date|time)\b|\b(clock|statement|transaction)_timestamp\b", re.I
)
EN_GABARIT = re.compile(r"{%\s*now\b|\|\s*time(since|until)\b")
# Who may, and why. What only measures how long something lasts (`time.monotonic`, `perf_counter`) is no clock.
PERMIS = {
    "regles/calendrier.py": "is the clock",
    "entretien/horloge.py": "moves the clock, by what it is ahead of the real one",
    "entretien/ouvrier.py": "the queue has its own clock, that of its database",
    "installation/sante.py": "the queue has its own clock, and files that of their disk",
    "courriels/models.py": "what the former version writes while it is replaced, in the database's own words",
    "depots/models.py": "what the former version writes while it is replaced, in the database's own words",
}


def _sources() -> Iterator[tuple[str, str]]:
    for chemin in sorted(PAQUET.rglob("*.py")):
        nom = chemin.relative_to(PAQUET).as_posix()
        if "tests/" not in nom and "migrations/" not in nom and not nom.startswith("essais/"):
            yield nom, chemin.read_text("utf-8")


def _lit_une_horloge(arbre: ast.Module) -> bool:
    textes = {id(noeud.value) for noeud in ast.walk(arbre) if isinstance(noeud, ast.Expr)}  # docstrings
    return any(_est_une_horloge(noeud) for noeud in ast.walk(arbre) if id(noeud) not in textes)


def _est_une_horloge(noeud: ast.AST) -> bool:
    match noeud:
        case ast.Attribute():
            return ".".join(ast.unparse(noeud).split(".")[-2:]) in HORLOGES
        case ast.ImportFrom(module="time", names=noms):
            return any(f"time.{alias.name}" in HORLOGES for alias in noms)
        case ast.ImportFrom(names=noms):
            return any(alias.name in NOMS for alias in noms)
        case ast.keyword(arg=nom):
            return nom in NOMS
        case ast.Constant(value=str() as texte):
            return EN_SQL.search(texte) is not None
    return False


def test_aucun_programme_ne_lit_une_autre_horloge() -> None:
    fautifs = {nom for nom, source in _sources() if _lit_une_horloge(ast.parse(source))}
    assert fautifs == set(PERMIS)


def test_aucun_gabarit_ne_lit_une_autre_horloge() -> None:
    fautifs = [
        chemin.relative_to(PAQUET).as_posix()
        for motif in ("*.html", "*.txt", "*.ics", "*.xml")
        for chemin in sorted(PAQUET.rglob(motif))
        if EN_GABARIT.search(chemin.read_text("utf-8"))
    ]
    assert fautifs == []
