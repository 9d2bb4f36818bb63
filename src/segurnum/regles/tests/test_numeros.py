import pytest
from hypothesis import given
from hypothesis import strategies as st

from segurnum.regles.cycles import TypeDemande
from segurnum.regles.numeros import NomDsr, NumeroDossier, NumeroEnrolement, type_selon_suffixe


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
    numero = NumeroDossier("MS1", 10719)
    assert numero.avec_suffixe(TypeDemande.AVANCE) == "FINMS1010719M0"
    assert numero.avec_suffixe(TypeDemande.SOLDE) == "FINMS1010719M1"
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
    assert NumeroDossier.lire(str(numero)) == NumeroDossier.lire(numero.avec_suffixe(type_)) == numero


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


def test_an_enrolment_number_has_four_digits_and_only_m0() -> None:
    numero = NumeroEnrolement(601)
    assert str(numero) == "ENR0601"
    assert numero.avec_suffixe == "ENR0601M0"
    assert NumeroEnrolement.lire("ENR0601") == NumeroEnrolement.lire("ENR0601M0") == numero
    assert str(NumeroEnrolement(12345)) == "ENR12345"


@pytest.mark.parametrize("texte", ["ENR601", "ENR0601M1", "ENR0000", "FINMS1010719"])
def test_what_is_not_an_enrolment_number_is_refused(texte: str) -> None:
    with pytest.raises(ValueError, match="par exemple ENR0601"):
        NumeroEnrolement.lire(texte)


@pytest.mark.exigence("RUL-016")
@pytest.mark.parametrize(
    ("ecrit", "dsr"),
    [
        ("DSR-MSS-MSS-Va1", NomDsr("MSS", "MSS", 1)),
        ("DSR-MDV-LGC-Va1", NomDsr("MDV", "LGC", 1)),
        ("DSR-MS2-DUI-PDE-Va1", NomDsr("MS2", "DUI-PDE", 1)),
        ("DSR-HOP-DPI-Va2", NomDsr("HOP", "DPI", 2)),
    ],
)
def test_a_dsr_name_gives_couloir_software_and_wave(ecrit: str, dsr: NomDsr) -> None:
    assert NomDsr.lire(ecrit) == dsr
    assert str(dsr) == ecrit


@pytest.mark.exigence("RUL-016")
@pytest.mark.parametrize("texte", ["DSR-MSS-Va1", "DSR-MSS-MSS-V1", "MSS-MSS-Va1", "DSR-MSS-MSS-Va0"])
def test_another_dsr_form_is_refused(texte: str) -> None:
    with pytest.raises(ValueError, match="par exemple DSR-MS1-DUI-Va1"):
        NomDsr.lire(texte)
