"""The bank account that the consultation of a request shows, and to whom."""

import pytest
from django.urls import reverse

from segurnum.comptes.models import CoordonneesBancaires, Role, Utilisateur
from segurnum.demandes.models import Demande
from segurnum.demonstration.identites import BIC, iban
from segurnum.web.tests.depot import Fournisseur, decider, en_cours, payer
from segurnum.web.tests.lecture import mots

pytestmark = pytest.mark.django_db


def _lue(fournisseur: Fournisseur, demande: Demande, compte: CoordonneesBancaires) -> str:
    """The page of a request, once « Afficher l'IBAN entier » was asked there."""
    page = reverse("fournisseur:demande", args=[demande.numero])
    return mots(fournisseur.suivre(fournisseur.faire("afficher_iban", compte.pk, suite=page)))


@pytest.mark.exigence("REQ-045")
def test_le_compte_bancaire_est_celui_de_l_entreprise():
    fournisseur = Fournisseur()
    (demande,) = en_cours(fournisseur.deposant)
    compte = fournisseur.deposant.enrolement.entreprise.comptes_bancaires.get()
    texte = _lue(fournisseur, demande, compte)
    assert compte.iban in texte.replace(" ", "")
    for valeur in (compte.bic, compte.titulaire, compte.domiciliation):
        assert valeur in texte


@pytest.mark.exigence("REQ-045", "ACC-004")
def test_le_compte_montre_est_celui_qui_est_paye():
    """After a change, the next payment's; a payment that was made keeps its own."""
    fournisseur = Fournisseur()
    payee, suivante = en_cours(fournisseur.deposant, 2)
    entreprise = fournisseur.deposant.enrolement.entreprise
    ancien = entreprise.comptes_bancaires.get()
    payer(decider(payee))
    entreprise.comptes_bancaires.update(statut="INACTIVE")
    nouveau = entreprise.comptes_bancaires.create(
        iban=iban(2), bic=BIC, titulaire=ancien.titulaire, statut="ACTIVE"
    )
    for lue, compte in ((payee, ancien), (suivante, nouveau)):
        assert compte.iban in _lue(fournisseur, lue, compte).replace(" ", "")


@pytest.mark.exigence("REQ-045")
def test_qui_ne_gere_pas_le_compte_le_reconnait_sans_le_lire():
    fournisseur = Fournisseur()
    (demande,) = en_cours(fournisseur.deposant)
    compte = fournisseur.deposant.enrolement.entreprise.comptes_bancaires.get()
    Utilisateur.objects.filter(pk=fournisseur.deposant.utilisateur.pk).update(role=Role.LECTEUR)
    texte = mots(fournisseur.lire("demande", demande.numero))
    assert compte.iban_masque in texte
    assert compte.iban not in texte.replace(" ", "")
