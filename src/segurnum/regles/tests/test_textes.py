"""What a person sent, told back: short, on one line, printable."""

import pytest

from segurnum.couloirs.champs import ecrire_chemin
from segurnum.regles.textes import LONGUEUR_CITEE, lisible


@pytest.mark.parametrize(
    ("texte", "dit"),
    [
        ("Dupont", "Dupont"),
        ("É ß 漢", "É ß 漢"),
        ("a\x00b", "a\\x00b"),
        ("\ud800", "\\ud800"),
        ("deux\nlignes", "deux\\nlignes"),
        ("x" * LONGUEUR_CITEE, "x" * LONGUEUR_CITEE),
        ("x" * 5_000, "x" * (LONGUEUR_CITEE - 1) + "…"),
        ("", ""),
    ],
)
def test_un_texte_se_redit_court_et_lisible(texte: str, dit: str) -> None:
    assert lisible(texte) == dit


def test_un_chemin_dit_ses_noms_comme_les_valeurs() -> None:
    assert ecrire_chemin(("lignesImport", 3, "commande")) == "lignesImport[3].commande"
    assert ecrire_chemin(("k" * 20_000, "a", 0)) == lisible("k" * 20_000) + ".a[0]"
    assert ecrire_chemin(("a\x00",)) == "a\\x00"
