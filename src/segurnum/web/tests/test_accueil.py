"""The supplier's home page and the frame that every private page has."""

import pytest
from django.test import Client
from django.urls import reverse

from segurnum.comptes.models import Profil
from segurnum.essais import usines
from segurnum.regles.cycles import EtatPaiement, StatutDemande, TypeDemande
from segurnum.web.tests.lecture import lien, mots, titres

pytestmark = pytest.mark.django_db

ATTENTION = "Attention : des demandes d'avance et/ou de solde n'ont pas été complétées."
SUIVI_INCOMPLETES = "Suivi des demandes incomplètes"


@pytest.fixture
def inscrit():
    return usines.enrolement()


def connecter(profil: Profil = Profil.FOURNISSEUR, **valeurs) -> Client:
    client = Client()
    client.force_login(
        usines.utilisateur(profil, **valeurs), backend="django.contrib.auth.backends.ModelBackend"
    )
    return client


def accueil(client: Client):
    return client.get(reverse("fournisseur:accueil"))


@pytest.mark.exigence("FRM-001")
@pytest.mark.parametrize(
    ("profil", "titre"),
    [(Profil.FOURNISSEUR, "Accueil fournisseur"), (Profil.OPERATEUR, "Accueil opérateur")],
)
def test_chaque_profil_a_son_accueil(profil, titre):
    assert titres(accueil(connecter(profil)), 1) == [titre]


def test_l_accueil_ne_mene_qu_a_des_pages_ouvertes_au_profil():
    importations = reverse("fournisseur:importations")
    assert f'class="fr-btn" href="{importations}"' in accueil(connecter(Profil.FOURNISSEUR)).content.decode()
    assert importations not in accueil(connecter(Profil.OPERATEUR)).content.decode()


@pytest.mark.exigence("FRM-001")
def test_l_accueil_d_une_entreprise_est_ferme_aux_agents():
    reponse = accueil(connecter(Profil.GESTIONNAIRE))
    assert reponse.status_code == 403
    assert "Cette page est réservée à un autre profil que le vôtre." in mots(reponse)


@pytest.mark.exigence("FRM-022")
def test_les_quatre_compteurs_separent_avances_et_soldes(inscrit):
    for statut in (StatutDemande.EN_COURS, StatutDemande.EN_COURS, StatutDemande.EN_ATTENTE_PIECE):
        usines.demande(statut, inscrit=inscrit)
    usines.demande(StatutDemande.EN_COURS, inscrit=inscrit, type_demande=TypeDemande.SOLDE)
    usines.demande(StatutDemande.VALIDEE, inscrit=inscrit)
    usines.demande(StatutDemande.DECIDEE, inscrit=inscrit, etat_paiement=EtatPaiement.EFFECTUE)
    usines.demande(StatutDemande.EN_COURS)  # another company's
    texte = mots(accueil(connecter(entreprise=inscrit.entreprise)))
    assert "Nombre de demandes en cours Avance : 2 / Solde : 1" in texte
    assert "Nombre de demandes validées Avance : 2 / Solde : 0" in texte
    assert "Nombre de demandes en attente de pièces jointes complémentaires Avance : 1 / Solde : 0" in texte
    assert "Nombre de demandes payées Avance : 1 / Solde : 0" in texte


@pytest.mark.exigence("FRM-023")
def test_une_demande_incomplete_est_signalee_avec_son_suivi(inscrit):
    demande = usines.demande(StatutDemande.NON_COMPLETEE, inscrit=inscrit)
    client = connecter(entreprise=inscrit.entreprise)
    page = accueil(client)
    assert ATTENTION in mots(page)
    suivi = client.get(lien(page, SUIVI_INCOMPLETES))
    assert demande.numero in mots(suivi)


@pytest.mark.exigence("FRM-023")
def test_sans_demande_incomplete_rien_n_est_signale(inscrit):
    usines.demande(StatutDemande.EN_COURS, inscrit=inscrit)
    usines.demande(StatutDemande.NON_COMPLETEE)  # another company's
    texte = mots(accueil(connecter(entreprise=inscrit.entreprise)))
    assert ATTENTION not in texte
    assert SUIVI_INCOMPLETES not in texte


@pytest.mark.exigence("FRM-024", "FRM-025")
@pytest.mark.parametrize(
    "libelle",
    [
        "Suivi des demandes d'enrôlement",
        "Suivi du téléchargement de mes JSONs et pièces justificatives",
        "Suivi des demandes de financement",
    ],
)
def test_chaque_bouton_d_acces_mene_a_un_tableau(libelle):
    client = connecter()
    page = client.get(lien(accueil(client), libelle))
    assert page.status_code == 200
    assert "<table" in page.content.decode()
    assert "Aucune donnée disponible dans le tableau" in mots(page)


@pytest.mark.exigence("FRM-025", "ENR-100")
def test_le_suivi_des_enrolements_ne_montre_que_ceux_de_l_entreprise(inscrit):
    autre = usines.enrolement()
    page = connecter(entreprise=inscrit.entreprise).get(reverse("fournisseur:enrolements"))
    texte = mots(page)
    assert f"{inscrit.numero} " in texte
    assert f"Validée {inscrit.entreprise.siret} PA, PH, DOM Initial" in texte
    assert autre.entreprise.siret not in texte
    assert "Précédent Page 1 sur 1 Suivant" in texte
    assert lien(page, "Retour") == reverse("fournisseur:accueil")


@pytest.mark.exigence("FRM-003", "FRM-005", "FRM-006", "FRM-007")
@pytest.mark.parametrize("route", ["accueil", "enrolements", "importations", "importer", "demandes"])
def test_le_bandeau_dit_qui_est_connecte_sur_chaque_page(route):
    client = connecter()
    page = client.get(reverse(f"fournisseur:{route}"))
    texte = mots(page)
    assert "Fournisseur : Administrateur" in texte
    assert page.wsgi_request.user.username in texte
    assert "Se déconnecter" in texte
    assert f'action="{reverse("fournisseur:deconnexion")}"' in page.content.decode()
    assert lien(page, "Portail SEGUR Numérique") == reverse("fournisseur:accueil")


@pytest.mark.exigence("FRM-009")
def test_le_menu_ouvre_sur_l_accueil_sans_sous_menu():
    client = connecter()
    assert lien(client.get(reverse("fournisseur:enrolements")), "Accueil") == reverse("fournisseur:accueil")


@pytest.mark.exigence("FRM-002")
def test_l_accueil_porte_ses_six_zones():
    page = accueil(connecter())
    assert titres(page, 2) == ["Actualités", "Demandes"]
    assert "Aucune actualité pour le moment." in mots(page)
    for zone in (
        'role="banner"',
        'aria-label="Menu principal"',
        'aria-label="Accès rapides"',
        'role="contentinfo"',
    ):
        assert page.content.decode().count(zone) == 1
