"""Counts: exact when everybody comes at once, and what is refused makes nobody wait longer."""

from datetime import timedelta

import pytest

from segurnum.essais.concurrence import ensemble
from segurnum.essais.horloge import Horloge
from segurnum.limites import tasks
from segurnum.limites.models import Compteur
from segurnum.limites.phrases import a_partir_de, secondes_avant
from segurnum.limites.queries import compte
from segurnum.limites.services import compter, essayer, oublier, permettre, rendre
from segurnum.regles.calendrier import maintenant

HEURE = timedelta(hours=1)
ATTENTE = {"base": timedelta(seconds=30), "plafond": timedelta(minutes=15), "garde": timedelta(days=1)}


@pytest.mark.django_db
def test_une_limite_dit_quand_recommencer_et_tient_parole(horloge: Horloge) -> None:
    debut = maintenant()
    assert [permettre("a", maximum=2, duree=HEURE) for _ in range(3)] == [True, True, False]
    horloge.avancer(minutes=59)
    libre_le = compter("a", maximum=2, duree=HEURE)
    assert libre_le is not None
    assert abs(libre_le - debut - HEURE) < timedelta(seconds=30)
    horloge.avancer(minutes=1)
    assert permettre("a", maximum=2, duree=HEURE)
    assert permettre("b", maximum=2, duree=HEURE)


@pytest.mark.django_db
def test_un_poids_qui_ne_tient_pas_est_refuse_et_un_plus_petit_passe() -> None:
    assert compter("a", maximum=10, duree=HEURE, poids=7) is None
    assert compter("a", maximum=10, duree=HEURE, poids=4) is not None
    assert compter("a", maximum=10, duree=HEURE, poids=3) is None
    assert compte("a") == 10
    assert compter("neuf", maximum=10, duree=HEURE, poids=11) is not None


@pytest.mark.django_db(transaction=True)
def test_des_envois_faits_tous_a_la_fois_comptent_un_a_un() -> None:
    essais = [lambda: permettre("a", maximum=5, duree=HEURE)] * 12
    assert ensemble(*essais).count(True) == 5
    assert compte("a") == 5


@pytest.mark.django_db(transaction=True)
def test_des_connexions_essayees_toutes_a_la_fois_comptent_une_a_une() -> None:
    resultats = ensemble(*[lambda: essayer("a", francs=3, **ATTENTE)] * 8)
    assert resultats.count(None) == 3


@pytest.mark.django_db
def test_chaque_echec_double_l_attente_et_insister_ne_l_allonge_pas(horloge: Horloge) -> None:
    for _ in range(3):
        assert essayer("a", francs=3, **ATTENTE) is None
    for secondes in (30, 60, 120, 240, 480, 900, 900):
        libre_le = essayer("a", francs=3, **ATTENTE)
        assert libre_le is not None
        assert round((libre_le - maintenant()).total_seconds()) == secondes
        assert essayer("a", francs=3, **ATTENTE) == libre_le
        horloge.avancer(seconds=secondes)
        assert essayer("a", francs=3, **ATTENTE) is None
    horloge.avancer(days=1)
    assert essayer("a", francs=3, **ATTENTE) is None


@pytest.mark.django_db
def test_un_succes_rend_son_essai_ou_oublie_les_echecs() -> None:
    for _ in range(3):
        essayer("a", francs=3, **ATTENTE)
    rendre("a")
    assert compte("a") == 2
    assert essayer("a", francs=3, **ATTENTE) is None
    oublier("a")
    assert compte("a") == 0


@pytest.mark.django_db
def test_le_menage_de_la_nuit_n_oublie_que_ce_qui_est_passe(horloge: Horloge) -> None:
    permettre("ancien", maximum=1, duree=HEURE)
    horloge.avancer(hours=1)
    permettre("recent", maximum=1, duree=HEURE)
    tasks.purger(0)
    assert [ligne.cle for ligne in Compteur.objects.all()] == ["recent"]


def test_la_phrase_ne_promet_jamais_avant_l_heure() -> None:
    instant = maintenant().replace(year=2026, month=1, day=2, hour=13, minute=56, second=1, microsecond=0)
    assert a_partir_de(instant) == "à partir du 2 janvier 2026 à 14 h 57 (heure de Paris)"
    assert a_partir_de(instant.replace(second=0)) == "à partir du 2 janvier 2026 à 14 h 56 (heure de Paris)"
    assert secondes_avant(instant) == 1
