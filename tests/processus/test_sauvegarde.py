"""The commands of back-up and restore, run as in an installation, and proved in another place."""

import io
import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings as reglages
from django.core.files.storage import default_storage
from django.db import connection
from pytest_django import Settings

from segurnum.controles.problemes import en_nombre
from segurnum.essais.depots import Deposant
from segurnum.essais.programmes import adresse_de_la_base, environnement
from segurnum.essais.s3 import serveur_s3
from segurnum.fichiers.adresse import options_s3
from segurnum.fichiers.models import Fichier
from segurnum.fichiers.services import deposer
from segurnum.journal.models import Evenement
from segurnum.lanceur.environnement import SEGURNUM

pytestmark = pytest.mark.django_db(transaction=True)
CONTENU = b"une piece que personne d'autre ne doit lire"


@pytest.fixture(autouse=True)
def _stockage_a_part(settings: Settings, tmp_path: Path) -> None:
    settings.DONNEES = tmp_path / "donnees"
    settings.STORAGES = {**settings.STORAGES}  # setting it again makes the store be opened again, there


@pytest.fixture
def dossier(tmp_path: Path) -> Path:
    return tmp_path / "sauvegardes"


def segurnum(*mots: str | Path, **variables: str) -> "subprocess.CompletedProcess[str]":
    """A command on the installation of this test: its database, its store, its folder."""
    env = environnement() | {"SEGURNUM_DONNEES": str(reglages.DONNEES)} | variables
    commande = [*SEGURNUM, *map(str, mots)]
    return subprocess.run(commande, env=env, capture_output=True, text=True, check=False)


def _vivre() -> Fichier:
    """Requests with their pieces, and one more file."""
    deposant = Deposant.nouveau()
    depot = deposant.importer(2)
    deposant.envoyer(depot)
    deposant.terminer(depot)
    return deposer(flux=io.BytesIO(CONTENU))


def _temoin() -> dict[str, Any]:
    return json.loads((Path(reglages.DONNEES) / "sauvegarde.json").read_text())


@pytest.fixture
def s3(settings: Settings) -> Iterator[str]:
    """A bucket of its own on this machine."""
    with serveur_s3() as adresse:
        parties = {"BACKEND": "segurnum.fichiers.stockage_s3.StockageS3", "OPTIONS": options_s3(adresse)}
        settings.STORAGES = settings.STORAGES | {"default": parties}
        yield adresse


@pytest.mark.exigence("XCT-005")
@pytest.mark.parametrize("stockage", ["disque", "s3"])
def test_ce_qui_est_sauvegarde_se_retrouve_ailleurs(
    stockage: str, dossier: Path, request: pytest.FixtureRequest
):
    variables = {"STOCKAGE_URL": request.getfixturevalue("s3")} if stockage == "s3" else {}
    _vivre()
    faite = segurnum("sauvegarder", dossier, "--en-clair", **variables)
    assert (faite.returncode, faite.stderr) == (0, "")
    assert en_nombre(Fichier.objects.count(), "fichier") in faite.stdout
    assert _temoin()["verifiee_le"] is None
    prouvee = segurnum("restaurer", dossier, "--verifier", **variables)
    assert (prouvee.returncode, prouvee.stderr) == (0, "")
    assert "se restaure telle qu'elle était" in prouvee.stdout
    assert _temoin()["verifiee_le"] > _temoin()["instant"]


def test_une_restauration_qui_differe_dit_en_quoi(dossier: Path):
    _vivre()
    rompue = Evenement.objects.order_by("pk").first()
    assert rompue is not None
    _forcer("UPDATE journal_evenement SET motif = 'réécrit' WHERE id = %s", rompue.pk)
    faite = segurnum("sauvegarder", dossier, "--en-clair")
    assert faite.returncode == 1  # it is all saved, and the journal was rewritten before
    assert "le journal a 1 anomalie" in faite.stderr
    assert not (Path(reglages.DONNEES) / "sauvegarde.json").exists()
    copies = sorted((dossier / "fichiers").glob("*/*/*"))
    absente, changee = copies[:2]
    absente.unlink()
    changee.write_bytes(b"autre chose")
    (sauvegarde,) = (m.parent for m in dossier.glob("*/manifeste.json"))
    manifeste = json.loads((sauvegarde / "manifeste.json").read_text())
    manifeste["lignes"]["public.demandes_demande"] += 1
    (sauvegarde / "manifeste.json").write_text(json.dumps(manifeste))
    rendue = segurnum("restaurer", dossier, "--verifier")
    assert rendue.returncode == 1
    for phrase in (
        f"le fichier {absente.name} manque dans la sauvegarde",
        f"le fichier {changee.name} de la sauvegarde a été changé ou abîmé",
        f"le fichier {absente.name} n'est pas dans le stockage",
        "table public.demandes_demande : 2 lignes, au lieu de 3 lignes à la sauvegarde",
        f"chaîne {rompue.chaine}, événement n° {rompue.rang} : le contenu a changé",
    ):
        assert phrase in rendue.stderr
    (sauvegarde / "base.dump").write_bytes(b"abime")
    refusee = segurnum("restaurer", dossier, "--verifier")
    assert refusee.returncode == 2
    assert "base.dump n'est pas ce que le manifeste annonce" in refusee.stderr


def _forcer(ordre: str, *valeurs: object) -> None:
    """What somebody with the keys of the database could do to the journal."""
    with connection.cursor() as curseur:
        curseur.execute("ALTER TABLE journal_evenement DISABLE TRIGGER journal_sans_retouche")
        curseur.execute(ordre, valeurs)
        curseur.execute("ALTER TABLE journal_evenement ENABLE TRIGGER journal_sans_retouche")


def test_un_fichier_perdu_avant_la_sauvegarde_n_est_pas_un_succes(dossier: Path):
    default_storage.delete(_vivre().cle)
    faite = segurnum("sauvegarder", dossier, "--en-clair")
    assert faite.returncode == 1
    assert "le stockage a perdu le fichier" in faite.stderr
    assert not (Path(reglages.DONNEES) / "sauvegarde.json").exists()


@pytest.fixture
def base_neuve() -> Iterator[str]:
    """The URL of an empty database beside the test's own."""
    adresse = adresse_de_la_base()
    nom = f"{connection.settings_dict['NAME']}_restauree"
    with psycopg.connect(adresse, autocommit=True) as lien:
        lien.execute(f'CREATE DATABASE "{nom}"')
        yield adresse.rpartition("/")[0] + f"/{nom}"
        lien.execute(f'DROP DATABASE "{nom}" WITH (FORCE)')


def test_une_base_qui_n_est_pas_vide_n_est_remplacee_que_si_on_le_dit(
    dossier: Path, base_neuve: str, tmp_path: Path
):
    _vivre()
    assert segurnum("sauvegarder", dossier, "--en-clair").returncode == 0
    cible = {"DATABASE_URL": base_neuve, "SEGURNUM_DONNEES": str(tmp_path / "ailleurs")}
    assert segurnum("restaurer", dossier, **cible).returncode == 0
    with psycopg.connect(base_neuve, autocommit=True) as lien:
        lien.execute("CREATE TABLE depuis (a int)")
        refusee = segurnum("restaurer", dossier, **cible)
        assert refusee.returncode == 2
        assert "la base à remplir n'est pas vide" in refusee.stderr
        occupee = segurnum("restaurer", dossier, "--remplacer", **cible)
        assert occupee.returncode == 2
        assert "1 connexion à la base est ouverte" in occupee.stderr
    rendue = segurnum("restaurer", dossier, "--remplacer", **cible)
    assert (rendue.returncode, rendue.stderr) == (0, "")
    stockes = {chemin.name for chemin in (tmp_path / "ailleurs" / "fichiers").glob("*/*/*")}
    assert stockes == set(Fichier.objects.values_list("empreinte", flat=True))


# --- Encryption


@pytest.fixture
def gpg(tmp_path: Path) -> Iterator[tuple[str, list[str], dict[str, str]]]:
    """A key of its own: its name, what opens it, and where its keyring is."""
    trousseau = Path("/tmp") / f"gpg-{os.getpid()}"  # a socket's path is short
    trousseau.mkdir(mode=0o700)
    variables = {"GNUPGHOME": str(trousseau)}
    outil = ["gpg", "--batch", "--quiet", "--passphrase", "", "--quick-generate-key", "essai@exemple.invalid"]
    subprocess.run(outil, env=os.environ | variables, check=True, capture_output=True)
    yield "essai@exemple.invalid", [], variables
    subprocess.run(["gpgconf", "--kill", "all"], env=os.environ | variables, check=True)
    shutil.rmtree(trousseau)


@pytest.fixture
def age(tmp_path: Path) -> tuple[str, list[str], dict[str, str]]:
    cle = tmp_path / "cle.txt"
    dit = subprocess.run(["age-keygen", "-o", cle], check=True, capture_output=True, text=True)
    return dit.stderr.split()[-1], ["--cle", str(cle)], {}


@pytest.mark.exigence("XCT-009")
@pytest.mark.parametrize("outil", ["gpg", "age"])
def test_une_sauvegarde_chiffree_ne_se_lit_qu_avec_sa_cle(
    outil: str, dossier: Path, request: pytest.FixtureRequest
):
    if shutil.which(outil) is None:
        pytest.skip(f"{outil} n'est pas installé")
    destinataire, ouvrir, variables = request.getfixturevalue(outil)
    _vivre()
    chiffrer = {"SEGURNUM_SAUVEGARDE_DESTINATAIRE": destinataire} | variables
    faite = segurnum("sauvegarder", dossier, **chiffrer)
    assert (faite.returncode, faite.stderr) == (0, "")
    assert _temoin()["chiffree"] is True
    ecrits = [fichier.read_bytes() for fichier in dossier.rglob("*") if fichier.is_file()]
    assert not [octets for octets in ecrits if CONTENU in octets or octets.startswith((b"%PDF", b"PGDMP"))]
    sans_cle = segurnum("restaurer", dossier, "--verifier", GNUPGHOME=str(dossier))
    assert sans_cle.returncode == 2
    assert ("--cle" if outil == "age" else "ne s'ouvre pas") in sans_cle.stderr
    avec = segurnum("restaurer", dossier, "--verifier", *ouvrir, **variables)
    assert (avec.returncode, avec.stderr) == (0, "")


def test_sans_destinataire_rien_n_est_ecrit(dossier: Path):
    refusee = segurnum("sauvegarder", dossier)
    assert refusee.returncode == 2
    assert "--en-clair" in refusee.stderr
    assert not dossier.exists()
