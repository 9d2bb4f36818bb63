"""A demonstration travels in time: what the portal does by itself happens on the way, once."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from segurnum.cli import principal
from segurnum.courriels.models import Courriel
from segurnum.demandes import services
from segurnum.demandes.models import Demande
from segurnum.depots.formulaires import formulable
from segurnum.entretien import horloge
from segurnum.essais.operateurs import Operateur
from segurnum.regles import calendrier
from segurnum.regles.cycles import StatutDemande, TypeDemande
from segurnum.regles.erreurs import GesteImpossible
from segurnum.web.tests.depot import gestionnaire

pytestmark = [pytest.mark.django_db, pytest.mark.long]


@pytest.fixture(autouse=True)
def _horloge_a_part(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.DONNEES = tmp_path
    monkeypatch.setattr(calendrier, "_avance", horloge.avance)


def voyager(jours: int) -> None:
    horloge.voyager(jusqu_a=calendrier.maintenant() + timedelta(days=jours))


@pytest.mark.exigence("MOD-022", "MOD-023")
def test_le_rappel_puis_la_cloture_arrivent_en_chemin_et_une_seule_fois():
    operateur = Operateur.nouveau()
    avance = operateur.deposer()
    services.demander_modification(demande=avance.pk, auteur=gestionnaire(), motif="Contact inexact")
    voyager(9)
    assert not Courriel.objects.filter(code="M10").exists()
    voyager(3)
    assert Courriel.objects.filter(code="M10").count() == 1
    voyager(12)
    assert Courriel.objects.filter(code="M10").count() == 1
    relue = Demande.objects.get()
    assert relue.statut == StatutDemande.EN_COURS
    assert relue.statut_depuis > avance.depose_le + timedelta(days=19)


@pytest.mark.exigence("MSS-009", "MSS-026")
def test_la_fenetre_se_ferme_et_les_nombres_s_arretent():
    operateur = Operateur.nouveau()
    operateur.deposer()
    operateur.compter(100, 0, 0, cloture=calendrier.maintenant() + timedelta(days=2))
    solde = operateur.deposer(TypeDemande.SOLDE)
    voyager(40)
    assert "arrêtés au" in solde.versions.get(rang=2).motif
    refus = formulable(operateur.enrolement, TypeDemande.SOLDE).empechements
    assert "fermée depuis le" in refus[0]


@pytest.mark.parametrize(
    ("jours", "phrase"), [(0, "que vers l'avant"), (-3, "que vers l'avant"), (2_000, "800 jours")]
)
def test_un_voyage_impossible_se_dit(jours: int, phrase: str):
    with pytest.raises(GesteImpossible, match=phrase):
        voyager(jours)
    assert horloge.avance() == timedelta()


def test_chaque_etape_se_dit():
    instants: list[Any] = []
    horloge.voyager(jusqu_a=calendrier.maintenant() + timedelta(days=2, hours=3), dire=instants.append)
    assert len(instants) == 3


def test_une_date_qui_n_en_est_pas_une_est_refusee(capsys: pytest.CaptureFixture[str]):
    assert principal(["horloge", "--jusqu-a", "31/02/2027"]) == 2
    assert "n'existe pas au calendrier" in capsys.readouterr().err
