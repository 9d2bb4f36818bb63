"""`segurnum referentiel plafonds`: the whole file, or the lines at fault."""

from pathlib import Path

import pytest

from segurnum.cli import principal
from segurnum.journal.queries import evenements_de
from segurnum.referentiel.models import Plafond

pytestmark = [pytest.mark.usefixtures("sur_la_base_du_test"), pytest.mark.exigence("GST-029")]

TITRES = "dsr;identifiant;montant_ht;date_effet;source"


def _charger(dossier: Path, *lignes: str) -> int:
    fichier = dossier / "plafonds.csv"
    fichier.write_text("\n".join((TITRES, *lignes)), encoding="utf-8-sig")
    return principal(["referentiel", "plafonds", str(fichier)])


def test_un_fichier_de_plafonds_se_charge_et_le_journal_le_dit(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _charger(tmp_path, "MS1-DUI;980000001;11000,00;01/01/2026;Arrêté") == 0
    assert "1 plafond ajouté" in capsys.readouterr().out
    (evenement,) = evenements_de("plafonds")
    assert (evenement.role, evenement.acteur, evenement.details["nouveaux"]) == ("SYSTEME", None, 1)


def test_une_ligne_en_erreur_refuse_le_fichier_entier(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _charger(tmp_path, "MS1-DUI;980000001;1;01/01/2026;A", "MS1-DUI;980000002;-1;01/01/2026;A") == 2
    assert "Ligne 3 : « -1 » n'est pas un montant" in capsys.readouterr().err
    assert not Plafond.objects.exists()


def test_un_fichier_absent_est_dit(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert principal(["referentiel", "plafonds", str(tmp_path / "rien.csv")]) == 2
    assert "ne se lit pas" in capsys.readouterr().err
