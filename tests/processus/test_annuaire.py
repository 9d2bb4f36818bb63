"""`segurnum annuaire` as the administration runs it, and what is left of it when it is killed."""

import contextlib
import os
import subprocess
from collections.abc import Iterable
from pathlib import Path
from threading import Event, Thread

import pytest
from django.db import connection

from segurnum.annuaire_sante import services
from segurnum.annuaire_sante.models import (
    AdresseMSS,
    ComptageFourni,
    CompteDomaine,
    DomaineOperateur,
    Extrait,
)
from segurnum.annuaire_sante.tests.fichiers import INSTANT, NOM, extrait, ligne
from segurnum.comptes.auteurs import PORTAIL
from segurnum.comptes.models import Profil
from segurnum.demonstration.extrait_mss import TITRES
from segurnum.essais import usines
from segurnum.essais.concurrence import ensemble
from segurnum.essais.programmes import RACINE, Programme, environnement
from segurnum.lanceur.environnement import SEGURNUM

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.exigence("MSS-009")]


def _annuaire(*arguments: str | Path) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [*SEGURNUM, "annuaire", *map(str, arguments)],
        cwd=RACINE,
        env=environnement(),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def _lignes(nombre: int) -> Iterable[str]:
    return (ligne("PER", f"a{rang}@un.mssante.example") for rang in range(nombre))


def _des_lignes_arrivent_dans_la_base() -> bool:
    with connection.cursor() as curseur:
        curseur.execute("SELECT 1 FROM pg_stat_progress_copy WHERE tuples_processed > 0")
        return curseur.fetchone() is not None


def _nourrir(tube: Path, assez: Event) -> None:
    """Many lines, and no end: the import is in its middle until the test has had enough."""
    with contextlib.suppress(BrokenPipeError), tube.open("w", encoding="utf-8") as flux:
        flux.write("\n".join((TITRES, *_lignes(50_000), "")))
        flux.flush()
        assez.wait()


def test_un_import_tue_ne_laisse_rien_et_se_refait(tmp_path: Path) -> None:
    tube, assez = tmp_path / NOM, Event()
    os.mkfifo(tube)
    fil = Thread(target=_nourrir, args=(tube, assez), daemon=True)
    fil.start()
    commande = [*SEGURNUM, "annuaire", "importer", str(tube)]
    with Programme(commande, tmp_path / "import.log", environnement()) as programme:
        programme.attendre(_des_lignes_arrivent_dans_la_base)
        programme.tuer()
    assez.set()
    fil.join()
    for modele in (Extrait, AdresseMSS, CompteDomaine):
        assert not modele.objects.exists()
    entier = services.importer_extrait(
        auteur=PORTAIL, chemin=extrait(tmp_path, _lignes(10), nom="entier.txt"), date=INSTANT
    )
    assert entier.extrait.nombre_adresses == AdresseMSS.objects.count() == 10


def test_deux_imports_a_la_fois_n_en_font_qu_un(tmp_path: Path) -> None:
    chemin = extrait(tmp_path, _lignes(500))
    bilans = ensemble(*[lambda: services.importer_extrait(auteur=PORTAIL, chemin=chemin)] * 2)
    assert sorted(bilan.deja for bilan in bilans) == [False, True]
    assert Extrait.objects.count() == 1
    assert AdresseMSS.objects.count() == 500


def test_la_commande_charge_puis_dit_que_c_est_fait(tmp_path: Path) -> None:
    chemin = extrait(
        tmp_path, [*_lignes(3), ligne("CAB", "c@un.mssante.example"), *_lignes(1)], nom="brut.txt"
    )
    premier = _annuaire("importer", chemin, "--date", "30/06/2026 14:00")
    assert premier.returncode == 0, premier.stderr
    assert premier.stdout.startswith("Chargé : extrait du 30 juin 2026 à 14 h 00 (empreinte ")
    assert "5 lignes, 3 adresses distinctes" in premier.stdout
    assert "1 ligne redit une adresse" in premier.stdout
    assert "1 ligne de type CAB" in premier.stdout
    assert Extrait.objects.get().instant == INSTANT
    second = _annuaire("importer", chemin, "--date", "30/06/2026 14:00")
    assert second.returncode == 0
    assert "déjà chargé" in second.stdout


def test_la_commande_dit_les_lignes_en_faute_et_rend_2(tmp_path: Path) -> None:
    refus = _annuaire("importer", extrait(tmp_path, [*_lignes(1), *["PER|x"] * 40]))
    assert refus.returncode == 2
    assert refus.stdout == ""
    assert "Ligne 3 : 2 colonnes ; 31 sont attendues" in refus.stderr
    assert "et 10 autres lignes" in refus.stderr
    assert not Extrait.objects.exists()
    date = _annuaire("importer", tmp_path / "absent.txt", "--date", "demain")
    assert (date.returncode, "JJ/MM/AAAA HH:MM" in date.stderr) == (2, True)


def test_les_domaines_puis_les_comptages_se_chargent_par_la_commande(tmp_path: Path) -> None:
    numero = usines.referencement(dsr="DSR-MSS-MSS-Va1", profil_operateur="ACHETEUR").numero_ans
    domaines, comptages = tmp_path / "domaines.csv", tmp_path / "comptages.csv"
    domaines.write_text(f"numero_ans;domaine\n{numero};un.mssante.example\n", encoding="utf-8-sig")
    comptages.write_text(
        "domaine;nombre;date;source\nun.mssante.example;1000;30/06/2026;ANS\n", encoding="utf-8"
    )
    avant = _annuaire("comptages", comptages)
    assert (avant.returncode, "aucun opérateur" in avant.stderr) == (2, True)
    assert _annuaire("domaines", domaines).stdout.startswith("Chargé : 1 domaine nouveau")
    assert _annuaire("comptages", comptages).stdout.startswith("À confirmer : 1 comptage, ")
    assert DomaineOperateur.objects.get().numero_ans == numero
    assert not ComptageFourni.objects.exists()
    donne, confirme = (usines.utilisateur(Profil.GESTIONNAIRE).username for _ in range(2))
    seul = _annuaire("comptages", comptages, "--donnes-par", donne, "--confirmes-par", donne)
    assert (seul.returncode, "une autre personne" in seul.stderr) == (2, True)
    assert not ComptageFourni.objects.exists()
    inconnu = _annuaire("comptages", comptages, "--confirmes-par", "personne")
    assert (inconnu.returncode, "n'est l'identifiant d'aucun agent" in inconnu.stderr) == (2, True)
    a_deux = _annuaire("comptages", comptages, "--donnes-par", donne, "--confirmes-par", confirme)
    assert a_deux.stdout == "Confirmé : 1 comptage, 0 solde recalculé.\n", a_deux.stderr
    assert ComptageFourni.objects.get().nombre == 1_000


def test_la_commande_dit_qu_un_extrait_est_retenu_et_pourquoi(tmp_path: Path) -> None:
    _annuaire("importer", extrait(tmp_path, _lignes(20), nom="entier.txt"), "--date", "29/06/2026 14:00")
    lignes = [*_lignes(10), ligne("XXX", "x@un.mssante.example"), ""]
    retenu = _annuaire("importer", extrait(tmp_path, lignes))
    assert retenu.returncode == 0, retenu.stderr
    assert "Retenu : il ne compte pas tant que personne ne l'a confirmé" in retenu.stdout
    assert "L'extrait a 10 adresses, contre 20" in retenu.stdout
    assert "Ligne 12 : le type « XXX » est inconnu" in retenu.stdout
    assert "1 ligne vide, à part." in retenu.stdout
