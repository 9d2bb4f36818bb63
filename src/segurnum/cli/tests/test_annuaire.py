"""`segurnum annuaire` as the administration runs it."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pytest

from segurnum.annuaire_sante.models import ComptageFourni, DomaineOperateur, Extrait
from segurnum.annuaire_sante.tests.fichiers import INSTANT, extrait, ligne
from segurnum.cli import principal
from segurnum.comptes.models import Profil
from segurnum.essais import usines

pytestmark = [pytest.mark.usefixtures("sur_la_base_du_test"), pytest.mark.exigence("MSS-009")]
Capture = pytest.CaptureFixture[str]


@dataclass
class Dit:
    returncode: int
    stdout: str
    stderr: str


def _annuaire(capsys: Capture, *arguments: str | Path) -> Dit:
    code = principal(["annuaire", *map(str, arguments)])
    return Dit(code, *capsys.readouterr())


def _lignes(nombre: int) -> Iterable[str]:
    return (ligne("PER", f"a{rang}@un.mssante.example") for rang in range(nombre))


def test_la_commande_charge_puis_dit_que_c_est_fait(tmp_path: Path, capsys: Capture) -> None:
    chemin = extrait(
        tmp_path, [*_lignes(3), ligne("CAB", "c@un.mssante.example"), *_lignes(1)], nom="brut.txt"
    )
    premier = _annuaire(capsys, "importer", chemin, "--date", "30/06/2026 14:00")
    assert premier.returncode == 0, premier.stderr
    assert premier.stdout.startswith("Chargé : extrait du 30 juin 2026 à 14 h 00 (empreinte ")
    assert "5 lignes, 3 adresses distinctes" in premier.stdout
    assert "1 ligne redit une adresse" in premier.stdout
    assert "1 ligne de type CAB" in premier.stdout
    assert Extrait.objects.get().instant == INSTANT
    second = _annuaire(capsys, "importer", chemin, "--date", "30/06/2026 14:00")
    assert second.returncode == 0
    assert "déjà chargé" in second.stdout


def test_la_commande_dit_les_lignes_en_faute_et_rend_2(tmp_path: Path, capsys: Capture) -> None:
    refus = _annuaire(capsys, "importer", extrait(tmp_path, [*_lignes(1), *["PER|x"] * 40]))
    assert refus.returncode == 2
    assert refus.stdout == ""
    assert "Ligne 3 : 2 colonnes ; 31 sont attendues" in refus.stderr
    assert "et 10 autres lignes" in refus.stderr
    assert not Extrait.objects.exists()
    date = _annuaire(capsys, "importer", tmp_path / "absent.txt", "--date", "demain")
    assert (date.returncode, "JJ/MM/AAAA HH:MM" in date.stderr) == (2, True)


def test_les_domaines_puis_les_comptages_se_chargent_par_la_commande(tmp_path: Path, capsys: Capture) -> None:
    numero = usines.referencement(dsr="DSR-MSS-MSS-Va1", profil_operateur="ACHETEUR").numero_ans
    domaines, comptages = tmp_path / "domaines.csv", tmp_path / "comptages.csv"
    domaines.write_text(f"numero_ans;domaine\n{numero};un.mssante.example\n", encoding="utf-8-sig")
    comptages.write_text(
        "domaine;nombre;date;source\nun.mssante.example;1000;30/06/2026;ANS\n", encoding="utf-8"
    )
    avant = _annuaire(capsys, "comptages", comptages)
    assert (avant.returncode, "aucun opérateur" in avant.stderr) == (2, True)
    assert _annuaire(capsys, "domaines", domaines).stdout.startswith("Chargé : 1 domaine nouveau")
    assert _annuaire(capsys, "comptages", comptages).stdout.startswith("À confirmer : 1 comptage, ")
    assert DomaineOperateur.objects.get().numero_ans == numero
    assert not ComptageFourni.objects.exists()
    donne, confirme = (usines.utilisateur(Profil.GESTIONNAIRE).username for _ in range(2))
    seul = _annuaire(capsys, "comptages", comptages, "--donnes-par", donne, "--confirmes-par", donne)
    assert (seul.returncode, "une autre personne" in seul.stderr) == (2, True)
    assert not ComptageFourni.objects.exists()
    inconnu = _annuaire(capsys, "comptages", comptages, "--confirmes-par", "personne")
    assert (inconnu.returncode, "n'est l'identifiant d'aucun agent" in inconnu.stderr) == (2, True)
    a_deux = _annuaire(capsys, "comptages", comptages, "--donnes-par", donne, "--confirmes-par", confirme)
    assert a_deux.stdout == "Confirmé : 1 comptage, 0 solde recalculé.\n", a_deux.stderr
    assert ComptageFourni.objects.get().nombre == 1_000


def test_la_commande_dit_qu_un_extrait_est_retenu_et_pourquoi(tmp_path: Path, capsys: Capture) -> None:
    _annuaire(
        capsys, "importer", extrait(tmp_path, _lignes(20), nom="entier.txt"), "--date", "29/06/2026 14:00"
    )
    lignes = [*_lignes(10), ligne("XXX", "x@un.mssante.example"), ""]
    retenu = _annuaire(capsys, "importer", extrait(tmp_path, lignes))
    assert retenu.returncode == 0, retenu.stderr
    assert "Retenu : il ne compte pas tant que personne ne l'a confirmé" in retenu.stdout
    assert "L'extrait a 10 adresses, contre 20" in retenu.stdout
    assert "Ligne 12 : le type « XXX » est inconnu" in retenu.stdout
    assert "1 ligne vide, à part." in retenu.stdout
