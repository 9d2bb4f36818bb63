"""Whatever the order in which the sendings of a page arrive, it never meets itself; another page always meets it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from segurnum.regles.erreurs import BrouillonModifie, SaisieDepassee
from segurnum.regles.saisies import AUCUNE, DernierEnvoi, Envoi, Verdict, juger, succeder

VERSIONS = st.integers(0, 9)


class Brouillon:
    """What the base holds: the last sending, and what it carried."""

    def __init__(self, version: int = 0, page: str = "") -> None:
        self.tenu = DernierEnvoi(version, page)
        self.contenu: Envoi | None = None

    def recevoir(self, envoi: Envoi) -> Verdict:
        verdict = juger(envoi, self.tenu)
        if verdict is Verdict.A_GARDER:
            self.tenu, self.contenu = succeder(envoi, self.tenu), envoi
        return verdict


@given(version=VERSIONS, ordre=st.permutations(range(1, 6)))
def test_les_envois_d_une_page_dans_tout_ordre_laissent_le_plus_recent(version: int, ordre: list[int]):
    brouillon = Brouillon(version, "page-d-avant")
    verdicts = [brouillon.recevoir(Envoi(version, "celle-ci", rang)) for rang in ordre]
    assert Verdict.AUTRE_ONGLET not in verdicts
    assert brouillon.tenu.rang == 5
    # Only what came after a newer one was left aside.
    depasses = [rang for rang, verdict in zip(ordre, verdicts, strict=True) if verdict is Verdict.DEPASSE]
    assert depasses == [rang for i, rang in enumerate(ordre) if max(ordre[: i + 1]) > rang]


@given(version=VERSIONS, ordre=st.lists(st.sampled_from("pq"), min_size=2).filter(lambda o: len(set(o)) == 2))
def test_de_deux_onglets_le_second_est_toujours_prevenu(version: int, ordre: list[str]):
    brouillon = Brouillon(version)
    verdicts = [brouillon.recevoir(Envoi(version, page, rang)) for rang, page in enumerate(ordre)]
    attendus = [Verdict.A_GARDER if page == ordre[0] else Verdict.AUTRE_ONGLET for page in ordre]
    assert verdicts == attendus


@given(
    version=VERSIONS,
    avant=st.integers(0, 3),
    apres=st.integers(1, 3),
    retard=st.sampled_from(["avant", "pendant"]),
)
def test_la_derniere_garde_d_une_page_quittee_n_arrete_pas_celle_qui_la_suit(
    version: int, avant: int, apres: int, retard: str
):
    brouillon = Brouillon(version)
    for rang in range(avant):
        brouillon.recevoir(Envoi(version, "quittee", rang))
    vue = brouillon.tenu.version
    derniere, suivantes = (
        Envoi(version, "quittee", avant),
        [Envoi(vue, "suivante", n, "quittee") for n in range(apres)],
    )
    if retard == "avant":
        brouillon.recevoir(derniere)
    assert {brouillon.recevoir(envoi) for envoi in suivantes} == {Verdict.A_GARDER}
    if retard == "pendant":
        assert brouillon.recevoir(derniere) is not Verdict.A_GARDER
    assert brouillon.contenu == suivantes[-1]


def test_une_page_renvoyee_telle_quelle_se_garde():
    brouillon = Brouillon()
    assert [brouillon.recevoir(Envoi(0, "celle-ci")) for _ in range(2)] == [Verdict.A_GARDER] * 2


@given(version=VERSIONS, tenue=st.sampled_from(["", "une-page"]), suit=st.sampled_from(["", "autre"]))
def test_qui_ne_dit_pas_sa_page_ne_vaut_que_par_sa_version(version: int, tenue: str, suit: str):
    tenu = DernierEnvoi(version, tenue)
    assert juger(Envoi(version, suit=suit), tenu) is Verdict.A_GARDER
    assert juger(Envoi(version + 1, suit=suit), tenu) is Verdict.AUTRE_ONGLET
    assert juger(Envoi(AUCUNE, suit=suit), tenu) is Verdict.AUTRE_ONGLET


def test_chaque_refus_a_sa_phrase():
    with pytest.raises(BrouillonModifie, match="dans un autre onglet"):
        succeder(Envoi(0, "une-autre"), DernierEnvoi(1, "une-page"))
    with pytest.raises(SaisieDepassee, match="plus récente de cette page"):
        succeder(Envoi(0, "une-page", 1), DernierEnvoi(1, "une-page", 2))
