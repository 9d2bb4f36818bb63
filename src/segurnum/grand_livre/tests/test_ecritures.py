"""The ledger itself: balanced by its form, written once, never changed."""

from decimal import Decimal

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from segurnum.comptes.auteurs import PORTAIL
from segurnum.essais import usines
from segurnum.grand_livre.models import Ecriture
from segurnum.grand_livre.plan import PLAN, Compte, Operation
from segurnum.grand_livre.services import Ligne, ecrire

pytestmark = pytest.mark.django_db


def _credit(montant: str = "100.00") -> Ligne:
    return Ligne(
        operation=Operation.CREDIT,
        montant=Decimal(montant),
        enveloppe=usines.enveloppe().pk,
        reference="essai",
    )


def test_chaque_operation_a_ses_deux_comptes_et_chaque_compte_sert() -> None:
    assert set(PLAN) == set(Operation)
    assert all(mouvement.debit is not mouvement.credit for mouvement in PLAN.values())
    assert {compte for m in PLAN.values() for compte in (m.debit, m.credit)} == set(Compte)


def test_une_ecriture_a_les_comptes_du_plan_et_son_auteur() -> None:
    ecrire(lignes=[_credit()], auteur=PORTAIL)
    ecriture = Ecriture.objects.get(reference="essai")
    assert (ecriture.debit, ecriture.credit) == (Compte.DISPONIBLE, Compte.DOTATION)
    assert (ecriture.montant, ecriture.acteur, ecriture.role) == (Decimal("100.00"), None, "SYSTEME")


@pytest.mark.parametrize("montant", ["0.00", "-0.01"])
def test_un_montant_nul_ou_negatif_ne_s_ecrit_pas(montant: str) -> None:
    with pytest.raises(IntegrityError, match="ecriture_positive"), transaction.atomic():
        ecrire(lignes=[_credit(montant)], auteur=PORTAIL)


def test_une_ecriture_ne_va_pas_d_un_compte_a_lui_meme() -> None:
    ecrire(lignes=[_credit()], auteur=PORTAIL)
    copie = Ecriture.objects.get(reference="essai")
    copie.pk, copie.debit = None, copie.credit
    copie._state.adding = True
    with pytest.raises(IntegrityError, match="ecriture_entre_deux_comptes"), transaction.atomic():
        copie.save()


@pytest.mark.parametrize(
    "ordre",
    [
        "UPDATE grand_livre_ecriture SET montant = montant + 1",
        "DELETE FROM grand_livre_ecriture",
        "TRUNCATE grand_livre_ecriture",
    ],
)
def test_la_base_refuse_de_retoucher_le_grand_livre(ordre: str) -> None:
    ecrire(lignes=[_credit()], auteur=PORTAIL)
    with connection.cursor() as curseur:
        curseur.execute("SET CONSTRAINTS ALL IMMEDIATE")
        with pytest.raises(DatabaseError, match="ne se modifie pas"), transaction.atomic():
            curseur.execute(ordre)
    assert Ecriture.objects.get(reference="essai").montant == Decimal("100.00")
