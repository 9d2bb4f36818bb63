"""Several people write in the journal at the same instant: each takes its rank, none is refused."""

from collections.abc import Iterable
from threading import Event

import pytest
from django.db import transaction

from segurnum.comptes.auteurs import PORTAIL
from segurnum.essais.concurrence import attendre_qu_un_autre_attende, ensemble
from segurnum.journal import services
from segurnum.journal.models import Evenement
from segurnum.journal.queries import evenements_de, ruptures
from segurnum.journal.services import Fait, consigner

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.exigence("GST-032")]


def fait(chaine: str, geste: str = "GESTE") -> Fait:
    return Fait(chaine=chaine, objet="demande:1", geste=geste, auteur=PORTAIL)


def rangs(chaine: str) -> list[int]:
    return [evenement.rang for evenement in evenements_de(chaine)]


def test_deux_gestes_a_la_fois_sur_un_dossier_prennent_chacun_leur_rang() -> None:
    """The second writes before the first has committed."""
    ecrit, attendu = Event(), Event()

    def premier() -> None:
        with transaction.atomic():
            consigner([fait("dossier:X", "PREMIER")])
            ecrit.set()
            attendre_qu_un_autre_attende()
            attendu.set()

    def second() -> None:
        assert ecrit.wait(10)
        assert not attendu.is_set()
        with transaction.atomic():
            consigner([fait("dossier:X", "SECOND")])

    assert ensemble(premier, second) == [None, None]
    assert [(e.rang, e.geste) for e in evenements_de("dossier:X")] == [(1, "PREMIER"), (2, "SECOND")]
    assert ruptures() == []


def test_des_chaines_prises_dans_un_ordre_ou_dans_l_autre_ne_se_bloquent_pas() -> None:
    def ecrire(*chaines: str) -> None:
        for _ in range(10):
            with transaction.atomic():
                consigner([fait(chaine) for chaine in chaines])

    chaines = [f"dossier:{rang}" for rang in range(5)]
    assert ensemble(*[lambda c=c: ecrire(*c) for c in (chaines, chaines[::-1]) * 2]) == [None] * 4
    assert all(rangs(chaine) == list(range(1, 41)) for chaine in chaines)
    assert ruptures() == []


@pytest.mark.parametrize("lot_d_abord", [True, False], ids=["lot", "geste"])
def test_un_lot_de_beaucoup_de_chaines_et_un_geste_s_attendent(
    monkeypatch: pytest.MonkeyPatch, lot_d_abord: bool
) -> None:
    monkeypatch.setattr(services, "CHAINES_MAX", 3)
    lot, geste = [fait(f"reference:{rang}", "LOT") for rang in range(4)], [fait("reference:0", "GESTE")]
    avant, apres = (lot, geste) if lot_d_abord else (geste, lot)
    ecrit = Event()

    def premier() -> None:
        with transaction.atomic():
            consigner(avant)
            ecrit.set()
            attendre_qu_un_autre_attende()

    def second() -> None:
        assert ecrit.wait(10)
        consigner(apres)

    assert ensemble(premier, second) == [None, None]
    gestes = ["LOT", "GESTE"] if lot_d_abord else ["GESTE", "LOT"]
    assert [(e.rang, e.geste) for e in evenements_de("reference:0")] == list(enumerate(gestes, start=1))
    assert ruptures() == []


def test_un_fait_consigne_hors_de_toute_transaction_garde_son_tour_jusqu_a_ce_qu_il_soit_ecrit(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    vrai, a_son_tour = Evenement.objects.bulk_create, Event()

    def lentement(faits: Iterable[Evenement]) -> object:
        if not a_son_tour.is_set():
            a_son_tour.set()
            attendre_qu_un_autre_attende()
        return vrai(faits)

    monkeypatch.setattr(Evenement.objects, "bulk_create", lentement)

    def second() -> None:
        assert a_son_tour.wait(10)
        consigner([fait("dossier:X", "SECOND")])

    assert ensemble(lambda: consigner([fait("dossier:X", "PREMIER")]), second) == [None, None]
    assert [(e.rang, e.geste) for e in evenements_de("dossier:X")] == [(1, "PREMIER"), (2, "SECOND")]


def test_un_lot_de_beaucoup_de_chaines_passe_parmi_les_autres(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "CHAINES_MAX", 3)
    chaines = [f"reference:{rang}" for rang in range(4)]

    def ecrire(*voulues: str) -> None:
        for _ in range(10):
            consigner([fait(chaine) for chaine in voulues])

    assert (
        ensemble(lambda: ecrire(*chaines), lambda: ecrire(chaines[0]), lambda: ecrire(*chaines[2:]))
        == [None] * 3
    )
    assert rangs(chaines[0]) == list(range(1, 21))
    assert Evenement.objects.count() == 70
    assert ruptures() == []


def test_rien_a_consigner_n_ecrit_rien() -> None:
    consigner([])
    assert not Evenement.objects.exists()
