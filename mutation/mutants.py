"""What can be broken in a module, one place at a time."""

import ast
import difflib
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import CodeType
from typing import Any

# Each becomes the other.
PAIRES = (
    *((ast.Eq, ast.NotEq), (ast.Lt, ast.LtE), (ast.Gt, ast.GtE), (ast.Is, ast.IsNot), (ast.In, ast.NotIn)),
    *((ast.Add, ast.Sub), (ast.Mult, ast.FloorDiv), (ast.BitOr, ast.BitAnd), (ast.And, ast.Or)),
)
AUTRE = {de: vers for paire in PAIRES for de, vers in (paire, paire[::-1])} | {
    ast.Div: ast.Mult,
    ast.Mod: ast.Mult,
}
# A call that narrows, sorts or tidies what it is asked of: left out, what is under it remains.
PASSANTS = {
    "filter",
    "exclude",
    "distinct",
    "order_by",
    "lower",
    "upper",
    "casefold",
    "strip",
    "removesuffix",
}
# Without these decorators a module says something else, or nothing.
LAISSES = {
    "property",
    "classmethod",
    "staticmethod",
    "dataclass",
    "wraps",
    "contextmanager",
    "cached_property",
    "cache",
}
JOURNAUX = {"debug", "info", "warning", "error", "exception"}
DES_TYPES = {"annotation", "returns"}
Fonction = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(eq=False)
class Mutant:
    """One place that is broken: the field `champ` of `parent`, or one of its list, becomes `apres` (None: nothing)."""

    source: "Source"
    lieu: str  # module, class and function
    lignes: range  # of the statement
    fonction: ast.AST | None  # the outermost
    parent: ast.AST
    champ: str
    rang: int | None
    apres: ast.AST | None
    fois: int = 1  # the same difference in the same function, again

    @property
    def est_garde(self) -> bool:
        """A decorator that is left out."""
        return self.champ == "decorator_list"

    @property
    def se_greffe(self) -> bool:
        """In a function, or about one: it can be put there while the program runs."""
        return self.fonction is not None or self.est_garde

    @property
    def portee(self) -> range:
        """The lines of its function, or of its statement."""
        return _entier(self.fonction) if self.fonction else self.lignes

    @contextmanager
    def pose(self) -> Iterator[ast.Module]:
        """The tree of the module, broken meanwhile."""
        avant = getattr(self.parent, self.champ)
        apres: Any = self.apres
        if self.rang is not None:
            apres = [*avant[: self.rang], *([apres] if apres else []), *avant[self.rang + 1 :]]
        setattr(self.parent, self.champ, apres)
        try:
            yield self.source.arbre
        finally:
            setattr(self.parent, self.champ, avant)

    def texte(self) -> str:
        with self.pose() as arbre:
            return ast.unparse(arbre)

    def code(self) -> CodeType:
        """Compiled, with the lines of the original."""
        with self.pose() as arbre:
            return compile(ast.fix_missing_locations(arbre), str(self.source.fichier), "exec")

    @cached_property
    def difference(self) -> str:
        """The lines that change, as the interpreter would write them, each behind - or +."""
        portee = self.fonction or self.source.arbre
        avant = ast.unparse(portee).splitlines()
        with self.pose():
            apres = ast.unparse(portee).splitlines()
        lignes = list(difflib.unified_diff(avant, apres, lineterm="", n=0))[2:]
        return "\n".join(f"{ligne[0]} {ligne[1:].strip()}" for ligne in lignes if not ligne.startswith("@@"))

    @property
    def cle(self) -> str:
        """What it is called, whatever moves above it in its file."""
        return f"{self.lieu}\n{self.difference}" + (f"\n({self.fois})" if self.fois > 1 else "")


class Source:
    """A module and its mutants."""

    def __init__(self, module: str, fichier: Path) -> None:
        self.module, self.fichier = module, fichier
        self.texte = fichier.read_text(encoding="utf-8")
        self.arbre = ast.parse(self.texte)

    def mutants(self) -> list[Mutant]:
        vus: Counter[str] = Counter()
        trouves = [
            mutant for mutant in self._sous(self.arbre, self.module, None, range(0)) if mutant.difference
        ]
        for mutant in trouves:
            vus[mutant.cle] += 1
            mutant.fois = vus[mutant.cle]
        return trouves

    def _sous(self, noeud: ast.AST, lieu: str, fonction: ast.AST | None, lignes: range) -> Iterator[Mutant]:
        """What can be broken under a node."""
        for champ, rang, enfant in _enfants(noeud):
            siennes = _lignes(enfant) if isinstance(enfant, ast.stmt) else lignes
            # What a parameter is by default is decided where the function is made, not where it runs.
            dans = None if champ == "args" and noeud is fonction else fonction
            if champ == "decorator_list":
                if _nom(enfant) not in LAISSES:
                    yield Mutant(self, lieu, _entier(noeud), dans, noeud, champ, rang, None)
                continue
            for apres in (*_enonces(enfant), *_expressions(enfant), *_appels(enfant)):
                place = ast.copy_location(copy(apres), enfant)
                yield Mutant(self, lieu, siennes, dans, noeud, champ, rang, place)
            if isinstance(enfant, Fonction | ast.ClassDef):
                ici = enfant if isinstance(enfant, Fonction) else None
                yield from self._sous(enfant, f"{lieu}.{enfant.name}", dans or ici, siennes)
            else:
                yield from self._sous(enfant, lieu, dans, siennes)


def _enfants(noeud: ast.AST) -> Iterator[tuple[str, int | None, ast.AST]]:
    if isinstance(noeud, ast.If) and ast.unparse(noeud.test) == "TYPE_CHECKING":
        return
    for champ, valeur in ast.iter_fields(noeud):
        if champ not in DES_TYPES:
            for rang, enfant in enumerate(valeur) if isinstance(valeur, list) else [(None, valeur)]:
                if isinstance(enfant, ast.AST):
                    yield champ, rang, enfant


def _lignes(enonce: Any) -> range:
    """Of a statement; of a compound one, its head."""
    corps = getattr(enonce, "body", None)
    return range(enonce.lineno, max(corps[0].lineno, enonce.lineno + 1) if corps else enonce.end_lineno + 1)


def _entier(noeud: Any) -> range:
    return range(noeud.lineno, noeud.end_lineno + 1)


def _nom(appele: ast.AST) -> str:
    return ast.unparse(appele.func if isinstance(appele, ast.Call) else appele).rpartition(".")[2]


def _enonces(noeud: ast.AST) -> Iterator[ast.AST]:
    """What is done is not done any more; a refusal lets through."""
    match noeud:
        case ast.Raise() | ast.Delete():
            yield ast.Pass()
        case ast.Expr(value=ast.Call() as appel) if _nom(appel) not in JOURNAUX:
            yield ast.Pass()
        case ast.Assign() if all(isinstance(cible, ast.Attribute | ast.Subscript) for cible in noeud.targets):
            yield ast.Pass()
        case ast.Continue() | ast.Break():
            yield ast.Break() if isinstance(noeud, ast.Continue) else ast.Continue()
        case ast.Return(value=ast.expr() as rendu) if not isinstance(rendu, ast.Constant) or rendu.value:
            yield ast.Return(None)


def _expressions(noeud: ast.AST) -> Iterator[ast.AST]:
    match noeud:
        case ast.If() | ast.IfExp() if not isinstance(noeud.test, ast.Compare | ast.BoolOp | ast.UnaryOp):
            non = ast.copy_location(ast.UnaryOp(ast.Not(), noeud.test), noeud.test)
            yield type(noeud)(non, noeud.body, noeud.orelse)
        case ast.Compare():
            for rang, de in enumerate(noeud.ops):
                ops = [*noeud.ops[:rang], AUTRE[type(de)](), *noeud.ops[rang + 1 :]]
                yield ast.Compare(noeud.left, ops, noeud.comparators)
        case ast.BoolOp():
            yield ast.BoolOp(AUTRE[type(noeud.op)](), noeud.values)
        case ast.UnaryOp(op=ast.Not() | ast.Invert()):
            yield noeud.operand
        case ast.BinOp(left, op, right) if type(op) in AUTRE:
            yield ast.BinOp(left, AUTRE[type(op)](), right)
        case ast.AugAssign(target, op, value) if type(op) in AUTRE:
            yield ast.AugAssign(target, AUTRE[type(op)](), value)


def _appels(noeud: ast.AST) -> Iterator[ast.AST]:
    match noeud:
        case ast.Constant(value=bool() as vrai):
            yield ast.Constant(not vrai)
        case ast.Constant(value=int() as nombre):
            yield ast.Constant(nombre + 1)
        case ast.Call(func, args, keywords):
            for rang, mot in enumerate(keywords):
                if mot.arg is not None:
                    yield ast.Call(func, args, keywords[:rang] + keywords[rang + 1 :])
            if isinstance(func, ast.Attribute) and func.attr in PASSANTS:
                yield func.value
