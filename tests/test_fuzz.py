"""`segurnum fuzz`: the same seed makes the same campaign, and what breaks is stopped, kept and tried again."""

import time
from pathlib import Path
from random import Random

import pytest

from fuzz.campagne import Campagne, ecrire, rejouer
from fuzz.enfant import MO, Limites, essayer
from fuzz.genres import fichiers
from segurnum.cli import analyseur

SERREES = Limites(cpu=1, memoire=64 * MO, delai=20.0, reponse=1_000)


class Piege:
    """Inputs of one octet; the one chosen does what it is told."""

    nom = "piège"

    def __init__(self, geste: object = None, quand: int = 200) -> None:
        self.geste, self.quand = geste, quand

    def engendrer(self, alea: Random) -> bytes:
        return bytes([alea.randrange(256)])

    def eprouver(self, octets: bytes) -> int:
        return self.geste() if callable(self.geste) and octets[0] > self.quand else 1


def _tomber() -> int:
    raise ZeroDivisionError("planté")


def _calculer() -> int:
    while True:
        pass


def _remplir() -> int:
    return len(bytearray(512 * MO))


def _dormir() -> int:
    time.sleep(600)
    return 1


FAUTES = {
    "exception": (_tomber, SERREES, "ZeroDivisionError : planté"),
    "calcul": (_calculer, SERREES, "plus de 1 s de calcul"),
    "mémoire": (_remplir, SERREES, "plus de 64 Mo de mémoire"),
    "attente": (_dormir, Limites(delai=0.2), "s d'attente"),
    "réponse": (lambda: 1_001, SERREES, "1001 octets de réponse"),
    "sortie": (lambda: exec("import os; os._exit(3)") or 1, SERREES, "s'est arrêté (3)"),
}


@pytest.mark.parametrize(("geste", "limites", "phrase"), FAUTES.values(), ids=FAUTES)
def test_une_faute_arrete_la_campagne_et_se_rejoue(
    geste: object, limites: Limites, phrase: str, tmp_path: Path
) -> None:
    genres = [Piege(geste)]
    campagne = Campagne(genres, "graine", tmp_path, limites)
    assert not campagne.jouer(secondes=120, cas_max=200)
    assert phrase in campagne.faute
    assert campagne.fichier is not None
    assert phrase in rejouer(campagne.fichier, genres, limites).faute
    assert rejouer(campagne.fichier, [Piege()], limites).faute == ""
    tries = sum(bilan.cas for bilan in campagne.bilans.values())
    assert campagne.cas(tries - 1)[1][0] > 200
    assert all(campagne.cas(rang)[1][0] <= 200 for rang in range(tries - 1))


def test_sans_faute_la_campagne_dit_ses_chiffres(tmp_path: Path) -> None:
    campagne = Campagne([Piege()], "graine", tmp_path, SERREES)
    assert campagne.jouer(secondes=120, cas_max=12)
    assert campagne.bilans["piège"].cas == 12
    assert "Graine « graine » : 12 cas" in ecrire(campagne)
    assert not list(tmp_path.iterdir())


def test_la_meme_graine_refait_les_memes_cas(tmp_path: Path) -> None:
    """From one process to another too: nothing depends on the clock, nor on the order of a set."""
    une, autre = (Campagne(fichiers(), "x", tmp_path) for _ in range(2))
    cas = [une.cas(numero) for numero in range(40)]
    assert [octets for _, octets in cas] == [autre.cas(numero)[1] for numero in range(40)]
    assert {genre.nom for genre, _ in cas} == {"json", "pdf", "image", "zip"}
    assert [octets for _, octets in cas] != [Campagne(fichiers(), "y", tmp_path).cas(n)[1] for n in range(40)]


def test_une_poignee_de_cas_passe_par_le_vrai_moteur(tmp_path: Path) -> None:
    campagne = Campagne(fichiers(), "poignée", tmp_path)
    assert campagne.jouer(secondes=300, cas_max=40), campagne.faute


def test_ce_que_coute_un_cas_est_mesure() -> None:
    # Past the size under which the memory of an earlier test may serve again.
    issue = essayer(lambda: len(bytearray(64 * MO)), Limites(reponse=80 * MO))
    assert issue.faute == ""
    assert issue.reponse == 64 * MO
    assert issue.memoire > 40 * MO


def test_la_commande_a_ses_options() -> None:
    lus = analyseur().parse_args(["fuzz", "--minutes", "3", "--graine", "a", "--rejouer", "cas.json"])
    assert (lus.minutes, lus.graine, lus.rejouer) == ("3", "a", "cas.json")
