"""« Agents »: what the administration does on screen, and what it cannot do to itself."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from segurnum.comptes.models import Profil, Utilisateur
from segurnum.essais import usines
from segurnum.essais.courriels import recus
from segurnum.journal.queries import evenements_de
from segurnum.web.tests.instruction import Agent, Reponse
from segurnum.web.tests.lecture import mots

pytestmark = pytest.mark.django_db

SAISIE = {
    "nom": "Lormelin",
    "prenom": "Anne",
    "courriel": "anne.lormelin@administration.example",
    "profil": "DECIDEUR",
}


@pytest.fixture
def admin() -> Agent:
    return Agent(Profil.ADMINISTRATION, _avec_mot_de_passe(Profil.ADMINISTRATION))


def _avec_mot_de_passe(profil: Profil) -> Utilisateur:
    personne = usines.utilisateur(profil)
    personne.set_password("une-phrase-que-personne-ne-devine")
    personne.save()
    return personne


def _inviter(admin: Agent, **change: str) -> Reponse:
    return admin.client.post(reverse("gestion:inviter_agent"), SAISIE | change)


def _faire(admin: Agent, personne: Utilisateur, geste: str, **saisie: str) -> str:
    adresse = reverse("gestion:geste_agent", args=[personne.pk, geste])
    return mots(admin.client.post(adresse, saisie, follow=True))


def test_une_invitation_ouvre_un_compte_et_se_lit_dans_la_liste(admin: Agent, settings: Any) -> None:
    settings.COURRIELS_PARTENT = True
    assert _inviter(admin).status_code == 302
    personne = Utilisateur.objects.get(email=SAISIE["courriel"])
    assert (personne.profil, recus(personne)) == (Profil.DECIDEUR, ["M60", "M06"])
    page = mots(admin.lire("agents"))
    assert "Un lien part par courriel" in page
    assert "alormelin anne.lormelin@administration.example" in page
    assert "Invitation envoyée" in page
    (evenement,) = evenements_de(f"compte:{personne.pk}")
    assert (evenement.geste, evenement.acteur) == ("INVITER_AGENT", admin.utilisateur)


def test_le_lien_ne_se_montre_a_personne_a_l_ecran(admin: Agent, settings: Any) -> None:
    settings.COURRIELS_PARTENT = False
    _inviter(admin)
    page = admin.lire("agents").content.decode()
    assert "segurnum agent renouveler alormelin" in page
    assert "jeton=" not in page


def test_une_saisie_fausse_est_dite_sous_son_champ_et_gardee(admin: Agent) -> None:
    for champ, valeur, phrase in (
        ("courriel", "pas une adresse", "nom@domaine.fr"),
        ("courriel", admin.utilisateur.email, "a déjà un compte d'agent"),
        ("profil", "FOURNISSEUR", "l'un de ces profils"),
        ("nom", " ", "Saisissez le nom"),
    ):
        reponse = _inviter(admin, **{champ: valeur})
        assert reponse.status_code == 422
        assert phrase in reponse.context["form"].errors[champ][0]
        assert 'value="Anne"' in reponse.content.decode()
    assert Utilisateur.objects.count() == 1


def test_un_profil_se_change_un_compte_se_ferme_et_se_rouvre(admin: Agent) -> None:
    personne = _avec_mot_de_passe(Profil.GESTIONNAIRE)
    client = Client()
    client.force_login(personne)
    assert "est changé" in _faire(admin, personne, "profil", profil="COMPTABLE")
    assert "parmi ceux de la liste" in _faire(admin, personne, "profil", profil="OPERATEUR")
    personne.refresh_from_db()
    assert personne.profil == Profil.COMPTABLE
    assert "est fermé" in _faire(admin, personne, "fermer")
    assert "déjà fermé" in _faire(admin, personne, "fermer")
    assert client.get(reverse("gestion:accueil")).status_code == 302
    assert "est rouvert" in _faire(admin, personne, "rouvrir")
    gestes = [evenement.geste for evenement in evenements_de(f"compte:{personne.pk}")]
    assert gestes == ["CHANGER_PROFIL", "FERMER_COMPTE", "ROUVRIR_COMPTE"]


def test_un_administrateur_ne_peut_rien_contre_lui_meme_ni_contre_le_dernier(admin: Agent) -> None:
    for geste, saisie in (("fermer", {}), ("profil", {"profil": "COMPTABLE"})):
        assert "votre propre compte" in _faire(admin, admin.utilisateur, geste, **saisie)
    invite = usines.utilisateur(Profil.ADMINISTRATION)  # no password: signed in by another way
    assert "dernier administrateur" in _faire(
        Agent(Profil.ADMINISTRATION, invite), admin.utilisateur, "fermer"
    )
    admin.utilisateur.refresh_from_db()
    assert admin.utilisateur.is_active


def test_le_compte_d_une_entreprise_n_est_pas_un_agent(admin: Agent) -> None:
    fournisseur = usines.utilisateur(Profil.FOURNISSEUR)
    assert fournisseur.email not in mots(admin.lire("agents"))
    adresse = reverse("gestion:geste_agent", args=[fournisseur.pk, "fermer"])
    assert admin.client.post(adresse).status_code == 404
