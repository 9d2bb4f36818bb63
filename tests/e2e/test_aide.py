"""Asking for help in a browser: questions, contact form with the real captcha, the officer's answer."""

import re

import pytest
from playwright.sync_api import expect

from e2e.visiteurs import ZOOM_400, Portail, Surveillance, Visiteur, cocher
from segurnum.comptes.models import Profil, Utilisateur
from segurnum.courriels.models import Courriel
from segurnum.editorial.models import Actualite, QuestionFaq, RubriqueFaq, Ticket
from segurnum.essais.depots import Deposant

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


def remplir(visiteur: Visiteur, *, attendre_la_verification: bool = True) -> None:
    page = visiteur.page
    page.get_by_label("Couloir").select_option(label="Médico-social")
    page.get_by_label("Phase").select_option(label="Avance")
    page.get_by_label("Type de demande").select_option(label="Suivi d'une demande")
    page.get_by_label("Nom *").fill("Camille Essai")
    page.get_by_label("Courriel").fill("camille@societe.example")
    page.get_by_label("Téléphone").fill("01 23 45 67 89")
    page.get_by_label("Numéro de demande associée").fill("Sans objet")
    page.get_by_label("Description").fill("Où en est ma demande ?")
    if attendre_la_verification:
        cocher(visiteur)


@pytest.mark.exigence("XCT-001", "PUB-031", "PUB-033", "XCT-011")
@pytest.mark.parametrize("ecran", [{"width": 1280, "height": 900}, ZOOM_400], ids=["1280", "320"])
def test_un_message_part_apres_une_erreur_sans_rien_resaisir(
    portail: Portail, surveillance: Surveillance, ecran: dict[str, int]
) -> None:
    visiteur = portail.visiteur(ecran)
    page = visiteur.page
    page.goto("/segurnum/contacter-assistance")
    surveillance.suivre(page)
    remplir(visiteur)
    surveillance.regarder(page)
    page.get_by_label("Téléphone").fill("12")
    page.get_by_label("Pièce jointe").set_input_files(
        {"name": "trace.txt", "mimeType": "text/plain", "buffer": b"trace"}
    )
    visiteur.bouton("Envoyer").click()
    visiteur.lire("Le formulaire n'a pas été accepté", "Fichier déjà reçu")
    expect(page.locator(".fr-alert--error")).to_be_focused()
    # The browser tells of every refused form.
    surveillance.problemes = [probleme for probleme in surveillance.problemes if "422" not in probleme]
    surveillance.regarder(page)
    page.get_by_label("Téléphone").fill("01 23 45 67 89")
    visiteur.lire("Déjà faite : vous n'avez rien à cocher.")
    visiteur.bouton("Envoyer").click()
    visiteur.lire("Votre message est enregistré sous le numéro AST")
    surveillance.regarder(page)
    ticket = Ticket.objects.get()
    assert (ticket.nom, ticket.nom_fichier) == ("Camille Essai", "trace.txt")


@pytest.mark.exigence("XCT-001", "XCT-011")
def test_sans_script_le_message_part_aussi(portail: Portail) -> None:
    visiteur = portail.visiteur(java_script_enabled=False)
    visiteur.page.goto("/segurnum/contacter-assistance")
    remplir(visiteur, attendre_la_verification=False)
    visiteur.lire("Attendez au moins cinq secondes")
    visiteur.bouton("Envoyer").click()
    for _ in range(10):  # sent too early, the form comes back whole: one sends it again
        if visiteur.page.url.endswith("/envoye"):
            break
        visiteur.page.wait_for_timeout(1_000)
        visiteur.bouton("Envoyer").click()
    visiteur.lire("Votre message est enregistré")
    assert Ticket.objects.get().nom == "Camille Essai"


@pytest.mark.exigence("PUB-017", "PUB-018")
def test_un_lien_du_sommaire_ouvre_sa_rubrique(portail: Portail, surveillance: Surveillance) -> None:
    rubrique, _ = RubriqueFaq.objects.get_or_create(titre="Solde - demande", defaults={"ordre": 17})
    QuestionFaq.objects.create(
        rubrique=rubrique, question="Quand le demander ?", reponse="Après l'installation."
    )
    visiteur = portail.visiteur()
    visiteur.page.goto("/segurnum/foires-aux-questions")
    surveillance.suivre(visiteur.page)
    reponse = visiteur.page.get_by_text("Après l'installation.")
    expect(reponse).not_to_be_visible()
    visiteur.lien("Solde - demande").click()
    expect(reponse).to_be_visible()
    expect(reponse).to_be_in_viewport()
    surveillance.regarder(visiteur.page)


@pytest.mark.exigence("GST-030", "GST-025", "FRM-019")
def test_le_gestionnaire_repond_et_publie(
    portail: Portail, surveillance: Surveillance, agents: dict[Profil, Utilisateur], deposant: Deposant
) -> None:
    ticket = Ticket.objects.create(
        couloir="MS",
        phase="AVANCE",
        type="SUIVI",
        nom="Camille",
        courriel="c@societe.example",
        numero_demande="x",
    )
    agent = portail.entrer(agents[Profil.GESTIONNAIRE])
    surveillance.suivre(agent.page)
    agent.lien("Assistance").click()
    surveillance.regarder(agent.page)
    agent.lien(ticket.numero).click()
    agent.page.get_by_label("Votre réponse").fill("Elle est en cours.")
    surveillance.regarder(agent.page)
    agent.bouton("Envoyer la réponse").click()
    agent.lire("Votre réponse part à c@societe.example")
    assert Courriel.objects.filter(code="M31").exists()
    agent.page.goto("/segurnums/gestion/publications/actualites/nouvelle")
    agent.page.get_by_label("Titre").fill("Ouverture du guichet")
    agent.page.get_by_label("Catégorie").fill("Calendrier")
    agent.page.get_by_label("Contenu").fill("Le guichet **ouvre**.")
    agent.page.get_by_label("Date de publication").fill("2022-09-16T14:00")
    surveillance.regarder(agent.page)
    agent.bouton("Enregistrer").click()
    agent.page.wait_for_url(re.compile("/publications/actualites$"))
    assert Actualite.objects.get().titre == "Ouverture du guichet"
    lecteur = portail.entrer(deposant.utilisateur)
    lecteur.lien("Lire la suite : Ouverture du guichet").click()
    lecteur.lire("Le guichet ouvre.")
    surveillance.regarder(lecteur.page)
