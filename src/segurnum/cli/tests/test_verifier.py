"""`segurnum verifier` and `segurnum modele`: reports on standard output, honest exit status."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from segurnum.cli import principal
from segurnum.controles.tests.fabrique import fichier, octets
from segurnum.couloirs import par_fichier

JSON = [couloir.dsr for couloir in par_fichier()]


@pytest.fixture
def depot(tmp_path: Path) -> Path:
    """A conforming file."""
    chemin = tmp_path / "MDV-LGC-AVANCE-2-DMD-TTC.json"
    chemin.write_bytes(octets(fichier(nombre=2)))
    return chemin


def test_un_fichier_conforme_rend_0(depot: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert principal(["verifier", str(depot)]) == 0
    lu = capsys.readouterr()
    assert lu.out.startswith("MDV-LGC-AVANCE-2-DMD-TTC.json : CONFORME")
    assert lu.err == ""


@pytest.mark.exigence("JSN-054")
@pytest.mark.parametrize("nom", ["MS1-DUI-AVANCE-10-DMD-DUI-C-TTC -certif.json", "été 2024.json"])
def test_le_nom_du_fichier_est_libre(depot: Path, nom: str, capsys: pytest.CaptureFixture[str]) -> None:
    renomme = depot.rename(depot.with_name(nom))
    assert principal(["verifier", str(renomme)]) == 0
    assert capsys.readouterr().out.startswith(f"{nom} : CONFORME")


def test_un_fichier_en_erreur_rend_1_et_un_avertissement_0(
    depot: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    brut = depot.read_bytes()
    depot.write_bytes(brut.replace(b'"siret"', b'"SIRET"'))
    assert principal(["verifier", str(depot)]) == 0
    assert "avertissement 1201" in capsys.readouterr().out
    depot.write_bytes(brut.replace(b'"TTC"', b'"TTX"'))
    assert principal(["verifier", str(depot), "--format", "json"]) == 1
    rapport = json.loads(capsys.readouterr().out)
    assert rapport["verdict"] == "non_conforme"
    assert [a["ligne"] for a in rapport["anomalies"]] == [14, 69]


@pytest.mark.parametrize(
    ("arguments", "mot"),
    [
        (["absent.json"], "n'existe pas"),
        (["."], "est un dossier"),
        (["{depot}", "--dsr", "XXX-YYY"], "n'est pas un couloir connu"),
        (["{depot}", "--dsr", "MDV-LGC"], "DSR-MDV-LGC-Va1 ou DSR-MDV-LGC-Va2 est attendu"),
        (["{depot}", "--pieces", "absent.zip"], "n'existe pas"),
    ],
)
def test_un_appel_inutilisable_rend_2_et_le_dit(
    depot: Path, arguments: list[str], mot: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert principal(["verifier", *(a.format(depot=depot) for a in arguments)]) == 2
    lu = capsys.readouterr()
    assert mot in lu.err
    assert lu.out == ""


def test_un_argument_inconnu_rend_2(depot: Path) -> None:
    for arguments in ([str(depot), "--type", "autre"], [], [str(depot), "--format", "xml"]):
        with pytest.raises(SystemExit) as sortie:
            principal(["verifier", *arguments])
        assert sortie.value.code == 2


def test_le_dsr_et_le_type_demandes_s_imposent(depot: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert principal(["verifier", str(depot), "--dsr", "MDV-LGC-Va1", "--type", "avance"]) == 0
    assert principal(["verifier", str(depot), "--dsr", "DSR-HOP-DPI-Va1"]) == 1
    assert principal(["verifier", str(depot), "--type", "solde"]) == 1
    assert "3002" in capsys.readouterr().out


def test_les_pieces_sont_verifiees_avec_le_fichier(
    depot: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    archive = tmp_path / "pieces.zip"
    with zipfile.ZipFile(archive, "w") as ecriture:
        ecriture.writestr("inconnue.pdf", b"%PDF-1.4")
    assert principal(["verifier", str(depot), "--pieces", str(archive)]) == 1
    texte = capsys.readouterr().out
    assert "Pièces : NON CONFORME" in texte
    assert "MDV-LGC-va1-bdc-00002.pdf" in texte
    assert principal(["verifier", str(depot), "--pieces", str(archive), "--format", "json"]) == 1
    rapport = json.loads(capsys.readouterr().out)
    assert rapport["verdict"] == "non_conforme"
    assert rapport["anomalies"] == []
    assert rapport["pieces"]


@pytest.mark.parametrize("dsr", JSON)
@pytest.mark.parametrize("type_demande", ["avance", "solde"])
def test_chaque_exemple_ecrit_passe_le_controle(
    dsr: str, type_demande: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert principal(["modele", dsr, "--type", type_demande, "--exemple"]) == 0
    exemple = tmp_path / "exemple.json"
    exemple.write_text(capsys.readouterr().out, encoding="utf-8")
    assert principal(["verifier", str(exemple), "--dsr", dsr, "--type", type_demande]) == 0
    assert "aucune erreur, aucun avertissement" in capsys.readouterr().out


def test_le_modele_vierge_s_ecrit_par_code_ou_par_dsr(capsys: pytest.CaptureFixture[str]) -> None:
    assert principal(["modele", "MS1-DUI"]) == 0
    par_code = capsys.readouterr().out
    assert principal(["modele", "DSR-MS1-DUI-Va1", "--type", "avance"]) == 0
    assert capsys.readouterr().out == par_code
    assert json.loads(par_code)["lignesImport"][0]["commande"] == {
        "dateCommande": "", "regimeTVA": "", "montantSegurHT": None,
    }  # fmt: skip


def test_un_modele_de_couloir_inconnu_rend_2(capsys: pytest.CaptureFixture[str]) -> None:
    assert principal(["modele", "XXX-YYY"]) == 2
    assert "couloirs connus : BIO-LOINC" in capsys.readouterr().err
