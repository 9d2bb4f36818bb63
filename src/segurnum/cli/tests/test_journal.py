"""`segurnum journal`: heads to take away, and a verdict that a script reads."""

from pathlib import Path

import pytest

from segurnum.cli import principal
from segurnum.comptes.auteurs import PORTAIL
from segurnum.essais.falsifications import supprimer_la_fin
from segurnum.journal.services import Fait, consigner

pytestmark = pytest.mark.usefixtures("sur_la_base_du_test")


def test_le_verdict_suit_les_tetes_emportees(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for geste in ("A", "B"):
        consigner([Fait(chaine="essai", objet="essai", geste=geste, auteur=PORTAIL)])
    emporte = tmp_path / "emporte.tetes.txt"
    assert principal(["journal", "tetes", "--sortie", str(emporte)]) == 0
    assert str(emporte) in capsys.readouterr().out
    assert principal(["journal", "verifier", "--tetes", str(emporte)]) == 0
    dit = capsys.readouterr().out.replace("\xa0", " ")
    assert dit.startswith(
        "Le journal est intact : 1 chaîne relue, 2 événements, 0 objet comparé à sa table, 1 tête"
    )
    supprimer_la_fin("essai")
    assert principal(["journal", "verifier"]) == 0  # inside the chain, nothing shows
    capsys.readouterr()
    assert principal(["journal", "verifier", "--tetes", str(emporte)]) == 1
    assert "elle s'arrête au n° 1" in capsys.readouterr().out
    assert principal(["journal", "verifier", "--tetes", str(tmp_path / "absent")]) == 2
