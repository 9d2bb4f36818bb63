"""The deadline that the pages show and the one that judges are one row, to the second, on days of clock change too."""

from datetime import date, datetime, time, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from segurnum.depots.models import Depot, Simulation
from segurnum.essais import usines
from segurnum.regles.calendrier import PARIS, instant_long, maintenant
from segurnum.regles.cycles import TypeDemande
from segurnum.web.tests.depot import Fournisseur
from segurnum.web.tests.horloge_tenue import HorlogeTenue
from segurnum.web.tests.lecture import mots

pytestmark = pytest.mark.django_db

DSR = "DSR-MS1-DUI-Va1"
UNE_SECONDE = timedelta(seconds=1)


def _dernier_dimanche(annee: int, mois: int) -> date:
    """Of a month of thirty-one days."""
    fin = date(annee, mois, 31)
    return fin - timedelta(days=fin.isoweekday() % 7)


ANNEE = maintenant().year + 1  # what is deposited is dated of these days
JOURS = {
    "ordinaire": date(ANNEE, 6, 30),
    "passage à l'heure d'été": _dernier_dimanche(ANNEE, 3),
    "passage à l'heure d'hiver": _dernier_dimanche(ANNEE, 10),
}
un_jour = pytest.mark.parametrize("jour", JOURS.values(), ids=JOURS)


def _fermer_a_14_heures(jour: date) -> datetime:
    fermeture = datetime.combine(jour, time(14), PARIS)
    usines.fenetre(DSR, TypeDemande.AVANCE, fermeture=fermeture)
    return fermeture


@pytest.mark.exigence("RUL-006")
@un_jour
def test_treize_heures_cinquante_neuf_est_a_temps_et_quatorze_heures_trop_tard(
    jour: date, horloge_tenue: HorlogeTenue
) -> None:
    horloge_tenue.instant = datetime.combine(jour, time(9), PARIS)
    fournisseur = Fournisseur()
    fermeture = _fermer_a_14_heures(jour)
    dite = instant_long(fermeture)
    assert dite.endswith(f"{jour.year} à 14 h 00")
    assert dite in mots(Client().get(reverse("public:accueil")))
    for _ in range(2):
        fournisseur.simuler(fournisseur.avances(1))
    premiere, seconde = Simulation.objects.order_by("pk")
    horloge_tenue.instant = fermeture - UNE_SECONDE
    assert f"fermée depuis le {dite}" not in mots(fournisseur.lire("importer"))
    fournisseur.suivre(fournisseur.faire("importer_simulation", premiere.pk))
    horloge_tenue.instant = fermeture
    assert f"fermée depuis le {dite}" in mots(fournisseur.lire("importer"))
    refus = fournisseur.suivre(fournisseur.faire("importer_simulation", seconde.pk))
    assert f"fermée depuis le {dite}" in mots(refus)
    assert [depot.simulation_id for depot in Depot.objects.all()] == [premiere.pk]


@pytest.mark.exigence("RUL-006")
@un_jour
def test_une_fermeture_deplacee_se_montre_et_juge_en_meme_temps(
    jour: date, horloge_tenue: HorlogeTenue
) -> None:
    horloge_tenue.instant = datetime.combine(jour, time(13, 30), PARIS)
    fournisseur = Fournisseur()
    fermeture = _fermer_a_14_heures(jour)
    fournisseur.simuler(fournisseur.avances(1))
    simulation = Simulation.objects.get()
    plus_tard = fermeture + timedelta(hours=1)
    usines.fenetre(DSR, TypeDemande.AVANCE, fermeture=plus_tard)
    horloge_tenue.instant = fermeture
    accueil = mots(Client().get(reverse("public:accueil")))
    assert instant_long(plus_tard) in accueil
    assert instant_long(fermeture) not in accueil
    fournisseur.suivre(fournisseur.faire("importer_simulation", simulation.pk))
    assert Depot.objects.get().simulation_id == simulation.pk
