"""A message to the assistance: kept and acknowledged together, answered by mail, each step written down."""

import pytest

from segurnum.comptes.auteurs import VISITEUR, auteur
from segurnum.comptes.models import Profil
from segurnum.courriels.models import Courriel
from segurnum.editorial import assistance
from segurnum.editorial.models import Ticket
from segurnum.essais import usines
from segurnum.journal.models import Evenement
from segurnum.regles.erreurs import GesteImpossible

pytestmark = pytest.mark.django_db

CHAMPS = {
    "couloir": "MS",
    "phase": "AVANCE",
    "type": "SUIVI",
    "nom": "Camille Essai",
    "raison_sociale": "Logiciels inventés",
    "courriel": "camille@societe.example",
    "telephone": "+33123456789",
    "numero_referencement": "",
    "numero_demande": "Sans objet",
    "description": "Où en est ma demande ?\nMerci & bonne journée.",
}


@pytest.fixture
def ticket() -> Ticket:
    return assistance.recevoir(
        champs=CHAMPS, auteur=VISITEUR, fichier=usines.fichier(), nom_fichier="capture.pdf"
    )


@pytest.fixture
def agent():
    return usines.utilisateur(Profil.GESTIONNAIRE)


@pytest.mark.exigence("PUB-033")
def test_un_message_recu_est_garde_entier_et_accuse_par_courriel(ticket: Ticket) -> None:
    garde = Ticket.objects.get()
    assert {nom: getattr(garde, nom) for nom in CHAMPS} == CHAMPS
    assert (garde.nom_fichier, garde.etat) == ("capture.pdf", Ticket.Etat.OUVERT)
    courriel = Courriel.objects.get()
    assert (courriel.code, courriel.destinataire) == ("M30", "camille@societe.example")
    assert ticket.numero in courriel.objet
    assert "Merci & bonne journée." not in courriel.corps  # nobody has shown that this address is theirs


@pytest.mark.exigence("GST-030")
def test_une_reponse_part_par_courriel_et_reste_au_dossier(ticket: Ticket, agent) -> None:
    assistance.prendre(ticket=ticket.pk, auteur=auteur(agent))
    assistance.repondre(ticket=ticket.pk, auteur=auteur(agent), texte="Elle est <en cours>.", clore=True)
    ticket.refresh_from_db()
    assert ticket.etat == Ticket.Etat.CLOS
    assert [(r.auteur, r.texte) for r in ticket.reponses.all()] == [(agent, "Elle est <en cours>.")]
    assert "Elle est <en cours>." in Courriel.objects.get(code="M31").corps


@pytest.mark.exigence("GST-030", "GST-032")
def test_chaque_geste_est_au_journal(ticket: Ticket, agent) -> None:
    assistance.repondre(ticket=ticket.pk, auteur=auteur(agent), texte="Voici.", clore=True)
    assistance.rouvrir(ticket=ticket.pk, auteur=auteur(agent))
    assistance.clore(ticket=ticket.pk, auteur=auteur(agent))
    faits = Evenement.objects.filter(chaine=f"assistance:{ticket.numero}").order_by("rang")
    assert [(fait.geste, fait.avant, fait.apres) for fait in faits] == [
        ("RECEVOIR", "", "OUVERT"),
        ("REPONDRE", "OUVERT", "EN_COURS"),
        ("CLORE", "EN_COURS", "CLOS"),
        ("ROUVRIR", "CLOS", "EN_COURS"),
        ("CLORE", "EN_COURS", "CLOS"),
    ]


@pytest.mark.exigence("GST-030")
def test_on_ne_repond_pas_a_un_message_clos_et_rien_ne_part(ticket: Ticket, agent) -> None:
    assistance.clore(ticket=ticket.pk, auteur=auteur(agent))
    with pytest.raises(GesteImpossible, match="« Clos »"):
        assistance.repondre(ticket=ticket.pk, auteur=auteur(agent), texte="Trop tard")
    assert not Courriel.objects.filter(code="M31").exists()
    assert not ticket.reponses.exists()


def test_les_gestes_offerts_sont_ceux_que_l_etat_permet(ticket: Ticket, agent) -> None:
    qui = auteur(agent)
    assert assistance.gestes_permis(ticket, qui) == ("PRENDRE", "REPONDRE", "CLORE")
    assert assistance.gestes_permis(assistance.clore(ticket=ticket.pk, auteur=qui), qui) == ("ROUVRIR",)
    with pytest.raises(GesteImpossible):
        assistance.prendre(ticket=ticket.pk, auteur=auteur(agent))


def test_un_message_pris_en_charge_se_reprend_avant_qu_un_autre_y_reponde(ticket: Ticket, agent) -> None:
    """Two officers do not answer one message, each without knowing of the other."""
    assistance.prendre(ticket=ticket.pk, auteur=auteur(agent))
    autre = auteur(usines.utilisateur(Profil.GESTIONNAIRE))
    ticket.refresh_from_db()
    assert assistance.gestes_permis(ticket, autre) == ("PRENDRE",)
    for geste in (
        lambda: assistance.repondre(ticket=ticket.pk, auteur=autre, texte="Voici."),
        lambda: assistance.clore(ticket=ticket.pk, auteur=autre),
    ):
        with pytest.raises(GesteImpossible, match=f"pris en charge par {ticket.pris_par}"):
            geste()
    assert not Courriel.objects.filter(code="M31").exists()
    assistance.prendre(ticket=ticket.pk, auteur=autre)
    assistance.repondre(ticket=ticket.pk, auteur=autre, texte="Voici.")
    with pytest.raises(GesteImpossible, match="pris en charge par"):
        assistance.repondre(ticket=ticket.pk, auteur=auteur(agent), texte="Voici aussi.")
    assert ticket.reponses.count() == 1
