"""Stored files: whole or absent, on disk as on an S3 store."""

import hashlib
import io
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.management import call_command
from pytest_django import Settings

from segurnum.fichiers.adresse import options_s3
from segurnum.fichiers.models import Fichier
from segurnum.fichiers.queries import rapprocher
from segurnum.fichiers.services import deposer, deposer_ensemble, lire, ouvrir
from segurnum.fichiers.stockage import MARQUE, Contenu
from segurnum.pannes import StockageIndisponible

pytestmark = pytest.mark.django_db


def _deposer(contenu: bytes = b"contenu") -> Fichier:
    return deposer(flux=io.BytesIO(contenu))


def _contenu(octets: bytes) -> Contenu:
    return Contenu(io.BytesIO(octets), hashlib.sha256(octets).hexdigest(), len(octets))


@pytest.mark.usefixtures("stockage")
def test_ce_qui_est_depose_se_relit_octet_pour_octet() -> None:
    contenu = bytes(range(256)) * 5000
    assert lire(_deposer(contenu)) == contenu


@pytest.mark.usefixtures("stockage")
def test_le_meme_contenu_n_est_garde_qu_une_fois() -> None:
    assert _deposer(b"deux fois") == _deposer(b"deux fois")
    assert Fichier.objects.count() == 1


@pytest.mark.usefixtures("stockage")
def test_le_rapprochement_trouve_les_fichiers_perdus() -> None:
    garde, perdu = _deposer(b"garde"), _deposer(b"perdu")
    assert rapprocher().intact
    default_storage.delete(perdu.cle)
    assert rapprocher().perdus == [perdu.empreinte]
    assert garde.empreinte not in rapprocher().perdus
    # Sending the same bytes again mends the store.
    _deposer(b"perdu")
    assert rapprocher().intact


@pytest.fixture
def disque(settings: Settings, tmp_path: Path) -> Path:
    settings.DONNEES = tmp_path
    settings.STORAGES = {**settings.STORAGES}  # setting it again makes the store be opened again, there
    return tmp_path / "fichiers"


def test_le_rapprochement_trouve_un_contenu_change_sous_son_nom(disque: Path) -> None:
    fichier = _deposer(b"12345")
    (disque / fichier.cle).write_bytes(b"54321")
    assert rapprocher().intact  # same size: only reading it again can tell
    assert rapprocher(relire=True).alteres == [fichier.empreinte]
    with pytest.raises(SystemExit):
        call_command("rapprocher_fichiers", "--relire")


def test_un_fichier_sans_ligne_est_dit_sans_gravite(disque: Path) -> None:
    _deposer()
    (disque / "oublie").write_bytes(b"x")
    resultat = rapprocher()
    assert (resultat.orphelins, resultat.intact) == (["oublie"], True)


@pytest.mark.exigence("XCT-009")
def test_les_fichiers_ne_sont_lisibles_que_par_le_compte_du_service(disque: Path) -> None:
    chemin = disque / _deposer().cle
    assert chemin.stat().st_mode & 0o777 == 0o600
    assert chemin.parent.stat().st_mode & 0o777 == 0o700


def test_une_ecriture_interrompue_ne_laisse_rien_sous_le_nom(disque: Path) -> None:
    class Coupe(io.BytesIO):
        def read(self, *args: Any) -> bytes:
            raise OSError("coupure")

    with pytest.raises(StockageIndisponible):
        deposer_ensemble([_contenu(b"entier"), Contenu(Coupe(b"abc"), "f" * 64, 3)])
    assert [c.name for c in disque.rglob("*") if c.is_file()] == [MARQUE]
    assert not Fichier.objects.exists()


@pytest.mark.parametrize("adresse", ["http://x/y", "s3://hote", "s3://hote/a/b", "s3:///compartiment"])
def test_une_adresse_de_stockage_malformee_dit_ce_qui_est_attendu(adresse: str) -> None:
    with pytest.raises(ValueError, match="STOCKAGE_URL doit s'écrire"):
        options_s3(adresse)


def test_un_depot_absent_n_est_ni_pris_pour_neuf_ni_pour_perdu(disque: Path) -> None:
    """The disk of the files is not mounted: its mount point is empty, and must not be filled."""
    fichier = _deposer()
    disque.rename(disque.parent / "demonte")
    for vide in (False, True):
        if vide:
            disque.mkdir()
        with pytest.raises(StockageIndisponible, match="vide ou absent"):
            ouvrir(fichier)
        with pytest.raises(StockageIndisponible, match="vide ou absent"):
            default_storage.exists(fichier.cle)
        with pytest.raises(StockageIndisponible):
            deposer(flux=io.BytesIO(b"un autre"))
    assert list(disque.iterdir()) == []
    disque.rmdir()
    (disque.parent / "demonte").rename(disque)
    with ouvrir(fichier) as flux:
        assert flux.read()
    deposer(flux=io.BytesIO(b"un autre"))


def test_un_depot_d_avant_la_marque_est_reconnu_a_ce_qu_il_porte(disque: Path) -> None:
    fichier = _deposer()
    (disque / MARQUE).unlink()
    deposer(flux=io.BytesIO(b"un autre"))
    assert (disque / MARQUE).exists()
    default_storage.delete(fichier.cle)
    with pytest.raises(FileNotFoundError):
        ouvrir(fichier)


def test_un_dossier_declare_neuf_est_rempli(disque: Path) -> None:
    """What an operator does who starts again with an empty disk, and what a restoration does."""
    _deposer()
    disque.rename(disque.parent / "perdu")
    disque.mkdir()
    (disque / MARQUE).touch()
    deposer(flux=io.BytesIO(b"un autre"))
