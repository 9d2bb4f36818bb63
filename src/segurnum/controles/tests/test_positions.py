"""Places of values and keys, counted from 1, in characters."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from segurnum.controles.positions import Positions

TEXTE = '{\n  "a" : [ 10,\t{"b": "x,]}"} ],\n  "é\\u0041": null }'


def test_une_valeur_se_trouve_a_son_premier_caractere() -> None:
    positions = Positions(TEXTE)
    chemins = [(), ("a",), ("a", 0), ("a", 1), ("a", 1, "b"), ("éA",)]
    places = [positions.ligne_colonne(p.valeur) for p in positions.places(chemins)]
    assert places == [(1, 1), (2, 9), (2, 11), (2, 15), (2, 21), (3, 14)]


def test_une_cle_se_trouve_a_son_guillemet() -> None:
    positions = Positions(TEXTE)
    places = [positions.ligne_colonne(p.cle) for p in positions.places([("a",), ("a", 1, "b"), ("éA",)])]
    assert places == [(2, 3), (2, 16), (3, 3)]


def test_un_chemin_absent_prend_la_place_de_son_objet() -> None:
    (place,) = Positions(TEXTE).places([("a", 1, "absent", 3)])
    assert TEXTE[place.valeur] == "{"
    assert place.valeur == TEXTE.index('{"b"')


def test_une_cle_repetee_est_situee_a_sa_seconde_occurrence() -> None:
    texte = '{"a": {"b": 1}, "c": 0, "a": {"d": 2}}'
    positions = Positions(texte)
    assert positions.cles_repetees(9) == [(("a",), texte.rindex('"a"'))]
    place, dedans = positions.places([("a",), ("a", "b")])
    assert place.valeur == texte.index('{"d"')
    assert dedans == place


json_quelconque = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda enfants: st.lists(enfants, max_size=4) | st.dictionaries(st.text(), enfants, max_size=4),
    max_leaves=30,
)


@given(json_quelconque, st.sampled_from([None, 0, 3]), st.booleans())
def test_chaque_valeur_relue_a_sa_place_est_la_bonne(valeur, retrait, ascii_seul) -> None:
    texte = json.dumps(valeur, indent=retrait, ensure_ascii=ascii_seul)
    chemins = list(_chemins(valeur, ()))
    for (chemin, attendue), place in zip(
        chemins, Positions(texte).places([c for c, _ in chemins]), strict=True
    ):
        assert json.JSONDecoder().raw_decode(texte, place.valeur)[0] == attendue
        if chemin and isinstance(chemin[-1], str):
            assert json.JSONDecoder().raw_decode(texte, place.cle)[0] == chemin[-1]


def _chemins(valeur, chemin):
    yield chemin, valeur
    enfants = (
        valeur.items() if isinstance(valeur, dict) else enumerate(valeur) if isinstance(valeur, list) else ()
    )
    for pas, enfant in enfants:
        yield from _chemins(enfant, (*chemin, pas))
