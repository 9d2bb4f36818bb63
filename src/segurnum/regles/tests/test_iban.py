import pytest
from hypothesis import given
from hypothesis import strategies as st
from schwifty import IBAN
from schwifty.exceptions import SchwiftyException

from segurnum.regles import identifiants as ident

CHIFFRES = "0123456789"
FRANCAIS = "FR1420041010050500013M02606"  # the example of the French standard


@st.composite
def comptes_francais(draw: st.DrawFn) -> str:
    """Bank, branch and account, without any key."""
    banque = draw(st.text(CHIFFRES, min_size=10, max_size=10))
    return banque + draw(st.text(CHIFFRES + "ABCKSZ", min_size=11, max_size=11))


def _iban(pays: str, bban: str) -> str:
    nombre = "".join(str(int(signe, 36)) for signe in f"{bban}{pays}00")
    return f"{pays}{98 - int(nombre) % 97:02d}{bban}"


@pytest.mark.exigence("ENR-050")
@given(comptes_francais(), st.integers(0, 96))
def test_a_french_account_has_one_key_and_the_iban_depends_on_it(compte: str, autre: int) -> None:
    cle = ident.cle_rib(compte)
    assert 1 <= int(cle) <= 97
    assert ident.est_iban(_iban("FR", compte + cle))
    fausse = f"{(int(cle) + autre) % 97 + 1:02d}"
    assert ident.est_iban(_iban("FR", compte + fausse)) == (fausse == cle)


@given(comptes_francais(), st.integers(1, 98))
def test_a_wrong_iban_key_is_refused(compte: str, decalage: int) -> None:
    juste = _iban("FR", compte + ident.cle_rib(compte))
    fausse = f"{(int(juste[2:4]) - 2 + decalage) % 97 + 2:02d}"
    assert ident.est_iban(juste[:2] + fausse + juste[4:]) == (fausse == juste[2:4])


@given(comptes_francais())
def test_french_ibans_agree_with_the_reference_library(compte: str) -> None:
    for cle in (ident.cle_rib(compte), "00", "98"):
        candidat = _iban("FR", compte + cle)
        try:
            IBAN(candidat, validate_bban=True)
            selon_la_bibliotheque = True
        except SchwiftyException:
            selon_la_bibliotheque = False
        assert ident.est_iban(candidat) == selon_la_bibliotheque


@pytest.mark.exigence("ENR-050")
@given(
    st.text(" \t\n\u00a0\u202f-.", max_size=3),
    st.sampled_from(["", "IBAN ", "IBAN : ", "iban:"]),
    st.integers(1, 9),
    st.booleans(),
)
def test_an_account_pasted_as_it_is_printed_is_read(
    blanc: str, prefixe: str, pas: int, minuscules: bool
) -> None:
    colle = prefixe + blanc + (blanc or " ").join(FRANCAIS[i : i + pas] for i in range(0, 27, pas)) + blanc
    assert ident.normaliser_iban(colle.lower() if minuscules else colle) == FRANCAIS


@pytest.mark.parametrize(
    "iban",
    [
        FRANCAIS,
        "FR7630006000011234567890189",
        "BE68539007547034",
        "DE89370400440532013000",
        "MC5811222000010123456789030",
        "LU280019400644750000",
    ],
)
def test_accounts_of_sepa_countries_are_accepted(iban: str) -> None:
    assert ident.est_iban(iban)


@pytest.mark.parametrize(
    "iban",
    [
        "",
        "FR",
        FRANCAIS.lower(),
        f" {FRANCAIS}",
        FRANCAIS[:-1],
        f"{FRANCAIS}0",
        "XK051212012345678906",  # right key, country that SEPA does not reach
        "TR330006100519786457841326",
        "ZZ89370400440532013000",
        "FR14200410100505000١3M02606",
    ],
)
def test_an_account_that_a_transfer_cannot_reach_is_refused(iban: str) -> None:
    assert not ident.est_iban(iban)


@pytest.mark.exigence("ENR-050")
@pytest.mark.parametrize(
    ("bic", "juste"),
    [
        ("BNPAFRPP", True),
        ("BNPAFRPPXXX", True),
        ("PSSTFRPPLIM", True),
        ("bnpafrpp", False),
        ("BNPAFRPPX", False),
        ("BNPAZZPP", False),
        ("BNP4FRPP", False),
        ("BNPAFRPP\n", False),
        ("", False),
    ],
)
def test_the_form_of_a_bic(bic: str, juste: bool) -> None:
    assert ident.est_bic(bic) == juste


@pytest.mark.exigence("ENR-050")
@pytest.mark.parametrize(
    ("iban", "bic", "coherents"),
    [
        (FRANCAIS, "PSSTFRPP", True),
        (FRANCAIS, "BREDGPGX", True),
        (FRANCAIS, "COBADEFF", False),
        ("DE89370400440532013000", "COBADEFFXXX", True),
        ("DE89370400440532013000", "PSSTFRPP", False),
        ("MC5811222000010123456789030", "CMCIFR2A", True),
    ],
)
def test_a_bic_of_another_country_than_the_account_is_told(iban: str, bic: str, coherents: bool) -> None:
    assert ident.est_bic(bic)
    assert ident.bic_coherent(iban, bic) == coherents
