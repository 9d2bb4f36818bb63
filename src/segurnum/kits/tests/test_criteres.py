"""What narrows a list before its table, read from an address."""

from typing import Any, cast

import pytest
from django.http import QueryDict

from segurnum.kits.criteres import TOUS, Critere, Filtre, critere_de_statut, egal
from segurnum.regles.cycles import StatutDemande


class Lignes:
    """Rows that remember how they were narrowed."""

    def __init__(self) -> None:
        self.restrictions: list[dict[str, Any]] = []

    def filter(self, **restriction: Any) -> "Lignes":
        self.restrictions.append(restriction)
        return self


def lire(adresse: str) -> Filtre:
    return Filtre.lire(
        QueryDict(adresse),
        Critere("texte", "Texte", longueur=10, restreindre=egal("nom")),
        critere_de_statut(StatutDemande.EN_COURS, StatutDemande),
        Critere("type", "Type", "", [("", "Tous"), ("A", "Avances")], restreindre=egal("type")),
        Critere("du", "Depuis le", genre="date", restreindre=egal("jour__gte")),
    )


def restrictions(adresse: str) -> list[dict[str, Any]]:
    lignes = Lignes()
    lire(adresse).restreindre(cast(Any, lignes))
    return lignes.restrictions


def test_sans_rien_dire_une_liste_s_ouvre_sur_ce_qui_est_declare() -> None:
    assert restrictions("") == [{"statut": "EN_COURS"}]


def test_ce_qui_est_choisi_restreint_et_voyage_dans_l_adresse() -> None:
    adresse = "texte=dupont&statut=VALIDEE&type=A&du=2026-01-02"
    assert restrictions(adresse) == [
        {"nom": "dupont"},
        {"statut": "VALIDEE"},
        {"type": "A"},
        {"jour__gte": "2026-01-02"},
    ]
    assert lire(adresse).adresse == adresse


@pytest.mark.parametrize("adresse", ["statut=INCONNU", f"statut={TOUS}", "statut="])
def test_un_statut_qui_n_existe_pas_ne_restreint_rien(adresse: str) -> None:
    assert restrictions(adresse) == []


def test_une_valeur_qui_n_en_est_pas_une_est_comme_absente() -> None:
    assert restrictions(f"statut={TOUS}&type=Z&du=31/12/2026&texte=%00 ") == []


def test_un_texte_est_coupe_a_la_longueur_de_son_champ() -> None:
    assert lire("texte=abcdefghijklmnop").valeur("texte") == "abcdefghij"
