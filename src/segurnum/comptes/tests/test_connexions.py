"""Sign-ins are shown to their person for a while and journalled for good; failures fill nobody's disk."""

from datetime import timedelta

import pytest

from segurnum.comptes import connexions
from segurnum.comptes.connexions import ECHECS_PAR_HEURE, INCONNUS, Origine, echouer, reseau_de
from segurnum.comptes.models import Connexion, Profil, Utilisateur
from segurnum.comptes.tasks import nettoyer
from segurnum.essais import usines
from segurnum.essais.concurrence import ensemble
from segurnum.essais.courriels import recus
from segurnum.journal.models import Evenement
from segurnum.journal.queries import ruptures
from segurnum.regles.calendrier import maintenant

pytestmark = pytest.mark.django_db

RESEAU = "203.0.113.0/24"


@pytest.fixture
def personne() -> Utilisateur:
    return usines.utilisateur(Profil.FOURNISSEUR)


def _entrer(personne: Utilisateur, navigateur: str) -> None:
    origine = Origine("Firefox sur Linux", RESEAU, navigateur)
    connexions.ouvrir(personne=personne, moyen="Mot de passe", origine=origine)


def _gestes(chaine: str) -> list[str]:
    return list(Evenement.objects.filter(chaine=chaine).order_by("rang").values_list("geste", flat=True))


@pytest.mark.parametrize(
    ("adresse", "attendu"),
    [
        ("203.0.113.77", RESEAU),
        ("2001:db8:12:3456::1", "2001:db8:12::/48"),
        ("", "inconnu"),
        (None, "inconnu"),
        ("pas-une-adresse", "inconnu"),
    ],
)
def test_une_adresse_est_gardee_sans_ses_derniers_chiffres(adresse: str | None, attendu: str) -> None:
    assert reseau_de(adresse) == attendu


def test_la_premiere_connexion_n_est_pas_une_alerte_celle_d_un_nouvel_appareil_en_est_une(
    personne: Utilisateur,
) -> None:
    _entrer(personne, "mon-ordinateur")
    _entrer(personne, "mon-ordinateur")
    assert recus(personne) == []
    _entrer(personne, "un-autre")
    assert recus(personne) == ["M51"]
    _entrer(personne, "un-autre")
    assert recus(personne) == ["M51"]


def test_la_connexion_est_au_journal_sans_l_appareil(personne: Utilisateur) -> None:
    _entrer(personne, "mon-ordinateur")
    fait = Evenement.objects.get(objet=personne.objet)
    assert (fait.geste, fait.acteur) == ("CONNEXION", personne)
    assert fait.details == {"moyen": "Mot de passe", "reseau": RESEAU}
    assert "mon-ordinateur" not in str(Connexion.objects.values())


def test_un_echec_est_au_journal_de_son_compte_et_pas_a_l_infini(personne: Utilisateur) -> None:
    for _ in range(ECHECS_PAR_HEURE + 5):
        echouer(identifiant=personne.username, reseau=RESEAU)
    assert _gestes(f"compte:{personne.pk}") == ["ECHEC_CONNEXION"] * ECHECS_PAR_HEURE


def test_les_identifiants_inconnus_n_ouvrent_pas_chacun_une_chaine() -> None:
    for rang in range(ECHECS_PAR_HEURE + 5):
        echouer(identifiant=f"inconnu-{rang}", reseau=RESEAU)
    assert set(Evenement.objects.values_list("chaine", flat=True)) == {INCONNUS}
    assert len(_gestes(INCONNUS)) == ECHECS_PAR_HEURE
    assert "inconnu-1" not in str(Evenement.objects.values())


def test_les_vieilles_connexions_sont_oubliees_pas_le_journal(personne: Utilisateur, settings) -> None:
    _entrer(personne, "mon-ordinateur")
    limite = maintenant() - timedelta(days=settings.GARDE_CONNEXIONS)
    Connexion.objects.update(instant=limite + timedelta(hours=1))
    nettoyer(0)
    assert Connexion.objects.exists()
    Connexion.objects.update(instant=limite - timedelta(hours=1))
    nettoyer(0)
    assert not Connexion.objects.exists()
    assert _gestes(f"compte:{personne.pk}") == ["CONNEXION"]


@pytest.mark.django_db(transaction=True)
def test_des_inconnus_qui_echouent_ensemble_gardent_une_chaine_entiere() -> None:
    ensemble(*[lambda: echouer(identifiant="personne", reseau=RESEAU)] * 4)
    assert _gestes(INCONNUS) == ["ECHEC_CONNEXION"] * 4
    assert not ruptures()
