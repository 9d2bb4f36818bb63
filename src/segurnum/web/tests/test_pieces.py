"""Step 2 of the import: the ZIP of the pieces, its check, « Terminer »."""

import io
import zipfile
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from segurnum.comptes.auteurs import auteur as auteur_de
from segurnum.comptes.models import Profil, Role
from segurnum.controles.tests import fabrique_pieces
from segurnum.demandes import echeances
from segurnum.demandes import services as demandes
from segurnum.demandes.models import Demande, PieceJustificative
from segurnum.depots.models import Archive, Depot
from segurnum.essais import usines
from segurnum.fichiers.models import Analyse
from segurnum.journal.queries import evenements_de
from segurnum.regles.calendrier import date_fr, instant_fr, jours_apres, maintenant
from segurnum.web.fournisseur import envois
from segurnum.web.tests.depot import Fournisseur, Reponse, controler
from segurnum.web.tests.instruction import Agent
from segurnum.web.tests.lecture import lien, mots

pytestmark = pytest.mark.django_db

CONFORMES = (
    "Toutes les pièces jointes peuvent être importées correctement, merci de cliquer sur « Terminer »."
)
TERMINER_INERTE = '<button type="button" class="fr-btn" disabled>Terminer</button>'


def _envoyer(fournisseur: Fournisseur, depot: Depot, octets: bytes, nom: str = "pieces.zip") -> Reponse:
    """Send a ZIP, let the worker check it, and read the page."""
    reponse = fournisseur.faire("pieces", depot.pk, archive=SimpleUploadedFile(nom, octets))
    archive = depot.archives.order_by("-pk").first()
    if archive is not None:
        controler(archive)
    return fournisseur.suivre(reponse)


def _statuts(page: Reponse) -> dict[str, str]:
    return {ligne.nom: ligne.statut for ligne in page.context["suivi"].lignes}


@pytest.mark.exigence("JSN-034", "JSN-035", "JSN-036", "JSN-037", "JSN-038", "JSN-039", "JSN-040", "JSN-042")
def test_la_page_des_pieces_dit_ses_regles_et_son_tableau_est_vide():
    fournisseur = Fournisseur()
    page = fournisseur.lire("pieces", fournisseur.deposant.importer(1).pk)
    texte = mots(page)
    assert 'aria-current="step">2. Pièces jointes' in page.content.decode()
    assert (
        "Merci d'importer un seul zip contenant toutes les pièces jointes. Lors de l'import de pièces jointes, "
        "quelques règles à suivre : Chaque fichier ne doit pas dépasser 3Mo Les formats acceptés sont .jpg, "
        ".png, .pdf Le nom de la pièce jointe ne doit pas avoir plus de 100 caractères Le nom de la pièce "
        "jointe doit être contenu dans le fichier JSON Chaque fichier Zip ne doit pas dépasser 200Mo Chaque "
        "fichier doit correspondre à la nomenclature indiquée sur la documentation"
    ) in texte
    assert "Importer un fichier zip :" in texte
    assert "Nom du fichier importé Statut import Aucune donnée disponible dans le tableau" in texte
    assert TERMINER_INERTE in page.content.decode()


@pytest.mark.exigence("INC-005", "JSN-045")
def test_la_page_dit_jusqu_a_quel_jour_les_pieces_sont_attendues():
    fournisseur = Fournisseur()
    depot = fournisseur.deposant.importer(2)
    dernier = date_fr(jours_apres(depot.depose_le, 7))
    assert f"2 demandes attendent leurs pièces jusqu'au {dernier} inclus" in mots(
        fournisseur.lire("pieces", depot.pk)
    )


@pytest.mark.exigence("JSN-042", "JSN-043", "JSN-044")
def test_un_zip_conforme_permet_de_terminer_et_les_demandes_sont_en_cours():
    fournisseur = Fournisseur()
    depot = fournisseur.deposant.importer(2)
    page = _envoyer(fournisseur, depot, fournisseur.deposant.zip_de(depot), "PJ-Avance - Ok.zip")
    assert CONFORMES in mots(page)
    assert set(_statuts(page).values()) == {"OK"}
    assert "PJ-Avance - Ok.zip OK" in mots(page)
    assert TERMINER_INERTE not in page.content.decode()
    fini = fournisseur.suivre(fournisseur.faire("terminer", depot.pk))
    assert "Votre dépôt est terminé" in mots(fini)
    for demande in Demande.objects.all():
        assert demande.statut == "EN_COURS"
        assert lien(fini, demande.numero) == f"/segurnums/demandes/{demande.numero}"


@pytest.mark.exigence("JSN-038", "JSN-042", "JSN-043")
def test_chaque_fichier_fautif_ou_manquant_se_lit_dans_le_tableau():
    fournisseur = Fournisseur()
    depot = fournisseur.deposant.importer(2)
    noms = [piece.nom for demande in Demande.objects.order_by("pk") for piece in demande.pieces.all()]
    octets = fabrique_pieces.archive({noms[0]: fabrique_pieces.pdf(), "intrus.pdf": fabrique_pieces.pdf()})
    page = _envoyer(fournisseur, depot, octets)
    statuts = _statuts(page)
    assert statuts[noms[0]] == "OK"
    assert "n'est pas annoncé dans le fichier JSON" in statuts["intrus.pdf"]
    for absente in noms[1:]:
        assert "absente de l'archive" in statuts[absente]
    assert statuts["pieces.zip"].startswith(f"{len(noms)} pièces à corriger")
    assert CONFORMES not in mots(page)
    assert "1 demande a toutes ses pièces" in mots(page)
    assert [manque.pieces for manque in page.context["manques"]] == [tuple(noms[1:])]
    fautives = len(noms)  # all of them but the first, and the one that is not announced
    assert f"Les erreurs seulement ({fautives})" in mots(page)
    erreurs = fournisseur.lire("pieces", depot.pk, filtre="erreurs")
    assert len(erreurs.context["page"].object_list) == fautives
    assert all(not ligne.ok for ligne in erreurs.context["page"].object_list)
    fournisseur.faire("terminer", depot.pk)
    devenus = Demande.objects.order_by("pk").values_list("statut", flat=True)
    assert list(devenus) == ["EN_COURS", "NON_COMPLETEE"]
    refus = fournisseur.suivre(fournisseur.faire("terminer", depot.pk))
    assert "Aucune de ces demandes n'a toutes ses pièces" in mots(refus)


@pytest.mark.exigence("JSN-042")
def test_un_fichier_qui_n_est_pas_un_zip_le_dit_a_son_nom():
    fournisseur = Fournisseur()
    depot = fournisseur.deposant.importer(1)
    for octets in (b"ceci n'est pas une archive", b""):
        statuts = _statuts(_envoyer(fournisseur, depot, octets, "faux.zip"))
        assert list(statuts) == ["faux.zip"]
        assert statuts["faux.zip"] != "OK"


@pytest.mark.exigence("JSN-042", "FRM-027")
def test_le_tableau_des_pieces_tourne_ses_pages():
    fournisseur = Fournisseur()
    depot = fournisseur.deposant.importer(1)
    octets = fabrique_pieces.archive({f"intrus-{rang:02}.pdf": b"x" for rang in range(30)})
    page = _envoyer(fournisseur, depot, octets)
    assert len(page.context["page"].object_list) == 20
    assert page.context["page"].paginator.num_pages == 2
    assert "Précédent Page 1 sur 2 Suivant" in mots(page)
    suivante = fournisseur.client.get(f"/segurnums/importations/{depot.pk}/pieces{lien(page, 'Suivant')}")
    assert suivante.context["page"].number == 2


@pytest.mark.exigence("JSN-041", "XCT-006")
def test_l_avancement_du_controle_se_suit_puis_la_page_se_relit():
    fournisseur = Fournisseur()
    depot = fournisseur.deposant.importer(1)
    reponse = fournisseur.faire(
        "pieces", depot.pk, archive=SimpleUploadedFile("p.zip", fournisseur.deposant.zip_de(depot))
    )
    archive = Archive.objects.get()
    Archive.objects.update(etat=Archive.Etat.EN_CONTROLE, octets_controles=archive.fichier.taille // 2)
    page = fournisseur.suivre(reponse)
    assert "Contrôle de « p.zip » : 4" in mots(page) or "Contrôle de « p.zip » : 50%" in mots(page)
    assert lien(page, "Actualiser") == f"/segurnums/importations/{depot.pk}/pieces?archive={archive.pk}"
    fragment = fournisseur.lire("archive_etat", depot.pk, archive=archive.pk)
    assert "hx-get" in fragment.content.decode()
    assert "HX-Refresh" not in fragment
    controler(archive)
    assert fournisseur.lire("archive_etat", depot.pk, archive=archive.pk)["HX-Refresh"] == "true"


def test_les_fichiers_qu_un_logiciel_a_laisses_dans_le_zip_sont_dits_ignores():
    fournisseur = Fournisseur()
    depot = fournisseur.deposant.importer(1)
    octets = io.BytesIO(fournisseur.deposant.zip_de(depot))
    with zipfile.ZipFile(octets, "a") as archive:
        archive.writestr("@eaDir/vignette.jpg", b"x")
    page = _envoyer(fournisseur, depot, octets.getvalue())
    assert CONFORMES in mots(page)
    assert "OK – 1 fichier ignoré, laissé là par un logiciel : @eaDir/vignette.jpg." in mots(page)


def _envoi_en_retard(fournisseur: Fournisseur, depuis: timedelta, panne: str = "") -> Archive:
    """A ZIP whose check has waited for that long."""
    depot = fournisseur.deposant.importer(1)
    octets = fournisseur.deposant.zip_de(depot)
    fournisseur.faire("pieces", depot.pk, archive=SimpleUploadedFile("p.zip", octets))
    instant = maintenant() - depuis
    Archive.objects.update(avance_le=instant, panne=panne, panne_depuis=instant if panne else None)
    return Archive.objects.get()


@pytest.mark.exigence("JSN-041")
@pytest.mark.parametrize("panne", ["", "antivirus"], ids=["aucun ouvrier", "une panne"])
def test_un_controle_en_retard_se_dit_et_la_page_le_demande_de_moins_en_moins(panne: str):
    fournisseur = Fournisseur()
    archive = _envoi_en_retard(fournisseur, timedelta(minutes=10), panne)
    for reponse in (
        fournisseur.lire("pieces", archive.depot_id),
        fournisseur.lire("archive_etat", archive.depot_id, archive=archive.pk),
    ):
        texte = mots(reponse)
        assert "Votre ZIP est bien reçu, le contrôle a du retard" in texte
        assert f"attend depuis le {instant_fr(archive.avance_le)}" in texte
        assert "N'envoyez rien de nouveau : c'est la date d'arrivée de votre fichier qui compte" in texte
        assert ("ne répond pas (antivirus)" in texte) is bool(panne)
        assert "load delay:60s" in reponse.content.decode()
    Archive.objects.update(avance_le=maintenant() - timedelta(days=2), panne_depuis=None)
    tardive = fournisseur.lire("archive_etat", archive.depot_id, archive=archive.pk)
    assert "load delay:300s" in tardive.content.decode()
    controler(archive)
    assert fournisseur.lire("archive_etat", archive.depot_id, archive=archive.pk)["HX-Refresh"] == "true"


@pytest.mark.exigence("JSN-042", "XCT-014")
def test_un_controle_impossible_se_dit_et_se_recommence_d_un_bouton():
    fournisseur = Fournisseur()
    archive = _envoi_en_retard(fournisseur, timedelta())
    Archive.objects.update(etat=Archive.Etat.ILLISIBLE, rapport=None)
    page = fournisseur.lire("pieces", archive.depot_id)
    assert "n'a pas abouti après trois essais" in mots(page)
    assert TERMINER_INERTE in page.content.decode()
    adresse = reverse("fournisseur:recontroler", args=[archive.depot_id, archive.pk])
    assert adresse in page.content.decode()
    suite = fournisseur.suivre(fournisseur.faire("recontroler", archive.depot_id, archive.pk))
    assert "Le contrôle du fichier « p.zip » recommence" in mots(suite)
    encore = fournisseur.suivre(fournisseur.faire("recontroler", archive.depot_id, archive.pk))
    assert "n'attend pas de nouveau contrôle" in mots(encore)
    controler(archive)
    assert CONFORMES in mots(fournisseur.lire("pieces", archive.depot_id))


def test_un_lecteur_ne_recontrole_pas():
    fournisseur = Fournisseur()
    archive = _envoi_en_retard(fournisseur, timedelta())
    Archive.objects.update(etat=Archive.Etat.ILLISIBLE)
    fournisseur.deposant.utilisateur.role = Role.LECTEUR
    fournisseur.deposant.utilisateur.save()
    assert "Recontrôler</button>" not in fournisseur.lire("pieces", archive.depot_id).content.decode()
    assert fournisseur.faire("recontroler", archive.depot_id, archive.pk).status_code == 403


def test_les_agents_voient_les_controles_en_retard_ou_en_echec_et_les_recommencent():
    agent = Agent(Profil.GESTIONNAIRE)
    assert "Contrôles en retard ou en échec" not in mots(agent.lire("accueil"))
    fournisseur = Fournisseur()
    archive = _envoi_en_retard(fournisseur, timedelta(hours=1), "stockage des fichiers")
    assert "1 fichier ZIP de fournisseurs attend" in mots(agent.lire("accueil"))
    liste = mots(agent.lire("controles"))
    assert f"En retard depuis le {instant_fr(archive.avance_le)} : stockage des fichiers" in liste
    Archive.objects.update(etat=Archive.Etat.ILLISIBLE, dernier_echec="KeyError", echec_le=maintenant())
    assert "Contrôle impossible depuis le" in mots(agent.lire("controles"))
    recontroler = reverse("gestion:recontroler", args=[archive.pk])
    agent.client.post(recontroler)
    assert "recommence" in mots(agent.lire("controles"))
    archive.refresh_from_db()
    assert archive.etat == Archive.Etat.RECUE
    agent.client.post(recontroler)
    assert "est fini, ou déjà dans la file" in mots(agent.lire("controles"))


def test_au_bout_de_trois_mises_a_l_ecart_seul_un_agent_recontrole():
    fournisseur = Fournisseur()
    archive = _envoi_en_retard(fournisseur, timedelta())
    Archive.objects.update(etat=Archive.Etat.ILLISIBLE, rapport=None, mises_a_l_ecart=3)
    page = fournisseur.lire("pieces", archive.depot_id)
    assert "Recontrôler</button>" not in page.content.decode()
    assert "un gestionnaire, qui le voit, peut seul le recontrôler" in mots(page)
    suite = fournisseur.suivre(fournisseur.faire("recontroler", archive.depot_id, archive.pk))
    assert "peut seul le recommencer" in mots(suite)
    Agent(Profil.GESTIONNAIRE).client.post(reverse("gestion:recontroler", args=[archive.pk]))
    archive.refresh_from_db()
    assert (archive.etat, archive.mises_a_l_ecart) == (Archive.Etat.RECUE, 0)


def test_une_menace_trouvee_apres_la_validation_est_dite_aux_agents():
    fournisseur = Fournisseur()
    depot = fournisseur.deposant.importer(1)
    fournisseur.deposant.envoyer(depot)
    fournisseur.deposant.terminer(depot)
    agent = Agent(Profil.GESTIONNAIRE)
    piece = PieceJustificative.objects.select_related("fichier", "demande").order_by("pk")[0]
    assert piece.fichier is not None
    demandes.valider(demande=piece.demande_id, auteur=auteur_de(usines.utilisateur(Profil.GESTIONNAIRE)))
    assert "Une menace" not in mots(agent.lire("accueil"))
    piece.fichier.analyse = Analyse.INFECTE
    piece.fichier.save()
    assert "Une menace a été trouvée dans" in mots(agent.lire("accueil"))
    assert piece.demande.numero in mots(agent.lire("controles"))
    assert piece.nom in mots(agent.lire("controles"))


def test_le_meme_zip_envoye_deux_fois_est_dit_et_son_resultat_reste():
    fournisseur = Fournisseur()
    depot = fournisseur.deposant.importer(1)
    octets = fournisseur.deposant.zip_de(depot)
    _envoyer(fournisseur, depot, octets)
    page = _envoyer(fournisseur, depot, octets)
    assert "a déjà été reçu" in mots(page)
    assert CONFORMES in mots(page)
    assert depot.archives.count() == 1


@pytest.mark.exigence("JSN-043")
def test_un_zip_fautif_envoye_apres_un_bon_n_enleve_rien_au_bon():
    fournisseur = Fournisseur()
    depot = fournisseur.deposant.importer(1)
    bon = fournisseur.deposant.zip_de(depot)
    _envoyer(fournisseur, depot, bon)
    fautive = _envoyer(fournisseur, depot, fabrique_pieces.archive({"intrus.pdf": b"x"}))
    assert "n'est pas annoncé" in mots(fautive)
    assert CONFORMES in mots(fautive)
    assert TERMINER_INERTE not in fautive.content.decode()
    revenue = _envoyer(fournisseur, depot, bon)
    assert CONFORMES in mots(revenue)
    fournisseur.faire("terminer", depot.pk)
    assert Demande.objects.get().statut == "EN_COURS"


def test_terminer_deux_fois_ne_fait_rien_de_plus():
    fournisseur = Fournisseur()
    depot = fournisseur.deposant.importer(1)
    fournisseur.deposant.envoyer(depot)
    fournisseur.faire("terminer", depot.pk)
    page = fournisseur.suivre(fournisseur.faire("terminer", depot.pk))
    assert "Votre dépôt est terminé" in mots(page)
    (geste,) = evenements_de(Demande.objects.get().dossier.chaine).filter(geste="COMPLETER")
    assert geste.acteur == fournisseur.deposant.utilisateur


@pytest.mark.exigence("JSN-039", "XCT-004", "XCT-006")
@pytest.mark.parametrize("taille", [1_001, 3_000_000], ids=["un octet de trop", "bien plus gros"])
def test_un_zip_trop_gros_est_refuse_en_le_recevant(taille: int, monkeypatch: pytest.MonkeyPatch):
    fournisseur = Fournisseur()
    depot = fournisseur.deposant.importer(1)
    monkeypatch.setattr(envois.deposer_pieces, "taille_max", 1_000)
    page = fournisseur.faire("pieces", depot.pk, archive=SimpleUploadedFile("p.zip", b"x" * taille))
    assert page.status_code == 413
    assert "Le fichier ZIP dépasse 200 Mo (209 715 200 octets)" in mots(page)
    assert not depot.archives.exists()
    juste = fournisseur.faire("pieces", depot.pk, archive=SimpleUploadedFile("p.zip", b"x" * 1_000))
    assert juste.status_code == 302


@pytest.mark.exigence("INC-006")
def test_un_import_dont_les_demandes_ont_expire_le_dit():
    fournisseur = Fournisseur()
    depot = fournisseur.deposant.importer(1)
    echeances.expirer(instant=jours_apres(maintenant(), 9))
    page = fournisseur.lire("pieces", depot.pk)
    assert "Cet import n'attend plus de pièces" in mots(page)
    assert "Importer un fichier zip" not in mots(page)


def test_un_zip_sans_fichier_choisi_se_dit():
    fournisseur = Fournisseur()
    depot = fournisseur.deposant.importer(1)
    page = fournisseur.faire("pieces", depot.pk)
    assert page.status_code == 422
    assert "Choisissez le fichier ZIP" in mots(page)


def test_un_lecteur_voit_le_depot_et_n_envoie_rien():
    fournisseur = Fournisseur()
    depot = fournisseur.deposant.importer(1)
    fournisseur.deposant.envoyer(depot)
    fournisseur.deposant.utilisateur.role = Role.LECTEUR
    fournisseur.deposant.utilisateur.save()
    page = fournisseur.lire("pieces", depot.pk)
    assert TERMINER_INERTE in page.content.decode()
    assert fournisseur.faire("terminer", depot.pk).status_code == 403
    assert Demande.objects.get().statut == "NON_COMPLETEE"
