"""A process that has found a part down watches it until it answers, whether or not anybody comes."""

from datetime import timedelta
from queue import Queue
from typing import Any

import pytest
from django.db import OperationalError

from segurnum.installation.veille import Veille
from segurnum.pannes import Partie, StockageIndisponible
from segurnum.regles import calendrier
from segurnum.regles.calendrier import maintenant

pytestmark = pytest.mark.django_db


def test_le_retour_est_vu_sans_que_personne_vienne() -> None:
    reponses = [OSError("pas encore"), OperationalError("pas encore"), None]
    dites: Queue[Any] = Queue()

    def sonde() -> None:
        if (reponse := reponses.pop(0)) is not None:
            raise reponse

    veille = Veille({Partie.BASE: sonde}, noter=lambda **panne: dites.put(panne), pas=0.01)
    avant = maintenant()
    veille.constater(Partie.BASE, avant - timedelta(minutes=3))
    dite = dites.get(timeout=30)
    assert dite["partie"] is Partie.BASE
    assert dite["panne"].recu_le == avant - timedelta(minutes=3)
    assert avant <= dite["panne"].debut <= dite["panne"].fin
    assert reponses == []


def test_la_porte_ne_demande_rien_tant_que_rien_n_est_en_panne() -> None:
    def sonde() -> None:
        raise AssertionError

    veille = Veille({Partie.BASE: sonde}, pas=None)
    veille.a_la_porte()
    veille.constater(Partie.CONTROLE)  # nobody's deadline
    veille.a_la_porte()


def test_une_panne_commence_a_la_premiere_rencontre_et_au_plus_ancien_envoi(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    dites: list[Any] = []
    debut = instant = maintenant()
    monkeypatch.setattr(calendrier, "maintenant", lambda: instant)
    veille = Veille({Partie.FICHIERS: lambda: None}, noter=lambda **panne: dites.append(panne), pas=None)
    veille.constater(Partie.FICHIERS)
    instant = debut + timedelta(minutes=5)
    veille.constater(Partie.FICHIERS, debut - timedelta(minutes=20))
    veille.a_la_porte()
    veille.a_la_porte()
    (dite,) = dites
    assert (dite["panne"].debut, dite["panne"].fin) == (debut, instant)
    assert dite["panne"].recu_le == debut - timedelta(minutes=20)


def test_ce_qui_retombe_avant_d_etre_note_l_est_au_retour_suivant() -> None:
    suites = [StockageIndisponible("de nouveau"), None]

    def noter(**panne: Any) -> None:
        if (suite := suites.pop(0)) is not None:
            raise suite

    veille = Veille({Partie.BASE: lambda: None}, noter=noter, pas=None)
    veille.constater(Partie.BASE)
    veille.a_la_porte()
    assert suites == [None]
    veille.a_la_porte()
    assert suites == []
    veille.a_la_porte()
