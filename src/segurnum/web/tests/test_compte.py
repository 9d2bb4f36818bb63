"""« Mon compte »: forgotten and changed passwords, open sessions, and the companies that one acts for."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from segurnum.comptes import exigences, mots_de_passe, queries, services
from segurnum.comptes.auteurs import PORTAIL
from segurnum.comptes.models import Profil, SessionOuverte, Utilisateur
from segurnum.courriels.models import Courriel
from segurnum.essais import usines
from segurnum.essais.courriels import lien_recu, recus, repondre_aux_oublis
from segurnum.regles.calendrier import maintenant
from segurnum.seuil import presence
from segurnum.web.fournisseur import second_facteur as pages
from segurnum.web.tests.lecture import mots, titres
from segurnum.web.tests.test_connexion import MOT_DE_PASSE, avec_mot_de_passe, saisir

pytestmark = pytest.mark.django_db

NOUVEAU = "le-chat-mange-la-pomme"
OUBLIS = {
    "fournisseur:identifiant_oublie": "adresse",
    "fournisseur:mot_de_passe_oublie": "saisi",
}


@pytest.fixture
def personne() -> Utilisateur:
    return avec_mot_de_passe(Profil.FOURNISSEUR)


def connecte(personne: Utilisateur) -> Client:
    client = Client(headers={"user-agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Firefox/140.0"})
    saisir(client, personne.username)
    return client


def choisir(client: Client, lien: str, premier: str = NOUVEAU, second: str = NOUVEAU):
    jeton = lien.partition("jeton=")[2]
    donnees = {"jeton": jeton, "new_password1": premier, "new_password2": second}
    return client.post(reverse("fournisseur:nouveau_mot_de_passe"), donnees)


@pytest.mark.exigence("PUB-037", "PUB-038")
@pytest.mark.parametrize("route", OUBLIS)
def test_la_reponse_est_la_meme_que_le_compte_existe_ou_non(route: str, personne: Utilisateur) -> None:
    lues = set()
    for saisi in (personne.email, "inconnu@ailleurs.example"):
        lues.add(mots(Client().post(reverse(route), {OUBLIS[route]: saisi}, follow=True)))
    (lue,) = lues
    assert pages.REPONSE in lue
    assert repondre_aux_oublis() == 2  # what is done at once does not depend on the account either
    assert recus(personne) == ["M14" if "identifiant" in route else "M15"]
    assert Courriel.objects.count() == 1


@pytest.mark.parametrize("route", OUBLIS)
def test_un_reseau_qui_demande_trop_est_prie_d_attendre(route: str, personne: Utilisateur) -> None:
    donnees = {OUBLIS[route]: personne.email}
    reponses = [
        Client().post(reverse(route), donnees).status_code for _ in range(pages.DEMANDES_PAR_HEURE + 1)
    ]
    assert reponses == [302] * pages.DEMANDES_PAR_HEURE + [429]


@pytest.mark.exigence("PUB-037")
@pytest.mark.parametrize("saisi", ["", "pas-une-adresse"])
def test_une_adresse_mal_ecrite_est_dite_a_cote_du_champ(saisi: str) -> None:
    page = Client().post(reverse("fournisseur:identifiant_oublie"), {"adresse": saisi})
    assert page.status_code == 422
    assert "aisissez" in mots(page) or "n'est pas une adresse électronique" in mots(page)
    assert 'aria-invalid="true"' in page.content.decode()


@pytest.mark.exigence("PUB-038", "PUB-040", "XCT-010", "ENR-068")
def test_le_lien_du_premier_courriel_mene_au_mot_de_passe_puis_au_portail():
    personne = services.ouvrir_acces(
        entreprise=usines.entreprise(),
        courriel="zoe@societe.example",
        nom="Durand",
        prenom="Zoé",
        profil=Profil.FOURNISSEUR,
        auteur=PORTAIL,
    )
    client, lien = Client(), lien_recu(personne)
    page = client.get(lien)
    assert titres(page, 1) == ["Choisir mon mot de passe"]
    assert exigences.REGLES in mots(page)  # the rules are said before they are broken
    assert choisir(client, lien)["Location"] == reverse("fournisseur:connexion")
    assert saisir(client, personne.username, NOUVEAU)["Location"] == reverse("fournisseur:accueil")
    assert "n'est plus valable" in mots(Client().get(lien, follow=True))
    assert "n'est plus valable" in mots(
        Client().get(reverse("fournisseur:nouveau_mot_de_passe"), follow=True)
    )


@pytest.mark.parametrize(
    ("premier", "second", "phrase"),
    [
        ("court", "court", "trop court"),
        ("motdepasse", "autrechose", "saisissez deux fois le même"),
        ("123456789012345", "123456789012345", "une suite de lettres ou de chiffres"),
        ("x" * 129, "x" * 129, "128 caractères au plus"),
        ("", "", "Saisissez le nouveau mot de passe."),
    ],
)
def test_un_mot_de_passe_refuse_dit_pourquoi_et_le_lien_sert_encore(
    personne: Utilisateur, premier: str, second: str, phrase: str
) -> None:
    mots_de_passe.envoyer_lien(saisi=personne.username)
    client, lien = Client(), lien_recu(personne)
    page = choisir(client, lien, premier, second)
    assert page.status_code == 422
    assert phrase in mots(page)
    assert choisir(client, lien).status_code == 302


@pytest.mark.exigence("PUB-038")
def test_un_mot_de_passe_renouvele_ferme_les_sessions_et_leve_la_suspension(personne: Utilisateur) -> None:
    ouverte, essai = connecte(personne), Client()
    for _ in range(5):
        saisir(essai, personne.username, "faux")
    assert saisir(essai, personne.username).status_code == 429
    mots_de_passe.envoyer_lien(saisi=personne.username)
    choisir(essai, lien_recu(personne))
    assert ouverte.get(reverse("fournisseur:accueil")).status_code == 302
    assert saisir(essai, personne.username, NOUVEAU).status_code == 302


@pytest.mark.exigence("PUB-040")
@pytest.mark.parametrize("profil", [Profil.FOURNISSEUR, Profil.GESTIONNAIRE])
def test_changer_de_mot_de_passe_garde_cette_session_et_ferme_les_autres(profil: Profil) -> None:
    personne = avec_mot_de_passe(profil)
    ici, ailleurs = connecte(personne), connecte(personne)
    adresse = reverse("fournisseur:changer_mot_de_passe")
    donnees = {"old_password": "faux", "new_password1": NOUVEAU, "new_password2": NOUVEAU}
    assert "Ce n'est pas votre mot de passe actuel." in mots(ici.post(adresse, donnees))
    page = ici.post(adresse, donnees | {"old_password": MOT_DE_PASSE}, follow=True)
    assert "Votre mot de passe est changé" in mots(page)
    assert ici.get(reverse("fournisseur:compte")).status_code == 200
    assert ailleurs.get(reverse("fournisseur:compte")).status_code == 302
    assert saisir(Client(), personne.username, NOUVEAU).status_code == 302


def test_une_session_laissee_ouverte_ne_sert_pas_a_deviner_le_mot_de_passe(personne: Utilisateur) -> None:
    client, adresse = connecte(personne), reverse("fournisseur:changer_mot_de_passe")
    donnees = {"old_password": "faux", "new_password1": NOUVEAU, "new_password2": NOUVEAU}
    for _ in range(5):
        client.post(adresse, donnees)
    page = client.post(adresse, donnees | {"old_password": MOT_DE_PASSE})
    assert "Trop d'essais" in mots(page)
    personne.refresh_from_db()
    assert personne.check_password(MOT_DE_PASSE)


def test_on_voit_ses_sessions_et_on_en_ferme_une(personne: Utilisateur) -> None:
    ici, ailleurs = connecte(personne), connecte(personne)
    connecte(avec_mot_de_passe(Profil.FOURNISSEUR))
    page = ici.get(reverse("fournisseur:connexions"))
    assert mots(page).count("Firefox sur Linux") == 4  # open, and signed in
    assert mots(page).count("Cette session") == 1
    for session in SessionOuverte.objects.all():
        assert session.session_key not in page.content.decode()
    autre = SessionOuverte.objects.get(pk=ailleurs.session.session_key)
    ici.post(reverse("fournisseur:fermer_session"), {"session": autre.repere})
    assert ailleurs.get(reverse("fournisseur:compte")).status_code == 302
    assert ici.get(reverse("fournisseur:compte")).status_code == 200
    encore = ici.post(reverse("fournisseur:fermer_session"), {"session": autre.repere}, follow=True)
    assert "n'est plus ouverte" in mots(encore)


def test_une_session_dit_quand_elle_a_ete_vue_la_derniere_fois(personne: Utilisateur, monkeypatch) -> None:
    client = connecte(personne)
    ouverte = SessionOuverte.objects.get(utilisateur=personne)
    client.get(reverse("fournisseur:compte"))
    assert SessionOuverte.objects.get(utilisateur=personne).vue_le == ouverte.vue_le
    plus_tard = maintenant() + presence.INTERVALLE + timedelta(seconds=1)
    monkeypatch.setattr(presence, "maintenant", lambda: plus_tard)
    client.get(reverse("fournisseur:compte"))
    vue = SessionOuverte.objects.get(utilisateur=personne)
    assert (vue.vue_le, vue.ouverte_le) == (plus_tard, ouverte.ouverte_le)


def test_on_ferme_toutes_ses_autres_sessions(personne: Utilisateur) -> None:
    autre = connecte(avec_mot_de_passe(Profil.FOURNISSEUR))
    ici, *ailleurs = [connecte(personne) for _ in range(3)]
    page = ici.post(reverse("fournisseur:fermer_sessions"), follow=True)
    assert "Vos 2 autres sessions sont fermées." in mots(page)
    assert [client.get(reverse("fournisseur:compte")).status_code for client in ailleurs] == [302, 302]
    assert autre.get(reverse("fournisseur:compte")).status_code == 200


@pytest.mark.exigence("ENR-069", "PUB-041", "FRM-006")
def test_la_meme_personne_passe_d_une_entreprise_a_l_autre(personne: Utilisateur) -> None:
    seconde = usines.entreprise(denomination="LA SECONDE")
    services.ouvrir_acces(
        entreprise=seconde,
        courriel=personne.email,
        nom="x",
        prenom="x",
        profil=Profil.OPERATEUR,
        auteur=PORTAIL,
    )
    client = connecte(personne)
    page = client.get(reverse("fournisseur:compte"))
    assert "LA SECONDE" in mots(page)
    habilitation = queries.autres_habilitations(personne).get()
    client.post(reverse("fournisseur:choisir_entreprise"), {"habilitation": habilitation.pk})
    accueil = mots(client.get(reverse("fournisseur:accueil")))
    assert f"{personne.username} Opérateur : Administrateur" in accueil
    for faux in ("0", "x"):
        reponse = client.post(reverse("fournisseur:choisir_entreprise"), {"habilitation": faux})
        assert reponse.status_code == 404


@pytest.mark.exigence("FRM-006", "GST-001")
@pytest.mark.parametrize("profil", Profil)
def test_le_bandeau_dit_l_identifiant_et_le_profil(profil: Profil) -> None:
    personne = avec_mot_de_passe(profil)
    assert f"{personne.username} {personne.libelle_profil}" in mots(
        connecte(personne).get(reverse("fournisseur:compte"))
    )
