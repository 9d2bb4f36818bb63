"""`segurnum endurance`: a short campaign of real processes, of whatever kinds of outages its seed draws."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from endurance.bilan import Bilan, ecrire, route
from endurance.pannes import PANNES
from segurnum.cli import analyseur
from segurnum.lanceur.environnement import SEGURNUM

NOMBRE = 6


def test_une_courte_campagne_ne_perd_rien_ne_double_rien_et_ne_laisse_rien_attendre(tmp_path: Path):
    commande = [
        *SEGURNUM,
        "endurance",
        "--donnees",
        str(tmp_path),
        "--pannes",
        str(NOMBRE),
        "--graine",
        "suite",
    ]
    commande += ["--fournisseurs", "2", "--duree-max", "0.5"]
    resultat = subprocess.run(commande, capture_output=True, text=True, check=False, env=dict(os.environ))
    assert resultat.returncode == 0, resultat.stdout + resultat.stderr[-4000:]
    assert f"Graine « suite » : {NOMBRE} pannes" in resultat.stdout
    for geste in ("importer", "envoyer le ZIP", "terminer", "valider"):
        assert f"\n{geste} " in resultat.stdout, resultat.stdout
    assert not list((tmp_path / "endurance").iterdir())


def test_un_genre_inconnu_est_dit_avec_ceux_qui_existent(tmp_path: Path):
    commande = [sys.executable, "-m", "endurance", "--dossier", str(tmp_path), "--genre", "météorite"]
    resultat = subprocess.run(commande, capture_output=True, text=True, check=False)
    assert resultat.returncode != 0
    assert "météorite" in resultat.stderr
    assert all(panne.nom in resultat.stderr for panne in PANNES)


FAUTES: dict[str, tuple[Callable[[Bilan], object], str]] = {
    "page 500": (lambda bilan: bilan.page(500, "/segurnums/importations/12/pieces"), "1 page(s) 500 à"),
    "arrêt sans bruit": (lambda bilan: bilan.mort("ouvrier archives", 0), "avec le code 0"),
}


@pytest.mark.parametrize(("faute", "phrase"), FAUTES.values(), ids=FAUTES)
def test_ce_qui_n_est_permis_par_aucune_panne_fait_echouer(faute: Callable[[Bilan], object], phrase: str):
    bilan = Bilan(dire=lambda phrase: None)
    bilan.page(503, "/segurnums/")
    bilan.mort("web 1", 1)
    bilan.juger_les_pages()
    bilan.juger_les_programmes()
    assert bilan.differences == []
    faute(bilan)
    bilan.juger_les_pages()
    bilan.juger_les_programmes()
    assert phrase in ecrire(bilan, "graine")
    assert len(bilan.differences) == 1


def test_une_adresse_est_dite_sans_ce_qui_nomme_une_seule_chose():
    assert route("/segurnums/importations/12/pieces?archive=3") == "/segurnums/importations/…/pieces"
    assert (
        route("/segurnums/gestion/demandes/FINMS1010719M0/valider") == "/segurnums/gestion/demandes/…/valider"
    )


def test_la_commande_a_ses_options():
    lus = analyseur().parse_args(["endurance", "--pannes", "500", "--graine", "a", "--genre", "web"])
    assert (lus.pannes, lus.graine, lus.genre) == ("500", "a", ["web"])
