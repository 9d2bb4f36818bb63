"""`segurnum referentiel plafonds`: the whole file, or the lines at fault."""

from pathlib import Path

import pytest

from segurnum.cli import principal
from segurnum.journal.queries import evenements_de
from segurnum.referentiel.fenetres import COLONNES
from segurnum.referentiel.models import FenetreDepot, Plafond
from segurnum.referentiel.queries import calendrier, fenetre
from segurnum.regles.calendrier import EtatFenetre, instant_long
from segurnum.regles.cycles import TypeDemande

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


@pytest.mark.exigence("GST-027")
def test_le_calendrier_connu_se_charge_la_ou_rien_n_est_regle(capsys: pytest.CaptureFixture[str]) -> None:
    assert principal(["referentiel", "fenetres"]) == 0
    assert "fenêtres chargées" in capsys.readouterr().out
    avance = fenetre("DSR-MS1-DUI-Va1", TypeDemande.AVANCE)
    assert avance is not None
    assert instant_long(avance.fermeture) == "28 février 2024 à 14 h 00"
    assert avance.etat is EtatFenetre.FERMEE
    dites = {ligne.dsr for ligne in calendrier()}
    assert {"DSR-HOP-DPI-Va1", "DSR-MDV-LGC-Va1"} <= dites
    nombre = FenetreDepot.objects.count()
    assert principal(["referentiel", "fenetres"]) == 0
    assert "0 fenêtre chargée" in capsys.readouterr().out
    assert FenetreDepot.objects.count() == nombre


def test_un_calendrier_en_desordre_est_refuse_en_entier(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fichier = tmp_path / "fenetres.csv"
    titres = ";".join(COLONNES)
    bonne = "MS1-DUI;avance;01/01/2022 00:00;28/02/2024 14:00;28/02/2024 14:00;;;01/01/2022 00:00;Arrêté"
    fichier.write_text(f"{titres}\n{bonne}\n{bonne.replace('28/02/2024 14:00;;;', 'hier;;;')}\n", "utf-8")
    assert principal(["referentiel", "fenetres", str(fichier)]) == 2
    assert "Ligne 3 : La fermeture n'est pas lisible" in capsys.readouterr().err
    assert not FenetreDepot.objects.exists()
