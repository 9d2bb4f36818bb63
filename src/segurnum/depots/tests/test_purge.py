"""What was only tried does not stay: simulations are erased after a while, imports keep what they need."""

from datetime import timedelta
from threading import Event
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.db import transaction

from segurnum.depots import services, tasks
from segurnum.depots.models import Depot, Simulation
from segurnum.essais.concurrence import ensemble
from segurnum.essais.depots import Deposant
from segurnum.fichiers.menage import effacer_les_fichiers_sans_proprietaire
from segurnum.fichiers.models import Fichier
from segurnum.regles.calendrier import maintenant
from segurnum.regles.erreurs import GesteImpossible

pytestmark = pytest.mark.django_db


def vieillir(simulation: Simulation, jours: int) -> None:
    Simulation.objects.filter(pk=simulation.pk).update(recue_le=maintenant() - timedelta(days=jours))


def test_une_simulation_est_effacee_apres_son_delai_avec_son_fichier(settings: Any) -> None:
    settings.GARDE_SIMULATIONS = 30
    deposant = Deposant.nouveau()
    ancienne, recente = deposant.simuler(deposant.fichier(1)), deposant.simuler(deposant.fichier(2))
    vieillir(ancienne, 31)
    vieillir(recente, 29)
    tasks.purger_les_simulations.func(0)
    assert list(Simulation.objects.values_list("pk", flat=True)) == [recente.pk]
    effacer_les_fichiers_sans_proprietaire(instant=maintenant() + timedelta(days=settings.GARDE_FICHIERS + 1))
    assert not Fichier.objects.filter(pk=ancienne.fichier_id).exists()
    assert default_storage.exists(recente.fichier.cle)


def test_une_simulation_importee_reste_avec_son_import() -> None:
    deposant = Deposant.nouveau()
    depot = deposant.importer(1)
    vieillir(depot.simulation, 4_000)
    assert services.purger_simulations(instant=maintenant()) == 0
    assert Depot.objects.get().simulation_id == depot.simulation_id


@pytest.mark.django_db(transaction=True)
def test_une_simulation_qu_on_importe_a_cet_instant_est_laissee_et_ne_retient_pas_la_purge() -> None:
    deposant = Deposant.nouveau()
    importee, oubliee = deposant.simuler(deposant.fichier(1)), deposant.simuler(deposant.fichier(2))
    for simulation in (importee, oubliee):
        vieillir(simulation, 1_000)
    tenue, purgee = Event(), Event()

    def importer() -> bool:
        with transaction.atomic():
            services.importer(simulation=importee.pk, auteur=deposant.auteur)
            tenue.set()
            return purgee.wait(30)

    def purger() -> int:
        assert tenue.wait(30)
        effacees = services.purger_simulations(instant=maintenant())
        purgee.set()
        return effacees

    assert ensemble(importer, purger) == [True, 1]
    assert Simulation.objects.get() == importee
    assert Depot.objects.get().simulation == importee


def test_tous_les_lots_y_passent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "LOT_DE_PURGE", 2)
    deposant = Deposant.nouveau()
    for _ in range(5):
        vieillir(deposant.simuler(deposant.fichier(1)), 1_000)
    assert services.purger_simulations(instant=maintenant()) == 5


def test_importer_une_simulation_effacee_est_refuse_en_mots() -> None:
    deposant = Deposant.nouveau()
    simulation = deposant.simuler(deposant.fichier(1))
    vieillir(simulation, 1_000)
    with transaction.atomic():
        services.purger_simulations(instant=maintenant())
    with pytest.raises(GesteImpossible, match="a été effacée"):
        services.importer(simulation=simulation.pk, auteur=deposant.auteur)
