"""Who keeps the keys when the person who asks for the financing changes: the officer is told, then it happens."""

import pytest
from django.test import Client
from django.urls import reverse

from segurnum.comptes import services
from segurnum.comptes.auteurs import auteur
from segurnum.comptes.models import (
    CleAcces,
    CodeSecours,
    Habilitation,
    IdentiteExterne,
    Profil,
    Role,
    SecondFacteur,
    Utilisateur,
)
from segurnum.comptes.mots_de_passe import RENOUVELLEMENT, creer_lien
from segurnum.comptes.sessions import sessions_de
from segurnum.coordonnees.models import ModificationPersonnes
from segurnum.coordonnees.personnes import TypePiece
from segurnum.coordonnees.tests.monde import REPRESENTANT, Societe, ecrits
from segurnum.essais import usines
from segurnum.essais.courriels import lien_recu
from segurnum.journal.queries import evenements_de
from segurnum.regles.erreurs import GesteImpossible
from segurnum.web.tests.instruction import Agent, Reponse
from segurnum.web.tests.lecture import mots
from segurnum.web.tests.test_connexion import MOT_DE_PASSE, saisir

pytestmark = pytest.mark.django_db

NOUVELLE = "jeanne@societe.example"
AUTRE = {"nom": "Quintrelle", "prenom": "Jeanne", "courriel": NOUVELLE}


def _titulaire(societe: Societe) -> Utilisateur:
    """The account of the legal representative, with everything that opens it."""
    personne = usines.utilisateur(Profil.FOURNISSEUR, entreprise=societe.entreprise)
    personne.email, personne.first_name, personne.last_name = REPRESENTANT.courriel, "Anne", "Lormelin"
    personne.set_password(MOT_DE_PASSE)
    personne.save()
    return personne


def _accepter(ligne: ModificationPersonnes) -> tuple[str, Reponse]:
    """What the officer reads before, then the answer."""
    agent = Agent(Profil.GESTIONNAIRE)
    page = mots(agent.lire("modification", "personnes", ligne.pk))
    return page, agent.client.post(
        reverse("gestion:geste_modification", args=["personnes", ligne.pk, "accepter"])
    )


def _entre(personne: Utilisateur, mot_de_passe: str = MOT_DE_PASSE) -> bool:
    return bool(saisir(Client(), personne.username, mot_de_passe).status_code == 302)


@pytest.mark.exigence("ACC-013", "XCT-002")
@pytest.mark.parametrize("courriel", [NOUVELLE, REPRESENTANT.courriel])
def test_l_ancien_titulaire_n_ouvre_plus_rien_et_le_nouveau_choisit_son_mot_de_passe(courriel: str):
    societe = Societe()
    ancien = _titulaire(societe)
    SecondFacteur.objects.create(utilisateur=ancien, cle="CLE")
    ouverte = Client()
    ouverte.force_login(ancien, backend="django.contrib.auth.backends.ModelBackend")
    jeton = creer_lien(ancien, RENOUVELLEMENT)
    page, reponse = _accepter(societe.soumettre(societe.changee(**AUTRE | {"courriel": courriel})))
    assert f"le compte {ancien.username} de Anne Lormelin passe à Jeanne Quintrelle" in page
    assert reponse.status_code == 302
    assert not _entre(ancien)
    assert ouverte.get(reverse("fournisseur:compte")).status_code == 302
    assert not sessions_de(ancien).exists()
    perdu = Client().get(reverse("fournisseur:nouveau_mot_de_passe"), {"jeton": jeton}, follow=True)
    assert "n'est plus valable" in mots(perdu)
    ancien.refresh_from_db()
    assert (ancien.get_full_name(), ancien.email) == ("Jeanne Quintrelle", courriel)
    assert not SecondFacteur.objects.exists()
    assert ecrits("M05") == ecrits("M06") == [courriel]
    choisi = "phrase-de-passe-toute-neuve"
    Client().post(lien_recu(ancien), {"new_password1": choisi, "new_password2": choisi})
    assert _entre(ancien, choisi)
    gestes = [fait.geste for fait in evenements_de(f"compte:{ancien.pk}")]
    assert "CEDER_COMPTE" in gestes
    assert "RETIRER_SECOND_FACTEUR" in gestes


@pytest.mark.exigence("ACC-013")
def test_une_adresse_corrigee_garde_le_mot_de_passe_et_ferme_les_liens_envoyes_a_l_ancienne():
    societe = Societe()
    personne = _titulaire(societe)
    jeton = creer_lien(personne, RENOUVELLEMENT)
    corrigee = societe.changee(courriel=NOUVELLE, nom="LORMELIN")
    page, _ = _accepter(societe.soumettre(corrigee))
    assert "garde son mot de passe" in page
    assert _entre(personne)
    perdu = Client().get(reverse("fournisseur:nouveau_mot_de_passe"), {"jeton": jeton}, follow=True)
    assert "n'est plus valable" in mots(perdu)
    assert not ecrits("M06")


@pytest.mark.exigence("ACC-013")
def test_qui_n_avait_pas_encore_de_mot_de_passe_recoit_son_lien_a_la_nouvelle_adresse():
    societe = Societe()
    personne = _titulaire(societe)
    personne.set_unusable_password()
    personne.save()
    _accepter(societe.soumettre(societe.changee(courriel=NOUVELLE), [TypePiece.IDENTITE]))
    assert ecrits("M06") == [NOUVELLE]


@pytest.mark.exigence("ACC-013", "XCT-002", "XCT-005")
def test_un_titulaire_qui_agit_ailleurs_ne_perd_que_cette_entreprise():
    societe, ailleurs = Societe(), Societe()
    ancien = _titulaire(societe)
    Habilitation.objects.create(
        utilisateur=ancien, entreprise=ailleurs.entreprise, profil=Profil.FOURNISSEUR, role=Role.DEPOSANT
    )
    page, reponse = _accepter(societe.soumettre(societe.changee(**AUTRE)))
    assert "n'agira plus pour cette entreprise" in page
    assert reponse.status_code == 302
    ancien.refresh_from_db()
    assert (ancien.entreprise, ancien.email) == (ailleurs.entreprise, REPRESENTANT.courriel)
    assert not ancien.autres_habilitations.exists()
    assert _entre(ancien)
    nouveau = Utilisateur.objects.get(email=NOUVELLE)
    assert (nouveau.entreprise, nouveau.role) == (societe.entreprise, Role.ADMINISTRATEUR)


@pytest.mark.exigence("ACC-013", "XCT-002")
def test_un_successeur_qui_a_deja_un_compte_garde_le_sien_et_devient_administrateur():
    societe = Societe()
    ancien = _titulaire(societe)
    nouveau = usines.utilisateur(Profil.FOURNISSEUR, entreprise=societe.entreprise, role=Role.LECTEUR)
    _accepter(societe.soumettre(societe.changee(**AUTRE | {"courriel": nouveau.email})))
    assert not _entre(ancien)
    nouveau.refresh_from_db()
    assert nouveau.role == Role.ADMINISTRATEUR
    assert ecrits("M07") == [nouveau.email]


@pytest.mark.exigence("ACC-013")
def test_l_adresse_d_un_agent_ne_prend_pas_la_place_du_demandeur():
    societe = Societe()
    ancien = _titulaire(societe)
    agent = usines.utilisateur(Profil.COMPTABLE)
    _, refus = _accepter(societe.soumettre(societe.changee(**AUTRE | {"courriel": agent.email})))
    assert refus.status_code == 409
    assert "est celle d'un agent de l'administration" in mots(refus)
    assert societe.personnes == {"REPRESENTANT": REPRESENTANT}
    assert _entre(ancien)


@pytest.mark.exigence("ACC-013", "XCT-002", "XCT-005")
def test_une_adresse_partagee_ne_fait_pas_changer_de_mains_un_compte_qui_agit_ailleurs():
    """The same address, another name: handing the account over would give the other company's to a stranger."""
    societe, ailleurs = Societe(), Societe()
    ancien = _titulaire(societe)
    Habilitation.objects.create(
        utilisateur=ancien,
        entreprise=ailleurs.entreprise,
        profil=Profil.FOURNISSEUR,
        role=Role.ADMINISTRATEUR,
    )
    ligne = societe.soumettre(societe.changee(**AUTRE | {"courriel": REPRESENTANT.courriel}))
    _, refus = _accepter(ligne)
    assert refus.status_code == 409
    assert "agit aussi pour une autre entreprise" in mots(refus)
    ancien.refresh_from_db()
    assert ancien.get_full_name() == "Anne Lormelin"
    assert _entre(ancien)
    assert not ecrits("M05")


@pytest.mark.exigence("ACC-013", "XCT-005")
@pytest.mark.parametrize("geste", [services.suivre_titulaire, services.ceder_compte])
def test_le_service_lui_meme_refuse_de_toucher_a_un_compte_qui_agit_ailleurs(geste):
    """Another company may accept the person between the officer's page and the gesture."""
    societe, ailleurs = Societe(), Societe()
    ancien = _titulaire(societe)
    Habilitation.objects.create(
        utilisateur=ancien, entreprise=ailleurs.entreprise, profil=Profil.FOURNISSEUR, role=Role.LECTEUR
    )
    avant = Utilisateur.objects.values().get(pk=ancien.pk)
    titulaire = services.Titulaire("Quintrelle", "Jeanne", NOUVELLE)
    with pytest.raises(GesteImpossible, match="ne change ni de mains ni d'adresse"):
        geste(entreprise=societe.entreprise, personne=ancien, titulaire=titulaire, auteur=auteur(ancien))
    assert Utilisateur.objects.values().get(pk=ancien.pk) == avant


@pytest.mark.exigence("ACC-013")
def test_une_adresse_changee_est_dite_a_l_ancienne_et_a_la_nouvelle():
    societe = Societe()
    _titulaire(societe)
    _accepter(societe.soumettre(societe.changee(courriel=NOUVELLE), [TypePiece.IDENTITE]))
    assert sorted(ecrits("M51")) == sorted([REPRESENTANT.courriel, NOUVELLE])


@pytest.mark.exigence("ACC-013", "XCT-002")
def test_rien_de_ce_qui_prouvait_l_ancien_titulaire_ne_reste_au_nouveau():
    societe = Societe()
    ancien = _titulaire(societe)
    IdentiteExterne.objects.create(utilisateur=ancien, emetteur="https://id.example", sujet="anne")
    CleAcces.objects.create(utilisateur=ancien, nom="Téléphone", identifiant="abc", cle_publique=b"x")
    CodeSecours.objects.create(utilisateur=ancien, empreinte="x")
    _accepter(societe.soumettre(societe.changee(**AUTRE)))
    for modele in (IdentiteExterne, CleAcces, CodeSecours):
        assert not modele.objects.exists()
