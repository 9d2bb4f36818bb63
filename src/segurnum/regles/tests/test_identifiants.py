import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.fr import siret as stdnum_siret

from segurnum.regles import identifiants as ident

CHIFFRES = "0123456789"


def chiffres(longueur: int) -> st.SearchStrategy[str]:
    return st.text(CHIFFRES, min_size=longueur, max_size=longueur).filter(lambda s: set(s) != {"0"})


@given(chiffres(10))
def test_an_rpps_with_its_luhn_key_is_accepted_and_no_other_key_is(prefixe: str) -> None:
    bonne = ident.cle_luhn(prefixe)
    assert [cle for cle in CHIFFRES if ident.est_rpps(prefixe + cle)] == [bonne]


@given(chiffres(8).map(lambda p: p + ident.cle_luhn(p)), chiffres(4), st.sampled_from(CHIFFRES))
def test_siret_agrees_with_the_reference_library(siren: str, nic: str, cle: str) -> None:
    for candidat in (siren + nic + cle, siren + nic + ident.cle_luhn(siren + nic)):
        assert ident.est_siret(candidat) == stdnum_siret.is_valid(candidat)


def test_la_poste_establishments_follow_their_own_rule() -> None:
    assert ident.est_siret("35600000000048")
    assert ident.est_siret("35600000049837")
    assert not ident.est_siret("35600000049838")


def test_a_siret_whose_siren_is_wrong_is_refused_even_when_its_own_key_is_right() -> None:
    siren_faux = "732829321"
    candidat = siren_faux + "0007" + ident.cle_luhn(siren_faux + "0007")
    assert not ident.est_siret(candidat)


@pytest.mark.parametrize("finess", ["120780291", "120780481", "020018552"])
def test_finess_of_the_guides_are_accepted(finess: str) -> None:
    assert ident.est_finess(finess)
    assert ident.est_pmsi(finess)


@pytest.mark.parametrize(
    "finess", ["2B0000020", "2B0004246", "2B0005342", "2A1234567"[:8] + ident.cle_luhn("2A123456")]
)
def test_corsican_finess_counts_a_for_one_and_b_for_two(finess: str) -> None:
    assert ident.est_finess(finess)
    autre = "2A" if finess.startswith("2B") else "2B"
    assert not ident.est_finess(autre + finess[2:])


@pytest.mark.parametrize(
    "texte",
    ["111111111", "12078029", "1207802910", "2C0000020", "2b0000020", "A20000020", "000000000", "120 780291"],
)
def test_what_is_not_a_finess_is_refused(texte: str) -> None:
    assert not ident.est_finess(texte)
    assert not ident.est_pmsi(texte)


@pytest.mark.parametrize(
    ("predicat", "texte"),
    [
        (
            ident.est_siret,
            "\u0667\u0663\u0662\u0668\u0662\u0669\u0663\u0662\u0660\u0660\u0660\u0660\u0667\u0664",
        ),
        (ident.est_am, "²²²²²²²²²"),
        (ident.est_rpps, "\uff11\uff10\uff10\uff10\uff10\uff10\uff10\uff10\uff10\uff10\uff10"),
        (ident.est_telephone, "\uff10\uff11\uff12\uff13\uff14\uff15\uff16\uff17\uff18\uff19"),
        (ident.est_numero_ans, "éééééééééé"),
    ],
)
def test_only_ascii_characters_count(predicat: object, texte: str) -> None:
    assert callable(predicat)
    assert not predicat(texte)


@pytest.mark.parametrize(
    ("predicat", "bon"),
    [
        (ident.est_siret, "73282932000074"),
        (ident.est_finess, "120780291"),
        (ident.est_rpps, "1000000000" + ident.cle_luhn("1000000000")),
        (ident.est_am, "123456789"),
        (ident.est_numero_ans, "Ab12345678"),
        (ident.est_courriel, "contact@editeur.example"),
        (ident.est_telephone, "0123456789"),
    ],
)
@pytest.mark.parametrize("autour", ["{} ", " {}", "{}\n", "\ufeff{}", "{}\0", "{0}{0}"])
def test_nothing_may_surround_an_identifier(predicat: object, bon: str, autour: str) -> None:
    assert callable(predicat)
    assert predicat(bon)
    assert not predicat(autour.format(bon))


@pytest.mark.parametrize("texte", ["", "000000000", "12345678", "1234567890", "12345678A"])
def test_an_am_number_has_nine_digits_and_is_no_placeholder(texte: str) -> None:
    assert not ident.est_am(texte)


@pytest.mark.parametrize("texte", ["A" * 9, "A" * 11, "A-12345678", "A_12345678"])
def test_an_ans_number_has_ten_letters_or_digits(texte: str) -> None:
    assert not ident.est_numero_ans(texte)


@pytest.mark.parametrize(
    "adresse",
    [
        "contact@editeur.example",
        "prenom.nom+segur@sous-domaine.editeur.example",
        "L'Hopital@ch.example",
        "A.B@EXEMPLE.FR",
        "nom@xn--hpital-6za.example",
    ],
)
def test_good_addresses_are_accepted(adresse: str) -> None:
    assert ident.est_courriel(adresse)


@pytest.mark.parametrize(
    "adresse",
    [
        "",
        "contact",
        "contact@",
        "@editeur.example",
        "contact@editeur",
        "é@editeur.example",
        "contact@éditeur.example",
        "a b@editeur.example",
        "a..b@editeur.example",
        ".a@editeur.example",
        "a@editeur..example",
        "a@-editeur.example",
        "a@editeur.example.",
        "a@edi_teur.example",
        "a@b@editeur.example",
        "a@poste.local",
        "a@poste.invalid",
        "a@poste.onion",
        "a@poste.test",
        "a@poste.localhost",
        "a@poste.arpa",
        "a@127.0.0.1",
        "Nom <a@editeur.example>",
        "a" * 65 + "@editeur.example",
        "a@" + ".".join(["b" * 60] * 5) + ".example",
    ],
)
def test_wrong_or_non_ascii_addresses_are_refused(adresse: str) -> None:
    assert not ident.est_courriel(adresse)


SUITES = st.lists(st.text("abXY09", min_size=1, max_size=6), min_size=1, max_size=4)
DOMAINES = st.sampled_from(
    ["example", "fr", "FR", "c", "test", "local", "onion", "arpa", "invalid", "localhost", "1"]
)


def _assemble(parties: list[str], liens: list[str]) -> str:
    return "".join(
        partie + lien for partie, lien in zip(parties, [*liens[: len(parties) - 1], ""], strict=False)
    )


LOCALES = st.builds(_assemble, SUITES, st.lists(st.sampled_from([*"._-", "..", "+"]), min_size=3))
HOTES = st.builds(_assemble, SUITES, st.lists(st.sampled_from([".", "-", "--", ".-"]), min_size=3))


@given(st.builds("{}@{}.{}".format, LOCALES, HOTES, DOMAINES))
def test_the_quick_reading_of_an_address_agrees_with_the_library(adresse: str) -> None:
    assert ident.est_courriel(adresse) == ident._courriel_selon_la_bibliotheque(adresse)


def test_the_quick_reading_of_a_telephone_accepts_nothing_the_library_refuses() -> None:
    for prefixe in range(10_000):
        for suite in ("000000", "123456", "999999"):
            numero = f"{prefixe:04d}{suite}"
            if ident._TELEPHONE_SIMPLE.fullmatch(numero):
                lu = phonenumbers.parse(numero, "FR")
                assert phonenumbers.is_valid_number_for_region(lu, "FR"), numero
                e164 = phonenumbers.format_number(lu, phonenumbers.PhoneNumberFormat.E164)
                assert ident.normaliser_telephone(numero) == e164


@pytest.mark.parametrize(
    ("texte", "normal"),
    [
        ("0123456789", "+33123456789"),
        ("01 23 45 67 89", "+33123456789"),
        ("01.23.45.67.89", "+33123456789"),
        ("+33 1 23 45 67 89", "+33123456789"),
        ("0033123456789", "+33123456789"),
        ("0262123456", "+262262123456"),
        ("0269601234", "+262269601234"),
        ("0590271234", "+590590271234"),
        ("0596501234", "+596596501234"),
        ("0594301234", "+594594301234"),
        ("0690001234", "+590690001234"),
        ("+262262123456", "+262262123456"),
        ("+687251234", "+687251234"),
        ("0800123456", "+33800123456"),
    ],
)
def test_french_telephones_overseas_included_are_accepted_and_normalised(texte: str, normal: str) -> None:
    assert ident.est_telephone(texte)
    assert ident.normaliser_telephone(texte) == normal


@pytest.mark.parametrize(
    "texte",
    ["", "1", "112", "123456789", "01234567890", "0000000000", "+32470123456", "01 23 45 67 8a", "+33"],
)
def test_other_telephones_are_refused_with_what_is_expected(texte: str) -> None:
    assert not ident.est_telephone(texte)
    with pytest.raises(ValueError, match="dix chiffres commençant par 0"):
        ident.normaliser_telephone(texte)


def test_un_iban_masque_ne_montre_que_ses_bords() -> None:
    assert ident.iban_masque("FR7630006000011234567890189") == "FR76 •••• •••• 0189"
    with pytest.raises(ValueError, match="15 caractères"):
        ident.iban_masque("FR763000")


@pytest.mark.parametrize(
    ("saisi", "ecrit"),
    [
        ("0123456789", "01 23 45 67 89"),
        ("+33123456789", "01 23 45 67 89"),
        ("01.23.45.67.89", "01 23 45 67 89"),
        (" 0033 1 23 45 67 89 ", "01 23 45 67 89"),
        ("+262262123456", "0262 12 34 56"),
        ("+687 26 12 34", "+687 26.12.34"),
        ("12", "12"),
        ("", ""),
    ],
)
def test_un_telephone_s_ecrit_d_une_seule_facon(saisi: str, ecrit: str) -> None:
    assert ident.ecrire_telephone(saisi) == ecrit
