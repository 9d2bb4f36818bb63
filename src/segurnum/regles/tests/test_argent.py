import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from segurnum.regles.argent import (
    TAUX_AVANCE,
    TAUX_TVA_PERMIS,
    BaremeMSS,
    Calcul,
    arrondir,
    calculer_avance,
    calculer_mss,
    calculer_solde,
    en_euros,
    en_taux,
)

D = Decimal
ZERO, VINGT = D("0"), D("20")
MSS = BaremeMSS(D("58.33"), D("20.83"), D("5.00"), D("6666.67"), D("250000"))

montants = st.decimals(min_value=0, max_value=1_000_000, places=2)
plafonds = montants
LARGE = D("1000000.00")  # a ceiling that bounds nothing
taux = st.sampled_from(TAUX_TVA_PERMIS)
bal = st.integers(0, 6000)


def lisible(texte: str) -> str:
    """Text with ordinary spaces, so that expected formulas can be read."""
    return texte.replace("\u202f", " ").replace("\u00a0", " ")


def details(calcul: Calcul) -> list[str]:
    return [lisible(ligne.detail) for ligne in calcul.lignes]


@pytest.mark.exigence("RUL-008", "RUL-012")
def test_the_advance_of_the_guides_comes_out_to_the_cent() -> None:
    calcul = calculer_avance(D("1074.99"), LARGE, ZERO)
    assert (calcul.engagement_ht, calcul.engagement, calcul.decide) == (
        D("1074.99"),
        D("1074.99"),
        D("322.50"),
    )


@pytest.mark.exigence("RUL-008")
@pytest.mark.parametrize(
    ("brut", "arrondi"),
    [("322.497", "322.50"), ("0.005", "0.01"), ("0.015", "0.02"), ("0.0049", "0.00"), ("-0.005", "-0.01")],
)
def test_half_a_cent_goes_up(brut: str, arrondi: str) -> None:
    assert arrondir(D(brut)) == D(arrondi)


@pytest.mark.exigence("RUL-009", "RUL-010", "RUL-012")
def test_an_advance_above_the_ceiling_explains_each_step() -> None:
    calcul = calculer_avance(D("4444.44"), D("3713.11"), VINGT)
    assert details(calcul) == [
        "min(4 444,44 € déclarés ; plafond 3 713,11 €)",
        "3 713,11 € × (1 + 20 %)",
        "30 % × 4 455,73 €",
    ]
    assert [ligne.montant for ligne in calcul.lignes] == [D("3713.11"), D("4455.73"), D("1336.72")]
    assert calcul.lignes[0].libelle == "Montant de l'engagement SEGUR hors taxe retenu (lors de l'avance)"


@pytest.mark.exigence("RUL-009")
def test_a_ceiling_of_nothing_lets_nothing_through() -> None:
    calcul = calculer_avance(D("324000.00"), ZERO, VINGT)
    assert details(calcul)[0] == "min(324 000,00 € déclarés ; plafond 0,00 €)"
    assert (calcul.engagement_ht, calcul.decide) == (ZERO, ZERO)


@pytest.mark.exigence("RUL-008", "RUL-009", "RUL-010")
@given(montants, plafonds, taux)
def test_an_advance_is_thirty_percent_of_the_bounded_engagement(d: Decimal, p: Decimal, t: Decimal) -> None:
    calcul = calculer_avance(d, p, t)
    assert calcul.engagement_ht == min(d, p)
    assert abs(calcul.engagement - calcul.engagement_ht * (100 + t) / 100) <= D("0.005")
    assert abs(calcul.decide - TAUX_AVANCE * calcul.engagement) <= D("0.005")


@pytest.mark.exigence("RUL-010", "RUL-012")
@given(montants, plafonds)
def test_without_vat_the_engagement_is_the_amount_before_tax(d: Decimal, p: Decimal) -> None:
    calcul = calculer_avance(d, p, ZERO)
    assert calcul.engagement == calcul.engagement_ht


@given(montants, montants, plafonds, taux)
def test_declaring_more_never_gives_less(a: Decimal, b: Decimal, p: Decimal, t: Decimal) -> None:
    moins, plus = (calculer_avance(m, p, t) for m in sorted((a, b)))
    assert moins.engagement <= plus.engagement
    assert moins.decide <= plus.decide


@pytest.mark.exigence("RUL-011")
@given(montants, montants, plafonds, taux)
def test_advance_and_balance_together_make_the_engagement(
    d: Decimal, f: Decimal, p: Decimal, t: Decimal
) -> None:
    avance = calculer_avance(d, p, t)
    solde = calculer_solde(f, avance.engagement_ht, p, t, avance.decide)
    assert avance.decide + solde.decide == solde.engagement
    assert solde.engagement_ht == min(f, avance.engagement_ht)
    assert solde.engagement <= avance.engagement


@pytest.mark.exigence("RUL-011")
def test_a_balance_explains_each_step() -> None:
    calcul = calculer_solde(D("1000.00"), D("1074.99"), D("1200.00"), VINGT, D("386.99"))
    assert details(calcul) == [
        "min(1 000,00 € facturés ; 1 074,99 € retenus à l'avance ; plafond 1 200,00 €)",
        "1 000,00 € × (1 + 20 %)",
        "1 200,00 € − 386,99 €",
    ]
    assert calcul.decide == D("813.01")
    assert calcul.lignes[-1].libelle == "Montant décidé du solde"


@pytest.mark.exigence("RUL-011")
@pytest.mark.parametrize("versee", ["999.99", "1000.00"])
def test_a_balance_of_some_cents_or_of_nothing_is_still_paid_not_recovered(versee: str) -> None:
    calcul = calculer_solde(D("1000.00"), D("1000.00"), LARGE, ZERO, D(versee))
    assert calcul.decide == D("1000.00") - D(versee)
    assert calcul.lignes[-1].libelle == "Montant décidé du solde"


@pytest.mark.exigence("RUL-011")
def test_an_advance_larger_than_the_engagement_is_to_be_recovered() -> None:
    calcul = calculer_solde(D("100.00"), D("1000.00"), LARGE, ZERO, D("300.00"))
    assert calcul.decide == D("-200.00")
    assert "trop-perçu à recouvrer" in calcul.lignes[-1].libelle


@pytest.mark.exigence("RUL-013")
@given(montants, montants, plafonds, taux)
def test_every_amount_has_two_decimals_and_survives_storage(
    d: Decimal, f: Decimal, p: Decimal, t: Decimal
) -> None:
    avance = calculer_avance(d, p, t)
    for calcul in (avance, calculer_solde(f, avance.engagement_ht, p, t, avance.decide)):
        gardes = (
            *(ligne.montant for ligne in calcul.lignes),
            calcul.engagement_ht,
            calcul.engagement,
            calcul.decide,
        )
        assert all(montant.as_tuple().exponent == -2 for montant in gardes)
        assert Calcul.lire(json.loads(json.dumps(calcul.en_dict()))) == calcul


def test_the_officer_may_retain_less_and_the_calculation_says_so() -> None:
    calcul = calculer_avance(D("4444.44"), D("3713.11"), ZERO, retenu_ht=D("3000.00"))
    assert calcul.decide == D("900.00")
    assert details(calcul)[0] == (
        "3 000,00 € retenus par le gestionnaire, au plus min(4 444,44 € déclarés ; plafond 3 713,11 €)"
    )
    assert calculer_solde(D("500.00"), D("400.00"), LARGE, ZERO, ZERO, retenu_ht=ZERO).engagement == 0


@pytest.mark.exigence("RUL-009")
@given(montants, montants)
def test_the_officer_may_retain_exactly_the_maximum(declare: Decimal, plafond: Decimal) -> None:
    maximum = min(declare, plafond)
    assert calculer_avance(declare, plafond, ZERO, retenu_ht=maximum).engagement_ht == maximum


@pytest.mark.exigence("RUL-009")
@pytest.mark.parametrize(("declare", "plafond"), [("4444.44", "3713.11"), ("3713.11", "4444.44")])
def test_the_officer_may_not_retain_more_than_declared_or_than_the_ceiling(
    declare: str, plafond: str
) -> None:
    with pytest.raises(ValueError, match="dépasse le maximum possible") as refus:
        calculer_avance(D(declare), D(plafond), ZERO, retenu_ht=D("3713.12"))
    assert "3 713,11 € au plus" in lisible(str(refus.value))
    with pytest.raises(ValueError, match="dépasse le maximum possible"):
        calculer_solde(D(declare), D(plafond), LARGE, ZERO, ZERO, retenu_ht=D("3713.12"))


@pytest.mark.parametrize("montant", ["-0.01", "10.001", "NaN", "Infinity"])
def test_an_amount_that_cannot_be_is_refused(montant: str) -> None:
    faux, bon = D(montant), D("10.00")
    with pytest.raises(ValueError, match=r"Le montant déclaré .* doit être un montant positif ou nul"):
        calculer_avance(faux, LARGE, ZERO)
    with pytest.raises(ValueError, match="Le plafond"):
        calculer_avance(bon, faux, ZERO)
    with pytest.raises(ValueError, match="Le montant retenu"):
        calculer_avance(bon, bon, ZERO, retenu_ht=faux)
    with pytest.raises(ValueError, match="Le montant facturé"):
        calculer_solde(faux, bon, LARGE, ZERO, bon)
    with pytest.raises(ValueError, match="L'avance versée"):
        calculer_solde(bon, bon, LARGE, ZERO, faux)


@pytest.mark.exigence("RUL-012")
@pytest.mark.parametrize("refuse", ["5.5", "0.2", "19.6", "-20"])
def test_a_rate_out_of_the_list_is_refused_with_the_list(refuse: str) -> None:
    with pytest.raises(ValueError, match="Le taux de TVA") as refus:
        calculer_avance(D("100.00"), LARGE, D(refuse))
    assert "0 %, 8,5 %, 20 %" in lisible(str(refus.value))


@pytest.mark.exigence("MSS-010", "MSS-011", "MSS-012")
@pytest.mark.parametrize(
    ("comptes", "tva", "engagement", "avance", "solde"),
    [
        ((3000, 10, 10), "0", "181914.97", "6666.67", "175248.30"),
        ((1000, 10, 10), "0", "65254.97", "6666.67", "58588.30"),
        ((1000, 10, 10), "20", "78305.96", "8000.00", "70305.96"),
        ((3000, 10, 10), "20", "218297.96", "8000.00", "210297.96"),
        ((1000, 10, 10), "8.5", "70801.64", "7233.34", "63568.30"),
        ((5000, 10, 10), "0", "250000.00", "6666.67", "243333.33"),
        ((0, 0, 0), "0", "6666.67", "6666.67", "0.00"),
    ],
)
def test_mss_amounts_of_the_guides_come_out_to_the_cent(
    comptes: tuple[int, int, int], tva: str, engagement: str, avance: str, solde: str
) -> None:
    calcul = calculer_mss(*comptes, D(tva), MSS)
    assert (calcul.engagement, calcul.avance.decide, calcul.solde.decide) == (
        D(engagement),
        D(avance),
        D(solde),
    )


def test_mss_amounts_explain_each_step() -> None:
    calcul = calculer_mss(1000, 10, 10, VINGT, MSS)
    assert details(calcul.avance) == [
        "forfait du barème",
        "6 666,67 € × (1 + 20 %)",
        "forfait, régime TVA compris",
    ]
    assert details(calcul.solde) == [
        "1000 × 58,33 € + 10 × 20,83 € + 10 × 5,00 €",
        "min(58 588,30 € + 6 666,67 € ; plafond 250 000,00 €)",
        "65 254,97 € × (1 + 20 %)",
        "78 305,96 € − 8 000,00 €",
    ]


@given(bal, bal, bal, taux)
def test_mss_advance_and_balance_make_the_engagement_within_the_ceiling(
    a: int, o: int, n: int, t: Decimal
) -> None:
    calcul = calculer_mss(a, o, n, t, MSS)
    assert calcul.avance.decide + calcul.solde.decide == calcul.engagement
    assert MSS.forfait <= calcul.engagement_ht <= MSS.plafond
    assert calculer_mss(a + 1, o, n, t, MSS).engagement >= calcul.engagement


def test_mss_balance_deducts_what_was_really_paid() -> None:
    calcul = calculer_mss(0, 0, 0, ZERO, MSS, avance_versee=D("8000.00"))
    assert calcul.solde.decide == D("-1333.33")
    assert "trop-perçu à recouvrer" in calcul.solde.lignes[-1].libelle


def test_mss_refuses_a_negative_count_and_a_ceiling_below_the_flat_part() -> None:
    with pytest.raises(ValueError, match="ne peut pas être négatif"):
        calculer_mss(-1, 0, 0, ZERO, MSS)
    with pytest.raises(ValueError, match="au moins égal au forfait"):
        BaremeMSS(D("1"), D("1"), D("1"), D("100"), D("99"))


@pytest.mark.exigence("RUL-013")
@pytest.mark.parametrize(
    ("montant", "ecrit"),
    [
        ("1074.99", "1\u202f074,99\u00a0€"),
        ("175248.3", "175\u202f248,30\u00a0€"),
        ("1234567.891", "1\u202f234\u202f567,89\u00a0€"),
        ("0", "0,00\u00a0€"),
        ("-200", "\u2212200,00\u00a0€"),
    ],
)
def test_amounts_are_written_in_french_with_two_decimals(montant: str, ecrit: str) -> None:
    assert en_euros(D(montant)) == ecrit


@pytest.mark.parametrize(
    ("valeur", "ecrit"), [("20", "20 %"), ("8.5", "8,5 %"), ("0", "0 %"), ("30.00", "30 %")]
)
def test_rates_are_written_in_french(valeur: str, ecrit: str) -> None:
    assert lisible(en_taux(D(valeur))) == ecrit
