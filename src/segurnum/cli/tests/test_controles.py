"""`segurnum controles comparer`: which files become wrong, and why, before a rule is changed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from segurnum.cli import principal
from segurnum.controles.tests.fabrique import fichier, octets


@pytest.fixture
def dossier(tmp_path: Path) -> Path:
    """A conforming file, and one that gets a warning."""
    dossier = tmp_path / "fichiers"
    dossier.mkdir()
    (dossier / "juste.json").write_bytes(octets(fichier()))
    mal_numerote = fichier()
    mal_numerote["lignesImport"][0]["numLigne"] = 7
    (dossier / "mal-numerote.json").write_bytes(octets(mal_numerote))
    return dossier


def test_des_gravites_changees_disent_quels_fichiers_deviennent_faux(
    dossier: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    severites = tmp_path / "severites.json"
    severites.write_text(json.dumps({"3011": "erreur"}))
    assert principal(["controles", "comparer", ".", str(severites), str(dossier)]) == 1
    lu = capsys.readouterr().out
    assert "mal-numerote.json devient non conforme :" in lu
    assert "  + erreur 3011 lignesImport[0].numLigne : Le numéro de ligne 7" in lu
    assert "juste.json" not in lu
    assert "2 fichiers jugés, 1 de verdict changé." in lu


def test_la_meme_version_ne_change_rien(dossier: Path, capsys: pytest.CaptureFixture[str]) -> None:
    racine = Path(__file__).resolve().parents[4]
    assert principal(["controles", "comparer", ".", str(racine), str(dossier)]) == 0
    assert capsys.readouterr().out == "2 fichiers jugés, aucun de verdict changé.\n"


@pytest.mark.parametrize("version", ["ni-dossier-ni-revision", "--output=x"])
def test_une_version_qui_n_existe_pas_est_dite(
    dossier: Path, version: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert principal(["controles", "comparer", ".", "--", version, str(dossier)]) == 2
    assert "n'est ni un dossier du portail" in capsys.readouterr().err
