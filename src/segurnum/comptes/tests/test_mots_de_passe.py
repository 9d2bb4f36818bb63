"""Links to choose a password: once, for a short time, and to the account's own address only."""

from datetime import timedelta

import pytest

from segurnum.comptes import mots_de_passe, tasks
from segurnum.comptes.models import LienMotDePasse, Profil, SessionOuverte, Utilisateur
from segurnum.courriels.models import Courriel
from segurnum.essais import usines
from segurnum.essais.courriels import recus
from segurnum.journal.models import Evenement
from segurnum.limites.models import Compteur
from segurnum.regles.calendrier import maintenant

pytestmark = pytest.mark.django_db

MOT = "le-chat-mange-la-pomme"


@pytest.fixture
def personne() -> Utilisateur:
    return usines.utilisateur(Profil.FOURNISSEUR)


@pytest.mark.exigence("XCT-010", "PUB-038")
def test_un_lien_ne_sert_qu_une_fois(personne: Utilisateur) -> None:
    jeton = mots_de_passe.creer_lien(personne, timedelta(hours=1))
    assert mots_de_passe.personne_du_lien(jeton) == personne
    assert mots_de_passe.choisir(jeton=jeton, mot_de_passe=MOT)
    personne.refresh_from_db()
    assert personne.check_password(MOT)
    assert not mots_de_passe.choisir(jeton=jeton, mot_de_passe="un-autre-mot-de-passe")
    personne.refresh_from_db()
    assert personne.check_password(MOT)
    assert Evenement.objects.get(objet=personne.objet).geste == "CHOISIR_MOT_DE_PASSE"


@pytest.mark.exigence("XCT-010")
def test_un_lien_dont_le_delai_est_passe_ne_sert_plus(personne: Utilisateur) -> None:
    jeton = mots_de_passe.creer_lien(personne, -timedelta(seconds=1))
    assert mots_de_passe.personne_du_lien(jeton) is None
    assert not mots_de_passe.choisir(jeton=jeton, mot_de_passe=MOT)
    assert not Utilisateur.objects.get(pk=personne.pk).has_usable_password()


def test_un_lien_plus_recent_remplace_le_precedent(personne: Utilisateur) -> None:
    premier = mots_de_passe.creer_lien(personne, timedelta(hours=1))
    second = mots_de_passe.creer_lien(personne, timedelta(hours=1))
    assert mots_de_passe.personne_du_lien(premier) is None
    assert mots_de_passe.personne_du_lien(second) == personne


@pytest.mark.exigence("XCT-010")
def test_la_base_ne_garde_que_l_empreinte_du_lien(personne: Utilisateur) -> None:
    jeton = mots_de_passe.creer_lien(personne, timedelta(hours=1))
    assert jeton not in str(LienMotDePasse.objects.values().get())


@pytest.mark.exigence("PUB-037", "RUL-026")
def test_un_identifiant_oublie_est_ecrit_a_l_adresse_du_compte(personne: Utilisateur) -> None:
    tasks.identifiant_oublie(personne.email.upper())
    assert recus(personne) == ["M14"]
    assert personne.username in Courriel.objects.get().corps


@pytest.mark.exigence("PUB-038", "RUL-026")
@pytest.mark.parametrize("champ", ["username", "email"])
def test_un_mot_de_passe_oublie_se_renouvelle_par_un_lien(personne: Utilisateur, champ: str) -> None:
    tasks.mot_de_passe_oublie(getattr(personne, champ))
    assert recus(personne) == ["M15"]


def test_rien_n_est_ecrit_a_une_adresse_inconnue_ni_a_un_compte_ferme():
    ferme = usines.utilisateur(Profil.FOURNISSEUR, is_active=False)
    for saisi in ("inconnu@ailleurs.example", ferme.email, ""):
        tasks.identifiant_oublie(saisi)
        tasks.mot_de_passe_oublie(saisi)
    assert not Courriel.objects.exists()


def test_un_compte_ne_recoit_que_quelques_courriels_par_heure(personne: Utilisateur) -> None:
    for _ in range(mots_de_passe.COURRIELS_PAR_HEURE + 2):
        tasks.mot_de_passe_oublie(personne.username)
    assert len(recus(personne)) == mots_de_passe.COURRIELS_PAR_HEURE
    Compteur.objects.update(expire_le=maintenant())
    tasks.mot_de_passe_oublie(personne.username)
    assert len(recus(personne)) == mots_de_passe.COURRIELS_PAR_HEURE + 1


@pytest.mark.exigence("PUB-040")
def test_changer_de_mot_de_passe_ferme_les_autres_sessions_et_tue_le_lien_en_cours(
    personne: Utilisateur, client
) -> None:
    client.force_login(personne)
    jeton = mots_de_passe.creer_lien(personne, timedelta(hours=1))
    mots_de_passe.changer(personne=personne, mot_de_passe=MOT, session=None)
    assert not SessionOuverte.objects.filter(utilisateur=personne).exists()
    assert mots_de_passe.personne_du_lien(jeton) is None


def test_le_menage_oublie_les_liens_morts(personne: Utilisateur) -> None:
    mots_de_passe.creer_lien(personne, -timedelta(hours=1))
    tasks.nettoyer(0)
    assert not LienMotDePasse.objects.exists()
