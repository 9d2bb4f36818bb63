"""Commands as who installs the portal runs them, on a base that is not a demonstration's."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from segurnum.comptes.models import Profil, Utilisateur
from segurnum.essais import usines
from segurnum.essais.programmes import RACINE, environnement
from segurnum.installation.models import Temoin
from segurnum.lanceur.environnement import SEGURNUM
from segurnum.lanceur.reseau import port_libre

pytestmark = pytest.mark.django_db(transaction=True)


def _segurnum(*arguments: str, **reglages: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [*SEGURNUM, *arguments],
        cwd=RACINE,
        env=environnement() | reglages,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_createsuperuser_est_refuse_quelles_que_soient_ses_options() -> None:
    resultat = _segurnum("django", "createsuperuser", "--noinput", "--username", "racine")
    assert resultat.returncode == 1
    assert "segurnum agent inviter --profil ADMINISTRATION" in resultat.stderr
    assert not Utilisateur.objects.exists()


def test_une_base_vide_recoit_son_premier_administrateur() -> None:
    qui = ["--courriel", "anne@administration.example", "--nom", "Lormelin", "--prenom", "Anne"]
    resultat = _segurnum("agent", "inviter", "--profil", "ADMINISTRATION", *qui)
    assert (resultat.returncode, resultat.stderr) == (0, "")
    assert Utilisateur.objects.get().profil == Profil.ADMINISTRATION


def test_la_demonstration_refuse_une_base_qui_a_d_autres_comptes_que_les_siens(tmp_path: Path) -> None:
    usines.utilisateur(Profil.ADMINISTRATION)
    commande = ["demo", "--port", str(port_libre()), "--donnees", str(tmp_path)]
    resultat = _segurnum(*commande)
    assert resultat.returncode == 2
    assert "n'est pas celle d'une démonstration" in resultat.stderr
    assert Utilisateur.objects.count() == 1
    assert not Temoin.objects.exists()
    chargement = _segurnum("django", "charger_demonstration", SEGURNUM_DEMO="1")
    assert chargement.returncode == 1
    assert "n'est pas celle d'une démonstration" in chargement.stderr


def test_le_jugement_d_une_installation_se_lit_en_texte_et_en_json(tmp_path: Path) -> None:
    os.chmod(tmp_path, 0o750)
    reglages = {"SEGURNUM_DONNEES": str(tmp_path), "SEGURNUM_HTTPS": "0"}
    resultat = _segurnum("securite", "--format", "json", **reglages)
    assert resultat.returncode == 1
    lu = json.loads(resultat.stdout)
    etats = {ligne["controle"]: ligne["etat"] for ligne in lu["controles"]}
    assert lu["vert"] is False
    # The base of the tests is served by the very server's superuser, and nothing is in TLS.
    assert etats["role"] == etats["gardes"] == etats["https"] == etats["cookies"] == "A_CORRIGER"
    assert etats["migrations"] == etats["postgresql"] == etats["dossier"] == "CONFORME"
    texte = _segurnum("securite", **reglages)
    assert texte.returncode == 1
    assert "→ Retirez SEGURNUM_HTTPS=0" in texte.stdout


def test_le_journal_verifie_est_note() -> None:
    assert _segurnum("journal", "verifier").returncode == 0
    assert Temoin.objects.get().nom == Temoin.Nom.JOURNAL
