"""What is typed for a correction belongs to its request, and to the asking that it answers."""

from datetime import timedelta

import pytest

from segurnum.comptes.auteurs import auteur
from segurnum.comptes.models import Profil
from segurnum.demandes import services
from segurnum.demandes.brouillons import de_la_modification, garder_modification
from segurnum.demandes.models import Demande
from segurnum.essais import usines
from segurnum.regles.calendrier import maintenant
from segurnum.regles.cycles import StatutDemande

pytestmark = pytest.mark.django_db

SAISIE = {"versionLogiciel": "9.9"}


def _en_correction() -> Demande:
    """With something typed, and not confirmed."""
    demande = usines.demande(StatutDemande.A_MODIFIER, cloture_le=maintenant() + timedelta(days=1))
    fournisseur = auteur(usines.utilisateur(Profil.FOURNISSEUR, entreprise=demande.entreprise))
    garder_modification(demande=demande, saisie=SAISIE, auteur=fournisseur)
    return demande


def test_le_brouillon_d_une_correction_est_celui_de_sa_demande() -> None:
    autre = _en_correction()
    assert de_la_modification(usines.demande(StatutDemande.A_MODIFIER)) is None
    gardee = de_la_modification(autre)
    assert gardee is not None
    assert gardee.saisie == SAISIE


def test_demander_une_modification_n_oublie_que_ce_qui_etait_saisi_pour_elle() -> None:
    demande, autre = _en_correction(), _en_correction()
    Demande.objects.filter(pk=demande.pk).update(statut=StatutDemande.EN_COURS)
    gestionnaire = auteur(usines.utilisateur(Profil.GESTIONNAIRE))
    services.demander_modification(demande=demande.pk, auteur=gestionnaire, motif="Corrigez.")
    assert de_la_modification(demande) is None
    assert de_la_modification(autre) is not None
