"""What waits for the accountant is counted whole, however much of it there is."""

from decimal import Decimal

import pytest

from segurnum.essais import usines
from segurnum.essais.falsifications import de_force
from segurnum.paiements.phases import A_CONSTATER, A_METTRE, compte

pytestmark = pytest.mark.django_db


def test_ce_qui_attend_le_comptable_se_compte_en_entier() -> None:
    bancaire = usines.entreprise().compte_actif
    assert bancaire is not None
    de_force(
        "INSERT INTO paiements_versement (decision_id, objet, type, etat, montant_decide, compte_bancaire_id, "
        "motif_rejet, mis_en_paiement_le) SELECT n, 'VERSE001', 'AVANCE', 'EN_COURS', 2.5, "
        f"{bancaire.pk}, '', CASE WHEN n > 12000 THEN now() END FROM generate_series(1, 12010) AS n"
    )
    assert (compte(A_METTRE).nombre, compte(A_METTRE).somme) == (12_000, Decimal("30000.00"))
    assert (compte(A_CONSTATER).nombre, compte(A_CONSTATER).somme) == (10, Decimal("25.00"))
