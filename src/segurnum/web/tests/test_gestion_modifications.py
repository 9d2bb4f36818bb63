"""The officers' pages about what companies change of themselves."""

import pytest
from django.urls import reverse

from segurnum.comptes.models import PROFILS_ENTREPRISE, Profil
from segurnum.coordonnees import banque
from segurnum.coordonnees.models import Modification
from segurnum.coordonnees.personnes import TypePiece
from segurnum.coordonnees.tests.monde import REPRESENTANT, Societe
from segurnum.fichiers.models import Analyse, Fichier
from segurnum.web.tests.instruction import Agent, Reponse, octets
from segurnum.web.tests.lecture import lien, mots

pytestmark = pytest.mark.django_db


def _deux() -> tuple[Modification, Modification]:
    """A change of each kind, waiting for an officer."""
    societe = Societe()
    return societe.soumettre(), societe.compte_confirme()


def _faire(agent: Agent, ligne: Modification, geste: str, **saisie: str) -> Reponse:
    return agent.client.post(
        reverse("gestion:geste_modification", args=[ligne.GENRE, ligne.pk, geste]), saisie
    )


@pytest.mark.exigence("GST-024")
def test_les_listes_montrent_ce_qui_attend_un_gestionnaire():
    personnes, bancaire = _deux()
    autre = Societe()
    autre.ajouter_compte()  # not confirmed yet
    agent = Agent(Profil.GESTIONNAIRE)
    for ligne in (personnes, bancaire):
        page = agent.lire("modifications", genre=ligne.GENRE)
        assert [trouvee.pk for trouvee in page.context["affiche"].lignes] == [ligne.pk]
        assert ligne.entreprise.siret in mots(page)
    assert lien(agent.lire("accueil"), "Modifications") == reverse("gestion:modifications")
    tous = agent.lire("modifications", genre="banque", statut="TOUS")
    assert autre.entreprise.siret in mots(tous)
    vide = agent.lire("modifications", genre="banque", statut="REFUSEE")
    assert "Aucune donnée disponible dans le tableau" in mots(vide)


@pytest.mark.exigence("GST-024")
def test_l_accueil_compte_ce_qui_attend():
    _deux()
    Societe().ajouter_compte()  # not confirmed: nobody waits for the officer yet
    texte = mots(Agent(Profil.GESTIONNAIRE).lire("accueil"))
    assert "Coordonnées bancaires 1 modification" in texte
    assert "Coordonnées personnes physiques 1 modification" in texte


@pytest.mark.exigence("GST-024")
def test_un_brouillon_n_est_l_affaire_que_de_l_entreprise():
    societe = Societe()
    societe.joindre("IDENTITE")  # type: ignore[arg-type]
    agent = Agent(Profil.GESTIONNAIRE)
    page = agent.lire("modifications", genre="personnes", statut="TOUS")
    assert societe.entreprise.siret not in mots(page)


@pytest.mark.exigence("GST-024")
def test_les_valeurs_precedentes_et_nouvelles_sont_cote_a_cote():
    personnes, bancaire = _deux()
    agent = Agent(Profil.GESTIONNAIRE)
    texte = mots(agent.lire("modification", "personnes", personnes.pk))
    assert "Nom (représentant légal) Lormelin Quintrelle modifiée" in texte
    assert f"Email (représentant légal) {REPRESENTANT.courriel} {REPRESENTANT.courriel} Téléphone" in texte
    texte = mots(agent.lire("modification", "banque", bancaire.pk))
    assert "BIC ESSAFRPP SEGNFRPPXXX modifiée" in texte
    assert "par le représentant légal" in texte
    assert "Confirmer : En attente de confirmation" in texte


@pytest.mark.exigence("GST-024", "XCT-004")
def test_les_pieces_se_lisent_a_cote_des_donnees():
    agent = Agent(Profil.GESTIONNAIRE)
    for ligne in _deux():
        page = agent.lire("modification", ligne.GENRE, ligne.pk)
        for piece in page.context["visionneuse"].pieces:
            lue: Reponse = agent.client.post(piece.offre.adresse)
            assert octets(lue).startswith(b"%PDF")
        absente = reverse("gestion:piece_modification", args=[ligne.GENRE, ligne.pk, 999_999])
        assert agent.client.get(absente).status_code == 404
        Fichier.objects.update(analyse=Analyse.INFECTE)
        assert agent.client.post(piece.offre.adresse).status_code == 404
        Fichier.objects.update(analyse=Analyse.SAIN)


@pytest.mark.exigence("GST-024", "XCT-002", "XCT-005")
@pytest.mark.parametrize("profil", [p for p in Profil if p not in PROFILS_ENTREPRISE])
def test_la_piece_d_identite_se_lit_par_les_profils_qui_instruisent(profil: Profil):
    personnes, bancaire = _deux()
    agent, lue = Agent(profil), profil in (Profil.GESTIONNAIRE, Profil.ADMINISTRATION)
    identite = personnes.pieces.get(type=TypePiece.IDENTITE)  # type: ignore[attr-defined]
    adresse = reverse("gestion:piece_modification", args=["personnes", personnes.pk, identite.pk])
    reponse: Reponse = agent.client.post(adresse)
    assert reponse.status_code == (200 if lue else 403)
    if lue:
        octets(reponse)
    page = agent.lire("modification", "personnes", personnes.pk, piece=str(identite.pk))
    assert (adresse in page.content.decode()) is lue
    assert ("Réservée à d'autres profils que le vôtre" in mots(page)) is not lue
    (rib,) = agent.lire("modification", "banque", bancaire.pk).context["visionneuse"].pieces
    assert bool(rib.offre.adresse) is (lue or profil in (Profil.COMPTABLE, Profil.AUDITEUR))


@pytest.mark.exigence("GST-024")
def test_accepter_change_les_donnees_et_le_dit():
    agent = Agent(Profil.GESTIONNAIRE)
    for ligne in _deux():
        reponse = _faire(agent, ligne, "accepter")
        assert reponse.status_code == 302
        texte = mots(agent.client.get(reponse["Location"]))
        assert "est acceptée ; l'entreprise en est avertie par courriel" in texte
        assert "Accepter : En cours d'instruction → devient Acceptée" in texte
        ligne.refresh_from_db()
        assert ligne.instructeur == agent.utilisateur


@pytest.mark.exigence("GST-024")
def test_refuser_demande_un_motif_puis_le_montre():
    agent = Agent(Profil.GESTIONNAIRE)
    for ligne in _deux():
        sans = _faire(agent, ligne, "refuser", motif=" ")
        assert sans.status_code == 422
        assert "Le motif du refus est obligatoire" in mots(sans)
        fait = _faire(agent, ligne, "refuser", motif="La pièce est illisible.")
        assert "Motif du refus : La pièce est illisible." in mots(agent.client.get(fait["Location"]))


def test_le_second_gestionnaire_est_prevenu_et_garde_son_texte():
    for ligne in _deux():
        _faire(Agent(Profil.GESTIONNAIRE), ligne, "accepter")
        ligne.refresh_from_db()
        second = _faire(Agent(Profil.GESTIONNAIRE), ligne, "accepter")
        assert second.status_code == 409
        assert "le statut actuel est « Acceptée »" in mots(second)
    personnes = _deux()[0]
    _faire(Agent(Profil.GESTIONNAIRE), personnes, "accepter")
    refus = _faire(Agent(Profil.GESTIONNAIRE), personnes, "refuser", motif="Mon texte.")
    assert refus.status_code == 409
    assert "Mon texte." in mots(refus)


@pytest.mark.exigence("GST-024")
def test_un_compte_non_confirme_ne_s_accepte_pas():
    ligne = Societe().ajouter_compte()
    agent = Agent(Profil.GESTIONNAIRE)
    page = agent.lire("modification", "banque", ligne.pk)
    assert [propose.geste.code for propose in page.context["gestes"]] == ["refuser"]
    assert "n'a pas encore confirmé ce compte" in mots(page)
    assert _faire(agent, ligne, "accepter").status_code == 409


@pytest.mark.exigence("GST-024", "XCT-002")
@pytest.mark.parametrize("profil", [Profil.DECIDEUR, Profil.COMPTABLE, Profil.ADMINISTRATION])
def test_les_autres_agents_lisent_sans_repondre(profil: Profil):
    agent = Agent(profil)
    for ligne in _deux():
        page = agent.lire("modification", ligne.GENRE, ligne.pk)
        assert page.context["gestes"] == []
        assert _faire(agent, ligne, "accepter").status_code == 403


def test_ce_qui_n_existe_pas_repond_404():
    agent = Agent(Profil.GESTIONNAIRE)
    personnes, bancaire = _deux()
    assert agent.lire("modification", "autre", personnes.pk).status_code == 404
    assert agent.lire("modification", "banque", 999_999).status_code == 404
    assert _faire(agent, bancaire, "inventer").status_code == 404


def test_la_date_d_effet_est_montree_tant_qu_elle_attend():
    ligne = Societe().compte_confirme()
    agent = Agent(Profil.GESTIONNAIRE)
    banque.accepter(modification=ligne.pk, auteur=agent.auteur)
    assert "Active à partir du" in mots(agent.lire("modification", "banque", ligne.pk))
