"""`segurnum qualite --profonde`: what is broken is noticed or told, and nothing is broken for good."""

import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from mutation import bilan
from mutation.bilan import Issue, Resultats
from mutation.campagne import Campagne
from mutation.carte import RACINE
from mutation.essais import DOUTEUX, SURVIVANT, TROP_LONG, TUE, bifurquer
from mutation.greffe import Importateur, Vivantes
from mutation.mutants import Mutant, Source
from segurnum.cli import analyseur

TEXTE = '''
"""Un module."""
from functools import cache, wraps
import logging

SEUIL = 3

def gardee(f):
    @wraps(f)
    def garde(*args):
        if args[0] < 0:
            raise ValueError("négatif")
        return f(*args)
    return garde

@gardee
def depasse(nombre: int, marge: int = 1) -> bool:
    """Au-delà du seuil."""
    logging.debug("appelée")
    return nombre > SEUIL + marge and not nombre == 10

@cache
def double(nombre):
    return nombre * 2

class Compte:
    total = 0
    def ajouter(self, n):
        self.total += n
        self.noms = sorted(["b", "a"], reverse=True)
        self.prevenir()
    def prevenir(self):
        self.prevenu = True
'''


@pytest.fixture
def source(tmp_path: Path) -> Source:
    fichier = tmp_path / "module_essaye.py"
    fichier.write_text(TEXTE, encoding="utf-8")
    return Source("module_essaye", fichier)


@pytest.fixture
def module(source: Source) -> Iterator[ModuleType]:
    module = ModuleType("module_essaye")
    exec(compile(source.texte, str(source.fichier), "exec"), vars(module))
    sys.modules["module_essaye"] = module
    yield module
    del sys.modules["module_essaye"]


def _celui(source: Source, difference: str) -> Mutant:
    return next(mutant for mutant in source.mutants() if difference in mutant.difference)


@pytest.mark.parametrize(
    "difference",
    [
        "- SEUIL = 3\n+ SEUIL = 4",
        "- @gardee",
        "- raise ValueError('négatif')\n+ pass",
        "- if args[0] < 0:\n+ if args[0] <= 0:",
        "- return nombre > SEUIL + marge and (not nombre == 10)\n+ return nombre > SEUIL + marge or not nombre == 10",
        "- return nombre > SEUIL + marge and (not nombre == 10)\n+ return nombre > SEUIL - marge and (not nombre == 10)",  # noqa: E501
        "- return nombre > SEUIL + marge and (not nombre == 10)\n+ return nombre > SEUIL + marge and nombre == 10",
        "- return nombre * 2\n+ return",
        "- self.total += n\n+ self.total -= n",
        "- self.noms = sorted(['b', 'a'], reverse=True)\n+ self.noms = sorted(['b', 'a'])",
        "- self.prevenir()\n+ pass",
        "- self.prevenu = True\n+ self.prevenu = False",
        "- def depasse(nombre: int, marge: int=1) -> bool:\n+ def depasse(nombre: int, marge: int=2) -> bool:",
    ],
)
def test_chaque_sorte_de_casse_a_son_mutant(source: Source, difference: str) -> None:
    assert difference in [mutant.difference for mutant in source.mutants()]


def test_ni_un_journal_technique_ni_un_type_ni_une_memoire_ne_sont_casses(source: Source) -> None:
    toutes = "\n".join(mutant.difference for mutant in source.mutants())
    assert "logging" not in toutes
    assert "@cache" not in toutes
    assert "@wraps" not in toutes


def test_un_mutant_a_un_nom_qui_ne_depend_pas_de_sa_ligne(source: Source, tmp_path: Path) -> None:
    plus_bas = tmp_path / "plus_bas.py"
    plus_bas.write_text("# une ligne\n" + TEXTE, encoding="utf-8")
    noms = [mutant.cle for mutant in source.mutants()]
    assert noms == [mutant.cle for mutant in Source("module_essaye", plus_bas).mutants()]
    assert len(set(noms)) == len(noms)


def test_un_mutant_se_greffe_sur_la_fonction_que_le_decorateur_cache(
    source: Source, module: ModuleType
) -> None:
    assert module.depasse(5)
    assert Vivantes().greffer(_celui(source, "+ return nombre > SEUIL - marge"))
    assert module.depasse(3)
    with pytest.raises(ValueError, match="négatif"):
        module.depasse(-1)


def test_une_garde_s_ote_et_ce_qui_etait_en_memoire_est_oublie(source: Source, module: ModuleType) -> None:
    assert module.double(2) == 4
    module.double.__module__ = "segurnum.double"
    vivantes = Vivantes()
    assert vivantes.greffer(_celui(source, "+ return nombre // 2"))
    assert module.double(2) == 1


def test_ce_qui_se_decide_a_l_import_ne_se_greffe_pas(source: Source, module: ModuleType) -> None:
    assert not _celui(source, "+ SEUIL = 4").se_greffe
    assert not _celui(source, "marge: int=2").se_greffe
    assert not Vivantes().greffer(_celui(source, "+ SEUIL = 4"))
    assert module.SEUIL == 3


def test_un_module_s_importe_casse_sans_que_son_fichier_change(source: Source, tmp_path: Path) -> None:
    texte = tmp_path / "mutant.py"
    texte.write_text(_celui(source, "+ SEUIL = 4").texte(), encoding="utf-8")
    importateur = Importateur("module_essaye", str(source.fichier), str(texte))
    spec = importateur.find_spec("module_essaye")
    assert spec is not None
    casse = ModuleType("module_essaye")
    importateur.exec_module(casse)
    assert casse.SEUIL == 4
    assert source.fichier.read_text(encoding="utf-8") == TEXTE
    assert importateur.find_spec("autre") is None


def _tourner() -> int:
    while True:
        pass


@pytest.mark.parametrize(
    ("faire", "issue"),
    [
        (lambda dire: 0, (SURVIVANT, "")),
        (lambda dire: dire("un essai") or 1, (TUE, "un essai")),
        (lambda dire: 1, (DOUTEUX, "")),
        (lambda dire: [][0], (DOUTEUX, "")),
        (lambda dire: _tourner(), (TROP_LONG, "")),
    ],
)
def test_un_essai_dans_un_enfant_dit_ce_qu_il_est_devenu(faire, issue) -> None:
    assert bifurquer(faire, -0.4) == issue


def test_les_essais_qui_vont_ou_peu_vont_passent_les_premiers_dans_le_temps_donne(tmp_path: Path) -> None:
    source = Source("segurnum.regles.saisies", RACINE / "src/segurnum/regles/saisies.py")
    mutant = next(m for m in source.mutants() if m.fonction is not None and len(m.portee) > 3)
    campagne = Campagne(tmp_path, [], budget=3.0, dire=lambda _: None)
    chemin = str(source.fichier.relative_to(RACINE))
    campagne.carte.durees |= {
        "src/a.py::vite": 1.0,
        "src/a.py::lent": 2.0,
        "src/b.py::rare": 1.5,
        "src/b.py::long": 9.0,
    }
    campagne.carte.essais[chemin, mutant.lignes.start].update(campagne.carte.durees)
    rare = next(ligne for ligne in mutant.portee if ligne not in mutant.lignes)
    campagne.carte.essais[chemin, rare].add("src/b.py::rare")
    epreuve = campagne.epreuve(mutant)
    assert epreuve.essais == ["src/b.py::rare", "src/a.py::vite"]
    assert (epreuve.duree, epreuve.connus) == (2.5, 4)


def test_un_mort_le_reste_tant_que_son_module_ne_change_pas_un_survivant_attend_d_autres_essais(
    tmp_path: Path,
) -> None:
    resultats = Resultats(tmp_path / "resultats.jsonl")
    for cle, issue in (("a", TUE), ("b", SURVIVANT), ("c", DOUTEUX)):
        resultats.noter(Issue(cle, "x.py:1", issue, "", "programme", "essais"))
    relus = Resultats(tmp_path / "resultats.jsonl")
    assert relus.tient("a", "programme", "d'autres")
    assert not relus.tient("a", "un autre", "essais")
    assert relus.tient("b", "programme", "essais")
    assert not relus.tient("b", "programme", "d'autres")
    assert not relus.tient("c", "programme", "essais")


def test_le_bilan_montre_les_survivants_et_tait_ceux_qui_sont_declares_equivalents(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    fichier = tmp_path / "equivalents.toml"
    fichier.write_text(
        '[[mutant]]\ncle = """\nm.f\n- a\n+ b\n"""\nraison = "rien ne se voit"\n', encoding="utf-8"
    )
    monkeypatch.setattr(bilan, "EQUIVALENTS", fichier)
    issues = [
        Issue("m.f\n- a\n+ b", "m.py:1", SURVIVANT, "", "", ""),
        Issue("m.g\n- c\n+ d", "m.py:7", SURVIVANT, "", "", ""),
        Issue("m.h\n- e\n+ f", "m.py:9", TUE, "un essai", "", ""),
    ]
    assert bilan.ecrire(issues, 12) == (
        "m.py:7 (survivant)\n    m.g\n    - c\n    + d\n"
        "12 mutants possibles, 3 essayés ; équivalent : 1, survivant : 1, tué : 1."
    )


def test_chaque_equivalent_declare_est_un_mutant_du_programme_et_dit_pourquoi() -> None:
    from mutation.__main__ import sources

    for cle, raison in bilan.equivalents().items():
        module = cle.partition("\n")[0]
        candidats = []
        while not candidats:  # the name of a module, then those of what is in it
            module = module.rpartition(".")[0]
            assert module, f"{cle} : aucun module de ce nom"
            candidats = (
                [m.cle for source in sources([module]) for m in source.mutants()] if _existe(module) else []
            )
        assert cle in candidats
        assert raison


def _existe(module: str) -> bool:
    return (RACINE / "src" / Path(*module.split("."))).with_suffix(".py").is_file()


def test_la_commande_a_ses_options() -> None:
    lus = analyseur().parse_args(
        ["qualite", "--profonde", "--modules", "a", "b", "--part", "9", "--graine", "4"]
    )
    assert (lus.profonde, lus.modules, lus.part, lus.graine) == (True, ["a", "b"], "9", "4")
