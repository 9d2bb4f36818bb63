"""A report, and the work of making it, follow the size of the file: nothing small costs much, whatever is in it."""

from __future__ import annotations

import io
import sys
import tracemalloc
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segurnum.controles import Anomalie, LignePiece, Rapport, Severite, verifier, verifier_pieces
from segurnum.controles.bornes import RAPPORT_MAX, premiers
from segurnum.controles.lecture import ELEMENTS_MAX, TAILLE_MAX
from segurnum.controles.tests.fabrique import codes
from segurnum.controles.tests.fabrique_pieces import archive, piece
from segurnum.controles.tests.pieges import PIEGES

SOUVENT = settings(max_examples=30)

# What an octet of the file may bring, at worst: one empty object of three octets lacks all its fields.
OCTETS_PAR_OCTET, OCTETS = 1_500, 20_000
MEMOIRE_PAR_OCTET, MEMOIRE = 3_000, 3_000_000
APPELS_PAR_OCTET, APPELS = 400, 60_000
# Its sentence, its path (twenty names of sixty letters) and what surrounds them: nothing of a file is told whole.
UNE_ANOMALIE = 6_000

noms = st.one_of(
    st.sampled_from(["a", "&", "«é»", "x" * 59, "siret", "numeroAn"]),
    st.text("kéß漢", min_size=1, max_size=3000),
)


def mesurer(octets: bytes) -> tuple[Rapport, int, int]:
    """The report of a file, the peak of memory (octets) and the number of calls that it took, texts included."""
    appels = 0

    def compter(cadre: object, evenement: str, _: Any) -> None:
        nonlocal appels
        appels += evenement in ("call", "c_call")

    ancien = sys.getprofile()
    tracemalloc.start()
    sys.setprofile(compter)
    try:
        rapport = verifier(octets)
        rapport.en_json()
        rapport.en_texte()
    finally:
        sys.setprofile(ancien)
        pic = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    return rapport, pic, appels


@SOUVENT
@given(st.sampled_from(sorted(PIEGES)), st.integers(0, 150), noms)
def test_rapport_memoire_et_travail_suivent_la_taille_du_fichier(piege: str, n: int, nom: str) -> None:
    octets = PIEGES[piege](n, nom).encode()
    rapport, memoire, appels = mesurer(octets)
    for forme in (rapport.en_json(), rapport.en_texte()):
        assert len(forme.encode()) <= OCTETS_PAR_OCTET * len(octets) + OCTETS
    assert all(len(ecrite(a)) <= UNE_ANOMALIE for a in rapport.anomalies)
    assert memoire <= MEMOIRE_PAR_OCTET * len(octets) + MEMOIRE
    assert appels <= APPELS_PAR_OCTET * len(octets) + APPELS


def ecrite(anomalie: Anomalie) -> bytes:
    return str(anomalie.en_dict()).encode()


@pytest.mark.parametrize("piege", sorted(PIEGES))
def test_au_plus_gros_le_rapport_reste_sous_son_plafond(piege: str) -> None:
    """As many times as 300 Ko hold: where the ceilings of the report and of the file speak."""
    n = 60_000 if piege in ("lignes blanches", "chiffres", "échappements", "texte jamais fermé") else 4_000
    rapport = verifier(PIEGES[piege](n, "&" * 59).encode()[:TAILLE_MAX])
    assert not rapport.conforme
    assert len(rapport.en_json().encode()) <= 1.25 * RAPPORT_MAX
    assert len(rapport.en_texte().encode()) <= 2 * RAPPORT_MAX


def test_un_long_nom_au_dessus_de_noms_repetes_n_est_pas_recopie_dans_chaque_anomalie() -> None:
    rapport = verifier(PIEGES["répétés sous un long nom"](5_000, "k").encode())
    assert "1007" in codes(rapport)
    assert len(rapport.en_json()) < 2_000_000
    assert max(len(a.chemin) for a in rapport.anomalies) < 200


def test_un_rapport_coupe_le_dit_et_refuse_le_fichier() -> None:
    rapport = verifier(PIEGES["longs noms emboîtés"](4_000, "k").encode())
    coupure = rapport.anomalies[0]
    assert coupure.code == "1010"
    assert coupure in rapport.erreurs_fichier()
    montrees = len(rapport.anomalies) - 1
    assert f"{montrees:,}".replace(",", "\u202f") in coupure.message
    assert montrees < 4_000


def test_les_premieres_anomalies_sont_gardees_dans_leur_ordre() -> None:
    toutes = [Anomalie(str(rang), Severite.ERREUR, "x" * 300) for rang in range(20)]
    gardees = premiers(toutes, 2_500)
    assert gardees == toutes[: len(gardees)]
    assert 2 < len(gardees) < 8
    assert premiers(toutes) == toutes


def test_un_fichier_de_trop_d_elements_est_refuse_sans_etre_lu() -> None:
    juste = "[" + "1," * (ELEMENTS_MAX - 1) + "1]"
    assert codes(verifier(juste.encode())) == ["1103"]
    rapport, memoire, appels = mesurer(juste.replace("1]", "1,1]").encode())
    assert codes(rapport) == ["1011"]
    assert "500\u202f000 objets, listes et valeurs" in rapport.anomalies[0].message
    assert memoire < 3 * len(juste)
    assert appels < 1_000


@pytest.mark.parametrize("fin", ["", "\r\n"], ids=["sans fin de ligne", "fin de ligne de Windows"])
def test_l_extrait_d_une_tres_longue_ligne_n_en_copie_que_ce_qu_il_montre(fin: str) -> None:
    texte = '{"lignesImport": [], ' + ",".join(f'"{"z" * 900}{rang}": 1' for rang in range(1_000)) + "}" + fin
    rapport = verifier(texte.encode())
    rapport.extrait(rapport.anomalies[0])  # the lines are counted once
    tracemalloc.start()
    for anomalie in rapport.anomalies:
        assert all(len(ligne.texte) <= 100 for ligne in rapport.extrait(anomalie))
    pic = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert pic < 20_000


@pytest.mark.parametrize("champ", ["typeAction", "numeroEditeur", "versionLogiciel"])
def test_un_texte_demesure_est_refuse_sans_etre_examine(champ: str) -> None:
    texte = PIEGES["champs longs"](400_000, "a1-")
    rapport, _, appels = mesurer(texte.encode())
    trouvees = [a for a in rapport.anomalies if a.chemin.endswith(champ)]
    assert [a.code for a in trouvees] == ["2011"]
    assert "1\u202f200\u202f000 caractères" in trouvees[0].message
    assert appels < 20_000


def _rapport_de_pieces(attendues: int, presentes: int) -> Callable[[], Any]:
    noms = [f"{'long' * 30}-{rang}.pdf" for rang in range(attendues)]
    zip_ = archive({f"{'autre' * 25}-{rang}.pdf": b"x" for rang in range(presentes)})
    return lambda: verifier_pieces(io.BytesIO(zip_), [piece(nom) for nom in noms], couloir=None)


def test_le_rapport_d_une_archive_a_son_plafond_et_le_dit() -> None:
    rapport = _rapport_de_pieces(6_000, 1)()
    assert len(str(rapport.en_dict()).encode()) <= 1.25 * RAPPORT_MAX
    assert rapport.anomalies[0].code == "4144"
    assert not rapport.conforme
    assert rapport.demandes_completes == []
    entier = _rapport_de_pieces(6, 1)()
    assert "4144" not in {a.code for a in entier.anomalies}
    assert all(isinstance(ligne, LignePiece) for ligne in entier.lignes)
