"""« Mes modèles de documents »: the screen of a supplier of the second wave."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from pytest_django import Settings

from segurnum.comptes.models import Profil, Role
from segurnum.controles.tests import fabrique_pieces
from segurnum.essais import usines
from segurnum.fichiers.models import Analyse
from segurnum.modeles import services
from segurnum.modeles.models import ModeleDocument
from segurnum.modeles.tests.monde import BDC, VA, Editeur, officier
from segurnum.regles.calendrier import date_fr, maintenant
from segurnum.web.commun.menus import menu
from segurnum.web.fournisseur import modeles
from segurnum.web.tests.depot import Fournisseur, Reponse
from segurnum.web.tests.lecture import lien, mots, titres

pytestmark = pytest.mark.django_db

ENTREE = "Importer mes modèles de pièces justificatives"


class Page(Fournisseur):
    """A signed-in person of a company that may import models."""

    def __init__(self, editeur: Editeur | None = None) -> None:
        self.editeur = editeur or Editeur()
        super().__init__(self.editeur)  # type: ignore[arg-type]

    def importer(self, nom: str = "modele-va.pdf", octets: bytes | None = None, **saisie: Any) -> Reponse:
        octets = fabrique_pieces.pdf() if octets is None else octets
        return self.faire(
            "modeles", **{"type_fichier": VA, "fichier": SimpleUploadedFile(nom, octets)} | saisie
        )


def _entrees(page: Fournisseur) -> list[str]:
    onglets = {entree.libelle: entree.entrees for entree in menu(page.deposant.utilisateur)}
    return [fille.libelle for fille in onglets["Demandes de financement"]]


@pytest.mark.exigence("FRM-012", "FRM-013", "EXP-008")
def test_l_entree_du_menu_n_est_que_pour_la_vague_2():
    toujours = ["Gérer mes demandes de financement", "Établir mes documents", "Mes récépissés"]
    assert sorted(_entrees(Page())) == sorted([*toujours, ENTREE])
    sans = Fournisseur()
    assert _entrees(sans) == toujours
    page = sans.lire("modeles")
    assert page.status_code == 200
    assert "Cet écran s'ouvre avec un premier enrôlement de la vague 2" in mots(page)
    assert "Valider mon import" not in mots(page)
    for reponse in (sans.faire("modeles"), sans.faire("valider_modeles")):
        assert reponse.status_code == 403
        assert "Cet écran s'ouvre" in mots(reponse)


@pytest.mark.exigence("FRM-017", "EXP-008")
def test_un_operateur_n_a_pas_cet_ecran():
    page = Page()
    page.client.force_login(usines.utilisateur(Profil.OPERATEUR, entreprise=page.editeur.entreprise))
    assert page.lire("modeles").status_code == 403


@pytest.mark.exigence("EXP-009", "EXP-012", "EXP-013", "EXP-014", "EXP-017", "FRM-028", "FRM-029")
def test_l_ecran_est_celui_du_guide():
    page = Page()
    page.editeur.soumis()
    page.editeur.importer("evolution.png", BDC)
    lue = page.lire("modeles")
    assert titres(lue, 1) == ["Mes modèles de documents"]
    assert titres(lue, 2) == [
        "Récapitulatif",
        "Historique des modèles de documents",
        "Importer des modèles de documents",
    ]
    assert titres(lue, 3) == ["Ajouter un modèle de document :"]
    assert [entete.colonne.libelle for entete in lue.context["affiche"].entetes] == [
        "Date d'import",
        "Type de document",
        "Nom",
        "Statut",
        "Actions",
    ]
    texte, jour = mots(lue), date_fr(maintenant())
    assert f"{jour} Modèle de VA couloir Hôpital modele-va.pdf En attente d'instruction Consulter" in texte
    assert "Fichiers en cours d'import Nom du fichier Type Date de dépôt Consulter Supprimer" in texte
    assert f"evolution.png MODELE_BDC_HOP {jour} Télécharger evolution.png Supprimer evolution.png" in texte
    assert "Type fichier * Veuillez sélectionner un type de pièces jointes complémentaires" in texte
    assert (
        "Ajouter un fichier * Taille maximale : 4 Mo. Formats supportés : jpg, jpeg, png, pdf. Le nom du fichier ne "
        "doit pas excéder 50 caractères et ne doit pas contenir de caractères spéciaux."
    ) in texte
    assert "Précédent Page 1 sur 1 Suivant" in texte
    assert lien(lue, "Retour") == reverse("fournisseur:accueil")
    assert ">Importer</button>" in lue.content.decode()
    assert '<button type="submit" class="fr-btn">Valider mon import</button>' in lue.content.decode()


@pytest.mark.exigence("EXP-015", "EXP-016", "EXP-017")
def test_importer_puis_valider():
    page = Page()
    assert "disabled>Valider mon import" in page.lire("modeles").content.decode()
    importee = page.suivre(page.importer())
    assert '<dialog class="portail-pop-in" open' in importee.content.decode()
    assert (
        "L'import est effectué Le fichier modele-va.pdf est importé (Modèle de VA couloir Hôpital)"
        in mots(importee)
    )
    page.importer("photo.JPEG", fabrique_pieces.image("JPEG"), type_fichier=BDC)
    validee = page.suivre(page.faire("valider_modeles"))
    assert "Vos 2 modèles sont transmis au gestionnaire" in mots(validee)
    assert list(ModeleDocument.objects.values_list("statut", flat=True)) == ["EN_ATTENTE"] * 2
    assert not validee.context["en_import"].nombre
    vide = page.suivre(page.faire("valider_modeles"))
    assert "Aucun fichier n'est en cours d'import" in mots(vide)


@pytest.mark.exigence("EXP-015")
def test_la_reponse_a_un_envoi_par_script_se_lit_dans_la_page_qui_sera_vue():
    page = Page()
    page.importer()
    adresse = reverse("fournisseur:modeles")
    passage = page.client.get(adresse, headers={"X-Televersement": "/segurnums/ailleurs"})
    assert "L'import est effectué" not in mots(passage)
    vue = page.client.get(adresse, headers={"X-Televersement": adresse})
    assert "L'import est effectué" in mots(vue)


@pytest.mark.exigence("EXP-014", "EXP-015", "XCT-008")
@pytest.mark.parametrize(
    ("nom", "octets", "phrase"),
    [
        ("note.docx", b"x", "les formats acceptés sont .jpeg, .jpg, .pdf ou .png"),
        ("vide.pdf", b"", "est vide"),
        ("photo.pdf", fabrique_pieces.image("PNG"), "photo.pdf"),
        ("x" * 47 + ".pdf", fabrique_pieces.pdf(), "a 51 caractères ; 50 au plus sont acceptés"),
        ("modèle été.pdf", fabrique_pieces.pdf(), "contient des caractères spéciaux"),
    ],
    ids=["format", "vide", "contenu", "longueur du nom", "caractères du nom"],
)
def test_un_document_rejete_dit_ce_qu_il_faut_modifier(nom: str, octets: bytes, phrase: str):
    page = Page()
    refus = page.importer(nom, octets)
    assert refus.status_code == 422
    texte = mots(refus)
    assert "L'import n'est pas effectué : le document est à modifier" in texte
    assert texte.count(phrase) >= 2, "dans la fenêtre, et à côté du champ"
    assert f'<option value="{VA}" selected>' in refus.content.decode()
    assert not ModeleDocument.objects.exists()


@pytest.mark.exigence("EXP-014", "XCT-004")
def test_un_document_trop_gros_est_rejete(monkeypatch: pytest.MonkeyPatch):
    page = Page()
    monkeypatch.setattr(modeles.modeles, "taille_max", 100)
    refus = page.importer(octets=b"x" * 3_000)
    assert refus.status_code == 413
    assert "Le fichier dépasse 4 Mo" in mots(refus)


@pytest.mark.exigence("EXP-013")
def test_il_faut_choisir_un_type_propose_et_un_fichier():
    page = Page()
    vide = page.faire("modeles")
    assert vide.status_code == 422
    assert "Choisissez le type du modèle à importer." in mots(vide)
    assert "Choisissez le fichier à importer." in mots(vide)
    assert page.importer(type_fichier="MODELE_VA_RAD").status_code == 422
    page.importer()
    double = page.importer()
    assert double.status_code == 422
    assert "est déjà en cours d'import" in mots(double)


@pytest.mark.exigence("XCT-004")
@pytest.mark.usefixtures("tout_est_infecte")
def test_l_antivirus_a_son_mot_a_dire():
    refus = Page().importer()
    assert refus.status_code == 422
    assert "a trouvé une menace" in mots(refus)
    assert not ModeleDocument.objects.exists()


def test_un_antivirus_muet_ne_fait_rien_envoyer_deux_fois(settings: Settings):
    settings.ANTIVIRUS_URL = "tcp://127.0.0.1:1"
    page = Page()
    assert page.importer().status_code == 302
    ligne = ModeleDocument.objects.get()
    assert ligne.fichier.analyse == Analyse.EN_ATTENTE
    assert "Bloqué : il sera contrôlé dès que l'antivirus répondra" in mots(page.lire("modeles"))
    assert page.lire("fichier_modele", ligne.pk).status_code == 404


@pytest.mark.exigence("EXP-012")
def test_un_fichier_en_cours_se_telecharge_et_se_supprime():
    page = Page()
    ligne = page.editeur.importer()
    fichier = page.lire("fichier_modele", ligne.pk)
    assert fichier["Content-Disposition"] == 'attachment; filename="modele-va.pdf"'
    assert b"".join(fichier.streaming_content) == usines.PDF_MINIMAL
    assert "est supprimé" in mots(page.suivre(page.faire("supprimer_modele", ligne.pk)))
    assert not ModeleDocument.objects.exists()
    soumis = page.editeur.soumis()
    refus = page.suivre(page.faire("supprimer_modele", soumis.pk))
    assert "est impossible" in mots(refus)
    assert ModeleDocument.objects.get() == soumis


@pytest.mark.exigence("EXP-009", "EXP-011")
def test_consulter_montre_le_commentaire_du_gestionnaire():
    page = Page()
    ligne = page.editeur.soumis()
    adresse = lien(page.lire("modeles"), "Consulter modele-va.pdf")
    assert adresse == reverse("fournisseur:modele", args=[ligne.pk])
    assert "Le gestionnaire n'a pas encore répondu" in mots(page.lire("modele", ligne.pk))
    services.rejeter(modele=ligne.pk, auteur=officier(), motif="La date manque.\nAjoutez-la.")
    texte = mots(page.lire("modele", ligne.pk))
    assert "Rejeté" in texte
    assert "Commentaire du gestionnaire La date manque. Ajoutez-la." in texte
    assert lien(page.lire("modele", ligne.pk), "Retour") == reverse("fournisseur:modeles")
    accepte = page.editeur.soumis("autre.pdf")
    services.accepter(modele=accepte.pk, auteur=officier())
    assert "Le gestionnaire n'a pas ajouté de commentaire." in mots(page.lire("modele", accepte.pk))


@pytest.mark.exigence("EXP-009", "FRM-027")
@pytest.mark.parametrize(
    ("filtre", "trouvees"),
    [
        ({"f_type": "bon de commande"}, ["bdc.pdf"]),
        ({"f_nom": "VA"}, ["va.pdf"]),
        ({"f_statut": "attente"}, ["va.pdf", "bdc.pdf"]),
        ({"f_statut": "accepte"}, []),
        ({"f_import": "/20"}, ["va.pdf", "bdc.pdf"]),
        ({"tri": "nom"}, ["bdc.pdf", "va.pdf"]),
    ],
)
def test_l_historique_se_filtre_et_se_trie(filtre: dict[str, str], trouvees: list[str]):
    page = Page()
    page.editeur.soumis("bdc.pdf", BDC)
    page.editeur.soumis("va.pdf")
    lue = page.lire("modeles", **filtre)
    assert [ligne.nom for ligne in lue.context["affiche"].lignes] == trouvees
    if not trouvees:
        assert "Aucune donnée disponible dans le tableau" in mots(lue)


@pytest.mark.exigence("EXP-012", "XCT-005", "FRM-030")
def test_le_document_d_une_autre_entreprise_n_existe_pas():
    ligne = Editeur().importer()
    page = Page()
    for reponse in (
        page.lire("fichier_modele", ligne.pk),
        page.lire("modele", ligne.pk),
        page.faire("supprimer_modele", ligne.pk),
    ):
        assert reponse.status_code == 404
    assert ligne.nom not in mots(page.lire("modeles"))
    assert ModeleDocument.objects.get() == ligne


def test_un_fichier_en_cours_d_import_ne_se_consulte_pas():
    page = Page()
    assert page.lire("modele", page.editeur.importer().pk).status_code == 404


def test_un_lecteur_regarde_et_ne_touche_a_rien():
    page = Page()
    ligne = page.editeur.importer()
    page.editeur.utilisateur.role = Role.LECTEUR
    page.editeur.utilisateur.save()
    lue = page.lire("modeles")
    assert "modele-va.pdf" in mots(lue)
    assert "Ajouter un modèle de document" not in mots(lue)
    assert page.importer("autre.pdf").status_code == 403
    assert page.faire("valider_modeles").status_code == 403
    assert page.faire("supprimer_modele", ligne.pk).status_code == 403
