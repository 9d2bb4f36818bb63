"""The page of a report follows the size of its file, and stops growing where the report does."""

import pytest
from django.template.loader import render_to_string
from hypothesis import given, settings
from hypothesis import strategies as st

from segurnum.controles import verifier
from segurnum.controles.bornes import RAPPORT_MAX
from segurnum.controles.presentation import presenter
from segurnum.controles.tests.pieges import PIEGES

# The longest signs that a page writes for one of a file (« &quot; »), and what surrounds each anomaly.
OCTETS_PAR_OCTET, OCTETS = 3_000, 30_000


def page(octets: bytes) -> bytes:
    return render_to_string(
        "commun/composants/rapport.html", {"rapport": presenter(verifier(octets))}
    ).encode()


@settings(max_examples=25)
@given(
    st.sampled_from(sorted(PIEGES)),
    st.integers(0, 100),
    st.sampled_from(["a", "&", "<'\u00e9\u6f22>", "siret", "k" * 3_000]),
)
def test_la_page_du_rapport_suit_la_taille_du_fichier(piege: str, n: int, nom: str) -> None:
    octets = PIEGES[piege](n, nom).encode()
    assert len(page(octets)) <= OCTETS_PAR_OCTET * len(octets) + OCTETS


@pytest.mark.parametrize("piege", ["noms inconnus", "longs noms emboîtés", "une ligne", "pièces vides"])
def test_au_plus_gros_la_page_reste_sous_son_plafond(piege: str) -> None:
    assert len(page(PIEGES[piege](4_000, "&" * 59).encode())) <= 5 * RAPPORT_MAX
