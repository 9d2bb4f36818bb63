"""One file, one child, its limits: whatever the child does, the portal has an answer and nothing is left behind."""

import io
import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from threading import BoundedSemaphore
from typing import Any

import pytest

from segurnum.controles.problemes import MO
from segurnum.isolement import FICHIER, ControleOccupe, Limites, TropDeTravail, atelier, executer, parcourir
from segurnum.isolement.enfant import Question
from segurnum.isolement.tests import hostiles

COURTES = Limites(memoire=150 * MO, cpu=1, duree=120)


def _cause(fonction: Callable[..., Any], *arguments: Any, limites: Limites = COURTES) -> str:
    with pytest.raises(TropDeTravail, match="demande trop de travail") as refus:
        executer(fonction, *arguments, limites=limites)
    return refus.value.cause


def _enfants() -> list[str]:
    """The children of the matrice: the one that waits, and those that nobody would have ended."""
    numero = atelier._atelier.preparer().processus.pid
    return Path(f"/proc/{numero}/task/{numero}/children").read_text().split()


@pytest.fixture(autouse=True)
def _rien_ne_reste() -> Iterator[None]:
    """After each test: no child but the one that waits, no descriptor that was opened here."""
    executer(hostiles.doubler, 1)
    avant = len(os.listdir("/proc/self/fd"))
    yield
    assert executer(hostiles.doubler, 21) == 42
    assert len(_enfants()) == 1
    assert len(os.listdir("/proc/self/fd")) == avant


@pytest.mark.parametrize(
    ("fonction", "arguments", "cause"),
    [
        (hostiles.bruler, (), "processeur"),
        (hostiles.gonfler, (400 * MO,), "mémoire"),
        (hostiles.planter, (), "signal 11"),
        (hostiles.avorter, (), "signal "),  # which one: its own signal is refused to it too
        (hostiles.sortir, (), "code 0"),
        (hostiles.lever, (), "exception LookupError"),
        (hostiles.mentir, (), "réponse invalide"),
        (hostiles.repondre_n_importe_quoi, (), "réponse invalide"),
        (hostiles.repondre_sans_fin, (), "réponse invalide"),
        (hostiles.repondre_profond, (), "réponse invalide"),
        (hostiles.se_faire_passer_pour_du_code, (), "réponse invalide"),
    ],
)
def test_quoi_que_fasse_l_enfant_le_fichier_est_refuse_par_une_phrase(
    fonction: Callable[..., Any], arguments: tuple[Any, ...], cause: str
):
    assert _cause(fonction, *arguments).startswith(cause)


def test_la_memoire_partagee_est_bornee_aussi():
    assert _cause(hostiles.gonfler_ailleurs, 400 * MO).startswith("exception OSError")


def test_un_enfant_qui_ne_finit_pas_est_tue_a_son_delai():
    assert _cause(hostiles.dormir, limites=replace(COURTES, duree=0.3)) == "délai"


def test_ce_que_dit_la_faute_ne_porte_pas_les_mots_du_fichier_et_tient_sur_une_ligne():
    assert "des mots du fichier" not in _cause(hostiles.lever)
    assert "\n" not in _cause(hostiles.lever_sur_deux_lignes)


def test_une_reponse_plus_grosse_que_permis_n_est_pas_lue():
    with pytest.raises(TropDeTravail):
        executer(hostiles.lire, flux=b"x" * 2 * MO, limites=replace(FICHIER, reponse=MO))
    assert executer(hostiles.lire, flux=b"x" * MO) == b"x" * MO


def test_chaque_entree_a_sa_part_du_processeur_et_l_ensemble_la_sienne():
    limites = replace(COURTES, cpu_total=1)
    assert list(parcourir(hostiles.parts, 2, 0.6, limites=limites)) == [0, 1]  # more than one share, in two
    with pytest.raises(TropDeTravail):
        list(
            parcourir(hostiles.parts, 6, 0.4, limites=limites)
        )  # each within its share, and more than the whole
    with pytest.raises(TropDeTravail):
        list(parcourir(hostiles.parts, 1, 3.0, limites=replace(COURTES, cpu_total=9)))


class TestFichier:
    def test_il_est_lu_par_son_descripteur_ou_qu_en_soit_le_portail(self, tmp_path: Path):
        chemin = tmp_path / "piece"
        chemin.write_bytes(b"des octets")
        with chemin.open("r+b") as flux:
            flux.seek(3)
            assert executer(hostiles.lire, flux=flux) == b"des octets"
            assert flux.tell() == 3

    def test_ce_qui_n_est_pas_encore_sur_le_disque_est_lu_aussi(self, tmp_path: Path):
        with (tmp_path / "piece").open("w+b") as flux:
            flux.write(b"en attente")
            assert executer(hostiles.lire, flux=flux) == b"en attente"

    def test_un_flux_sans_fichier_est_copie_et_laisse_ou_il_etait(self):
        flux = io.BytesIO(b"en memoire")
        flux.seek(2)
        assert executer(hostiles.lire, flux=flux) == b"en memoire"
        assert flux.tell() == 2

    def test_l_enfant_ne_peut_pas_y_ecrire(self, tmp_path: Path):
        chemin = tmp_path / "piece"
        chemin.write_bytes(b"intacte")
        with chemin.open("r+b") as flux:
            assert executer(hostiles.ecrire_dans_le_fichier, flux=flux) == "OSError"
        assert chemin.read_bytes() == b"intacte"


class TestQuestions:
    def test_le_portail_repond_aux_questions_qu_il_permet(self):
        reponse = executer(
            hostiles.poser_la_question,
            Question("tailles"),
            ["un", "trois"],
            appels={"tailles": lambda textes: [len(t) for t in textes]},
        )
        assert reponse == "[2, 5]"

    def test_il_ne_repond_a_aucune_autre(self):
        assert _cause(hostiles.poser_une_autre_question).startswith("réponse invalide")

    def test_une_panne_de_la_reponse_est_celle_du_portail(self):
        def panne(textes: object) -> object:
            raise ConnectionError("la base ne répond pas")

        with pytest.raises(ConnectionError, match="la base"):
            executer(hostiles.poser_la_question, Question("panne"), [], appels={"panne": panne})


class TestSuite:
    def test_ce_que_l_enfant_donne_arrive_au_fur_et_a_mesure(self):
        assert list(parcourir(hostiles.compter, 5)) == [0, 1, 2, 3, 4]

    def test_qui_s_arrete_au_milieu_ne_laisse_pas_d_enfant(self):
        suite = parcourir(hostiles.compter, 10_000_000)
        assert next(suite) == 0
        suite.close()

    def test_le_temps_que_prend_le_portail_n_est_pas_compte_a_l_enfant(self):
        bilan = atelier.Bilan()
        for _ in parcourir(hostiles.compter, 3, limites=replace(COURTES, duree=0.6), bilan=bilan):
            with pytest.raises(TropDeTravail):  # which takes all of its own time
                executer(hostiles.dormir, limites=replace(COURTES, duree=0.3))
        assert bilan.attente < 0.6
        assert bilan.memoire > MO


def test_sans_place_le_fichier_attend_son_tour_puis_on_le_dit(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(atelier._atelier, "places", BoundedSemaphore(1))
    suite = parcourir(hostiles.compter, 2)
    assert next(suite) == 0
    with pytest.raises(ControleOccupe, match="occupé"):
        executer(hostiles.doubler, 1, limites=replace(COURTES, duree=0.1))
    suite.close()
    assert executer(hostiles.doubler, 1) == 2
