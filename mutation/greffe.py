"""A mutant put into the program: into functions that run already, or into a module as it is imported."""

import gc
import importlib.abc
import importlib.util
import sys
from collections import defaultdict
from collections.abc import Iterator
from functools import _lru_cache_wrapper
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any

from mutation.mutants import Mutant


class Vivantes:
    """The functions of this process, wherever decorators have put them, and what they remember."""

    def __init__(self) -> None:
        self.fonctions: dict[tuple[str, str, int], list[FunctionType]] = defaultdict(list)
        self.memoires = []
        for objet in gc.get_objects():
            if type(objet) is FunctionType:
                self.fonctions[_place(objet.__code__)].append(objet)
            elif type(objet) is _lru_cache_wrapper and str(objet.__module__).startswith("segurnum"):
                self.memoires.append(objet)

    def greffer(self, mutant: Mutant) -> bool:
        """Give its code to every function that has that of the original; False if only an import can."""
        if mutant.est_garde:
            return _mettre_a_nu(mutant)
        changees = [
            (fonction, code)
            for code in _codes(mutant.code())
            for fonction in self.fonctions[_place(code)]
            if fonction.__code__ != code
        ]
        for fonction, code in changees:
            if len(fonction.__code__.co_freevars) != len(code.co_freevars) or code.co_name == "<lambda>":
                return False  # its cells are of another shape, or its line may have two
            fonction.__code__ = code
        for memoire in self.memoires:
            memoire.cache_clear()
        return bool(changees)


def _place(code: CodeType) -> tuple[str, str, int]:
    return code.co_filename, code.co_qualname, code.co_firstlineno


def _codes(code: CodeType) -> Iterator[CodeType]:
    for constante in code.co_consts:
        if isinstance(constante, CodeType):
            yield constante
            yield from _codes(constante)


def _mettre_a_nu(mutant: Mutant) -> bool:
    """Put the function that its first decorator has wrapped wherever the wrapper is known."""
    gardee = getattr(sys.modules[mutant.source.module], mutant.lieu.rpartition(".")[2], None)
    if mutant.rang or not hasattr(gardee, "__wrapped__"):
        return False
    for module in [module for nom, module in sys.modules.items() if nom.startswith("segurnum")]:
        for nom in [nom for nom, objet in vars(module).items() if objet is gardee]:
            setattr(module, nom, gardee.__wrapped__)
    return True


class Importateur(importlib.abc.MetaPathFinder, importlib.abc.SourceLoader):
    """Gives a module the text that is in another file."""

    def __init__(self, module: str, fichier: str, texte: str) -> None:
        self.module, self.fichier, self.texte = module, fichier, texte

    def find_spec(self, nom: str, *_autres: Any) -> ModuleSpec | None:
        return (
            importlib.util.spec_from_file_location(nom, self.fichier, loader=self)
            if nom == self.module
            else None
        )

    def get_filename(self, _nom: str) -> str:
        return self.fichier

    def get_data(self, _chemin: str) -> bytes:
        return Path(self.texte).read_bytes()

    def path_stats(self, _chemin: str) -> dict[str, int]:
        raise OSError  # so that nothing compiled is read nor kept


def installer(module: str, fichier: str, texte: str) -> None:
    """From now on `module`, of `fichier`, is imported from the text that is in `texte`."""
    sys.meta_path.insert(0, Importateur(module, fichier, texte))
