"""The officers' pages about the model documents."""

import pytest
from django.urls import reverse

from segurnum.comptes.models import Profil
from segurnum.courriels.models import Courriel
from segurnum.fichiers.models import Analyse, Fichier
from segurnum.modeles import services
from segurnum.modeles.models import ModeleDocument
from segurnum.modeles.tests.monde import Editeur, officier
from segurnum.regles.calendrier import date_fr, maintenant
from segurnum.web.tests.instruction import Agent, Reponse, octets
from segurnum.web.tests.lecture import lien, mots

pytestmark = pytest.mark.django_db


def _faire(agent: Agent, ligne: ModeleDocument, geste: str, **saisie: str) -> Reponse:
    return agent.client.post(reverse("gestion:geste_modele", args=[ligne.pk, geste]), saisie)


@pytest.mark.exigence("EXP-011", "EXP-016")
def test_la_liste_montre_ce_qui_attend_un_gestionnaire():
    ligne = Editeur().soumis()
    en_import = Editeur().importer("pas-encore.pdf")
    traite = Editeur().soumis("traite.pdf")
    services.accepter(modele=traite.pk, auteur=officier())
    agent = Agent(Profil.GESTIONNAIRE)
    page = agent.lire("modeles")
    assert [lue.pk for lue in page.context["affiche"].lignes] == [ligne.pk]
    assert f"modele-va.pdf Modèle de VA couloir Hôpital {ligne.entreprise.denomination}" in mots(page)
    tous = mots(agent.lire("modeles", statut="TOUS"))
    assert "traite.pdf" in tous
    assert en_import.nom not in tous
    assert "Aucune donnée disponible dans le tableau" in mots(agent.lire("modeles", statut="REJETE"))
    accueil = agent.lire("accueil")
    assert f"1 modèle à instruire , le plus ancien soumis le {date_fr(maintenant())}" in mots(accueil)
    assert lien(accueil, "Modèles") == reverse("gestion:modeles")


def test_sans_rien_a_instruire_l_accueil_le_dit():
    assert "Aucun modèle à instruire" in mots(Agent(Profil.GESTIONNAIRE).lire("accueil"))


@pytest.mark.exigence("EXP-012")
def test_un_import_en_cours_n_est_l_affaire_que_de_l_entreprise():
    ligne = Editeur().importer()
    agent = Agent(Profil.GESTIONNAIRE)
    for route in ("modele", "piece_modele"):
        assert agent.lire(route, ligne.pk).status_code == 404
    assert _faire(agent, ligne, "accepter").status_code == 404


@pytest.mark.exigence("EXP-011", "XCT-004")
def test_le_document_se_lit_a_cote_des_gestes():
    ligne = Editeur().soumis()
    agent = Agent(Profil.GESTIONNAIRE)
    page = agent.lire("modele", ligne.pk)
    assert page.context["visionneuse"].pieces[0].courante
    assert "En attente d'instruction" in mots(page)
    (document,) = page.context["visionneuse"].pieces
    lu: Reponse = agent.client.get(document.offre.adresse)
    assert octets(lu).startswith(b"%PDF")
    Fichier.objects.update(analyse=Analyse.INFECTE)
    assert "Bloquée : l'antivirus y a trouvé une menace" in mots(agent.lire("modele", ligne.pk))
    assert agent.client.get(document.offre.adresse).status_code == 404


@pytest.mark.exigence("EXP-011", "GST-023")
def test_accepter_avec_ou_sans_commentaire():
    agent = Agent(Profil.GESTIONNAIRE)
    for commentaire in ("", "Pensez à dater."):
        ligne = Editeur().soumis()
        reponse = _faire(agent, ligne, "accepter", motif=commentaire)
        page = agent.client.get(reponse["Location"])
        assert "Le modèle modele-va.pdf est accepté" in mots(page)
        assert "Accepter par" not in mots(page)
        ligne.refresh_from_db()
        assert (ligne.statut, ligne.commentaire) == ("ACCEPTE", commentaire)
        assert [etape.geste for etape in page.context["moments"]] == ["Accepter", "Valider mon import"]
        assert not page.context["gestes"]
    assert Courriel.objects.filter(code="M40").count() == 2


@pytest.mark.exigence("EXP-011", "XCT-008")
def test_rejeter_demande_un_commentaire():
    ligne = Editeur().soumis()
    agent = Agent(Profil.GESTIONNAIRE)
    refus = _faire(agent, ligne, "rejeter", motif=" ")
    assert refus.status_code == 422
    assert "Le commentaire est obligatoire pour rejeter" in mots(refus)
    assert _faire(agent, ligne, "rejeter", motif="La date manque.").status_code == 302
    ligne.refresh_from_db()
    assert (ligne.statut, ligne.commentaire) == ("REJETE", "La date manque.")
    assert Courriel.objects.filter(code="M41").count() == 1


@pytest.mark.exigence("EXP-011", "GST-023")
def test_le_second_a_repondre_l_apprend_et_garde_son_texte():
    ligne = Editeur().soumis()
    services.accepter(modele=ligne.pk, auteur=officier())
    page = _faire(Agent(Profil.GESTIONNAIRE), ligne, "rejeter", motif="Un long commentaire.")
    assert page.status_code == 409
    assert "le statut actuel est « Accepté »" in mots(page)
    assert "Un long commentaire." in mots(page)


def test_les_autres_profils_regardent():
    ligne = Editeur().soumis()
    for profil in (Profil.DECIDEUR, Profil.COMPTABLE, Profil.ADMINISTRATION):
        agent = Agent(profil)
        assert "Aucun geste n'est possible avec votre profil" in mots(agent.lire("modele", ligne.pk))
        assert _faire(agent, ligne, "accepter").status_code == 403


def test_un_geste_inconnu_n_existe_pas():
    assert _faire(Agent(Profil.GESTIONNAIRE), Editeur().soumis(), "archiver").status_code == 404
