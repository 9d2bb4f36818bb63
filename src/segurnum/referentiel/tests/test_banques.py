"""The bank of an account."""

import pytest

from segurnum.demonstration import identites
from segurnum.referentiel.banques import Domiciliation, domiciliation
from segurnum.regles.identifiants import bic_coherent, cle_rib, est_bic, est_iban


def _compte(banque: str) -> str:
    """An invented account of a French bank, with its two keys."""
    bban = f"{banque}0000100000000000"
    bban += cle_rib(bban)
    return f"FR{98 - int(f'{bban}152700') % 97:02d}{bban}"


@pytest.mark.exigence("ENR-049", "ENR-050")
@pytest.mark.parametrize(
    ("banque", "nom", "bic"),
    [
        ("30003", "SOCIÉTÉ GÉNÉRALE", "SOGEFRPP"),
        ("30004", "BNP PARIBAS", "BNPAFRPP"),
        ("20041", "LA BANQUE POSTALE", "PSSTFRPP"),
    ],
)
def test_la_domiciliation_vient_de_l_annuaire_des_banques(banque: str, nom: str, bic: str) -> None:
    iban = _compte(banque)
    assert est_iban(iban)
    trouvee = domiciliation(iban)
    assert trouvee == Domiciliation(nom, bic)
    assert est_bic(bic)
    assert bic_coherent(iban, bic)


def test_une_banque_inconnue_ou_un_iban_faux_n_a_pas_de_domiciliation() -> None:
    assert domiciliation(identites.iban(1)) is None
    assert domiciliation("FR76") is None
    assert domiciliation("") is None
