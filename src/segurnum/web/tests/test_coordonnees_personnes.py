"""« Gérer mes coordonnées personne physique »: the page, its form and its pieces."""

import pytest
from django.contrib.messages import get_messages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from segurnum.comptes.models import Profil, Role
from segurnum.controles.tests import fabrique_pieces
from segurnum.coordonnees import queries, services
from segurnum.coordonnees.models import ModificationPersonnes, PieceModification
from segurnum.coordonnees.personnes import Personne, TypePiece
from segurnum.coordonnees.tests.monde import DEPOSITAIRE, REPRESENTANT, Societe, officier
from segurnum.fichiers.models import Analyse, Fichier
from segurnum.web.fournisseur import coordonnees as pages
from segurnum.web.tests.depot import Reponse
from segurnum.web.tests.instruction import Agent, octets
from segurnum.web.tests.lecture import lien, mots
from segurnum.web.tests.test_coordonnees_banque import Ecran

pytestmark = pytest.mark.django_db


def _champs(role: str = "representant", personne: Personne = REPRESENTANT, **valeurs: str) -> dict[str, str]:
    return {f"{role}_{champ}": texte for champ, texte in (personne.en_dict() | valeurs).items()}


def _poster(ecran: Ecran, geste: str, **saisie: object) -> Reponse:
    marque = queries.marque(ecran.societe.entreprise)
    return ecran.faire("modifier_personnes", **{"geste": geste, "vue": marque} | _champs() | saisie)


def _importer(
    ecran: Ecran, type_piece: str = "IDENTITE", nom: str = "identite.pdf", **saisie: object
) -> Reponse:
    fichier = saisie.pop("fichier", SimpleUploadedFile(nom, fabrique_pieces.pdf()))
    return _poster(ecran, "importer", **{"type_piece": type_piece, "fichier": fichier} | saisie)


@pytest.mark.exigence("ACC-005", "ACC-006", "ACC-012")
@pytest.mark.parametrize("profil", [Profil.FOURNISSEUR, Profil.OPERATEUR])
def test_le_recapitulatif_et_l_historique_vide(profil: Profil):
    societe = Societe(profil=profil)
    page = Ecran(societe).lire("personnes_physiques")
    texte = mots(page)
    assert (
        f"Informations entreprise : Dénomination sociale : {societe.entreprise.denomination} "
        f"SIRET : {societe.entreprise.siret} Représentant légal : Nom : Lormelin Prénom : Anne "
        "Email : direction@societe.example Téléphone : 01 99 00 00 01 Le représentant légal est aussi le demandeur."
    ) in texte
    assert "Action de modification Date Statut Aucune donnée disponible dans le tableau" in texte
    assert "Précédent" in texte


@pytest.mark.exigence("ACC-005", "ACC-007")
def test_un_demandeur_distinct_est_montre_et_modifiable():
    page = Ecran(Societe(DEPOSITAIRE)).lire("personnes_physiques")
    texte = mots(page)
    assert "Dépositaire : Nom : Dauphray" in texte
    assert "Le représentant légal est aussi le demandeur" not in texte
    assert "Coordonnées du représentant légal :" in texte
    assert "Coordonnées du dépositaire :" in texte
    assert 'value="Dauphray"' in page.content.decode()


@pytest.mark.exigence("ACC-007", "ACC-008", "ACC-009", "ACC-010", "ACC-011")
def test_le_formulaire_dit_la_regle_et_porte_les_libelles_du_guide():
    page = Ecran().lire("personnes_physiques")
    texte = mots(page)
    for champ in ("Nom", "Prénom", "Email", "Téléphone"):
        assert f"{champ} du représentant légal :" in texte
    assert (
        "Dans le cadre de la modification des données personnelles du demandeur (Nom, prénom, email et/ou téléphone), "
        "les pièces-jointes suivantes sont requises : Le mandat du représentant légal La pièce d'identité de "
        "l'utilisateur Si la modification concerne uniquement l'email ou le téléphone du demandeur, seule la pièce "
        "d'identité de l'utilisateur est demandée."
    ) in texte
    assert "Nom du fichier Type de document Date de dépôt Consulter Supprimer" in texte
    assert "Ajouter une pièce jointe complémentaire Type de pièce complémentaire :" in texte
    assert "Sélectionner une option" in texte
    assert "Fichier à ajouter :" in texte
    for bouton in ("Importer", "Valider mes informations"):
        assert f">{bouton}</button>" in page.content.decode()
    assert lien(page, "Retour") == "/segurnums/accueil"


@pytest.mark.exigence("ACC-009", "ACC-010", "XCT-008")
def test_importer_une_piece_ne_perd_rien_de_la_saisie_meme_fausse():
    ecran = Ecran()
    assert (
        _importer(ecran, representant_nom="Quintrelle", representant_courriel="pas une adresse").status_code
        == 302
    )
    page = ecran.lire("personnes_physiques")
    assert 'value="Quintrelle"' in page.content.decode()
    assert 'value="pas une adresse"' in page.content.decode()
    assert "identite.pdf Pièce d'identité de l'utilisateur" in mots(page)
    piece = queries.pieces_de(ecran.societe.entreprise).get()
    assert octets(ecran.faire("piece_personne", piece.pk)).startswith(b"%PDF")
    _poster(ecran, f"retirer:{piece.pk}", representant_nom="Quintrelle")
    page = ecran.lire("personnes_physiques")
    assert "identite.pdf" not in mots(page)
    assert 'value="Quintrelle"' in page.content.decode()


@pytest.mark.exigence("ACC-007", "GST-024")
def test_un_telephone_se_garde_d_une_facon_et_se_lit_d_une_autre():
    ecran = Ecran()
    _importer(ecran)
    assert _poster(ecran, "valider", representant_telephone="01.99.00.00.77").status_code == 302
    ligne = ModificationPersonnes.objects.get()
    assert ligne.donnees["REPRESENTANT"]["telephone"] == "+33199000077"
    assert "Téléphone : 01 99 00 00 77" in mots(ecran.lire("personnes_physiques"))
    agent = Agent(Profil.GESTIONNAIRE)
    lue = mots(agent.lire("modification", "personnes", ligne.pk))
    assert "Téléphone (représentant légal) 01 99 00 00 01 01 99 00 00 77 modifiée" in lue
    services.accepter(modification=ligne.pk, auteur=agent.auteur)
    page = ecran.lire("personnes_physiques").content.decode()
    assert 'value="01 99 00 00 77"' in page
    assert "+33199000077" not in page


@pytest.mark.exigence("XCT-004", "XCT-008")
@pytest.mark.usefixtures("tout_est_infecte")
def test_une_piece_infectee_est_refusee_et_la_saisie_reste():
    page = _importer(Ecran(), representant_nom="Quintrelle")
    assert page.status_code == 422
    assert "a trouvé une menace dans le fichier « identite.pdf »" in mots(page)
    assert 'value="Quintrelle"' in page.content.decode()
    assert not PieceModification.objects.exists()


@pytest.mark.exigence("XCT-004")
def test_une_piece_ou_l_antivirus_trouve_une_menace_n_est_plus_servie():
    ecran = Ecran()
    _importer(ecran)
    piece = queries.pieces_de(ecran.societe.entreprise).get()
    Fichier.objects.update(analyse=Analyse.INFECTE)
    assert ecran.lire("piece_personne", piece.pk).status_code == 404


@pytest.mark.exigence("ACC-008", "ACC-011")
def test_valider_depose_une_demande_qui_s_inscrit_a_l_historique():
    ecran = Ecran()
    _importer(ecran)
    assert _poster(ecran, "valider", representant_courriel="nouvelle@societe.example").status_code == 302
    page = ecran.lire("personnes_physiques")
    texte = mots(page)
    assert "Représentant légal : email" in texte
    assert "En cours d'instruction" in texte
    assert "nouvelle@societe.example" in texte  # what is asked for
    assert "Valider mes informations" not in texte
    assert ModificationPersonnes.objects.get().statut == "EN_COURS"
    assert _poster(ecran, "valider", representant_nom="Autre").status_code == 422


@pytest.mark.exigence("ACC-006", "ACC-011")
def test_une_reponse_se_lit_a_l_historique_avec_son_motif():
    ecran = Ecran()
    ligne = ecran.societe.soumettre()
    services.refuser(modification=ligne.pk, auteur=officier(), motif="La pièce est illisible.")
    assert "Refusée Motif : La pièce est illisible." in mots(ecran.lire("personnes_physiques"))


@pytest.mark.exigence("ACC-008")
def test_une_piece_manquante_refuse_la_validation_et_le_dit():
    ecran = Ecran()
    _importer(ecran)
    page = _poster(ecran, "valider", representant_nom="Quintrelle")
    assert page.status_code == 422
    assert "Il manque « Mandat du représentant légal »" in mots(page)
    assert 'value="Quintrelle"' in page.content.decode()
    assert not queries.historique(ecran.societe.entreprise).exists()


@pytest.mark.exigence("ACC-007", "XCT-008")
@pytest.mark.parametrize(
    ("saisie", "phrase"),
    [
        ({"representant_courriel": "nulle part"}, "n'est pas une adresse électronique"),
        ({"representant_telephone": "12"}, "n'est pas un numéro de téléphone"),
        ({"representant_nom": " "}, "Renseignez ce champ : nom du représentant légal"),
        ({"representant_prenom": "x" * 101}, "100"),
        ({"fichier": SimpleUploadedFile("oubli.pdf", b"%PDF")}, "n'est pas encore importé"),
    ],
)
def test_une_saisie_fausse_se_dit_pres_de_son_champ(saisie: dict[str, object], phrase: str):
    page = _poster(Ecran(), "valider", **saisie)
    assert page.status_code == 422
    assert phrase in mots(page)


@pytest.mark.exigence("ACC-010", "XCT-004")
@pytest.mark.parametrize(
    ("saisie", "phrase"),
    [
        ({"type_piece": ""}, "Choisissez le type"),
        ({"type_piece": "AUTRE"}, "Sélectionnez un choix valide"),
        ({"fichier": ""}, "Choisissez le fichier"),
        ({"fichier": SimpleUploadedFile("note.docx", b"x")}, "porte l'extension .docx"),
    ],
)
def test_une_piece_refusee_dit_pourquoi(saisie: dict[str, object], phrase: str):
    ecran = Ecran()
    page = _importer(ecran, **{"representant_nom": "Quintrelle"} | saisie)  # type: ignore[arg-type]
    assert page.status_code == 422
    assert phrase in mots(page)
    assert 'value="Quintrelle"' in page.content.decode()
    assert not queries.pieces_de(ecran.societe.entreprise).exists()


@pytest.mark.exigence("XCT-004")
def test_un_fichier_trop_gros_est_refuse_par_une_phrase(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(pages.modifier, "taille_max", 100)
    page = _importer(Ecran(), fichier=SimpleUploadedFile("gros.pdf", b"x" * 3_000))
    assert page.status_code == 413
    assert "Le fichier dépasse 4 Mo" in mots(page)


def test_deux_pieces_de_meme_nom_se_refusent():
    ecran = Ecran()
    _importer(ecran)
    assert "est déjà importée" in mots(_importer(ecran, nom="IDENTITE.pdf"))


def test_un_ancien_onglet_ne_valide_rien():
    ecran = Ecran()
    vue = queries.marque(ecran.societe.entreprise)
    services.accepter(modification=ecran.societe.soumettre().pk, auteur=officier())
    page = _poster(ecran, "valider", vue=vue)
    assert page.status_code == 422
    assert "ont changé depuis que vous avez ouvert cette page" in mots(page)


@pytest.mark.exigence("XCT-002")
@pytest.mark.parametrize("role", [Role.DEPOSANT, Role.LECTEUR])
def test_seul_un_administrateur_de_l_entreprise_modifie_ou_lit_les_pieces(role: Role):
    societe = Societe()
    societe.joindre(TypePiece.IDENTITE)
    piece = queries.pieces_de(societe.entreprise).get()
    ecran = Ecran(societe, role)
    assert "Valider mes informations" not in mots(ecran.lire("personnes_physiques"))
    assert _poster(ecran, "valider", representant_nom="Quintrelle").status_code == 403
    assert ecran.lire("piece_personne", piece.pk).status_code == 403


@pytest.mark.exigence("XCT-002", "XCT-005")
def test_la_piece_d_une_autre_entreprise_n_existe_pas():
    societe = Societe()
    societe.joindre(TypePiece.IDENTITE)
    piece = queries.pieces_de(societe.entreprise).get()
    assert Ecran().lire("piece_personne", piece.pk).status_code == 404


def test_sans_personne_enregistree_la_page_demande_le_representant():
    societe = Societe()
    societe.entreprise.personnes_physiques.all().delete()
    page = Ecran(societe).lire("personnes_physiques")
    assert "Aucune personne physique n'est enregistrée" in mots(page)
    assert "Nom du représentant légal :" in mots(page)


def test_un_formulaire_envoye_apres_la_fin_de_session_ramene_a_sa_page():
    page, envoi = reverse("fournisseur:personnes_physiques"), reverse("fournisseur:modifier_personnes")
    connexion = reverse("fournisseur:connexion")
    reponse = Client().post(envoi, {"geste": "valider"}, headers={"Referer": f"http://testserver{page}"})
    assert reponse["Location"] == f"{connexion}?next={page}"
    lue = reponse.wsgi_request
    assert "rien n'a été envoyé" in str(next(iter(get_messages(lue))))
    # Neither another site, nor a page that does not say where it comes from, is gone back to.
    for ailleurs in ({"Referer": f"http://ailleurs.example{page}"}, {}):
        assert Client().post(envoi, headers=ailleurs)["Location"] == f"{connexion}?next={envoi}"
