"""A worker that dies in the middle of a check, and a ZIP that no check survives."""

import io
from pathlib import Path

import psycopg
import pytest
from django.core.files.storage import default_storage
from django.db import connection
from procrastinate.contrib.django import app

from processus.file import file_vide, sans_attendre, une_minute_passe  # noqa: F401 (a fixture)
from segurnum.courriels import services as courriels
from segurnum.courriels.models import Courriel
from segurnum.courriels.textes import Texte
from segurnum.depots import pieces
from segurnum.depots.models import Archive
from segurnum.depots.reprises import ECHECS_MAX
from segurnum.essais.depots import Deposant
from segurnum.essais.programmes import Ouvrier, adresse_de_la_base
from segurnum.lanceur.ouvriers import FILES

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("file_vide")]


def _recevoir(deposant: Deposant) -> Archive:
    """A ZIP that conforms, received and waiting for its check."""
    depot = deposant.importer(2)
    flux = io.BytesIO(deposant.zip_de(depot))
    return pieces.recevoir(depot=depot, auteur=deposant.auteur, nom_fichier="pieces.zip", flux=flux)


def _etat(archive: Archive) -> str:
    archive.refresh_from_db()
    return archive.etat


def _un_ouvrier_attend_un_verrou() -> bool:
    with connection.cursor() as curseur:
        curseur.execute(
            "SELECT 1 FROM pg_locks WHERE relation = 'fichiers_fichier'::regclass AND NOT granted"
        )
        return curseur.fetchone() is not None


@pytest.mark.exigence("JSN-042", "JSN-043")
@pytest.mark.parametrize(
    ("morts_avant", "fin"),
    [(0, Archive.Etat.CONFORME), (ECHECS_MAX - 1, Archive.Etat.ILLISIBLE)],
    ids=["une fois : repris", "à chaque essai : abandonné"],
)
def test_un_controle_dont_l_ouvrier_est_tue_est_repris_par_un_autre(
    morts_avant: int, fin: Archive.Etat, tmp_path: Path
):
    archive = _recevoir(Deposant.nouveau())
    with psycopg.connect(adresse_de_la_base()) as verrou:
        # No piece can be stored: the check stops at the first one, as long as this transaction lasts.
        verrou.execute("LOCK TABLE fichiers_fichier IN SHARE MODE")
        with Ouvrier(tmp_path) as premier:
            premier.attendre(
                lambda: _etat(archive) == Archive.Etat.EN_CONTROLE and _un_ouvrier_attend_un_verrou()
            )
            premier.tuer()
    assert _etat(archive) == Archive.Etat.EN_CONTROLE
    Archive.objects.update(echecs=morts_avant)  # of other incidents than this one
    une_minute_passe()
    with Ouvrier(tmp_path) as second:
        second.attendre(lambda: _etat(archive) not in (Archive.Etat.RECUE, Archive.Etat.EN_CONTROLE))
    assert _etat(archive) == fin


@pytest.mark.exigence("JSN-042")
def test_une_archive_qui_fait_echouer_chaque_controle_est_ecartee_et_les_autres_passent(tmp_path: Path):
    perdue, saine = _recevoir(Deposant.nouveau()), _recevoir(Deposant.nouveau("RAD-RIS"))
    default_storage.delete(perdue.fichier.cle)

    def finies() -> bool:
        sans_attendre()
        return _etat(perdue) == Archive.Etat.ILLISIBLE and _etat(saine) == Archive.Etat.CONFORME

    with Ouvrier(tmp_path) as ouvrier:
        ouvrier.attendre(lambda: _etat(saine) == Archive.Etat.CONFORME)
        assert _etat(perdue) != Archive.Etat.ILLISIBLE
        ouvrier.attendre(finies)
    with connection.cursor() as curseur:
        curseur.execute(
            "SELECT attempts FROM procrastinate_jobs WHERE args->>'archive' = %s", [str(perdue.pk)]
        )
        assert curseur.fetchone()[0] == ECHECS_MAX


def test_chaque_file_a_son_ouvrier():
    servies = [file for files in FILES.values() for file in files]
    assert len(servies) == len(set(servies))
    demandees = {tache.queue for tache in app.tasks.values() if not tache.name.startswith("builtin:")}
    assert demandees == set(servies)


def test_un_envoi_qui_occupe_les_archives_ne_retarde_pas_les_courriels(tmp_path: Path):
    archive = _recevoir(Deposant.nouveau())
    with Ouvrier(tmp_path, "courriels") as ouvrier:
        envoi = courriels.Envoi(
            code="01", texte=Texte("Objet", "Corps"), destinataire="basile@valombreuse.example", sujet=""
        )
        courriels.envoyer([envoi])
        ouvrier.attendre(lambda: Courriel.objects.exclude(envoye_le=None).exists())
    assert _etat(archive) == Archive.Etat.RECUE
    with Ouvrier(tmp_path, "archives") as ouvrier:
        ouvrier.attendre(lambda: _etat(archive) == Archive.Etat.CONFORME)
