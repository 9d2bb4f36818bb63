"""Who runs which tests, and in which order."""

from pathlib import Path
from typing import Any

from segurnum.essais.ordre import partager


class Essai:
    """As much of a test as the order looks at."""

    def __init__(self, chemin: str, rang: int = 0, *, long: bool = False) -> None:
        self.path, self.nom, self.long = Path(chemin), f"{chemin} {rang}", long

    def get_closest_marker(self, nom: str) -> object | None:
        return nom if self.long and nom == "long" else None


def _parts(items: list[Any], processus: int) -> list[list[str]]:
    """As xdist hands them out."""
    rendus: list[Any] = partager(items, processus)
    noms, parts = [essai.nom for essai in rendus], []
    for reste in range(processus, 0, -1):
        taille = len(noms) // reste
        parts.append(noms[:taille])
        noms = noms[taille:]
    return parts


COURTS: list[Any] = [Essai("tests/court.py", rang) for rang in range(40)]
LONGS: list[Any] = [
    Essai(f"tests/long{module}.py", rang, long=True) for module in range(4) for rang in range(2)
]
PROGRAMMES: list[Any] = [Essai("tests/processus/test_arret.py", rang) for rang in range(3)]
NAVIGATEUR: list[Any] = [
    Essai(f"tests/e2e/test_{module}.py", rang) for module in range(2) for rang in range(3)
]


def test_aucun_essai_n_est_perdu_ni_fait_deux_fois() -> None:
    tous = [*COURTS[:13], *NAVIGATEUR, *COURTS[13:], *LONGS, *PROGRAMMES]
    for processus in (1, 2, 3, 7):
        rendus: list[Any] = partager(tous, processus)
        assert sorted(item.nom for item in rendus) == sorted(essai.nom for essai in tous)


def test_les_longs_commencent_et_se_partagent_par_module() -> None:
    parts = _parts([*COURTS, *LONGS], 2)
    for part in parts:
        longs = [nom for nom in part if "long" in nom]
        assert part[: len(longs)] == longs
        assert len(longs) == 4
        assert len({nom.split()[0] for nom in longs}) == 2


def test_les_programmes_et_les_navigateurs_sont_a_des_processus_differents() -> None:
    premier, second = _parts([*COURTS, *NAVIGATEUR, *PROGRAMMES], 2)
    assert premier[:3] == [essai.nom for essai in PROGRAMMES]
    assert second[:6] == [essai.nom for essai in NAVIGATEUR]


def test_a_trois_les_programmes_se_partagent_entre_deux_et_les_navigateurs_gardent_le_leur() -> None:
    autres: list[Any] = [Essai("tests/processus/test_demo.py", rang) for rang in range(3)]
    premier, second, dernier = _parts([*COURTS, *NAVIGATEUR, *PROGRAMMES, *autres], 3)
    assert premier[:3] == [essai.nom for essai in PROGRAMMES]
    assert second[:6] == [essai.nom for essai in NAVIGATEUR]
    assert dernier[:3] == [essai.nom for essai in autres]


def test_seul_un_processus_a_les_longs_d_abord_dans_l_ordre_tire() -> None:
    assert partager([*COURTS, *LONGS], 1) == [*LONGS, *COURTS]


def test_plus_de_longs_que_de_place_ne_perdent_personne() -> None:
    rendus = [nom for part in _parts([*COURTS[:1], *LONGS], 3) for nom in part]
    assert sorted(rendus) == sorted(e.nom for e in [COURTS[0], *LONGS])
