"""« Demandes importées non complétées »: repaired one by one or by one ZIP, deleted, replaced, told when they end."""

import io
import json
import zipfile
from collections.abc import Sequence
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from segurnum.controles.tests import fabrique_pieces
from segurnum.courriels.models import Courriel
from segurnum.demandes.models import Demande, PieceJustificative
from segurnum.demonstration import fabrique
from segurnum.depots import services, suites
from segurnum.depots.models import Archive, Depot, PieceEnSuspens
from segurnum.essais.depots import Deposant
from segurnum.essais.horloge import Horloge
from segurnum.journal.queries import evenements_de
from segurnum.regles.calendrier import date_fr, maintenant
from segurnum.regles.cycles import TypeDemande
from segurnum.web.tests.depot import Fournisseur, Reponse, controler, en_cours
from segurnum.web.tests.lecture import mots

pytestmark = pytest.mark.django_db


def zip_partiel(octets: bytes, gardees: Sequence[int], **autres: bytes) -> bytes:
    """An archive of these entries of another, and of others."""
    sortie = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(octets)) as source, zipfile.ZipFile(sortie, "w") as cible:
        entrees = source.infolist()
        for rang in gardees:
            cible.writestr(entrees[rang], source.read(entrees[rang]))
        for nom, contenu in autres.items():
            cible.writestr(nom, contenu)
    return sortie.getvalue()


def _envoyer_pour_toutes(fournisseur: Fournisseur, octets: bytes) -> Reponse:
    reponse = fournisseur.faire("incompletes_pieces", archive=SimpleUploadedFile("tout.zip", octets))
    controler(Archive.objects.order_by("-pk")[0])
    return fournisseur.suivre(reponse)


@pytest.mark.exigence("INC-002", "INC-003", "INC-004", "INC-005", "INC-012", "INC-013", "FRM-023")
def test_l_accueil_mene_a_l_ecran_des_demandes_incompletes_avec_ses_colonnes():
    fournisseur = Fournisseur()
    depot = fournisseur.deposant.importer(2)
    demande = Demande.objects.order_by("pk")[0]
    assert "des demandes d'avance et/ou de solde n'ont pas été complétées" in mots(
        fournisseur.lire("accueil")
    )
    page = fournisseur.lire("incompletes")
    texte = mots(page)
    assert "Demandes importées non complétées" in texte
    colonnes = ", ".join(entete.colonne.libelle for entete in page.context["affiche"].entetes)
    dites = "Type, N° Éditeur, MontantSegurHT, Date de dépôt, Date d'expiration, Pièce(s) jointe(s)"
    assert colonnes.endswith(f"Numéro demande, {dites}")
    for dite in ("Tout sélectionner sur cette page (2 lignes)", f"Choisir la demande {demande.numero}"):
        assert dite in texte
    assert "Les modèles de fichiers JSON valides pour les demandes d'avance et de solde" in texte
    assert page.context["affiche"].page.paginator.count == 2
    assert f"{demande.dossier.numero} Avance {demande.numero_editeur}" in texte
    assert demande.expire_le is not None
    assert f"{date_fr(depot.depose_le)} {date_fr(demande.expire_le)}" in texte
    assert (demande.expire_le.date() - depot.depose_le.date()).days == 7
    assert "+ Ajouter" in texte


@pytest.mark.exigence("INC-003")
def test_les_demandes_incompletes_se_cherchent_par_numero_type_et_dates():
    fournisseur = Fournisseur()
    fournisseur.deposant.importer(2)
    premiere, seconde = Demande.objects.order_by("pk")
    page = fournisseur.lire("incompletes", numero=premiere.numero[3:])
    assert [ligne.pk for ligne in page.context["affiche"].lignes] == [premiere.pk]
    assert not fournisseur.lire("incompletes", type_demande="SOLDE").context["affiche"].lignes
    jour = maintenant().date().isoformat()
    trouvees = fournisseur.lire("incompletes", du=jour, au=jour).context["affiche"].lignes
    assert [ligne.pk for ligne in trouvees] == [premiere.pk, seconde.pk]
    assert "Renseignez les deux dates" in mots(fournisseur.lire("incompletes", du=jour))


def test_la_liste_se_lit_en_un_nombre_d_instructions_qui_ne_depend_pas_d_elle():
    fournisseur = Fournisseur()
    fournisseur.deposant.importer(1)
    fournisseur.lire("incompletes")
    with CaptureQueriesContext(connection) as une:
        fournisseur.lire("incompletes")
    fournisseur.deposant.importer(9)
    with CaptureQueriesContext(connection) as dix:
        fournisseur.lire("incompletes")
    assert len(dix) == len(une)


@pytest.mark.exigence("INC-007", "INC-009", "INC-010")
def test_une_demande_se_complete_piece_par_piece_puis_se_termine():
    fournisseur = Fournisseur()
    fournisseur.deposant.importer(1)
    demande = Demande.objects.get()
    page = fournisseur.lire("completer", demande.numero)
    assert "Manquante" in mots(page)
    for piece in demande.pieces.order_by("pk"):
        octets = fabrique_pieces.pdf() if piece.nom.endswith("pdf") else fabrique_pieces.image("JPEG")
        reponse = fournisseur.faire(
            "completer",
            demande.numero,
            piece=piece.pk,
            fichier=SimpleUploadedFile(f"scan.{piece.nom.rpartition('.')[2]}", octets),
        )
        page = fournisseur.suivre(reponse)
        assert f"La pièce « {piece.nom} » est reçue." in mots(page)
    assert "Toutes les pièces de cette demande sont là" in mots(page)
    fini = fournisseur.suivre(fournisseur.faire("transmettre", demande.numero))
    assert "est transmise aux gestionnaires" in mots(fini)
    demande.refresh_from_db()
    assert demande.statut == "EN_COURS"
    assert "Toutes vos demandes ont leurs pièces : aucune n'est incomplète." in mots(
        fournisseur.lire("incompletes")
    )
    gestes = [e.geste for e in evenements_de(demande.dossier.chaine)]
    assert gestes[0] == "DEPOSER"
    assert gestes[-1] == "COMPLETER"
    assert set(gestes[1:-1]) == {"JOINDRE_PIECE"}


@pytest.mark.exigence("INC-009")
def test_une_piece_d_un_autre_format_que_celui_annonce_est_refusee_a_cote_de_son_champ():
    fournisseur = Fournisseur()
    fournisseur.deposant.importer(1)
    demande = Demande.objects.get()
    piece = demande.pieces.filter(nom__endswith=".pdf").first() or demande.pieces.all()[0]
    suffixe = "png" if piece.nom.endswith("pdf") else "pdf"
    octets = fabrique_pieces.image("PNG") if suffixe == "png" else fabrique_pieces.pdf()
    page = fournisseur.faire(
        "completer", demande.numero, piece=piece.pk, fichier=SimpleUploadedFile(f"scan.{suffixe}", octets)
    )
    assert page.status_code == 422
    assert "La pièce est annoncée au format" in mots(page)
    assert not PieceJustificative.objects.filter(fichier__isnull=False).exists()


@pytest.mark.exigence("INC-008", "INC-010", "JSN-043")
def test_un_zip_aux_pieces_fautives_complete_ce_qu_il_peut_et_les_manquantes_suffisent_ensuite():
    """Three orders wrong among many: the others leave, the three are repaired with a ZIP of their pieces only."""
    fournisseur = Fournisseur()
    deposant = fournisseur.deposant
    depot = deposant.importer(4)
    octets = deposant.zip_de(depot)
    with zipfile.ZipFile(io.BytesIO(octets)) as lu:
        noms = lu.namelist()
    fautive = {noms[0]: b"pas une image"}
    archive = zip_partiel(octets, range(1, len(noms)), **fautive)
    page = fournisseur.faire("pieces", depot.pk, archive=SimpleUploadedFile("p.zip", archive))
    controler(depot.archives.get())
    page = fournisseur.suivre(page)
    texte = mots(page)
    assert "3 demandes ont toutes leurs pièces" in texte
    assert texte.index("Pièces qui manquent encore") < texte.index("Résultat de l'import")
    assert page.context["manques"][0].pieces == (noms[0],)
    fournisseur.faire("terminer", depot.pk)
    assert Demande.objects.filter(statut="EN_COURS").count() == 3
    depot.refresh_from_db()
    assert depot.attend_des_pieces
    page = fournisseur.faire(
        "pieces", depot.pk, archive=SimpleUploadedFile("p.zip", zip_partiel(octets, [0]))
    )
    derniere = depot.archives.order_by("-pk")[0]
    controler(derniere)
    derniere.refresh_from_db()
    assert derniere.etat == Archive.Etat.CONFORME
    fournisseur.faire("terminer", depot.pk)
    depot.refresh_from_db()
    assert depot.termine_le is not None
    assert not Demande.objects.exclude(statut="EN_COURS").exists()


def test_un_mauvais_zip_ne_defait_pas_un_bon():
    fournisseur = Fournisseur()
    deposant = fournisseur.deposant
    depot = deposant.importer(2)
    deposant.envoyer(depot)
    deposant.envoyer(depot, b"PK ce n'est pas un ZIP")
    page = fournisseur.lire("pieces", depot.pk)
    assert page.context["pretes"] == 2
    deposant.terminer(depot)
    assert set(Demande.objects.values_list("statut", flat=True)) == {"EN_COURS"}


@pytest.mark.exigence("INC-008", "INC-012")
def test_un_zip_pour_toutes_joint_chaque_piece_a_sa_demande_de_n_importe_quel_import():
    """Two imports of one request each: what one ZIP holds of both goes to each by its editor number."""
    fournisseur = Fournisseur()
    deposant = fournisseur.deposant
    entier = deposant.fichier(2)
    depots = [
        services.importer(
            simulation=deposant.simuler(entier | {"lignesImport": [ligne | {"numLigne": 1}]}).pk,
            auteur=deposant.auteur,
        )
        for ligne in entier["lignesImport"]
    ]
    premier, second = (deposant.zip_de(depot) for depot in depots)
    with zipfile.ZipFile(io.BytesIO(second)) as lu:
        du_second = {nom: lu.read(nom) for nom in lu.namelist()}
    with zipfile.ZipFile(io.BytesIO(premier)) as lu:
        ensemble = zip_partiel(premier, range(len(lu.namelist())), **du_second)
    page = _envoyer_pour_toutes(fournisseur, ensemble)
    assert page.context["pretes"] == 2
    fournisseur.faire("incompletes_terminer")
    assert set(Demande.objects.values_list("statut", flat=True)) == {"EN_COURS"}
    assert Demande.objects.filter(ligne_depot__depot__in=depots).count() == 2


@pytest.mark.exigence("INC-008")
def test_une_piece_que_deux_demandes_attendent_est_demandee_jamais_devinee():
    fournisseur = Fournisseur()
    deposant = fournisseur.deposant
    premier, second = deposant.importer(1), deposant.importer(1)
    un, deux = Demande.objects.order_by("pk")
    noms = list(un.pieces.order_by("pk").values_list("nom", flat=True))
    for piece, nom in zip(deux.pieces.order_by("pk"), noms, strict=True):
        PieceJustificative.objects.filter(pk=piece.pk).update(nom=nom)
    Demande.objects.filter(pk=deux.pk).update(numero_editeur=un.numero_editeur)
    page = _envoyer_pour_toutes(fournisseur, deposant.zip_de(premier))
    assert page.context["pretes"] == 0
    texte = mots(page)
    assert f"À quelle demande joindre « {noms[0]} » ?" in texte
    assert un.dossier.numero in texte
    assert deux.dossier.numero in texte
    for suspens in PieceEnSuspens.objects.all():
        piece = deux.pieces.get(nom=suspens.nom)
        dite = fournisseur.suivre(fournisseur.faire("attribuer", suspens.pk, piece=piece.pk))
        assert f"est jointe à la demande {deux.numero}" in mots(dite)
    fournisseur.faire("incompletes_terminer")
    un.refresh_from_db()
    deux.refresh_from_db()
    assert (un.statut, deux.statut) == ("NON_COMPLETEE", "EN_COURS")
    assert second.lignes.get().demande == deux


def test_une_piece_d_une_demande_rejetee_a_l_import_est_mise_a_part():
    """Two overlapping files imported: the second keeps one of two, and its ZIP is right all the same."""
    fournisseur = Fournisseur()
    deposant = fournisseur.deposant
    fichier = deposant.fichier(2)
    double = deposant.simuler(fichier)
    seule = json.loads(json.dumps(fichier, default=float))
    seule["lignesImport"] = seule["lignesImport"][:1]
    unique = deposant.simuler(fabrique.en_octets(seule))
    premier = services.importer(simulation=unique.pk, auteur=deposant.auteur)
    deposant.envoyer(premier)
    deposant.terminer(premier)
    depot = services.importer(simulation=double.pk, auteur=deposant.auteur)
    assert (depot.retenues, depot.rejetees) == (1, 1)
    archive = deposant.envoyer(depot)
    assert archive.etat == Archive.Etat.CONFORME
    page = fournisseur.lire("pieces", depot.pk)
    assert "Mise à part : la demande de la ligne 1, qui l'annonce, a été rejetée à l'import." in mots(page)
    deposant.terminer(depot)
    depot.refresh_from_db()
    assert depot.termine_le is not None


@pytest.mark.exigence("INC-011")
def test_les_avances_cochees_se_suppriment_et_leur_import_s_en_souvient():
    fournisseur = Fournisseur()
    depot = fournisseur.deposant.importer(3)
    une, deux, _ = Demande.objects.order_by("pk")
    page = fournisseur.suivre(fournisseur.faire("supprimer_incompletes", demande=[une.pk, deux.pk]))
    assert "2 demandes supprimées" in mots(page)
    assert Demande.objects.count() == 1
    rapport = mots(fournisseur.lire("depot", depot.pk))
    assert "Supprimée à votre demande le" in rapport
    relues = mots(fournisseur.lire("supprimees", depot.pk))
    assert une.numero in relues
    assert "Importer de nouveau" in relues


@pytest.mark.exigence("INC-011")
def test_un_solde_incomplet_ne_se_supprime_pas():
    fournisseur = Fournisseur()
    deposant = fournisseur.deposant
    (avance,) = en_cours(deposant)
    simulation = deposant.simuler(fabrique.fichier_de_soldes(deposant.source, [avance]), TypeDemande.SOLDE)
    services.importer(simulation=simulation.pk, auteur=deposant.auteur)
    solde = Demande.objects.get(type=TypeDemande.SOLDE)
    page = fournisseur.suivre(fournisseur.faire("supprimer_incompletes", demande=[solde.pk]))
    assert "seules les avances le peuvent" in mots(page)
    assert Demande.objects.filter(pk=solde.pk).exists()


def test_celles_d_une_autre_entreprise_ne_se_voient_ni_ne_se_touchent():
    autre = Deposant.nouveau()
    autre.importer(1)
    demande = Demande.objects.get()
    fournisseur = Fournisseur()
    assert not fournisseur.lire("incompletes").context["affiche"].lignes
    assert fournisseur.lire("completer", demande.numero).status_code == 404
    fournisseur.faire("supprimer_incompletes", demande=[demande.pk])
    fournisseur.faire("incompletes_terminer")
    demande.refresh_from_db()
    assert demande.statut == "NON_COMPLETEE"


@pytest.mark.exigence("INC-006")
def test_la_fin_se_dit_deux_jours_avant_le_jour_meme_et_a_la_suppression():
    fournisseur = Fournisseur()
    depot = fournisseur.deposant.importer(2)
    fin = Demande.objects.order_by("pk")[0].expire_le
    assert fin is not None
    for avant, dits in (({"days": 3}, 0), ({"days": 2}, 1), ({"days": 1}, 1), ({"hours": 1}, 2)):
        for _ in range(2):  # a sweep that comes again says nothing more
            suites.prevenir(instant=fin - timedelta(**avant))
        assert Courriel.objects.filter(code="M93").count() == dits, avant
    assert fournisseur.lire("notifications").content.decode().count('incompletes">2 demandes attendent') == 2
    assert suites.expirer(instant=fin + timedelta(hours=1)) == 2
    (dit,) = Courriel.objects.filter(code="M94")
    assert dit.destinataire == fournisseur.deposant.enrolement.courriel
    assert "2 demandes" in dit.corps
    assert not Demande.objects.exists()
    assert "Supprimée faute de pièces le" in mots(fournisseur.lire("depot", depot.pk))


def test_une_demande_qui_a_toutes_ses_pieces_n_est_pas_supprimee_mais_transmise(horloge: Horloge):
    fournisseur = Fournisseur()
    deposant = fournisseur.deposant
    depot = deposant.importer(2)
    octets = deposant.zip_de(depot)
    nombre = PieceJustificative.objects.filter(demande=Demande.objects.order_by("pk")[0]).count()
    deposant.envoyer(depot, zip_partiel(octets, range(nombre)))
    horloge.avancer(days=9)
    assert suites.expirer(instant=maintenant()) == 1
    restante = Demande.objects.get()
    assert restante.statut == "EN_COURS"
    assert Courriel.objects.filter(code="M95").count() == 1
    assert evenements_de(restante.dossier.chaine).filter(geste="TRANSMETTRE").count() == 1


@pytest.mark.exigence("INC-006")
def test_ce_qui_est_supprime_s_importe_de_nouveau_en_un_clic(horloge: Horloge):
    fournisseur = Fournisseur()
    depot = fournisseur.deposant.importer(2)
    editeurs = sorted(Demande.objects.values_list("numero_editeur", flat=True))
    horloge.avancer(days=9)
    suites.expirer(instant=maintenant())
    fournisseur = Fournisseur(fournisseur.deposant)  # nine days later, who signs in again
    page = fournisseur.suivre(fournisseur.faire("reimporter", depot.pk))
    assert "sont importées de nouveau" in mots(page)
    assert sorted(Demande.objects.values_list("numero_editeur", flat=True)) == editeurs
    nouveau = Depot.objects.order_by("-pk")[0]
    assert fournisseur.deposant.envoyer(nouveau).etat == Archive.Etat.CONFORME


@pytest.mark.exigence("INC-014")
def test_un_solde_expire_laisse_l_avance_et_se_reimporte(horloge: Horloge):
    fournisseur = Fournisseur()
    deposant = fournisseur.deposant
    (avance,) = en_cours(deposant)
    simulation = deposant.simuler(fabrique.fichier_de_soldes(deposant.source, [avance]), TypeDemande.SOLDE)
    depot = services.importer(simulation=simulation.pk, auteur=deposant.auteur)
    horloge.avancer(days=9)
    suites.expirer(instant=maintenant())
    assert Demande.objects.get() == avance
    Fournisseur(deposant).faire("reimporter", depot.pk)
    solde = Demande.objects.get(type=TypeDemande.SOLDE)
    assert solde.dossier == avance.dossier


def test_les_donnees_d_une_demande_se_remplacent_et_ses_pieces_recues_restent():
    fournisseur = Fournisseur()
    deposant = fournisseur.deposant
    fichier = deposant.fichier(1)
    depot = services.importer(simulation=deposant.simuler(fichier).pk, auteur=deposant.auteur)
    deposant.envoyer(depot)
    ancienne = Demande.objects.get()
    refuse = fournisseur.faire("remplacer", ancienne.numero, fichier=SimpleUploadedFile("a.json", b"{}"))
    assert refuse.status_code == 422
    assert Demande.objects.get() == ancienne
    octets = fabrique.en_octets(fichier)
    page = fournisseur.faire("remplacer", ancienne.numero, fichier=SimpleUploadedFile("a.json", octets))
    assert "est remplacée par celle de l'import" in mots(fournisseur.suivre(page))
    nouvelle = Demande.objects.get()
    assert nouvelle != ancienne
    assert not nouvelle.pieces.filter(fichier=None).exists()
    assert "Remplacée par un nouvel import le" in mots(fournisseur.lire("depot", depot.pk))


def test_la_table_des_imports_dit_ce_que_les_demandes_sont_devenues():
    fournisseur = Fournisseur()
    deposant = fournisseur.deposant
    depot = deposant.importer(2)
    assert "2 incomplètes" in mots(fournisseur.lire("importations"))
    deposant.envoyer(depot)
    deposant.terminer(depot)
    assert "2 transmises" in mots(fournisseur.lire("importations"))
