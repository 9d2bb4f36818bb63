"""Several people write in the journal at the same instant: each takes its rank, none is refused."""

from threading import Event

import pytest
from django.db import connection, transaction

from segurnum.comptes.auteurs import PORTAIL
from segurnum.essais.concurrence import ensemble
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
            _attendre_qu_un_autre_attende()
            attendu.set()

    def second() -> None:
        assert ecrit.wait(10)
        assert not attendu.is_set()
        with transaction.atomic():
            consigner([fait("dossier:X", "SECOND")])

    assert ensemble(premier, second) == [None, None]
    assert [(e.rang, e.geste) for e in evenements_de("dossier:X")] == [(1, "PREMIER"), (2, "SECOND")]
    assert ruptures() == []


def _attendre_qu_un_autre_attende() -> None:
    """Until PostgreSQL says that another session waits for a lock."""
    with connection.cursor() as curseur:
        for _ in range(5_000):
            curseur.execute(
                "SELECT count(*), pg_sleep(0.001) FROM pg_locks WHERE NOT granted "
                "AND (database IS NULL OR database = (SELECT oid FROM pg_database WHERE datname = current_database()))"
            )
            if curseur.fetchone()[0]:
                return
    raise AssertionError("personne n'attend son tour dans la chaîne")


def test_des_chaines_prises_dans_un_ordre_ou_dans_l_autre_ne_se_bloquent_pas() -> None:
    def ecrire(*chaines: str) -> None:
        for _ in range(10):
            with transaction.atomic():
                consigner([fait(chaine) for chaine in chaines])

    chaines = [f"dossier:{rang}" for rang in range(5)]
    assert ensemble(*[lambda c=c: ecrire(*c) for c in (chaines, chaines[::-1]) * 2]) == [None] * 4
    assert all(rangs(chaine) == list(range(1, 41)) for chaine in chaines)
    assert ruptures() == []


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
