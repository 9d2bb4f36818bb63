"""Every function of the domains that writes, found by reading their code."""

import ast
from collections.abc import Iterator
from pathlib import Path

import segurnum

PAQUET = Path(segurnum.__file__).parent
DOMAINES = sorted(
    chemin.parent.name
    for chemin in PAQUET.glob("*/apps.py")
    if chemin.parent.name not in ("web", "demonstration")
)
# Rooms that write nothing of their own, or under the author that the room which calls them holds.
AUTRES_PIECES = {
    "models.py",
    "queries.py",
    "permissions.py",
    "tasks.py",
    "apps.py",
    "cycle.py",
    "journal.py",
    "auteurs.py",
    "droits.py",
}
ECRITURES = {
    "save",
    "create",
    "bulk_create",
    "bulk_update",
    "update_or_create",
    "get_or_create",
    "delete",
    "consigner",
}


def fonctions(arbre: ast.Module) -> dict[str, ast.FunctionDef]:
    return {noeud.name: noeud for noeud in arbre.body if isinstance(noeud, ast.FunctionDef)}


def _appels(fonction: ast.FunctionDef) -> Iterator[tuple[str, ast.Call]]:
    for noeud in ast.walk(fonction):
        if isinstance(noeud, ast.Call):
            nom = noeud.func.attr if isinstance(noeud.func, ast.Attribute) else getattr(noeud.func, "id", "")
            yield nom, noeud


def _ecrit(fonction: ast.FunctionDef, voisines: dict[str, ast.FunctionDef], vues: frozenset[str]) -> bool:
    """Itself, or by a function of the same file."""
    if any("atomic" in ast.unparse(decorateur) for decorateur in fonction.decorator_list):
        return True
    for nom, appel in _appels(fonction):
        # `update` of a table names its columns; that of a set or of a digest does not.
        if nom in ECRITURES or (nom == "update" and appel.keywords):
            return True
        if nom in voisines and nom not in vues and _ecrit(voisines[nom], voisines, vues | {nom}):
            return True
    return False


def ecrivains() -> Iterator[tuple[str, ast.FunctionDef]]:
    for domaine in DOMAINES:
        for chemin in sorted((PAQUET / domaine).glob("*.py")):
            if chemin.name in AUTRES_PIECES:
                continue
            voisines = fonctions(ast.parse(chemin.read_text("utf-8")))
            for nom, fonction in voisines.items():
                if not nom.startswith("_") and _ecrit(fonction, voisines, frozenset({nom})):
                    yield f"{domaine}.{chemin.stem}.{nom}", fonction
