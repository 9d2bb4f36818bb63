"""`segurnum grand-livre`: what the ledger holds, and held."""

from datetime import timedelta

import pytest

from segurnum.cli import principal
from segurnum.essais import usines
from segurnum.regles.calendrier import PARIS, maintenant

pytestmark = pytest.mark.usefixtures("sur_la_base_du_test")


@pytest.mark.exigence("GST-022")
def test_les_soldes_se_disent_a_tout_instant_passe(capsys: pytest.CaptureFixture[str]) -> None:
    enveloppe = usines.enveloppe(montant="1000")
    hier, demain = (
        (maintenant() + timedelta(days=jours)).astimezone(PARIS).strftime("%Y-%m-%dT%H:%M")
        for jours in (-1, 1)
    )
    assert principal(["grand-livre", "soldes", "--avant", hier]) == 0
    dit = capsys.readouterr().out
    assert "200 Crédits disponibles : 0,00" in dit
    assert "Enveloppe" not in dit
    assert principal(["grand-livre", "soldes", "--avant", demain]) == 0
    dit = capsys.readouterr().out.replace("\u202f", " ").replace("\xa0", " ")
    assert "200 Crédits disponibles : 1 000,00 €" in dit
    assert f"Enveloppe « {enveloppe.libelle} » ({enveloppe.exercice}) : 1 000,00 € de crédits, 0,00 €" in dit
    assert principal(["grand-livre", "soldes", "--avant", "hier"]) == 2
