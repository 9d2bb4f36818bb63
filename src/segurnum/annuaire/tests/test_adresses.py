"""Addresses of one line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from segurnum.annuaire.adresses import Voie, decouper


@pytest.mark.exigence("ENR-034")
@pytest.mark.parametrize(
    ("ligne", "voie"),
    [
        ("12 RUE DES LYS", Voie("12", "", "Rue", "DES LYS")),
        ("12 BIS AV DES LYS", Voie("12", "bis", "Avenue", "DES LYS")),
        ("12 B AV DES LYS", Voie("12", "bis", "Avenue", "DES LYS")),
        ("PLACE DES LYS", Voie("", "", "Place", "DES LYS")),
        ("BATIMENT C 27 ROND-POINT DU LAC", Voie("27", "", "Rond-point", "DU LAC", "BATIMENT C")),
        ("RES LES PINS 3 ALL DES LYS", Voie("", "", "Résidence", "LES PINS 3 ALL DES LYS")),
        ("3 ZONE ARTISANALE DES 4 VENTS", Voie("3", "", "Zone artisanale", "DES 4 VENTS")),
        ("LA ROCHE SEREINE", Voie(nom_voie="LA ROCHE SEREINE")),
        ("12 GRAND CHAMP", Voie(nom_voie="12 GRAND CHAMP")),
        ("RUE", Voie(nom_voie="RUE")),
        ("", Voie()),
    ],
)
def test_une_adresse_d_une_ligne_est_decoupee(ligne: str, voie: Voie) -> None:
    assert decouper(ligne) == voie


@given(st.lists(st.sampled_from(["12", "B", "TER", "RUE", "AV", "DES", "LYS", "ZONE", "ARTISANALE", "7"])))
def test_aucun_mot_du_nom_ni_du_complement_n_est_invente(mots: list[str]) -> None:
    voie = decouper(" ".join(mots))
    assert (
        f"{voie.complement} {voie.numero}".split() == mots[: len(f"{voie.complement} {voie.numero}".split())]
    )
    assert voie.nom_voie.split() == (mots[-len(voie.nom_voie.split()) :] if voie.nom_voie else [])
