"""A contested beneficiary on the pages: what an officer and each supplier read, and what each may do there."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from segurnum import couloirs
from segurnum.comptes.models import Profil
from segurnum.couloirs.vierges import exemple
from segurnum.courriels.models import Courriel
from segurnum.demandes import services as demandes
from segurnum.demandes.models import Demande
from segurnum.editique.tests.texte_pdf import texte
from segurnum.essais import usines
from segurnum.financements.tests.monde import FINESS, Dispute, gestionnaire
from segurnum.regles.cycles import StatutDemande, TypeDemande
from segurnum.regles.cycles_contestation import StatutContestation
from segurnum.web.tests.instruction import Agent, octets
from segurnum.web.tests.lecture import mots

pytestmark = pytest.mark.django_db


def _montrable(ligne: Demande) -> Demande:
    """Its declared data can be shown."""
    fichier = exemple(couloirs.par_dsr(ligne.dsr), ligne.type)
    ligne.versions.update(donnees=fichier["lignesImport"][0])
    return ligne


def _dispute() -> Dispute:
    dispute = Dispute.nouvelle()
    _montrable(dispute.bleue)
    _montrable(dispute.rouge)
    return dispute


def _client(ligne: Demande) -> Client:
    client = Client()
    client.force_login(usines.utilisateur(Profil.FOURNISSEUR, entreprise=ligne.entreprise))
    return client


def _page(ligne: Demande, nom: str, *cles: object) -> str:
    return mots(_client(ligne).get(reverse(f"fournisseur:{nom}", args=cles)))


def test_la_page_de_chaque_demande_dit_au_gestionnaire_qui_d_autre_la_porte() -> None:
    dispute = _dispute()
    agent = Agent(Profil.GESTIONNAIRE)
    for sienne, autre in ((dispute.bleue, dispute.rouge), (dispute.rouge, dispute.bleue)):
        reponse = agent.lire("demande", sienne.numero)
        page = mots(reponse)
        assert f"demande {autre.numero} de {autre.entreprise.denomination}, « En cours »" in page
        assert "1 000,00 € HT déclarés" in page.replace("\u202f", " ")
        assert reverse("gestion:demande", args=[autre.numero]) in reponse.content.decode()
        assert reverse("gestion:contestation", args=[dispute.contestation.pk]) in reponse.content.decode()


def test_une_demande_que_personne_d_autre_ne_porte_n_en_dit_rien() -> None:
    seule = _montrable(usines.demande())
    assert "demandé ailleurs" not in mots(Agent(Profil.GESTIONNAIRE).lire("demande", seule.numero))


def test_le_gestionnaire_ouvre_la_procedure_depuis_la_demande() -> None:
    dispute = _dispute()
    agent = Agent(Profil.GESTIONNAIRE)
    page = agent.lire("demande", dispute.bleue.numero)
    vue = page.context["marque"]
    adresse = reverse("gestion:geste", args=[dispute.bleue.numero, "contester"])
    refusee = agent.client.post(adresse, {"motif": "", "vue": vue})
    assert refusee.status_code == 422
    assert agent.client.post(adresse, {"motif": "Deux bons signés.", "vue": vue}).status_code == 302
    assert dispute.etat() is StatutContestation.EN_REPONSE
    lue = mots(agent.lire("contestation", dispute.contestation.pk))
    assert "Sans réponse." in lue
    assert "Deux bons signés." in lue


def test_la_file_montre_ce_qui_est_a_examiner_et_l_accueil_le_compte() -> None:
    dispute = _dispute()
    agent = Agent(Profil.GESTIONNAIRE)
    assert "1 bénéficiaire à examiner ou à trancher" in mots(agent.lire("accueil"))
    assert f"FINESS {FINESS}" in mots(agent.lire("contestations"))
    dispute.ouvrir()
    assert FINESS not in mots(agent.lire("contestations"))
    assert FINESS in mots(agent.lire("contestations", statut="EN_REPONSE"))
    assert "Aucun bénéficiaire à examiner" in mots(agent.lire("accueil"))


def test_chaque_fournisseur_lit_la_procedure_sur_l_accueil_et_sa_demande_sans_un_mot_de_l_autre() -> None:
    dispute = _dispute()
    dispute.ouvrir()
    for sienne, autre in ((dispute.bleue, dispute.rouge), (dispute.rouge, dispute.bleue)):
        partie = dispute.partie(sienne)
        pages = [
            _page(sienne, "accueil"),
            _page(sienne, "demande", sienne.numero),
            _page(sienne, "contestation", partie.pk),
        ]
        for page in pages:
            assert FINESS in page
            for nom in (autre.numero, autre.entreprise.denomination, autre.entreprise.siret):
                assert nom not in page
        etrangere = _client(autre).get(reverse("fournisseur:contestation", args=[partie.pk]))
        assert etrangere.status_code == 404


def test_le_fournisseur_repond_avec_une_piece_que_le_gestionnaire_lit() -> None:
    dispute = _dispute()
    dispute.ouvrir()
    partie, client = dispute.partie(dispute.bleue), _client(dispute.bleue)
    adresse = reverse("fournisseur:contestation", args=[partie.pk])
    saisie = {"entreprise": str(dispute.bleue.entreprise_id), "position": "MAINTIEN", "texte": ""}
    assert "Expliquez votre réponse" in mots(client.post(adresse, saisie))
    assert client.post(adresse, saisie | {"texte": "Bon signé du 3 mars."}).status_code == 302
    assert "Bon signé du 3 mars." in mots(client.get(adresse))
    assert "Répondre sur" not in mots(client.get(reverse("fournisseur:accueil")))
    lue = mots(Agent(Profil.GESTIONNAIRE).lire("contestation", dispute.contestation.pk))
    assert "Je maintiens ma demande" in lue
    assert "Bon signé du 3 mars." in lue


def _lettres(ligne: Demande, dispute: Dispute) -> dict[str, str]:
    """The words of what its supplier was sent, by the name of each letter, opened from its own page."""
    partie = dispute.partie(ligne)
    client = _client(ligne)
    page = client.get(reverse("fournisseur:contestation", args=[partie.pk])).content.decode()
    lues = {}
    for piece in partie.pieces.filter(lettre=True).order_by("pk"):
        adresse = reverse("fournisseur:piece_contestation", args=[partie.pk, piece.pk])
        assert adresse in page
        lues[piece.nom] = " ".join(texte(octets(client.get(adresse))).split())
    return lues


def test_chaque_fournisseur_recoit_ses_lettres_gardees_sur_les_deux_pages_sans_un_mot_de_l_autre() -> None:
    dispute = Dispute.nouvelle()
    contestation = dispute.a_trancher()
    agent = Agent(Profil.GESTIONNAIRE)
    adresse = reverse("gestion:geste_contestation", args=[contestation.pk, f"attribuer-{dispute.bleue.pk}"])
    assert agent.client.post(adresse, {"motif": "Commande confirmée."}).status_code == 302
    lue = agent.lire("contestation", contestation.pk)
    for sienne, autre, issue in (
        (dispute.bleue, dispute.rouge, "est attribué à votre demande"),
        (dispute.rouge, dispute.bleue, "n’est pas attribué à votre demande"),
    ):
        ouverture, fin = _lettres(sienne, dispute).values()
        assert "dix jours ouvrés" in ouverture
        assert issue in fin
        assert "Commande confirmée." in fin
        for lettre in (ouverture, fin):
            assert FINESS in lettre
            assert sienne.dossier.numero in lettre
            for nom in (autre.dossier.numero, autre.entreprise.denomination, autre.entreprise.siret):
                assert nom not in lettre
        assert f"beneficiaire_conteste_issue_{sienne.numero}.pdf" in mots(lue)
    assert mots(lue).count("Établir la lettre") == 4


def test_une_procedure_close_sans_objet_a_sa_lettre_pour_qui_porte_encore_le_beneficiaire() -> None:
    dispute = Dispute.nouvelle()
    dispute.ouvrir()
    demandes.rejeter(demande=dispute.rouge.pk, auteur=gestionnaire(), motif="Bon non signé.")
    ouverture, fin = _lettres(dispute.bleue, dispute).values()
    assert "figure aussi dans une autre demande" in ouverture
    assert "close sans objet" in fin
    assert "Deux commandes du même client." not in fin
    assert not [nom for nom in (dispute.rouge.numero, dispute.rouge.entreprise.denomination) if nom in fin]
    assert len(_lettres(dispute.rouge, dispute)) == 1


def test_le_suivi_du_dossier_dit_la_reponse_attendue_sur_un_beneficiaire() -> None:
    dispute = Dispute.nouvelle()
    _montrable(dispute.bleue)

    def suivi() -> str:
        page = _client(dispute.bleue).get(reverse("fournisseur:suivi", args=[dispute.bleue.numero]))
        return mots(page).partition("Ce qui s'est passé")[0]

    attendu = f"{dispute.bleue.numero} : répondez sur le bénéficiaire"
    assert attendu not in suivi()
    dispute.ouvrir()
    assert attendu in suivi()
    assert f"{FINESS}, qui figure dans une autre demande, jusqu'au" in suivi()
    dispute.repondre(dispute.bleue)
    assert attendu not in suivi()


def test_le_gestionnaire_attribue_et_chacun_lit_l_issue() -> None:
    dispute = Dispute.nouvelle()
    contestation = dispute.a_trancher()
    agent = Agent(Profil.GESTIONNAIRE)
    page = agent.lire("contestation", contestation.pk)
    assert f"Attribuer à la demande {dispute.bleue.numero}" in mots(page)
    adresse = reverse("gestion:geste_contestation", args=[contestation.pk, f"attribuer-{dispute.bleue.pk}"])
    refusee = agent.client.post(adresse, {"motif": f"Préféré à {dispute.rouge.entreprise.denomination}."})
    assert refusee.status_code == 422
    assert "ne doit nommer personne" in mots(refusee)
    assert agent.client.post(adresse, {"motif": "Commande confirmée."}).status_code == 302
    assert dispute.etat() is StatutContestation.ATTRIBUEE
    gagnante = _page(dispute.bleue, "contestation", dispute.partie(dispute.bleue).pk)
    assert "Le bénéficiaire est attribué à votre demande." in gagnante
    perdante = _page(dispute.rouge, "contestation", dispute.partie(dispute.rouge).pk)
    assert "Le bénéficiaire n'est pas attribué à votre demande." in perdante
    assert "Commande confirmée." in perdante
    assert Courriel.objects.filter(code="M63").count() == 2


@pytest.mark.parametrize("profil", [Profil.DECIDEUR, Profil.COMPTABLE, Profil.ADMINISTRATION])
def test_qui_n_instruit_pas_regarde_et_ne_tranche_pas(profil: Profil) -> None:
    contestation = Dispute.nouvelle().contestation
    agent = Agent(profil)
    assert agent.lire("contestation", contestation.pk).context["gestes"] == []
    adresse = reverse("gestion:geste_contestation", args=[contestation.pk, "ecarter"])
    assert agent.client.post(adresse, {"motif": "Non."}).status_code == 403


def test_un_solde_qui_ajoute_un_beneficiaire_le_montre_et_son_accord_reste_au_dossier() -> None:
    avance = usines.demande(StatutDemande.DECIDEE)
    solde = _montrable(usines.demande(dossier=avance.dossier, type_demande=TypeDemande.SOLDE, finess=FINESS))
    agent = Agent(Profil.GESTIONNAIRE)
    page = agent.lire("demande", solde.numero)
    assert f"FINESS {FINESS} : sans accord, la validation est refusée" in mots(page)
    adresse = reverse("gestion:geste", args=[solde.numero, "accorder-ajout"])
    saisie = {"motif": "Site ouvert depuis l'avance.", "vue": page.context["marque"]}
    assert agent.client.post(adresse, saisie).status_code == 302
    apres = mots(agent.lire("demande", solde.numero))
    assert re.search(rf"FINESS {FINESS} : accord de .* : Site ouvert depuis l'avance.", apres)
    assert "Accorder l'ajout de bénéficiaires au solde" in mots(agent.lire("journal", solde.numero))


def test_les_instructions_de_la_page_ne_croissent_pas_avec_les_rivales() -> None:
    dispute = _dispute()
    agent = Agent(Profil.GESTIONNAIRE)
    agent.lire("demande", dispute.bleue.numero)
    comptes = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as requetes:
            agent.lire("demande", dispute.bleue.numero)
        comptes.append(len(requetes))
        for _ in range(3):
            usines.demande(finess=FINESS)
    assert comptes[0] == comptes[1]


def test_le_suivi_du_dossier_dit_que_la_reponse_du_fournisseur_est_attendue_puis_qu_il_n_a_plus_rien_a_faire():
    dispute = Dispute.nouvelle()
    dispute.ouvrir()
    personne = usines.utilisateur(Profil.FOURNISSEUR, entreprise=dispute.bleue.entreprise)
    client = Client()
    client.force_login(personne)
    adresse = reverse("fournisseur:suivi", args=[dispute.bleue.numero])
    _montrable(dispute.bleue)
    lu = mots(client.get(adresse))
    assert f"répondez sur le bénéficiaire {dispute.contestation.financement}" in lu
    assert "vous n'avez rien à faire" not in lu
    dispute.repondre(dispute.bleue)
    assert "vous n'avez rien à faire" in mots(client.get(adresse))
