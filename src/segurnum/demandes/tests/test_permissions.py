"""Who may do what to a request, as the services' callers and the buttons ask it."""

import pytest

from segurnum.comptes.auteurs import Auteur
from segurnum.comptes.models import Profil, Role
from segurnum.demandes import services
from segurnum.demandes.permissions import gestes, peut_deposer
from segurnum.essais import usines
from segurnum.regles.cycles import Acteur, GesteDemande, StatutDemande

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("profil", [Profil.FOURNISSEUR, Profil.OPERATEUR])
def test_un_lecteur_regarde_et_les_autres_roles_agissent(profil: Profil) -> None:
    demande = usines.demande(StatutDemande.A_MODIFIER)
    for role in Role:
        personne = usines.utilisateur(profil, role=role, entreprise=demande.entreprise)
        attendus = {
            GesteDemande.MODIFIER,
            GesteDemande.CONFIRMER_MODIFICATION,
            GesteDemande.NE_PAS_MODIFIER,
        }
        assert set(gestes(personne, demande)) == (set() if role == Role.LECTEUR else attendus)
        assert peut_deposer(personne) is (role != Role.LECTEUR)


def test_un_agent_ne_depose_pas_et_ses_gestes_ne_tiennent_pas_a_un_role_d_entreprise() -> None:
    demande = usines.demande()
    gestionnaire = usines.utilisateur(Profil.GESTIONNAIRE)
    assert not peut_deposer(gestionnaire)
    assert GesteDemande.VALIDER in gestes(gestionnaire, demande)
    assert gestes(usines.utilisateur(Profil.ADMINISTRATION), demande) == []


@pytest.mark.exigence("GST-034")
def test_decider_n_est_pas_propose_a_qui_a_valide() -> None:
    decideur, autre = (usines.utilisateur(Profil.DECIDEUR) for _ in range(2))
    demande = usines.demande()
    # As an officer, before another profile was given.
    officier = Auteur(role=Acteur.GESTIONNAIRE, cle=decideur.pk, profil=Profil.GESTIONNAIRE)
    demande = services.valider(demande=demande.pk, auteur=officier)
    assert GesteDemande.DECIDER not in gestes(decideur, demande)
    assert GesteDemande.DECIDER in gestes(autre, demande)
