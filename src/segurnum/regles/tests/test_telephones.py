"""A telephone of another country is accepted and normalised; what no country has is refused."""

import pytest

from segurnum.regles.erreurs import RefusMetier
from segurnum.regles.telephones import lire_telephone


@pytest.mark.parametrize(
    ("saisi", "lu"),
    [
        ("01 99 00 00 01", "+33199000001"),
        ("+33 (0)1 99 00 00 01", "+33199000001"),
        ("+32 2 555 12 12", "+3225551212"),
        ("0049 30 901820", "+4930901820"),
        ("+49 (0)30 901820", "+4930901820"),
        ("+377 93 15 00 00", "+37793150000"),
    ],
)
def test_un_telephone_d_un_autre_pays_est_accepte(saisi: str, lu: str) -> None:
    assert lire_telephone(saisi) == lu


@pytest.mark.parametrize("saisi", ["", "12", "+33 1 23", "+999 12 34 56 78", "32 2 555 12 12"])
def test_ce_qu_aucun_pays_n_a_est_refuse(saisi: str) -> None:
    with pytest.raises(RefusMetier, match="n'est pas un numéro de téléphone"):
        lire_telephone(saisi)
