"""« Ma demande de financement » as an operator meets it: the forms, what they say, what they keep (MSS)."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from segurnum.comptes.models import Profil, Role
from segurnum.controles.tests import fabrique_pieces
from segurnum.couloirs import mss
from segurnum.demandes import services
from segurnum.demandes.models import BrouillonDemande, Demande
from segurnum.demonstration.fabrique_formulaires import saisie_de
from segurnum.depots import comptages
from segurnum.essais import usines
from segurnum.essais.depots import Deposant
from segurnum.fichiers import antivirus
from segurnum.fichiers.models import Analyse
from segurnum.regles.calendrier import instant_exact
from segurnum.regles.cycles import TypeDemande
from segurnum.web.fournisseur import ma_demande
from segurnum.web.tests.depot import Fournisseur, gestionnaire
from segurnum.web.tests.lecture import lien, mots, titres
from segurnum.web.tests.operateur import Ecran

pytestmark = pytest.mark.django_db

AVANCE, SOLDE = TypeDemande.AVANCE, TypeDemande.SOLDE
SAISIE = saisie_de(mss.SOLDE)


def pieces(**autres: Any) -> dict[str, Any]:
    return {
        "piece_mss_resu_test_tech": SimpleUploadedFile("preuve.txt", b"Appels : 12 sur 12\n"),
        "piece_mss_guide_pdf_api": SimpleUploadedFile("guide.pdf", fabrique_pieces.pdf()),
    } | autres


@pytest.mark.exigence("FRM-017")
def test_le_menu_de_l_operateur_a_cinq_onglets():
    page = Ecran().lire("accueil")
    onglets = [entree.libelle for entree in page.context["menu"]]
    assert onglets == ["Accueil", "Enrôlement", "Demande de financement", "Mon compte", "Besoin d'aide ?"]
    assert lien(page, "Ma demande de financement") == reverse("fournisseur:ma_demande")
    assert "Accueil opérateur" in titres(page, 1)


@pytest.mark.exigence("MSS-002", "MSS-024", "MSS-023")
def test_l_avance_montre_ses_six_nombres_le_taux_le_maximum_et_le_montant():
    ecran = Ecran(taux_tva="20")
    page = ecran.suivre(ecran.lire("ma_demande"))
    assert "Déposer ma demande d'avance" in titres(page, 1)
    for champ in mss.AVANCE.champs:
        assert champ.libelle in mots(page)
    assert "Taux de TVA applicable : 20 %" in mots(page)
    assert "Montant max éligible pour l'opérateur : 8 000,00 €" in mots(page)
    assert lien(page, "1 - Ma demande d'avance")
    assert lien(page, "2 - Ma demande de solde")


@pytest.mark.exigence("MSS-019", "MSS-020", "MSS-023", "MSS-028", "REQ-038")
def test_l_avance_importee_se_lit_au_meme_endroit():
    ecran = Ecran()
    importee = ecran.envoyer(AVANCE, **saisie_de(mss.AVANCE))
    assert importee["Location"] == reverse(
        "fournisseur:ma_demande_etape", args=[ecran.operateur.numero_ans, AVANCE]
    )
    page = ecran.suivre(importee)
    demande = Demande.objects.get()
    assert f"Votre demande {demande.numero} est importée" in mots(page)
    assert "transmise au service de gestion" in mots(page)
    assert f"Reçue le {instant_exact(demande.depose_le)}." in mots(page)
    assert f"Détails de la demande numéro {demande.dossier.numero} - Avance - Statut : En cours" in mots(page)
    assert "Nombre de BAL organisationnelles actuelles 10" in mots(page)
    assert f"Numéro de dossier : {demande.dossier.numero}" in mots(page)
    assert "Montant max éligible pour l'opérateur : 6 666,67 €" in mots(page)
    blocs = [bloc.titre for bloc in page.context["consultation"].blocs]
    assert blocs == [
        "Informations de la demande",
        "Coordonnées bancaires",
        "Pièces justificatives",
        "Courriels automatiques envoyés",
    ]


@pytest.mark.exigence("MSS-004", "MSS-005", "MSS-007", "MSS-008", "MSS-009")
def test_le_solde_montre_son_recapitulatif_ses_champs_et_ce_que_l_annuaire_compte():
    ecran = Ecran()
    ecran.operateur.compter(3000, 10, 10)
    avance = ecran.avance_decidee()
    page = ecran.suivre(ecran.lire("ma_demande"))
    texte = mots(page)
    assert "Déposer ma demande de solde" in titres(page, 1)
    entreprise = ecran.operateur.enrolement.entreprise
    for attendu in (
        f"N° unique de référencement (ANS) : {ecran.operateur.numero_ans}",
        f"SIRET : {entreprise.siret}",
        f"Dénomination sociale : {entreprise.denomination}",
        f"Adresse : {entreprise.adresse_complete}",
        f"Numéro de dossier : {avance.dossier.numero}",
        "Nom du contact support de l'opérateur",
        "Numéro de téléphone du contact support de l'opérateur *",
        "Adresse mail du contact support de l'opérateur *",
        "mettant à disposition la documentation pour les clients et éditeurs *",
        "Nombre de BAL applicatives déclarées 3000",
        "Nombre de BAL organisationnelles déclarées 10",
        "Nombre de BAL nominatives déclarées 10",
        "Taux TVA 0 %",
        "Montant SEGUR total hors taxe calculé du solde (en fonction du nombre de BAL déclarées) 175 248,30 €",
    ):
        assert attendu in texte
    assert 'name="balApplicatives"' not in page.content.decode()


@pytest.mark.exigence("MSS-009")
def test_l_operateur_ne_choisit_pas_ses_nombres():
    ecran = Ecran()
    ecran.operateur.compter(10, 0, 0)
    ecran.avance_decidee()
    ecran.envoyer(SOLDE, **SAISIE, **pieces(), balApplicatives="999999", balArretees="oui")
    solde = Demande.objects.get(type=SOLDE)
    assert str(solde.montant_declare) == "583.30"


@pytest.mark.exigence("MSS-013", "MSS-014", "MSS-015", "MSS-016", "MSS-017")
@pytest.mark.parametrize(
    ("profil", "zones"),
    [
        ("DEVELOPPEUR", ["Fichier de preuve de déploiement", "Guide PDF Éditeur et Client final"]),
        (
            "ACHETEUR",
            ["Fichier de preuve de déploiement", "Guide PDF Éditeur et Client final", "Facture acquittée"],
        ),
    ],
)
def test_chaque_piece_a_sa_zone_ses_formats_et_sa_taille(profil: str, zones: list[str]):
    ecran = Ecran(profil=profil)
    ecran.operateur.deposer()
    page = ecran.etape(SOLDE)
    libelles = [champ.label for champ in page.context["form"].depots]
    assert [libelle[: len(zone)] for libelle, zone in zip(libelles, zones, strict=True)] == zones
    assert "Fichier de type .txt ou .pdf. Taille maximum : 4Mo." in mots(page)
    assert "Fichier de type .png, .jpg, .jpeg ou .pdf. Taille maximum : 4Mo." in mots(page)


@pytest.mark.exigence("MSS-015", "MSS-016", "XCT-004", "XCT-008")
@pytest.mark.parametrize(
    ("zone", "nom", "octets", "phrase"),
    [
        ("piece_mss_resu_test_tech", "preuve.docx", b"x", "porte l'extension .docx"),
        ("piece_mss_resu_test_tech", "preuve.txt", b"\x00\x01\x02" * 50, "preuve.txt"),
        (
            "piece_mss_resu_test_tech",
            "preuve.txt",
            b"a" * (4 * 1024 * 1024 + 1),
            "il ne doit pas dépasser 4\u00a0Mo",
        ),
        ("piece_mss_guide_pdf_api", "guide.txt", b"texte", "porte l'extension .txt"),
        ("piece_mss_guide_pdf_api", "guide.pdf", b"", "est vide"),
    ],
)
def test_un_fichier_refuse_se_dit_a_sa_zone_et_rien_d_autre_n_est_perdu(
    zone: str, nom: str, octets: bytes, phrase: str
):
    ecran = Ecran()
    ecran.operateur.deposer()
    page = ecran.envoyer(SOLDE, **SAISIE, **pieces(**{zone: SimpleUploadedFile(nom, octets)}))
    assert page.status_code == 422
    assert phrase in " ".join(page.context["form"].errors[zone])
    assert not Demande.objects.filter(type=SOLDE).exists()
    relue = ecran.etape(SOLDE)
    assert SAISIE["lienDocumentation"] in relue.content.decode()
    autre = "guide.pdf" if zone.endswith("tech") else "preuve.txt"
    assert f"Fichier déposé : {autre}" in mots(relue)


@pytest.mark.exigence("MSS-006", "XCT-008")
def test_un_champ_faux_se_dit_a_sa_place_et_garde_les_fichiers():
    ecran = Ecran()
    ecran.operateur.deposer()
    page = ecran.envoyer(SOLDE, **SAISIE | {"lienDocumentation": "operateur.example"}, **pieces())
    assert page.status_code == 422
    assert list(page.context["form"].errors) == ["lienDocumentation"]
    assert "http:// ou https://" in mots(page)
    # Corrected, without choosing the files again.
    assert ecran.envoyer(SOLDE, **SAISIE).status_code == 302
    solde = Demande.objects.get(type=SOLDE)
    assert sorted(solde.pieces.values_list("nom", flat=True)) == ["guide.pdf", "preuve.txt"]


def test_deux_pieces_de_meme_nom_sont_refusees_par_une_phrase():
    ecran = Ecran()
    ecran.operateur.deposer()
    doublon = SimpleUploadedFile("guide.pdf", fabrique_pieces.pdf())
    for geste in ("enregistrer", "importer"):
        page = ecran.envoyer(SOLDE, geste=geste, **SAISIE, **pieces(piece_mss_resu_test_tech=doublon))
        assert page.status_code == 422
        refus = " ".join(page.context["form"].errors["piece_mss_guide_pdf_api"])
        assert "« guide.pdf » est déjà le nom du fichier de « Fichier de preuve" in refus
        doublon.seek(0)
    assert not Demande.objects.filter(type=SOLDE).exists()


def test_la_saisie_survit_a_un_depart_et_un_fichier_se_retire():
    ecran = Ecran()
    ecran.operateur.deposer()
    garde = ecran.envoyer(SOLDE, geste="enregistrer", nomContact="Claire", telephoneContact="06")
    assert "reprendre ici" in mots(ecran.suivre(garde))
    ecran.envoyer(SOLDE, geste="enregistrer", nomContact="Claire", **pieces())
    page = ecran.etape(SOLDE)
    assert "Fichier déposé : preuve.txt" in mots(page)
    assert 'value="Claire"' in page.content.decode()
    ecran.envoyer(SOLDE, geste="retirer:piece_mss_resu_test_tech", nomContact="Claire")
    assert "Fichier déposé : preuve.txt" not in mots(ecran.etape(SOLDE))
    assert not Demande.objects.filter(type=SOLDE).exists()


def test_ce_qui_est_tape_se_garde_sans_page_ni_message():
    ecran = Ecran()
    reponse = ecran.client.post(
        reverse("fournisseur:ma_demande_etape", args=[ecran.operateur.numero_ans, AVANCE]),
        {"nomContact": "Cl", "version": "0"},
        headers={"X-Brouillon": "oui"},
    )
    assert (reponse.status_code, reponse.content) == (204, b"")
    assert BrouillonDemande.objects.get().saisie["nomContact"] == "Cl"


@pytest.mark.exigence("MSS-019")
def test_la_touche_entree_verifie_et_demande_une_fois_avant_de_transmettre():
    ecran = Ecran()
    assert 'value="verifier" hidden' in ecran.etape().content.decode()
    manque = ecran.envoyer(AVANCE, geste="verifier")
    assert manque.status_code == 422
    page = ecran.envoyer(AVANCE, geste="verifier", **saisie_de(mss.AVANCE))
    assert page.status_code == 200
    assert "Votre demande n'est pas encore transmise" in mots(page)
    assert not Demande.objects.exists()
    assert ecran.envoyer(AVANCE, **saisie_de(mss.AVANCE)).status_code == 302
    assert Demande.objects.exists()


@pytest.mark.exigence("MSS-003", "MSS-026")
def test_le_solde_sans_avance_dit_pourquoi_et_ne_montre_pas_de_formulaire():
    page = Ecran().etape(SOLDE)
    assert "le solde ne se dépose qu'après une demande d'avance" in mots(page)
    assert "Importer" not in mots(page)


def test_une_demande_deja_deposee_dans_un_autre_onglet_se_dit():
    ecran = Ecran()
    ecran.operateur.deposer()
    page = ecran.suivre(ecran.envoyer(AVANCE, **saisie_de(mss.AVANCE)))
    assert "a déjà été déposée" in mots(page)
    assert "Rien d'autre n'a été envoyé." in mots(page)
    assert Demande.objects.count() == 1
    # A late keeping of what was typed does not come back after it either.
    ecran.envoyer(AVANCE, geste="enregistrer", nomContact="Fantôme")
    assert not BrouillonDemande.objects.exists()


def test_l_avance_pas_encore_decidee_n_empeche_pas_le_solde():
    ecran = Ecran()
    ecran.operateur.deposer()
    assert "il sera validé une fois l'avance décidée" in mots(ecran.etape(SOLDE))


@pytest.mark.exigence("MSS-009")
def test_sans_extrait_l_ecran_le_dit_et_laisse_deposer():
    ecran = Ecran()
    ecran.operateur.deposer()
    page = ecran.etape(SOLDE)
    assert "Vous pouvez déposer votre demande : le portail la complétera" in mots(page)
    assert "Nombre de BAL applicatives déclarées Pas encore connu" in mots(page)
    assert ecran.envoyer(SOLDE, **SAISIE, **pieces()).status_code == 302
    lue = ecran.etape(SOLDE)
    assert "Calculé dès que les nombres de BAL seront connus" in mots(lue)
    ecran.operateur.compter(1000, 10, 10)
    comptages.arreter()
    historique = ecran.lire("historique", Demande.objects.get(type=SOLDE).numero)
    changes = {d.champ: d.apres for d in historique.context["versions"][0].differences}
    assert changes["Nombre de BAL applicatives déclarées"] == "1000"
    assert changes["Nombres arrêtés à la date de clôture"] == "Oui"


@pytest.mark.exigence("MSS-029", "MSS-027")
def test_plusieurs_numeros_ans_se_choisissent():
    ecran = Ecran()
    autre = usines.enrolement("SAS-AGE", societe=ecran.operateur.enrolement.entreprise)
    numero = autre.referencement.numero_ans
    choix = ecran.lire("ma_demande", numero=numero)
    assert choix["Location"] == reverse("fournisseur:ma_demande_etape", args=[numero, AVANCE])
    page = ecran.etape()
    assert f"{numero} - Logiciel inventé" in mots(page)
    assert (
        lien(page, f"{numero} - Logiciel inventé") == f"{reverse('fournisseur:ma_demande')}?numero={numero}"
    )


def test_une_demande_rejetee_se_relit_et_laisse_place_a_une_nouvelle():
    ecran = Ecran()
    avance = ecran.operateur.deposer()
    services.rejeter(demande=avance.pk, auteur=gestionnaire(), motif="Numéro ANS d'une autre solution")
    page = ecran.etape()
    assert "Votre demande précédente est au statut « Rejetée »" in mots(page)
    assert "Numéro ANS d'une autre solution" in mots(page)
    assert ecran.envoyer(AVANCE, **saisie_de(mss.AVANCE)).status_code == 302


@pytest.mark.exigence("XCT-005")
def test_le_dossier_d_un_autre_n_existe_pas():
    ecran, autre = Ecran(), Ecran()
    demande = autre.operateur.deposer()
    assert ecran.lire("ma_demande_etape", autre.operateur.numero_ans, AVANCE).status_code == 404
    assert ecran.faire("ma_demande_etape", autre.operateur.numero_ans, AVANCE).status_code == 404
    for route in ("demande", "modifier", "signaler", "historique"):
        assert ecran.lire(route, demande.numero).status_code == 404


def test_un_fournisseur_de_fichiers_n_a_pas_de_formulaire_et_le_lit():
    page = Fournisseur().lire("ma_demande")
    assert "Aucun numéro ANS d'opérateur n'est enrôlé" in mots(page)


def test_un_lecteur_regarde_et_n_envoie_rien():
    ecran = Ecran()
    ecran.operateur.utilisateur.role = Role.LECTEUR
    ecran.operateur.utilisateur.save()
    assert "Importer" not in mots(ecran.etape())
    assert ecran.envoyer(AVANCE, **saisie_de(mss.AVANCE)).status_code == 403


@pytest.mark.exigence("MOD-002")
def test_une_erreur_se_signale_depuis_la_demande_tant_qu_elle_est_en_cours():
    ecran = Ecran()
    demande = ecran.operateur.deposer()
    assert lien(ecran.etape(), "Signalez-le au service de gestion")
    vide = ecran.faire("signaler", demande.numero, message=" ")
    assert vide.status_code == 422
    assert "Écrivez votre message" in mots(vide)
    page = ecran.suivre(ecran.faire("signaler", demande.numero, message="Le contact est Camille Lormelin."))
    assert "Votre message est transmis au service de gestion" in mots(page)
    agent = Fournisseur(Deposant(ecran.operateur.enrolement, usines.utilisateur(Profil.GESTIONNAIRE)))
    lue = agent.client.get(reverse("gestion:demande", args=[demande.numero]))
    assert "Le contact est Camille Lormelin." in mots(lue)
    services.rejeter(demande=demande.pk, auteur=gestionnaire(), motif="Non")
    refus = ecran.suivre(ecran.lire("signaler", demande.numero))
    assert "tant que la demande est au statut « En cours »" in mots(refus)


def test_un_fournisseur_qui_est_aussi_operateur_trouve_sa_demande_dans_son_menu():
    fournisseur = Fournisseur()
    assert "Ma demande de financement" not in mots(fournisseur.lire("accueil"))
    usines.enrolement("MSS-MSS", societe=fournisseur.deposant.enrolement.entreprise)
    assert lien(fournisseur.lire("accueil"), "Ma demande de financement") == reverse("fournisseur:ma_demande")


@pytest.mark.exigence("XCT-004", "XCT-008")
def test_un_fichier_que_l_antivirus_refuse_n_emporte_ni_la_saisie_ni_les_autres(
    settings: Any, monkeypatch: pytest.MonkeyPatch
):
    ecran = Ecran()
    ecran.operateur.deposer()
    settings.ANTIVIRUS_URL = "tcp://127.0.0.1:1"
    verdicts = iter([Analyse.INFECTE, Analyse.SAIN])
    monkeypatch.setattr(antivirus, "analyser", lambda *_, **__: next(verdicts))
    page = ecran.envoyer(SOLDE, **SAISIE, **pieces())
    assert page.status_code == 422
    assert "a trouvé une menace" in " ".join(page.context["form"].errors["piece_mss_resu_test_tech"])
    relue = mots(ecran.etape(SOLDE))
    assert "Fichier déposé : guide.pdf" in relue
    assert "Fichier déposé : preuve.txt" not in relue
    assert BrouillonDemande.objects.get(type=SOLDE).saisie == SAISIE


def test_un_signe_que_la_base_ne_sait_pas_garder_ne_perd_rien():
    ecran = Ecran()
    assert ecran.envoyer(geste="enregistrer", nomContact="Cla\x00ire").status_code == 302
    assert BrouillonDemande.objects.get().saisie["nomContact"] == "Claire"


def test_un_fichier_trop_gros_n_importe_rien_et_garde_la_saisie(monkeypatch: pytest.MonkeyPatch):
    ecran = Ecran()
    ecran.operateur.deposer()
    monkeypatch.setattr(ma_demande.etape, "taille_max", 100)
    gros = {"piece_mss_resu_test_tech": SimpleUploadedFile("preuve.txt", b"x" * 3_000)}
    page = ecran.envoyer(SOLDE, **SAISIE, **gros)
    assert page.status_code == 413
    assert "4 194 304 octets" in mots(page)
    assert not Demande.objects.filter(type=SOLDE).exists()
