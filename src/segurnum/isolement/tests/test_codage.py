"""Between a child and the portal: what is written is read again, and nothing else is."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from segurnum.controles import Rapport, verifier
from segurnum.controles.lecture_pieces import EntreeLue, Sommaire
from segurnum.controles.tests.fabrique import fichier, octets
from segurnum.isolement import codage

MARQUE = "une-marque"


class Couleur(StrEnum):
    ROUGE = "rouge"


@dataclass(frozen=True)
class Boite:
    """A little of everything."""

    montant: Decimal
    jour: date | None
    couleur: Couleur
    lignes: list[tuple[int, str]]
    libre: dict[str, Any]
    contenu: bytes = b""


def _aller_retour(valeur: Any, forme: Any) -> Any:
    corps, blocs = codage.ecrire(valeur, MARQUE)
    return codage.lire(corps, memoryview(b"".join(blocs)), MARQUE, forme)


_libres = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**30), 10**30)
    | st.text()
    | st.decimals(allow_nan=False, allow_infinity=False)
    | st.dates()
    | st.binary(),
    lambda plus: st.lists(plus) | st.dictionaries(st.text(), plus),
    max_leaves=20,
)


@given(_libres)
def test_une_valeur_revient_comme_elle_est_partie(valeur: Any):
    assert _aller_retour(valeur, Any) == valeur


def test_une_boite_revient_avec_ses_types():
    boite = Boite(
        Decimal("1.50"), date(2026, 6, 1), Couleur.ROUGE, [(1, "é")], {"a": Decimal("0.1")}, b"\x00x"
    )
    revenue = _aller_retour(boite, Boite)
    assert revenue == boite
    assert isinstance(revenue.couleur, Couleur)
    assert _aller_retour(Boite(Decimal(1), None, Couleur.ROUGE, [], {}), Boite).jour is None
    instant = datetime(2026, 6, 1, 12, tzinfo=UTC)
    assert _aller_retour([instant], list[datetime]) == [instant]


def test_un_rapport_revient_entier():
    rapport = verifier(octets(fichier()).replace(b'"TTC"', b'"TTX"'))
    assert rapport.anomalies
    assert _aller_retour(rapport, Rapport) == rapport


def test_le_fichier_ne_peut_pas_ecrire_une_marque():
    """A key of the file that looks like one is a key."""
    piege = {"autre-marque": ["d", "1"]}
    assert _aller_retour(piege, dict[str, Any]) == piege


def test_une_suite_dit_la_forme_de_ses_elements():
    def suite() -> Iterator[Sommaire | EntreeLue]:
        yield Sommaire([], [])

    assert codage.forme_de(suite) == (Sommaire | EntreeLue, type(None))
    assert _aller_retour(EntreeLue("a", [("4190", "x")], 1), Sommaire | EntreeLue) == EntreeLue(
        "a", [("4190", "x")], 1
    )


@pytest.mark.parametrize(
    ("valeur", "forme"),
    [
        ("1", int),
        (True, int),
        (1, str),
        ([1, "a"], list[int]),
        ([1], tuple[int, int]),
        ({"a": 1}, dict[str, str]),
        ([], Sommaire),
        ({"entrees": []}, Sommaire),
        ({"entrees": [], "refus": [], "en plus": 1}, Sommaire),
        ({"entrees": [], "refus": [["4190"]]}, Sommaire),
        ("bleu", Couleur),
        ({MARQUE: ["d", "pas un nombre"]}, Any),
        ({MARQUE: ["j", "2026-13-01"]}, Any),
        ({MARQUE: ["b", 10]}, Any),
        ({MARQUE: ["b", -1]}, Any),
        ({MARQUE: ["o", "os:system"]}, Any),
        ({MARQUE: 3}, Any),
    ],
)
def test_une_autre_forme_que_celle_attendue_n_est_pas_une_reponse(valeur: Any, forme: Any):
    with pytest.raises(codage.ReponseInvalide):
        codage.lire(json.dumps(valeur).encode(), memoryview(b"abc"), MARQUE, forme)


@pytest.mark.parametrize("corps", [b"", b"{", b"\xff", b"[" * 100_000, b'{"a":' * 100_000, b"1" * 5_000])
def test_ce_qui_n_est_pas_du_json_n_est_pas_une_reponse(corps: bytes):
    with pytest.raises(codage.ReponseInvalide):
        codage.lire(corps, memoryview(b""), MARQUE, Any)
