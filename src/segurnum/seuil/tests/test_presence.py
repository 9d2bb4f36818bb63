"""What holds of every page of somebody signed in: it ends some day, stays in no cache, and leaves nothing behind."""

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings as reglages
from django.test import Client
from django.urls import reverse

from segurnum.comptes import sessions
from segurnum.comptes.models import Connexion, Profil, SessionOuverte, Utilisateur
from segurnum.essais.courriels import recus
from segurnum.journal.models import Evenement
from segurnum.limites.connexion import FRANCS
from segurnum.regles.calendrier import maintenant
from segurnum.web.tests.lecture import mots
from segurnum.web.tests.test_connexion import CONNEXION, avec_mot_de_passe, saisir
from segurnum.web.tests.test_second_facteur import CODE, activer, code, est_entre

pytestmark = pytest.mark.django_db


@pytest.fixture
def personne() -> Utilisateur:
    return avec_mot_de_passe(Profil.FOURNISSEUR)


def connecte(personne: Utilisateur) -> Client:
    client = Client(headers={"user-agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Firefox/140.0"})
    assert saisir(client, personne.username).status_code == 302
    return client


def _gestes(personne: Utilisateur) -> list[str]:
    return list(
        Evenement.objects.filter(objet=personne.objet).order_by("rang").values_list("geste", flat=True)
    )


@pytest.mark.parametrize(
    "route", ["fournisseur:accueil", "fournisseur:compte", "public:accueil", "public:faq"]
)
def test_ce_que_lit_une_personne_connectee_ne_reste_dans_aucun_cache(
    personne: Utilisateur, route: str
) -> None:
    page = connecte(personne).get(reverse(route))
    assert "no-store" in page["Cache-Control"]


def test_une_page_publique_reste_libre_pour_les_autres() -> None:
    assert "no-store" not in Client().get(reverse("public:accueil")).get("Cache-Control", "")


def test_une_reponse_d_erreur_ou_de_connexion_n_y_reste_pas_non_plus(personne: Utilisateur) -> None:
    client = Client()
    assert "no-store" in saisir(client, personne.username)["Cache-Control"]
    assert "no-store" in client.get("/segurnums/rien-ici")["Cache-Control"]


def test_se_deconnecter_efface_ce_que_le_navigateur_gardait(personne: Utilisateur) -> None:
    client = connecte(personne)
    reponse = client.post(reverse("fournisseur:deconnexion"))
    assert reponse["Clear-Site-Data"] == '"cache", "storage"'
    assert "no-store" in reponse["Cache-Control"]
    assert _gestes(personne) == ["CONNEXION", "DECONNEXION"]


def test_une_session_prend_fin_meme_utilisee_sans_cesse(personne: Utilisateur, monkeypatch: Any) -> None:
    client, depart = connecte(personne), maintenant()
    fin = timedelta(seconds=reglages.SESSION_FIN)
    monkeypatch.setattr(sessions, "maintenant", lambda: depart + fin - timedelta(minutes=1))
    assert est_entre(client)
    monkeypatch.setattr(sessions, "maintenant", lambda: depart + fin + timedelta(minutes=1))
    page = client.get(reverse("fournisseur:demandes"), follow=True)
    assert page.redirect_chain[0][0] == f"{CONNEXION}?next={reverse('fournisseur:demandes')}"
    assert "votre session a pris fin" in mots(page)
    assert _gestes(personne) == ["CONNEXION", "FIN_DE_SESSION"]
    assert not SessionOuverte.objects.filter(utilisateur=personne).exists()


def test_mes_connexions_disent_quand_d_ou_et_comment(personne: Utilisateur) -> None:
    cle, _ = activer(personne)
    client = Client(
        REMOTE_ADDR="203.0.113.77", headers={"user-agent": "Mozilla/5.0 (Windows NT 10.0) Firefox/140.0"}
    )
    saisir(client, personne.username)
    client.post(CODE, {"code": code(cle)})
    page = mots(client.get(reverse("fournisseur:connexions")))
    assert "Firefox sur Windows 203.0.113.0/24 Mot de passe et code" in page
    assert "203.0.113.77" not in page
    assert "203.0.113.77" not in str(list(Evenement.objects.values()) + list(Connexion.objects.values()))


def test_un_autre_navigateur_est_un_nouvel_appareil_le_meme_ne_l_est_pas(personne: Utilisateur) -> None:
    client = connecte(personne)
    client.post(reverse("fournisseur:deconnexion"))
    saisir(client, personne.username)
    assert recus(personne) == []
    connecte(personne)
    assert recus(personne) == ["M51"]
    marque = client.cookies[reglages.NAVIGATEUR_COOKIE_NAME]
    assert marque["httponly"]
    assert marque.value not in str(Connexion.objects.values())


def test_un_echec_puis_une_suspension_sont_au_journal(personne: Utilisateur) -> None:
    client = Client()
    for _ in range(FRANCS + 1):
        saisir(client, personne.username, "faux")
    gestes = _gestes(personne)
    assert gestes.count("ECHEC_CONNEXION") >= FRANCS
    assert "SUSPENDRE_CONNEXION" in gestes


def test_fermer_ses_sessions_est_au_journal(personne: Utilisateur) -> None:
    ici, _ = connecte(personne), connecte(personne)
    ici.post(reverse("fournisseur:fermer_sessions"))
    assert _gestes(personne)[-1] == "FERMER_SESSIONS"
