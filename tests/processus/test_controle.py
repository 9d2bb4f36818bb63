"""The check of a ZIP while the store, the antivirus or the worker is down, by real processes: nothing is sent again."""

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from processus.file import executer, file_vide, sans_attendre  # noqa: F401 (a fixture)
from segurnum.courriels.models import Courriel
from segurnum.depots import pieces
from segurnum.depots.models import Archive
from segurnum.depots.reprises import ECHECS_MAX
from segurnum.essais.antivirus import antivirus
from segurnum.essais.depots import Deposant
from segurnum.essais.programmes import Ouvrier
from segurnum.fichiers.models import Analyse, Fichier
from segurnum.lanceur.reseau import port_libre
from segurnum.regles.calendrier import maintenant
from segurnum.web.tests.depot import Fournisseur
from segurnum.web.tests.lecture import mots

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("file_vide")]
EN_RETARD = "Votre ZIP est bien reçu, le contrôle a du retard"
CONFORMES = "Toutes les pièces jointes peuvent être importées correctement"


def _recevoir(deposant: Deposant) -> Archive:
    depot = deposant.importer(1)
    flux = io.BytesIO(deposant.zip_de(depot))
    return pieces.recevoir(depot=depot, auteur=deposant.auteur, nom_fichier="pieces.zip", flux=flux)


def _essais(archive: Archive) -> int:
    with connection.cursor() as curseur:
        curseur.execute(
            "SELECT attempts FROM procrastinate_jobs WHERE args->>'archive' = %s", [str(archive.pk)]
        )
        return int(curseur.fetchone()[0])


def _des_heures_passent(archive: Archive) -> Callable[[], bool]:
    """Whether more tries than a file is given have met the outage, each of them at once."""

    def passees() -> bool:
        sans_attendre()
        return _essais(archive) > 2 * ECHECS_MAX

    return passees


def _conforme(archive: Archive) -> Callable[[], bool]:
    def conforme() -> bool:
        sans_attendre()
        archive.refresh_from_db()
        return archive.etat == Archive.Etat.CONFORME

    return conforme


def _page(fournisseur: Fournisseur, archive: Archive) -> str:
    return mots(fournisseur.lire("pieces", archive.depot_id))


@pytest.mark.exigence("JSN-042")
def test_un_controle_attend_le_retour_du_stockage_aussi_longtemps_qu_il_faut(tmp_path: Path):
    fournisseur = Fournisseur()
    archive = _recevoir(fournisseur.deposant)
    dossier, ailleurs = Path(settings.DONNEES) / "fichiers", tmp_path / "ailleurs"
    with Ouvrier(tmp_path, "archives") as ouvrier:
        dossier.rename(ailleurs)
        dossier.touch()  # what is mounted there has gone, and nothing can be read or written
        try:
            ouvrier.attendre(_des_heures_passent(archive))
        finally:
            dossier.unlink()
            ailleurs.rename(dossier)
        assert EN_RETARD in _page(fournisseur, archive)
        ouvrier.attendre(_conforme(archive))
    assert CONFORMES in _page(fournisseur, archive)
    assert archive.echecs == 0
    assert not Courriel.objects.filter(code="M25").exists()


@pytest.mark.exigence("JSN-042", "XCT-004")
def test_un_antivirus_qui_revient_apres_dix_minutes_ne_fait_rien_renvoyer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    fournisseur = Fournisseur()
    archive = _recevoir(fournisseur.deposant)
    joint = Fichier.objects.exclude(pk=archive.fichier_id).order_by("pk")[0]
    Fichier.objects.filter(pk=joint.pk).update(analyse=Analyse.EN_ATTENTE)
    port = port_libre()
    monkeypatch.setenv("ANTIVIRUS_URL", f"tcp://127.0.0.1:{port}")
    with Ouvrier(tmp_path, "archives") as ouvrier:
        ouvrier.attendre(_des_heures_passent(archive))
        page = _page(fournisseur, archive)
        assert EN_RETARD in page
        assert "une partie du portail ne répond pas (antivirus)" in page
        with antivirus(port):
            ouvrier.attendre(_conforme(archive))
            ouvrier.attendre(lambda: _analyse(joint) == Analyse.SAIN)
    assert CONFORMES in _page(fournisseur, archive)
    archive.fichier.refresh_from_db()
    assert archive.fichier.analyse == Analyse.SAIN


def _analyse(fichier: Fichier) -> str:
    executer("DELETE FROM procrastinate_periodic_defers")  # a minute passes
    fichier.refresh_from_db()
    return fichier.analyse


@pytest.mark.exigence("JSN-041")
def test_la_page_dit_le_retard_d_un_controle_dont_l_ouvrier_est_tue(tmp_path: Path):
    fournisseur = Fournisseur()
    archive = _recevoir(fournisseur.deposant)
    with antivirus() as demon, pytest.MonkeyPatch.context() as patch:
        demon.muet = True
        patch.setenv("ANTIVIRUS_URL", demon.adresse)
        with Ouvrier(tmp_path, "archives") as ouvrier:
            ouvrier.attendre(lambda: demon.vus > 0)
            ouvrier.tuer()
    assert "Contrôle de « pieces.zip »" in _page(fournisseur, archive)
    Archive.objects.update(
        avance_le=maintenant().replace(year=2026, month=1, day=2)
    )  # time passes, nobody works
    assert EN_RETARD in _page(fournisseur, archive)
    executer("UPDATE procrastinate_workers SET last_heartbeat = last_heartbeat - interval '1 minute'")
    with Ouvrier(tmp_path) as second:
        second.attendre(_conforme(archive))
    assert CONFORMES in _page(fournisseur, archive)
