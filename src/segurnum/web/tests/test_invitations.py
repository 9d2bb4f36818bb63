"""Invitations: nothing is given, nor shown on either side, before the invited person accepts."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from segurnum.comptes import invitations
from segurnum.comptes.models import (
    Entreprise,
    Habilitation,
    IdentiteExterne,
    Invitation,
    Profil,
    Role,
    Utilisateur,
)
from segurnum.comptes.queries import membres
from segurnum.comptes.tasks import nettoyer
from segurnum.courriels.models import Courriel
from segurnum.essais import usines
from segurnum.essais.courriels import invitation_recue, recus
from segurnum.journal.models import Evenement
from segurnum.regles.calendrier import maintenant
from segurnum.web.tests.lecture import mots, titres
from segurnum.web.tests.test_connexion import avec_mot_de_passe
from segurnum.web.tests.test_utilisateurs import Ecran

pytestmark = pytest.mark.django_db

ADRESSE = "invite@ailleurs.example"


class Inviteur:
    """An administrator of a company, who invites and reads « Gérer les utilisateurs »."""

    def __init__(self) -> None:
        self.personne = avec_mot_de_passe(Profil.FOURNISSEUR)
        assert self.personne.entreprise is not None
        self.entreprise: Entreprise = self.personne.entreprise
        self.ecran = Ecran(self.personne)

    def inviter(self, courriel: str, role: Role = Role.LECTEUR) -> str:
        """What the page answers."""
        saisie = {"nom": "Martin", "prenom": "Ali", "courriel": courriel, "role": role.value}
        return mots(self.ecran.post(reverse("fournisseur:inviter"), saisie, follow=True))

    def liste(self) -> str:
        return mots(self.ecran.get(reverse("fournisseur:utilisateurs")))

    def agir(self, geste: str, invitation: Invitation) -> str:
        adresse = reverse(f"fournisseur:{geste}", args=[invitation.pk])
        return mots(self.ecran.post(adresse, follow=True))


@pytest.fixture
def inviteur() -> Inviteur:
    return Inviteur()


def _connu() -> Utilisateur:
    """Somebody who acts for another company, under another name than the one that is typed to invite them."""
    personne = avec_mot_de_passe(Profil.FOURNISSEUR)
    personne.first_name, personne.last_name, personne.email = "Berthe", "Quintrelle", ADRESSE
    personne.save()
    return personne


def _connecte(personne: Utilisateur) -> Client:
    client = Client()
    client.force_login(personne)
    return client


def _repondre(client: Client, geste: str, lien: str = "") -> str:
    """Answer by the link, or from « Gérer ma connexion » without one."""
    if lien:
        adresse, donnees = lien.partition("?")[0], {"jeton": lien.partition("jeton=")[2]}
    else:
        adresse, donnees = reverse("fournisseur:repondre_invitation", args=[Invitation.objects.get().pk]), {}
    return mots(client.post(adresse, donnees | {"geste": geste}, follow=True))


@pytest.mark.exigence("GST-033")
def test_l_entreprise_lit_la_meme_chose_que_l_adresse_ait_un_compte_ou_non(inviteur: Inviteur) -> None:
    lues = []
    for adresse in ("inconnu@ailleurs.example", _connu().email, usines.utilisateur(Profil.COMPTABLE).email):
        page = inviteur.inviter(adresse)
        lues.append(page.replace(adresse, "ADRESSE"))
        inviteur.agir("retirer_invitation", Invitation.objects.latest("pk"))
    assert len(set(lues)) == 1
    assert "L'invitation est envoyée à ADRESSE." in lues[0]
    assert "Quintrelle" not in lues[0]


@pytest.mark.exigence("GST-033", "PUB-041")
def test_qui_a_un_compte_accepte_depuis_lui_et_n_agit_qu_ensuite(inviteur: Inviteur) -> None:
    personne = _connu()
    inviteur.inviter(ADRESSE.upper())
    assert recus(personne) == ["M50"]
    assert "Quintrelle" not in inviteur.liste()
    assert len(membres(inviteur.entreprise)) == 1
    client = _connecte(personne)
    assert f"{inviteur.entreprise} vous invite" in mots(client.get(reverse("fournisseur:compte")))
    assert "est acceptée" in _repondre(client, "accepter")
    habilitation = Habilitation.objects.get(utilisateur=personne)
    assert (habilitation.entreprise, habilitation.role) == (inviteur.entreprise, Role.LECTEUR)
    assert "Berthe Quintrelle" in inviteur.liste()
    assert ADRESSE not in inviteur.liste().partition("Invitations envoyées")[2]
    personne.refresh_from_db()
    assert personne.get_full_name() == "Berthe Quintrelle"
    assert recus(personne) == ["M50", "M07"]


@pytest.mark.exigence("GST-033")
@pytest.mark.parametrize("par_lien", [True, False])
def test_une_invitation_declinee_ne_donne_rien_et_le_dit_a_l_entreprise(
    inviteur: Inviteur, par_lien: bool
) -> None:
    personne = _connu()
    inviteur.inviter(ADRESSE)
    client = Client() if par_lien else _connecte(personne)
    lien = invitation_recue(ADRESSE) if par_lien else ""
    assert "Vous avez décliné l'invitation." in _repondre(client, "decliner", lien)
    assert not Habilitation.objects.exists()
    assert "Déclinée" in inviteur.liste()
    assert "Quintrelle" not in inviteur.liste()
    assert "vous invite" not in mots(_connecte(personne).get(reverse("fournisseur:compte")))


@pytest.mark.exigence("GST-033", "ENR-068")
def test_qui_n_a_pas_de_compte_accepte_par_le_lien_et_en_recoit_un(inviteur: Inviteur) -> None:
    inviteur.inviter(ADRESSE, Role.DEPOSANT)
    lien, client = invitation_recue(ADRESSE), Client()
    page = client.get(lien)
    assert titres(page, 1) == ["Invitation à agir pour une entreprise"]
    assert inviteur.entreprise.denomination in mots(page)
    assert not Utilisateur.objects.filter(email=ADRESSE).exists()
    _repondre(client, "accepter", lien)
    personne = Utilisateur.objects.get(email=ADRESSE)
    assert (personne.entreprise, personne.role) == (inviteur.entreprise, Role.DEPOSANT)
    assert recus(personne) == ["M50", "M05", "M06"]
    assert "n'attend plus de réponse" in mots(client.get(lien, follow=True))


@pytest.mark.parametrize("moyen", ["mot de passe", "identité"])
def test_le_lien_seul_n_accepte_pas_a_la_place_de_qui_peut_se_connecter(
    inviteur: Inviteur, moyen: str
) -> None:
    personne = _connu()
    if moyen == "identité":
        personne.set_unusable_password()
        personne.save()
        IdentiteExterne.objects.create(utilisateur=personne, emetteur="https://id.example", sujet="berthe")
    inviteur.inviter(ADRESSE)
    lien, client = invitation_recue(ADRESSE), Client()
    page = mots(client.get(lien))
    assert "Pour accepter, connectez-vous" in page
    assert "Quintrelle" not in page
    assert "connectez-vous" not in mots(_connecte(personne).get(lien))
    assert "Connectez-vous pour accepter" in _repondre(client, "accepter", lien)
    assert not Habilitation.objects.exists()


def test_une_invitation_faite_a_un_autre_n_existe_pas(inviteur: Inviteur) -> None:
    inviteur.inviter(ADRESSE)
    curieux = _connecte(avec_mot_de_passe(Profil.FOURNISSEUR))
    adresse = reverse("fournisseur:repondre_invitation", args=[Invitation.objects.get().pk])
    assert curieux.post(adresse, {"geste": "accepter"}).status_code == 404
    assert "vous invite" not in mots(curieux.get(reverse("fournisseur:compte")))


def test_un_agent_ne_peut_pas_accepter(inviteur: Inviteur) -> None:
    agent = avec_mot_de_passe(Profil.COMPTABLE)
    inviteur.inviter(agent.email)
    assert "vous invite" not in mots(_connecte(agent).get(reverse("fournisseur:compte")))
    _repondre(Client(), "accepter", invitation_recue(agent.email))
    agent.refresh_from_db()
    assert agent.entreprise is None


def test_une_invitation_expire_et_se_renvoie(inviteur: Inviteur) -> None:
    personne = _connu()
    inviteur.inviter(ADRESSE)
    ancien = invitation_recue(ADRESSE)
    Invitation.objects.update(expire_le=maintenant())
    assert "Expirée" in inviteur.liste()
    assert "n'attend plus de réponse" in mots(Client().get(ancien, follow=True))
    assert "vous invite" not in mots(_connecte(personne).get(reverse("fournisseur:compte")))
    assert "envoyée de nouveau" in inviteur.agir("renvoyer_invitation", Invitation.objects.get())
    nouveau = invitation_recue(ADRESSE)
    assert nouveau != ancien
    assert Client().get(nouveau).status_code == 200
    assert Client().get(ancien).status_code == 302


def test_une_invitation_retiree_n_ouvre_plus_rien(inviteur: Inviteur) -> None:
    personne = _connu()
    inviteur.inviter(ADRESSE)
    assert "L'invitation est retirée." in inviteur.agir("retirer_invitation", Invitation.objects.get())
    assert ADRESSE not in inviteur.liste()
    client = _connecte(personne)
    assert "n'attend plus de réponse" in mots(client.get(invitation_recue(ADRESSE), follow=True))
    adresse = reverse("fournisseur:repondre_invitation", args=[Invitation.objects.get().pk])
    assert client.post(adresse, {"geste": "accepter"}).status_code == 404


@pytest.mark.parametrize("geste", ["renvoyer_invitation", "retirer_invitation"])
def test_l_invitation_d_une_autre_entreprise_n_existe_pas(inviteur: Inviteur, geste: str) -> None:
    inviteur.inviter(ADRESSE)
    adresse = reverse(f"fournisseur:{geste}", args=[Invitation.objects.get().pk])
    assert Inviteur().ecran.post(adresse).status_code == 404
    assert Invitation.objects.get().statut == Invitation.Statut.EN_ATTENTE


@pytest.mark.exigence("GST-033")
def test_un_compte_ferme_se_rouvre_pour_la_seule_entreprise_acceptee(inviteur: Inviteur) -> None:
    personne = _connu()
    Utilisateur.objects.filter(pk=personne.pk).update(is_active=False)
    inviteur.inviter(ADRESSE)
    _repondre(Client(), "accepter", invitation_recue(ADRESSE))
    personne.refresh_from_db()
    assert (personne.is_active, personne.entreprise, personne.role) == (
        True,
        inviteur.entreprise,
        Role.LECTEUR,
    )


def test_une_adresse_qui_ressemble_n_est_pas_la_meme(inviteur: Inviteur) -> None:
    """« K », the sign of Kelvin, folds into a « k » in a database that knows Unicode."""
    assert "n'est pas une adresse électronique" in inviteur.inviter("\u212aarl@ailleurs.example")
    assert not Courriel.objects.exists()


def test_le_journal_dit_qui_a_invite_et_qui_a_repondu(inviteur: Inviteur) -> None:
    personne = _connu()
    inviteur.inviter(ADRESSE)
    _repondre(_connecte(personne), "accepter")
    faits = Evenement.objects.filter(chaine=f"invitations:{inviteur.entreprise.pk}").order_by("rang")
    assert [(fait.geste, fait.acteur) for fait in faits] == [
        ("INVITER", inviteur.personne),
        ("ACCEPTER_INVITATION", personne),
    ]
    assert ADRESSE not in str(faits.values())


def test_les_vieilles_invitations_sont_oubliees(inviteur: Inviteur) -> None:
    inviteur.inviter(ADRESSE)
    nettoyer(0)
    assert Invitation.objects.exists()
    Invitation.objects.update(expire_le=maintenant() - invitations.GARDE - timedelta(seconds=1))
    nettoyer(0)
    assert not Invitation.objects.exists()
