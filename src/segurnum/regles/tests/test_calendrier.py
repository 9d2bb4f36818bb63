from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from segurnum.regles import calendrier
from segurnum.regles.calendrier import (
    PARIS,
    REPORT_MAX,
    EtatFenetre,
    Fenetre,
    Panne,
    fermeture_reportee,
    report_long,
)


def paris(*quand: int) -> datetime:
    return datetime(*quand, tzinfo=PARIS)  # type: ignore[arg-type,misc]


# A closing on an ordinary day, and on the two days of clock change.
FERMETURES = [paris(2024, 2, 28, 14), paris(2024, 3, 31, 14), paris(2024, 10, 27, 14)]


@pytest.mark.exigence("RUL-006")
@pytest.mark.parametrize("fermeture", FERMETURES)
def test_a_deposit_at_13_59_59_is_in_and_at_14_00_00_is_out(fermeture: datetime) -> None:
    fenetre = Fenetre(paris(2024, 1, 1), fermeture, fermeture)
    local = fermeture.replace(hour=13, minute=59, second=59)
    assert fenetre.etat(local) is EtatFenetre.OUVERTE
    assert fenetre.etat(local.astimezone(UTC)) is EtatFenetre.OUVERTE
    assert fenetre.etat(fermeture) is EtatFenetre.FERMEE
    assert fenetre.etat(fermeture.astimezone(UTC)) is EtatFenetre.FERMEE


@pytest.mark.exigence("RUL-006")
def test_the_hour_of_closing_is_french_local_time_in_winter_and_in_summer() -> None:
    hiver = Fenetre(paris(2024, 1, 1), paris(2024, 2, 28, 14), paris(2024, 2, 28, 14))
    ete = Fenetre(paris(2024, 1, 1), paris(2024, 9, 12, 14), paris(2024, 9, 12, 14))
    assert hiver.etat(datetime(2024, 2, 28, 12, 59, 59, tzinfo=UTC)) is EtatFenetre.OUVERTE
    assert hiver.etat(datetime(2024, 2, 28, 13, tzinfo=UTC)) is EtatFenetre.FERMEE
    assert ete.etat(datetime(2024, 9, 12, 11, 59, 59, tzinfo=UTC)) is EtatFenetre.OUVERTE
    assert ete.etat(datetime(2024, 9, 12, 12, tzinfo=UTC)) is EtatFenetre.FERMEE


@pytest.mark.exigence("RUL-006")
def test_a_closing_in_the_repeated_hour_of_october_tells_its_two_passages_apart() -> None:
    fermeture = datetime(2024, 10, 27, 2, 30, tzinfo=PARIS, fold=1)
    fenetre = Fenetre(paris(2024, 10, 1), fermeture, fermeture)
    assert fenetre.etat(datetime(2024, 10, 27, 2, 45, tzinfo=PARIS, fold=0)) is EtatFenetre.OUVERTE
    assert fenetre.etat(datetime(2024, 10, 27, 2, 45, tzinfo=PARIS, fold=1)) is EtatFenetre.FERMEE


def test_the_opening_instant_is_in_and_the_one_before_is_not() -> None:
    fenetre = Fenetre(paris(2024, 1, 15, 9), paris(2024, 2, 28, 14), paris(2024, 2, 28, 14))
    assert fenetre.etat(paris(2024, 1, 15, 8, 59, 59)) is EtatFenetre.PAS_OUVERTE
    assert fenetre.etat(paris(2024, 1, 15, 9)) is EtatFenetre.OUVERTE


def test_the_deadline_shown_does_not_decide_what_is_in_time() -> None:
    fenetre = Fenetre(paris(2024, 1, 1), paris(2024, 3, 1, 14), affichee=paris(2024, 2, 28, 14))
    assert fenetre.etat(paris(2024, 2, 29, 10)) is EtatFenetre.OUVERTE


def test_a_window_without_time_zone_or_closing_before_opening_is_refused() -> None:
    with pytest.raises(ValueError, match="un fuseau est attendu"):
        Fenetre(datetime(2024, 1, 1), paris(2024, 2, 1), paris(2024, 2, 1))
    with pytest.raises(ValueError, match="doit suivre l'ouverture"):
        Fenetre(paris(2024, 2, 1), paris(2024, 2, 1), paris(2024, 2, 1))


def test_an_instant_without_time_zone_is_never_judged() -> None:
    fenetre = Fenetre(paris(2024, 1, 1), paris(2024, 2, 1), paris(2024, 2, 1))
    naif = datetime(2024, 1, 15)
    for lecture in (fenetre.etat, calendrier.instant_fr, calendrier.date_fr, calendrier.date_longue):
        with pytest.raises(ValueError, match="sans fuseau horaire"):
            lecture(naif)


def test_the_clock_gives_aware_instants() -> None:
    assert calendrier.maintenant().utcoffset() == timedelta(0)


@pytest.mark.exigence("RUL-028")
def test_dates_and_hours_are_written_in_french_paris_time_24_h() -> None:
    instant = datetime(2024, 1, 2, 13, 56, 56, tzinfo=UTC)
    assert calendrier.date_fr(instant) == "02/01/2024"
    assert calendrier.instant_fr(instant) == "02/01/2024 à 14:56"
    assert calendrier.date_longue(instant) == "2 janvier 2024"
    assert calendrier.date_longue(date(2024, 8, 1)) == "1er août 2024"
    assert calendrier.instant_long(paris(2024, 2, 28, 14)) == "28 février 2024 à 14 h 00"


@pytest.mark.exigence("RUL-028")
@pytest.mark.parametrize(
    ("instant", "saison"),
    [
        (datetime(2024, 10, 27, 0, 30, tzinfo=UTC), " (heure d'été)"),
        (datetime(2024, 10, 27, 1, 30, tzinfo=UTC), " (heure d'hiver)"),
    ],
)
def test_the_hour_that_october_has_twice_says_which_one_it_is(instant: datetime, saison: str) -> None:
    assert calendrier.instant_fr(instant) == f"27/10/2024 à 02:30{saison}"
    assert calendrier.instant_long(instant) == f"27 octobre 2024 à 2 h 30{saison}"
    assert calendrier.instant_exact(instant) == f"27 octobre 2024 à 02:30:00, heure de Paris{saison}"


@pytest.mark.parametrize(
    "local",
    [
        paris(2024, 10, 27, 1, 59),
        paris(2024, 10, 27, 3),
        paris(2024, 3, 31, 1, 59),
        paris(2024, 3, 31, 3),
        paris(2024, 7, 1),
    ],
)
def test_every_other_hour_needs_no_such_word(local: datetime) -> None:
    assert "heure d" not in calendrier.instant_fr(local) + calendrier.instant_long(local)


def test_an_exact_instant_is_never_rounded_up() -> None:
    instant = paris(2024, 2, 28, 13, 59, 59, 999_999)
    assert calendrier.instant_exact(instant) == "28 février 2024 à 13:59:59, heure de Paris"


@pytest.mark.exigence("RUL-028")
def test_the_day_is_the_one_of_paris_not_of_the_server() -> None:
    assert calendrier.date_fr(datetime(2024, 6, 30, 22, 30, tzinfo=UTC)) == "01/07/2024"
    assert calendrier.jour_de_paris(datetime(2024, 12, 31, 23, tzinfo=UTC)) == date(2025, 1, 1)
    assert calendrier.jour_de_paris(date(2024, 12, 31)) == date(2024, 12, 31)


@pytest.mark.parametrize(
    ("depart", "jours", "arrivee"),
    [
        (paris(2024, 3, 25, 14), 7, paris(2024, 4, 1, 14)),
        (paris(2024, 10, 24, 14), 7, paris(2024, 10, 31, 14)),
        (paris(2024, 2, 20, 9, 30), 10, paris(2024, 3, 1, 9, 30)),
        (paris(2023, 12, 20, 0), 20, paris(2024, 1, 9, 0)),
    ],
)
def test_delays_are_calendar_days_at_the_same_hour_in_paris(
    depart: datetime, jours: int, arrivee: datetime
) -> None:
    assert calendrier.jours_apres(depart, jours).astimezone(UTC) == arrivee.astimezone(UTC)
    assert calendrier.jours_apres(depart.astimezone(UTC), jours).astimezone(UTC) == arrivee.astimezone(UTC)


def test_an_hour_skipped_by_the_clock_change_is_pushed_on() -> None:
    assert calendrier.jours_apres(paris(2024, 3, 24, 2, 30), 7).isoformat() == "2024-03-31T03:30:00+02:00"


def test_the_delays_are_those_of_the_guides() -> None:
    assert calendrier.DELAI_COMPLETION == 7


@pytest.mark.parametrize(
    ("jour", "heures"), [(date(2024, 3, 31), 23), (date(2024, 10, 27), 25), (date(2024, 6, 1), 24)]
)
def test_a_day_ends_just_before_midnight_in_paris(jour: date, heures: int) -> None:
    fin = calendrier.fin_de_journee(jour).astimezone(UTC)
    debut = paris(jour.year, jour.month, jour.day).astimezone(UTC)
    assert fin - debut == timedelta(hours=heures) - timedelta(microseconds=1)


@pytest.mark.exigence("RUL-028")
@given(st.dates())
def test_a_written_date_is_read_back(jour: date) -> None:
    assert calendrier.lire_date_fr(calendrier.date_fr(jour)) == jour


@pytest.mark.parametrize(
    "texte", ["", "2021-10-18", "18/10/21", "8/10/2021", "18/10/2021 ", "18.10.2021", "\uff118/10/2021"]
)
def test_a_date_of_another_form_is_refused_with_an_example(texte: str) -> None:
    with pytest.raises(ValueError, match="JJ/MM/AAAA, par exemple 18/10/2021"):
        calendrier.lire_date_fr(texte)


@pytest.mark.parametrize("texte", ["29/02/2023", "31/04/2024", "00/01/2024", "01/13/2024", "01/01/0000"])
def test_a_day_that_does_not_exist_is_refused(texte: str) -> None:
    with pytest.raises(ValueError, match="n'existe pas au calendrier"):
        calendrier.lire_date_fr(texte)


# --- A closing that an outage cut

FERMETURE = paris(2024, 2, 28, 14)


def panne(debut: datetime, fin: datetime, recu_le: datetime | None = None) -> Panne:
    return Panne(debut=debut, fin=fin, recu_le=recu_le or debut)


@pytest.mark.parametrize(
    ("debut", "fin", "attendue"),
    [
        ((13, 55), (14, 5), paris(2024, 2, 28, 15, 5)),
        ((13, 10), (13, 20), paris(2024, 2, 28, 14, 20)),
        ((12, 30), (13, 0), None),  # the hour was left
        (
            (12, 30),
            (13, 0, 1),
            paris(2024, 2, 28, 14, 1),
        ),  # whole minutes, for what is shown to be what judges
        ((13, 59, 59), (14, 2), paris(2024, 2, 28, 15, 2)),
        ((14, 0), (14, 10), None),  # who came then was late
    ],
)
def test_une_panne_laisse_une_heure_a_qui_elle_a_empeche_de_deposer(
    debut: tuple[int, ...], fin: tuple[int, ...], attendue: datetime | None
) -> None:
    subie = panne(paris(2024, 2, 28, *debut), paris(2024, 2, 28, *fin))
    assert fermeture_reportee(FERMETURE, None, subie) == attendue


def test_un_envoi_commence_avant_la_fermeture_et_coupe_apres_elle_la_reporte_aussi() -> None:
    coupee = panne(paris(2024, 2, 28, 14, 2), paris(2024, 2, 28, 14, 20), paris(2024, 2, 28, 13, 58))
    assert fermeture_reportee(FERMETURE, None, coupee) == paris(2024, 2, 28, 15, 20)


def test_une_seconde_panne_reporte_la_fermeture_reportee() -> None:
    seconde = panne(paris(2024, 2, 28, 14, 50), paris(2024, 2, 28, 15, 10))
    assert fermeture_reportee(FERMETURE, paris(2024, 2, 28, 15, 5), seconde) == paris(2024, 2, 28, 16, 10)
    assert fermeture_reportee(FERMETURE, None, seconde) is None


ecarts = st.timedeltas(min_value=timedelta(days=-3), max_value=timedelta(days=3))
durees = st.timedeltas(min_value=timedelta(), max_value=timedelta(days=3))


@given(st.sampled_from(FERMETURES), ecarts, durees, st.timedeltas(timedelta(), timedelta(hours=1)))
def test_nul_ne_perd_a_une_panne_ni_n_y_gagne_plus_d_un_jour(
    fermeture: datetime, ecart: timedelta, duree: timedelta, avant: timedelta
) -> None:
    debut = fermeture.astimezone(UTC) + ecart
    subie = panne(debut, debut + duree, debut - avant)
    reportee = fermeture_reportee(fermeture, None, subie)
    fin = (reportee or fermeture).astimezone(UTC)
    assert fermeture.astimezone(UTC) <= fin <= fermeture.astimezone(UTC) + REPORT_MAX
    if subie.recu_le < fermeture.astimezone(UTC):
        voulu = subie.fin + timedelta(hours=1)
        assert fin >= min(voulu, fermeture.astimezone(UTC) + REPORT_MAX)
        assert reportee is None or fin < voulu + timedelta(minutes=1)
    else:
        assert reportee is None
    assert fermeture_reportee(fermeture, reportee, subie) == reportee  # told twice


def test_un_report_dit_la_panne_avec_le_jour_si_ce_n_est_pas_le_meme() -> None:
    subie = (paris(2024, 2, 28, 13, 55), paris(2024, 2, 28, 14, 5))
    assert report_long(paris(2024, 2, 28, 15, 5), subie) == (
        "fermeture reportée au 28 février 2024 à 15 h 05\u00a0: le portail a été en panne de 13 h 55 à 14 h 05"
    )
    soir = (paris(2024, 2, 28, 23, 30), paris(2024, 2, 28, 23, 50))
    assert report_long(paris(2024, 2, 29, 0, 50), soir).endswith("le 28 février 2024 de 23 h 30 à 23 h 50")
    nuit = (paris(2024, 2, 28, 23, 50), paris(2024, 2, 29, 0, 10))
    assert report_long(paris(2024, 2, 29, 1, 10), nuit).endswith(
        "du 28 février 2024 à 23 h 50 au 29 février 2024 à 0 h 10"
    )
    assert report_long(paris(2024, 2, 28, 15, 5), None) == "fermeture reportée au 28 février 2024 à 15 h 05"
