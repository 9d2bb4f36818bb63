"""Random lives of dossiers: what must hold holds after each gesture, whoever makes it, and at the end."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from pytest_django.plugin import DjangoDbBlocker

from segurnum.demandes import services as demandes
from segurnum.essais.partage import fait_une_fois
from segurnum.essais.vies.gestes import JOUEURS, SANS_JOUEUR, TABLES, nom_de
from segurnum.essais.vies.machine import vivre
from segurnum.essais.vies.monde import Monde
from segurnum.paiements import cycle, enveloppes, services
from segurnum.paiements.models import Enveloppe

pytestmark = [pytest.mark.django_db, pytest.mark.long]

# Some twenty seconds of processor: `segurnum endurance vies` lives more of them.
NOMBRE = 100


@pytest.fixture(scope="module")
def monde(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Monde]:
    with fait_une_fois(django_db_blocker, Monde.naitre) as monde:
        yield monde


def test_chaque_geste_des_cycles_de_vie_est_joue_ou_dit_pourquoi_non() -> None:
    gestes = {nom_de(passage.geste) for table in TABLES for passage in table.passages}
    assert gestes - set(JOUEURS) == set(SANS_JOUEUR)
    assert set(JOUEURS) <= gestes


def test_aucune_vie_ne_rompt_une_loi(monde: Monde) -> None:
    releve = vivre(monde, NOMBRE)
    assert releve.vies >= NOMBRE
    assert releve.avances


def _prendre_sans_compter(_dsr: str, montant: Decimal, _instant: Any) -> Enveloppe:
    enveloppe = Enveloppe.objects.order_by("pk")[0]
    enveloppe.decide += 2 * montant
    enveloppe.save(update_fields=["decide"])
    return enveloppe


# What is broken in the program, one thing at a time: where, and by what.
FAUTES = {
    "ce qui est annulé n'est pas rendu": (services, "_rendre", lambda *_: None),
    "l'enveloppe paie deux fois": (enveloppes, "engager", _prendre_sans_compter),
    "la liste ne suit pas le paiement": (demandes, "noter_paiement", lambda **_: None),
    "le journal dit un autre compte": (cycle, "identite", lambda compte: {"compte": compte.pk + 1}),
    "un versement passe sans trace": (cycle.journal, "consigner", lambda *_, **__: None),
}


@pytest.mark.parametrize(("ou", "quoi", "faux"), FAUTES.values(), ids=FAUTES)
def test_une_regle_rompue_se_voit_en_quelques_vies(
    ou: Any, quoi: str, faux: Any, monde: Monde, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ou, quoi, faux)
    with pytest.raises((AssertionError, IndexError, ValueError)) as faute:
        vivre(monde, 200, graine=7, reduire=False)
    assert "state.naitre" in "".join(faute.value.__notes__)
