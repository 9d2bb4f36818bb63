"""What officers write: publications and answers (GST-025, GST-026, GST-030, GST-031)."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from segurnum.comptes.auteurs import VISITEUR, auteur
from segurnum.comptes.models import Profil
from segurnum.controles.fichiers import PUBLICATION
from segurnum.courriels.models import Courriel
from segurnum.editorial import assistance
from segurnum.editorial.models import Actualite, DocumentUtile, QuestionFaq, RubriqueFaq, Ticket
from segurnum.editorial.tests.test_assistance import CHAMPS
from segurnum.essais import usines
from segurnum.fichiers.services import lire
from segurnum.web.gestion.publications import FormulaireRubrique
from segurnum.web.tests.lecture import lien, mots, titres

pytestmark = pytest.mark.django_db

ACTUALITE = {
    "titre": "Ouverture du guichet",
    "categorie": "Calendrier",
    "contenu": "Le guichet ouvre.",
    "publiee_le": "2022-09-16T14:30",
    "audience": "OPERATEURS",
}


@pytest.fixture
def agent() -> Client:
    client = Client()
    client.force_login(usines.utilisateur(Profil.GESTIONNAIRE))
    return client


@pytest.fixture
def ticket() -> Ticket:
    return assistance.recevoir(
        champs=CHAMPS, auteur=VISITEUR, fichier=usines.fichier(b"trace"), nom_fichier="trace.txt"
    )


def fichier(nom: str, octets: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(nom, octets)


def nouvelle(client: Client, genre: str, **champs):
    return client.post(reverse("gestion:publication_nouvelle", args=[genre]), champs)


# --- Publications


@pytest.mark.exigence("GST-025", "GST-026", "GST-031")
def test_le_menu_mene_aux_publications_et_aux_messages(agent: Client) -> None:
    accueil = agent.get(reverse("gestion:accueil"))
    assert titres(agent.get(lien(accueil, "Assistance")), 1) == ["Messages à l'assistance"]
    sommaire = agent.get(lien(accueil, "Publications"))
    for titre in ("Actualités", "Questions fréquentes", "Rubriques des questions", "Documents utiles"):
        adresse = lien(HttpResponse(sommaire.content.decode().split("<main")[1]), titre)
        assert titres(agent.get(adresse), 1) == [titre]


@pytest.mark.exigence("GST-025")
def test_une_actualite_se_publie_avec_sa_piece_et_sa_date_de_paris(agent: Client) -> None:
    piece = fichier("note.json", b'{"note": "texte"}')
    assert nouvelle(agent, "actualites", **ACTUALITE, televerse=piece).status_code == 302
    ligne = Actualite.objects.get()
    assert (ligne.titre, ligne.audience, ligne.nom_fichier) == (
        "Ouverture du guichet",
        "OPERATEURS",
        "note.json",
    )
    assert f"{ligne.publiee_le:%Y-%m-%dT%H:%M%z}" == "2022-09-16T12:30+0000"
    assert ligne.fichier is not None
    assert lire(ligne.fichier) == b'{"note": "texte"}'


@pytest.mark.exigence("XCT-004", "XCT-008")
@pytest.mark.usefixtures("tout_est_infecte")
def test_une_piece_infectee_n_est_pas_publiee_et_la_saisie_reste(agent: Client) -> None:
    refus = nouvelle(agent, "actualites", **ACTUALITE, televerse=fichier("note.json", b"{}"))
    assert refus.status_code == 422
    assert "a trouvé une menace dans le fichier « note.json »" in mots(refus)
    assert 'value="Ouverture du guichet"' in refus.content.decode()
    assert not Actualite.objects.exists()


@pytest.mark.exigence("GST-025", "GST-031")
def test_une_correction_garde_le_fichier(agent: Client) -> None:
    nouvelle(agent, "documents", titre="Guide", ordre=1, televerse=fichier("guide.json", b"{}"))
    ligne = DocumentUtile.objects.get()
    adresse = reverse("gestion:publication", args=["documents", ligne.pk])
    assert "Fichier actuel : guide.json" in mots(agent.get(adresse))
    agent.post(adresse, {"titre": "Guide corrigé", "ordre": 1})
    ligne.refresh_from_db()
    assert (ligne.titre, ligne.nom_fichier) == ("Guide corrigé", "guide.json")
    assert "Guide corrigé JSON - 1 Ko" in mots(Client().get(reverse("public:documents")))


@pytest.mark.exigence("GST-025")
def test_la_piece_d_une_actualite_s_ote(agent: Client) -> None:
    nouvelle(agent, "actualites", **ACTUALITE, televerse=fichier("note.json", b"{}"))
    ligne = Actualite.objects.get()
    agent.post(
        reverse("gestion:publication", args=["actualites", ligne.pk]), ACTUALITE | {"sans_fichier": "on"}
    )
    ligne.refresh_from_db()
    assert ligne.fichier is None


@pytest.mark.exigence("GST-026")
def test_une_question_et_sa_rubrique_se_publient_se_corrigent_et_se_retirent(agent: Client) -> None:
    nouvelle(agent, "rubriques", titre="Nouvelle rubrique", ordre=99)
    rubrique = RubriqueFaq.objects.get(titre="Nouvelle rubrique")
    nouvelle(agent, "questions", rubrique=rubrique.pk, question="Pourquoi ?", reponse="Parce que.", ordre=1)
    assert "Nouvelle rubrique Pourquoi ? Parce que." in mots(Client().get(reverse("public:faq")))
    question = QuestionFaq.objects.get(question="Pourquoi ?")
    refus = agent.post(reverse("gestion:publication_retirer", args=["rubriques", rubrique.pk]), follow=True)
    assert "contient encore des questions" in mots(refus)
    agent.post(reverse("gestion:publication_retirer", args=["questions", question.pk]))
    agent.post(reverse("gestion:publication_retirer", args=["rubriques", rubrique.pk]))
    assert "Nouvelle rubrique" not in mots(Client().get(reverse("public:faq")))


@pytest.mark.exigence("GST-026")
def test_deux_rubriques_ne_portent_pas_le_meme_titre(agent: Client) -> None:
    reponse = nouvelle(agent, "rubriques", titre="Avance - demande", ordre=99)
    assert reponse.status_code == 422
    assert "Une rubrique porte déjà ce titre" in mots(reponse)


def test_deux_rubriques_de_meme_titre_au_meme_instant_la_seconde_est_refusee_en_phrase(
    agent: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(FormulaireRubrique, "validate_unique", lambda _: None)  # as read an instant too soon
    reponse = nouvelle(agent, "rubriques", titre="Avance - demande", ordre=99)
    assert reponse.status_code == 422
    assert "Une autre rubrique porte déjà ce titre." in reponse.content.decode()
    assert "Avance - demande" in reponse.content.decode()  # what was typed is kept, ready to be sent again
    assert RubriqueFaq.objects.filter(titre="Avance - demande").count() == 1


@pytest.mark.exigence("GST-025", "GST-031", "XCT-004", "XCT-008")
@pytest.mark.parametrize(
    ("genre", "champs", "phrase"),
    [
        ("actualites", ACTUALITE | {"titre": ""}, "Ce champ est obligatoire."),
        ("actualites", ACTUALITE | {"publiee_le": "demain"}, "écrivez-la jj/mm/aaaa hh:mm"),
        ("documents", {"titre": "Guide", "ordre": 1}, "Choisissez le fichier à publier."),
    ],
)
def test_une_saisie_fausse_a_sa_phrase_et_ne_publie_rien(agent: Client, genre, champs, phrase: str) -> None:
    reponse = nouvelle(agent, genre, **champs)
    assert reponse.status_code == 422
    assert phrase in mots(reponse)
    assert not Actualite.objects.exists()
    assert not DocumentUtile.objects.exists()


@pytest.mark.exigence("GST-031", "XCT-004")
@pytest.mark.parametrize(
    ("nom", "octets", "statut", "phrase"),
    [
        ("guide.exe", b"MZ", 422, "les formats acceptés sont .jpg, .json, .pdf, .png ou .zip"),
        ("guide.pdf", b"pas un pdf", 422, "guide.pdf"),
        ("guide.zip", b"0" * (PUBLICATION.taille_max + 1), 413, "Le fichier dépasse 20 Mo"),
    ],
)
def test_un_fichier_hors_de_la_regle_n_est_pas_publie(
    agent: Client, nom, octets, statut, phrase: str
) -> None:
    reponse = nouvelle(agent, "documents", titre="Guide", ordre=1, televerse=fichier(nom, octets))
    assert (reponse.status_code, phrase in mots(reponse)) == (statut, True)
    assert not DocumentUtile.objects.exists()


def test_un_genre_inconnu_n_existe_pas(agent: Client) -> None:
    assert agent.get(reverse("gestion:publications", args=["autres"])).status_code == 404


# --- Messages


@pytest.mark.exigence("PUB-033", "GST-030")
def test_le_gestionnaire_lit_le_message_et_sa_piece(agent: Client, ticket: Ticket) -> None:
    liste = agent.get(reverse("gestion:tickets"))
    page = agent.get(lien(liste, ticket.numero))
    texte = mots(page)
    for attendu in (
        "Médico-social",
        "Suivi d'une demande",
        "Camille Essai",
        "camille@societe.example",
        "Sans objet",
    ):
        assert attendu in texte
    assert "Où en est ma demande ? Merci & bonne journée." in texte
    recu = agent.get(lien(page, "trace.txt"))
    assert recu.getvalue() == b"trace"
    assert recu["Content-Disposition"].startswith("attachment")


@pytest.mark.exigence("GST-030")
def test_repondre_envoie_le_courriel_et_clot_si_on_le_demande(agent: Client, ticket: Ticket) -> None:
    adresse = reverse("gestion:ticket", args=[ticket.pk])
    page = agent.post(adresse, {"texte": "C'est fait.", "clore": "on"}, follow=True)
    assert "Votre réponse part à camille@societe.example." in mots(page)
    assert "C'est fait." in mots(page)
    ticket.refresh_from_db()
    assert ticket.etat == Ticket.Etat.CLOS
    assert "C'est fait." in Courriel.objects.get(code="M31").corps
    assert ticket.numero not in mots(agent.get(reverse("gestion:tickets")))
    assert ticket.numero in mots(agent.get(reverse("gestion:tickets"), {"clos": ""}))


@pytest.mark.exigence("GST-030")
def test_l_accueil_compte_les_messages_a_traiter(agent: Client, ticket: Ticket) -> None:
    accueil = agent.get(reverse("gestion:accueil"))
    assert lien(accueil, "1 message à traiter") == reverse("gestion:tickets")
    agent.post(reverse("gestion:geste_ticket", args=[ticket.pk, "clore"]))
    assert "Aucun message à traiter" in mots(agent.get(reverse("gestion:accueil")))


@pytest.mark.exigence("GST-030")
def test_une_reponse_vide_ou_tardive_a_sa_phrase(agent: Client, ticket: Ticket) -> None:
    adresse = reverse("gestion:ticket", args=[ticket.pk])
    assert "Écrivez la réponse à envoyer." in mots(agent.post(adresse, {"texte": " "}))
    agent.post(reverse("gestion:geste_ticket", args=[ticket.pk, "clore"]))
    tardive = agent.post(adresse, {"texte": "Trop tard"})
    assert tardive.status_code == 422
    assert "à l'état « Clos »" in mots(tardive)


@pytest.mark.exigence("GST-030")
def test_prendre_clore_et_rouvrir_un_message(agent: Client, ticket: Ticket) -> None:
    etats = []
    for geste in ("prendre", "clore", "rouvrir", "prendre"):
        page = agent.post(reverse("gestion:geste_ticket", args=[ticket.pk, geste]), follow=True)
        ticket.refresh_from_db()
        etats.append(ticket.etat)
    assert etats == ["EN_COURS", "CLOS", "EN_COURS", "EN_COURS"]
    assert "Vous avez déjà ce message en charge" in mots(page)  # who reopens it deals with it
    assert agent.post(reverse("gestion:geste_ticket", args=[ticket.pk, "effacer"])).status_code == 404


@pytest.mark.exigence("GST-030", "FRM-027")
@pytest.mark.parametrize(
    ("filtre", "trouve"),
    [
        ({"f_numero": "AST"}, False),
        ({"f_couloir": "médico"}, True),
        ({"f_couloir": "radio"}, False),
        ({"f_etat": "ouv"}, True),
        ({"f_nom": "camille"}, True),
        ({"f_demande": "FINMS1"}, False),
    ],
)
def test_la_liste_des_messages_se_filtre(agent: Client, ticket: Ticket, filtre, trouve: bool) -> None:
    assert (ticket.numero in mots(agent.get(reverse("gestion:tickets"), filtre))) == trouve


@pytest.mark.exigence("GST-030", "FRM-027")
def test_un_message_se_cherche_par_son_numero_et_une_liste_vide_le_dit(agent: Client, ticket: Ticket) -> None:
    assert ticket.numero in mots(agent.get(reverse("gestion:tickets"), {"f_numero": ticket.numero}))
    vide = agent.get(reverse("gestion:tickets"), {"f_numero": "AST999999999999"})
    assert "Aucune donnée disponible dans le tableau" in mots(vide)


def test_un_message_mene_a_sa_demande_et_dit_qui_le_traite(agent: Client) -> None:
    demande = usines.demande()
    champs = CHAMPS | {"numero_demande": f"dossier {demande.dossier.numero.lower()}, urgent"}
    ticket = assistance.recevoir(champs=champs, auteur=VISITEUR)
    adresse = reverse("gestion:ticket", args=[ticket.pk])
    assert lien(agent.get(adresse), demande.numero) == reverse("gestion:demande", args=[demande.numero])
    autre = usines.utilisateur(Profil.GESTIONNAIRE)
    assistance.prendre(ticket=ticket.pk, auteur=auteur(autre))
    page = mots(agent.get(adresse))
    assert f"est pris en charge par {Ticket.objects.get().pris_par}" in page
    assert "Envoyer la réponse" not in page
    assert Ticket.objects.get().pris_par in mots(agent.get(reverse("gestion:tickets")))
    agent.post(reverse("gestion:geste_ticket", args=[ticket.pk, "prendre"]))
    assert "Envoyer la réponse" in mots(agent.get(adresse))
