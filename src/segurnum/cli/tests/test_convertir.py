"""`segurnum convertir` and `segurnum modele --tableur`: without server nor database."""

from pathlib import Path

import pytest

from segurnum.cli import principal
from segurnum.tableurs.tests.fabrique import changer, csv, lignes, xlsx

DSR = "DSR-MDV-LGC-Va1"


def test_un_tableur_se_convertit_puis_se_verifie_et_le_json_redevient_un_tableur(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tableur, fichier = tmp_path / "commandes.xlsx", tmp_path / "demandes.json"
    tableur.write_bytes(xlsx(lignes()))
    convertir = ["convertir", str(tableur), "--dsr", DSR, "--type", "avance", "--sortie", str(fichier)]
    assert principal(convertir) == 0
    assert "CONFORME" in capsys.readouterr().out
    assert principal(["verifier", str(fichier)]) == 0
    assert principal(["convertir", str(fichier)]) == 0
    assert principal(["convertir", str(tmp_path / "demandes.xlsx"), "--dsr", DSR, "--type", "avance"]) == 0


def test_ce_qui_ne_se_convertit_pas_est_dit_a_sa_cellule_et_rien_n_est_ecrit(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tableur = tmp_path / "commandes.csv"
    tableur.write_text(csv(changer(lignes(), "Régime de TVA", "#N/A")), encoding="utf-8")
    assert principal(["convertir", str(tableur), "--dsr", DSR, "--type", "avance"]) == 1
    colonne = lignes()[0].index("Régime de TVA") + 1
    assert f"2:{colonne} erreur 1306" in capsys.readouterr().out
    assert [chemin.name for chemin in tmp_path.iterdir()] == ["commandes.csv"]


def test_le_numero_ans_et_le_siret_se_donnent_a_part(tmp_path: Path) -> None:
    table = lignes()
    for titre in ("Numéro ANS", "SIRET"):
        place = table[0].index(titre)
        for ligne in table:
            del ligne[place]
    tableur = tmp_path / "commandes.xlsx"
    tableur.write_bytes(xlsx(table))
    commande = ["convertir", str(tableur), "--dsr", DSR, "--type", "avance"]
    assert principal(commande) == 1
    assert principal([*commande, "--numero-ans", "1234567890", "--siret", "99900001100018"]) == 0


def test_une_commande_inutilisable_le_dit(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert principal(["convertir", str(tmp_path / "absent.xlsx")]) == 2
    assert "n'existe pas" in capsys.readouterr().err
    assert principal(["modele", DSR, "--tableur", str(tmp_path / "absent" / "m.xlsx")]) == 2
    assert principal(["modele", DSR, "--tableur", str(tmp_path / "m.xlsx")]) == 0
    assert (tmp_path / "m.xlsx").read_bytes().startswith(b"PK")
