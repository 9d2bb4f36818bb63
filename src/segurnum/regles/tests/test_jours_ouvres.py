"""The French calendar: public holidays known by name, and delays in working days."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from segurnum.regles.calendrier import jour_de_paris
from segurnum.regles.jours_ouvres import echeance_ouvree, est_ouvre, feries, ouvres_apres, paques


@pytest.mark.parametrize(
    "jour",
    [
        date(2008, 3, 23),
        date(2019, 4, 21),
        date(2024, 3, 31),
        date(2025, 4, 20),
        date(2026, 4, 5),
        date(2038, 4, 25),
    ],
)
def test_paques_tombe_au_jour_des_calendriers(jour: date) -> None:
    assert paques(jour.year) == jour


def test_onze_jours_feries_par_an() -> None:
    assert sorted(feries(2026)) == [
        date(2026, 1, 1),
        date(2026, 4, 6),
        date(2026, 5, 1),
        date(2026, 5, 8),
        date(2026, 5, 14),
        date(2026, 5, 25),
        date(2026, 7, 14),
        date(2026, 8, 15),
        date(2026, 11, 1),
        date(2026, 11, 11),
        date(2026, 12, 25),
    ]


def test_dix_jours_ouvres_sautent_week_ends_et_feries() -> None:
    assert ouvres_apres(date(2026, 4, 30), 10) == date(2026, 5, 19)
    assert (
        echeance_ouvree(datetime(2026, 4, 30, 8, tzinfo=UTC), 10).strftime("%d/%m %H:%M:%S")
        == "19/05 23:59:59"
    )


def test_le_jour_du_depart_est_celui_de_paris() -> None:
    """An opening at 23 h UTC in summer is of the next day in Paris."""
    instant = datetime(2026, 6, 14, 22, 30, tzinfo=UTC)
    assert jour_de_paris(instant) == date(2026, 6, 15)
    assert echeance_ouvree(instant, 1).date() == date(2026, 6, 16)


@given(jour=st.dates(date(2021, 1, 1), date(2060, 12, 31)), nombre=st.integers(1, 30))
def test_entre_le_depart_et_l_echeance_il_y_a_juste_ce_nombre_de_jours_ouvres(
    jour: date, nombre: int
) -> None:
    fin = ouvres_apres(jour, nombre)
    suivants = [jour + timedelta(days=n) for n in range(1, (fin - jour).days + 1)]
    assert sum(map(est_ouvre, suivants)) == nombre
    assert est_ouvre(fin)
