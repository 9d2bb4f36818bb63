"""What a person sends is read behind one door: nothing outside of it calls what reads octets."""

import ast
from collections.abc import Iterator
from pathlib import Path

import segurnum

PAQUET = Path(segurnum.__file__).parent
DERRIERE = (
    "controles",
    "tableurs",
    "isolement",
)  # the engine, what makes its files of spreadsheets, and the door
# What builds files of its own, or reads those of the installation.
AILLEURS = ("demonstration", "essais", "editique")
# Libraries that open what they are given; and functions of the engine that do.
LECTEURS = {
    "pikepdf",
    "PIL",
    "puremagic",
    "pypdfium2",
    "zipfile",
    "csv",
    "gzip",
    "python_calamine",
    "openpyxl",
}
FONCTIONS = {
    "verifier",
    "verifier_fichier",
    "verifier_pieces",
    "verifier_contenu",
    "lire_tableau",
    "lire_classeur",
    "lire_extrait",
    "rendre",
    "convertir",
    "corriger",
}
# Modules that may import a reader, and why.
PERMIS = {
    "annuaire_sante/lecture.py": "run by a child: `extraits` gives it to the door",
    "referentiel/communes.py": "the list of communes, that the program holds",
    "repertoires/lecture.py": "run by a child: `services` gives it to the door",
    "annuaire/stock.py": "the stock file of the national directory, that the administrator downloads himself",
    "editorial/documents.py": "writes a ZIP",
    "exports/pieces.py": "writes a ZIP",
}
# Functions given to the door, which calls them in a child.
CONFIES = {
    "annuaire_sante/extraits.py": {"lire_extrait"},
    "fichiers/rendus.py": {"rendre"},
    "referentiel/tableur.py": {"lire_tableau"},
    "repertoires/services.py": {"lire_releve"},
}


def _modules() -> Iterator[tuple[str, ast.Module]]:
    for chemin in sorted(PAQUET.rglob("*.py")):
        nom = chemin.relative_to(PAQUET).as_posix()
        if "tests/" not in nom and "migrations/" not in nom and not nom.startswith(DERRIERE + AILLEURS):
            yield nom, ast.parse(chemin.read_text("utf-8"))


def _imports(arbre: ast.Module) -> Iterator[tuple[str, str]]:
    """(module, name) of every import, the late ones included."""
    for noeud in ast.walk(arbre):
        if isinstance(noeud, ast.Import):
            yield from ((alias.name, "") for alias in noeud.names)
        elif isinstance(noeud, ast.ImportFrom) and noeud.module:
            yield from ((noeud.module, alias.name) for alias in noeud.names)


def test_aucune_bibliotheque_qui_ouvre_un_fichier_n_est_importee_ailleurs():
    fautifs = {
        (nom, module)
        for nom, arbre in _modules()
        for module, _ in _imports(arbre)
        if module.partition(".")[0] in LECTEURS and _lit(nom, arbre, module)
    }
    assert {nom for nom, _ in fautifs} == set(PERMIS)


def _lit(nom: str, arbre: ast.Module, module: str) -> bool:
    """A module that only writes CSV files imports their library too."""
    if module != "csv":
        return True
    return any(isinstance(n, ast.Attribute) and n.attr in ("reader", "DictReader") for n in ast.walk(arbre))


def test_le_moteur_n_est_appele_que_derriere_la_porte():
    """The functions of `controles` that read are imported from the door, or given to it."""
    fautifs = [
        f"{nom} : {fonction}"
        for nom, arbre in _modules()
        for module, fonction in _imports(arbre)
        if module.startswith(("segurnum.controles", "segurnum.tableurs"))
        and fonction in FONCTIONS
        and fonction not in CONFIES.get(nom, ())
    ]
    assert fautifs == []


def test_ce_qui_est_confie_a_la_porte_n_est_jamais_appele_sur_place():
    confies = {nom: arbre for nom, arbre in _modules() if nom in CONFIES}
    assert confies.keys() == CONFIES.keys()
    for nom, arbre in confies.items():
        appels = [n for n in ast.walk(arbre) if isinstance(n, ast.Call)]
        directs = {ast.unparse(n.func).rpartition(".")[2] for n in appels}
        assert not directs & CONFIES[nom], nom
        donnes = {ast.unparse(a).rpartition(".")[2] for n in appels for a in n.args[:1]}
        assert donnes >= CONFIES[nom], nom
