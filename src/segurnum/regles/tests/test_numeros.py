import pytest
from hypothesis import given
from hypothesis import strategies as st

from segurnum.regles.cycles import TypeDemande
from segurnum.regles.numeros import NumeroDossier, type_selon_suffixe


@pytest.mark.exigence("RUL-014")
@pytest.mark.parametrize(
    ("couloir", "sequence", "ecrit"),
    [("MSS", 8198, "FINMSS008198"), ("HOP", 3989, "FINHOP003989"), ("MS1", 10719, "FINMS1010719")],
)
def test_a_dossier_number_is_fin_then_the_couloir_then_six_digits(
    couloir: str, sequence: int, ecrit: str
) -> None:
    numero = NumeroDossier(couloir, sequence)
    assert str(numero) == ecrit
    assert NumeroDossier.lire(ecrit) == numero


@pytest.mark.exigence("RUL-014")
def test_the_suffix_tells_the_advance_from_the_balance() -> None:
    assert type_selon_suffixe("FINMS1010719M0") is TypeDemande.AVANCE
    assert type_selon_suffixe("FINMS1010719M1") is TypeDemande.SOLDE
    assert type_selon_suffixe("FINMS1010719") is None
    assert type_selon_suffixe("n'importe quoi") is None


@pytest.mark.exigence("RUL-014")
@given(
    st.from_regex(r"[A-Z][A-Z0-9]{2}", fullmatch=True), st.integers(1, 999_999), st.sampled_from(TypeDemande)
)
def test_every_number_is_read_back_with_or_without_suffix(
    couloir: str, sequence: int, type_: TypeDemande
) -> None:
    numero = NumeroDossier(couloir, sequence)
    assert NumeroDossier.lire(str(numero)) == NumeroDossier.lire(f"{numero}{type_.suffixe}") == numero


@pytest.mark.exigence("RUL-014")
@pytest.mark.parametrize(
    "texte",
    [
        "",
        "FIN",
        "FINMS110719",
        "FINMS1010719M2",
        "finMS1010719",
        "FINMS1010719 ",
        "FINMS1010719\n",
        "FINMS1000000",
    ],
)
def test_another_form_is_refused_with_an_example(texte: str) -> None:
    with pytest.raises(ValueError, match="par exemple FINMS1010719"):
        NumeroDossier.lire(texte)


@pytest.mark.exigence("RUL-014")
@pytest.mark.parametrize(("couloir", "sequence"), [("MS", 1), ("ms1", 1), ("MS1", 0), ("MS1", 1_000_000)])
def test_a_number_out_of_range_cannot_be_made(couloir: str, sequence: int) -> None:
    with pytest.raises(ValueError, match="trois caractères et un rang de 1 à 999999"):
        NumeroDossier(couloir, sequence)
