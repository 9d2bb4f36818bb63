"""« Gérer les utilisateurs »: what an administrator of a company does, and what others are told."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from segurnum.comptes.models import Profil, Role, Utilisateur
from segurnum.courriels.models import Courriel
from segurnum.essais import usines
from segurnum.web.tests.lecture import mots
from segurnum.web.tests.test_connexion import avec_mot_de_passe

pytestmark = pytest.mark.django_db

INVITATION = {"nom": "Martin", "prenom": "Ali", "courriel": "ali@societe.example", "role": "DEPOSANT"}


@pytest.fixture
def administrateur() -> Utilisateur:
    return avec_mot_de_passe(Profil.FOURNISSEUR)


class Ecran:
    """A signed-in person, whose forms say which company their page was made for."""

    def __init__(self, personne: Utilisateur) -> None:
        self.client = Client()
        self.client.force_login(personne)
        self.get = self.client.get
        self.page = {"entreprise": str(personne.entreprise_id)}

    def post(self, adresse: str, saisie: dict[str, str] | None = None, *, follow: bool = False) -> Any:
        return self.client.post(adresse, self.page | (saisie or {}), follow=follow)


@pytest.fixture
def client(administrateur: Utilisateur) -> Ecran:
    return Ecran(administrateur)


def _inviter(client: Ecran, **valeurs: str):
    return client.post(reverse("fournisseur:inviter"), INVITATION | valeurs, follow=True)


@pytest.mark.exigence("GST-033")
def test_une_invitation_attend_et_se_voit_dans_la_liste(client):
    page = _inviter(client)
    assert "L'invitation est envoyée à ali@societe.example." in mots(page)
    assert "ali@societe.example Déposant" in mots(page)
    assert "En attente de réponse" in mots(page)
    assert Utilisateur.objects.count() == 1
    assert [courriel.code for courriel in Courriel.objects.all()] == ["M50"]


def test_le_role_propose_a_une_invitation_n_est_pas_celui_d_administrateur(client):
    page = client.get(reverse("fournisseur:inviter"))
    assert '<option value="DEPOSANT" selected' in page.content.decode()


@pytest.mark.parametrize(
    ("champ", "valeur", "phrase"),
    [
        ("courriel", "ali", "n'est pas une adresse électronique"),
        ("nom", "", "Saisissez le nom"),
        ("role", "ROI", "choix"),
        ("role", "", "Rôle : Choisissez le rôle de la personne."),
    ],
)
def test_une_invitation_mal_remplie_dit_quoi_et_ne_perd_rien(client, champ, valeur, phrase):
    page = _inviter(client, **{champ: valeur})
    assert page.status_code == 422
    assert phrase in mots(page).lower() or phrase in mots(page)
    gardes = [v for k, v in INVITATION.items() if k not in (champ, "role")]
    assert all(f'value="{garde}"' in page.content.decode() for garde in gardes)
    assert Utilisateur.objects.count() == 1


def test_inviter_qui_est_deja_la_ou_deja_invite_est_refuse_avec_une_phrase(client, administrateur):
    assert "agit déjà pour votre entreprise" in mots(_inviter(client, courriel=administrateur.email))
    _inviter(client)
    assert "est déjà invitée" in mots(_inviter(client, courriel="ALI@societe.example"))
    assert Courriel.objects.count() == 1


@pytest.mark.exigence("GST-033")
def test_un_role_se_change_et_un_acces_se_retire_et_se_rouvre(client, administrateur):
    collegue = usines.utilisateur(Profil.FOURNISSEUR, entreprise=administrateur.entreprise)
    client.post(reverse("fournisseur:changer_role", args=[collegue.pk]), {"role": "LECTEUR"})
    collegue.refresh_from_db()
    assert collegue.role == Role.LECTEUR
    client.post(reverse("fournisseur:retirer_acces", args=[administrateur.pk]))
    administrateur.refresh_from_db()
    assert administrateur.is_active  # the last administrator
    client.post(reverse("fournisseur:retirer_acces", args=[collegue.pk]))
    page = client.get(reverse("fournisseur:utilisateurs"))
    assert "Fermé" in mots(page)
    client.post(reverse("fournisseur:rouvrir_acces", args=[collegue.pk]))
    collegue.refresh_from_db()
    assert collegue.is_active


@pytest.mark.exigence("GST-033")
def test_le_dernier_administrateur_ne_perd_pas_son_role(client, administrateur):
    adresse = reverse("fournisseur:changer_role", args=[administrateur.pk])
    assert "au moins un administrateur" in mots(client.post(adresse, {"role": "LECTEUR"}, follow=True))
    administrateur.refresh_from_db()
    assert administrateur.role == Role.ADMINISTRATEUR


def test_un_role_inconnu_est_refuse(client, administrateur):
    adresse = reverse("fournisseur:changer_role", args=[administrateur.pk])
    assert "Choisissez un rôle" in mots(client.post(adresse, {"role": "ROI"}, follow=True))


@pytest.mark.exigence("GST-033")
@pytest.mark.parametrize("role", [Role.DEPOSANT, Role.LECTEUR])
def test_les_autres_roles_ne_voient_ni_la_page_ni_son_entree_de_menu(role):
    personne = usines.utilisateur(Profil.FOURNISSEUR, role=role)
    client = Ecran(personne)
    assert client.get(reverse("fournisseur:utilisateurs")).status_code == 403
    assert client.post(reverse("fournisseur:inviter"), INVITATION).status_code == 403
    assert client.post(reverse("fournisseur:retirer_acces", args=[personne.pk])).status_code == 403
    assert "Gérer les utilisateurs" not in mots(client.get(reverse("fournisseur:compte")))


def test_un_administrateur_ne_touche_pas_aux_personnes_d_une_autre_entreprise(client):
    autre = usines.utilisateur(Profil.FOURNISSEUR)
    for geste in ("changer_role", "retirer_acces", "rouvrir_acces"):
        adresse = reverse(f"fournisseur:{geste}", args=[autre.pk])
        assert client.post(adresse, {"role": "LECTEUR"}).status_code == 404
    autre.refresh_from_db()
    assert (autre.role, autre.is_active) == (Role.ADMINISTRATEUR, True)
