"""« A modifier » as a supplier meets it: one screen for a form and for a file, and the time it has (MOD)."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from segurnum.comptes.models import Role
from segurnum.controles.tests import fabrique_pieces
from segurnum.courriels.models import Courriel
from segurnum.demandes import services
from segurnum.demandes.models import BrouillonDemande, Demande
from segurnum.depots import modifications
from segurnum.regles import calendrier
from segurnum.regles.argent import en_euros
from segurnum.regles.cycles import StatutDemande, TypeDemande
from segurnum.web.fournisseur import modification
from segurnum.web.tests.a_modifier import (
    AVANT,
    CORRIGEE,
    MOTIF,
    SAISIE,
    confirmer,
    fichier_a_modifier,
    saisie_actuelle,
    solde_a_modifier,
)
from segurnum.web.tests.depot import Reponse, en_cours, gestionnaire
from segurnum.web.tests.lecture import lien, mots
from segurnum.web.tests.operateur import Agent, Ecran

pytestmark = pytest.mark.django_db


@pytest.mark.exigence("MOD-004", "MOD-005", "MSS-022")
def test_le_bandeau_mene_a_la_modification_et_n_est_la_qu_alors():
    ecran, solde = solde_a_modifier()
    page = ecran.etape(TypeDemande.SOLDE)
    assert (
        "Votre demande de solde nécessite des modifications de votre part. Cliquez ici pour modifier votre "
        "demande de Solde."
    ) in mots(page)
    assert lien(page, "Modifier") == reverse("fournisseur:modifier", args=[solde.numero])
    assert f"numéro {solde.dossier.numero} - Solde - Statut : A modifier - Déposée le" in mots(page)
    services.ne_pas_modifier(demande=solde.pk, auteur=ecran.operateur.auteur)
    assert "nécessite des modifications" not in mots(ecran.etape(TypeDemande.SOLDE))
    assert "Aucune modification n'est attendue" in mots(ecran.lire("modifier", solde.numero))


@pytest.mark.exigence(
    "MOD-006", "MOD-007", "MOD-012", "MOD-013", "MOD-014", "MOD-016", "MOD-017", "MOD-019", "MOD-027"
)
def test_l_ecran_montre_le_commentaire_les_quatre_champs_et_ce_qui_ne_change_pas():
    ecran, solde = solde_a_modifier()
    page = ecran.lire("modifier", solde.numero)
    texte = mots(page)
    for attendu in (
        "Statut : A modifier",
        f"Date du changement de statut : {calendrier.date_fr(solde.statut_depuis)}",
        f"Commentaire du gestionnaire {MOTIF}",
        "Ce commentaire vous indique quelles modifications doivent être apportées.",
        f"N° ASP de la demande {solde.numero}",
        "DSR DSR-MSS-MSS-Va1",
        "Nombre de BAL applicatives déclarées 1000",
        "6 666,67 €",
        "65 254,97 €",
        "58 588,30 €",
        "Nom du fichier Type de document Consulter Supprimer",
        f"MSS_GUIDE_PDF_API_{solde.dossier.numero}",
        "Déposer une pièce complémentaire",
        "– Sélectionnez un type de pièce complémentaire –",
    ):
        assert attendu in texte, attendu
    assert list(page.context["form"].declares) == [
        "nomContact",
        "telephoneContact",
        "courrielContact",
        "lienDocumentation",
    ]


@pytest.mark.exigence("MOD-008", "MOD-011", "MOD-020", "MOD-030", "MOD-010")
def test_confirmer_fait_une_version_lisible_et_rend_la_demande_a_l_instruction():
    ecran, solde = solde_a_modifier()
    page = ecran.suivre(confirmer(ecran, solde, CORRIGEE))
    assert "Vos modifications sont confirmées" in mots(page)
    relue = Demande.objects.get(pk=solde.pk)
    assert (relue.statut, relue.version_courante) == (StatutDemande.EN_COURS, 2)
    historique = ecran.lire("historique", solde.numero)
    (difference,) = historique.context["versions"][0].differences
    assert (difference.avant, difference.apres) == (AVANT, "https://neuf.operateur.example")
    assert not BrouillonDemande.objects.exists()


@pytest.mark.exigence("MOD-009", "MOD-010", "XCT-008")
def test_une_valeur_fausse_se_dit_a_sa_place_et_se_voit_changee():
    ecran, solde = solde_a_modifier()
    page = confirmer(ecran, solde, SAISIE | {"telephoneContact": "06", "nomContact": "Camille"})
    assert page.status_code == 422
    assert list(page.context["form"].errors) == ["telephoneContact"]
    assert "10 chiffres ou au format +33" in mots(page)
    assert set(page.context["modifies"]) == {"telephoneContact", "nomContact"}
    assert f"valeur modifiée. Avant : {SAISIE['telephoneContact']}" in mots(page)
    assert Demande.objects.get(pk=solde.pk).statut == StatutDemande.A_MODIFIER
    assert 'value="Camille"' in ecran.lire("modifier", solde.numero).content.decode()


def test_confirmer_sans_rien_changer_se_refuse():
    ecran, solde = solde_a_modifier()
    page = confirmer(ecran, solde, SAISIE)
    assert page.status_code == 409
    assert "Rien n'a été modifié" in mots(page)


def test_une_valeur_fausse_ne_fait_pas_demander_une_piece_que_personne_n_a_choisie():
    page = confirmer(*solde_a_modifier(), SAISIE | {"telephoneContact": "06"})
    assert (page.status_code, "pièce à ajouter" in mots(page)) == (422, False)


@pytest.mark.exigence("MOD-015", "MOD-018", "MOD-026")
def test_une_piece_s_ajoute_se_retire_et_les_anciennes_restent():
    ecran, solde = solde_a_modifier()
    deposees = solde.pieces.count()
    preuve = SimpleUploadedFile("preuve-bis.txt", b"Appels : 20 sur 20\n")
    envoi = {"type_piece": "MSS_RESU_TEST_TECH", "fichier": preuve, "nomContact": "Camille"}
    ecran.faire("modifier", solde.numero, geste="importer_piece", **{**SAISIE, **envoi})
    ajoutee = solde.pieces.get(nom="preuve-bis.txt")
    assert ajoutee.type == f"MSS_RESU_TEST_TECH_{solde.dossier.numero}"
    page = ecran.lire("modifier", solde.numero)
    assert 'value="Camille"' in page.content.decode()  # what was typed is not lost
    assert f'value="retirer:{ajoutee.pk}"' in page.content.decode()
    assert page.content.decode().count('value="retirer:') == 1
    refus = ecran.faire(
        "modifier", solde.numero, geste=f"retirer:{solde.pieces.order_by('pk')[0].pk}", **SAISIE
    )
    assert refus.status_code == 409
    assert "seule une pièce que vous venez d'ajouter" in mots(refus)
    ecran.faire("modifier", solde.numero, geste=f"retirer:{ajoutee.pk}", **SAISIE)
    assert solde.pieces.count() == deposees


@pytest.mark.exigence("MOD-015", "MOD-030")
def test_un_fichier_choisi_part_avec_la_confirmation():
    ecran, solde = solde_a_modifier()
    guide = SimpleUploadedFile("guide-bis.pdf", fabrique_pieces.pdf())
    confirmer(ecran, solde, {**SAISIE, "type_piece": "MSS_GUIDE_PDF_API", "fichier": guide})
    assert Demande.objects.get(pk=solde.pk).statut == StatutDemande.EN_COURS
    historique = ecran.lire("historique", solde.numero)
    (ajoutee,) = historique.context["versions"][0].differences
    assert ajoutee.apres == f"guide-bis.pdf (MSS_GUIDE_PDF_API_{solde.dossier.numero})"


def test_une_piece_refusee_se_dit_et_ne_confirme_rien():
    ecran, solde = solde_a_modifier()
    faux = SimpleUploadedFile("guide.txt", b"texte")
    page = confirmer(ecran, solde, {**CORRIGEE, "type_piece": "MSS_GUIDE_PDF_API", "fichier": faux})
    assert page.status_code == 422
    assert "porte l'extension .txt" in mots(page)
    sans_type = {"fichier": SimpleUploadedFile("a.pdf", fabrique_pieces.pdf())}
    page = confirmer(ecran, solde, {**CORRIGEE, **sans_type})
    assert "Sélectionnez le type de la pièce" in mots(page)
    # The file is not to be chosen again, and « Confirmer » does not leave it behind.
    marque = page.context["piece"]["fichier"].value().marque
    assert "Ne plus joindre ce fichier" in mots(page)
    assert confirmer(ecran, solde, {**CORRIGEE, "fichier_garde": marque}).status_code == 422
    assert Demande.objects.get(pk=solde.pk).statut == StatutDemande.A_MODIFIER
    confirmer(ecran, solde, {**CORRIGEE, "fichier_garde": marque, "fichier_sans": "on"})
    assert Demande.objects.get(pk=solde.pk).statut == StatutDemande.EN_COURS
    assert not solde.pieces.filter(nom="a.pdf").exists()


@pytest.mark.exigence("MOD-017")
def test_les_formats_d_une_piece_sont_dits_pour_chaque_type():
    ecran, solde = solde_a_modifier()
    page = mots(ecran.lire("modifier", solde.numero))
    assert ".pdf, .txt pour" in page
    assert ".jpeg, .jpg, .pdf, .png pour" in page
    autre = {"type_piece": "AUTRE_S", "fichier": SimpleUploadedFile("note.txt", b"Une note.")}
    assert "porte l'extension .txt" in mots(confirmer(ecran, solde, {**SAISIE, **autre}))


@pytest.mark.exigence("MOD-021", "REQ-022")
def test_ne_pas_modifier_rend_la_demande_telle_quelle():
    ecran, solde = solde_a_modifier()
    assert "Confirmer : ne pas modifier" in mots(ecran.lire("modifier", solde.numero))
    page = ecran.suivre(ecran.faire("modifier", solde.numero, geste="ne_pas_modifier", **CORRIGEE))
    assert "sans modification" in mots(page)
    relue = Demande.objects.get(pk=solde.pk)
    assert (relue.statut, relue.version_courante) == (StatutDemande.EN_COURS, 1)


@pytest.mark.exigence("MOD-003", "RUL-024")
def test_la_demande_de_modification_part_par_courriel_avec_ce_qu_il_faut_corriger():
    _, solde = solde_a_modifier()
    courriel = Courriel.objects.get(code="M09", sujet=solde.objet)
    assert MOTIF in courriel.corps
    assert solde.numero in courriel.objet + courriel.corps
    assert courriel.destinataire == solde.dossier.enrolement.courriel


@pytest.mark.exigence("MOD-001", "MOD-028", "REQ-022", "REQ-051")
class TestFichier:
    """A request that came by a file: what the file said may be corrected, by the file's own rules."""

    def test_chaque_donnee_du_fichier_se_corrige_sauf_ce_qui_la_rattache(self):
        _, demande = fichier_a_modifier()
        noms = [champ.nom for champ in modifications.champs_de(demande)]
        assert "commande.montantSegurHT" in noms
        assert "beneficiaires[0].etablissementsClients[0].FINESSGeo[0]" in noms
        assert "scenarioInstallation[0].profilMetier" in noms
        assert not {"numLigne", "typeAction", "numeroASP", "numeroEditeur"} & set(noms)
        assert not any("piecesJustificatives" in nom for nom in noms)

    def test_une_correction_change_le_montant_et_les_beneficiaires(self):
        fournisseur, demande = fichier_a_modifier()
        responsable = "beneficiaires[0].etablissementsClients[0].nomResponsableOG"
        saisie = saisie_actuelle(demande) | {"commande.montantSegurHT": "1 234,50", responsable: "VALBRUNE"}
        assert confirmer(fournisseur, demande, saisie).status_code == 302
        relue = Demande.objects.get()
        assert (relue.statut, relue.montant_declare) == ("EN_COURS", Decimal("1234.50"))
        assert relue.beneficiaires.get().nom == "VALBRUNE"
        historique = fournisseur.lire("historique", demande.numero)
        changes = [d.apres for d in historique.context["versions"][0].differences]
        assert changes == [en_euros(Decimal("1234.50")), "VALBRUNE"]

    def test_les_regles_de_la_creation_jugent_la_correction(self):
        fournisseur, demande = fichier_a_modifier()
        site = "scenarioInstallation[0].FINESSGeo"
        page = confirmer(fournisseur, demande, saisie_actuelle(demande) | {site: "990000010"})
        assert page.status_code == 422
        assert page.context["form"].errors
        page = confirmer(fournisseur, demande, saisie_actuelle(demande) | {site: "12"})
        assert "FINESS" in " ".join(page.context["form"].errors[site])
        futur = calendrier.date_fr(calendrier.maintenant() + timedelta(days=40))
        page = confirmer(fournisseur, demande, saisie_actuelle(demande) | {"commande.dateCommande": futur})
        assert "commande.dateCommande" in page.context["form"].errors
        assert Demande.objects.get().statut == StatutDemande.A_MODIFIER

    def test_un_beneficiaire_deja_demande_ailleurs_est_refuse_et_le_sien_reste_permis(self):
        fournisseur, demande = fichier_a_modifier()
        (autre,) = en_cours(fournisseur.deposant)
        pris = autre.beneficiaires.get().identifiants[0]
        sien = demande.beneficiaires.get().identifiants[0]
        champs = [nom for nom, texte in saisie_actuelle(demande).items() if texte == sien]
        refusee = saisie_actuelle(demande) | dict.fromkeys(champs, pris)
        page = confirmer(fournisseur, demande, refusee)
        assert page.status_code == 422
        assert autre.numero in mots(page)
        saisie = saisie_actuelle(demande) | {"versionLogiciel": "9.9"}
        assert confirmer(fournisseur, demande, saisie).status_code == 302

    def test_une_piece_ajoutee_suffit_a_une_nouvelle_version(self):
        fournisseur, demande = fichier_a_modifier()
        piece = SimpleUploadedFile("signe.pdf", fabrique_pieces.pdf())
        envoi = {"type_piece": "BON_COMMANDE", "fichier": piece}
        confirmer(fournisseur, demande, {**saisie_actuelle(demande), **envoi})
        relue = Demande.objects.get()
        assert (relue.statut, relue.version_courante) == ("EN_COURS", 2)
        historique = fournisseur.lire("historique", demande.numero)
        apres = [difference.apres for difference in historique.context["versions"][0].differences]
        assert apres == ["signe.pdf (BON_COMMANDE)"]


def test_un_lecteur_ne_modifie_rien():
    ecran, solde = solde_a_modifier()
    ecran.operateur.utilisateur.role = Role.LECTEUR
    ecran.operateur.utilisateur.save()
    assert "Ne pas modifier" not in mots(ecran.lire("modifier", solde.numero))
    assert confirmer(ecran, solde, CORRIGEE).status_code == 403


@pytest.mark.exigence("MOD-025", "MSS-021")
def test_une_piece_demandee_s_ajoute_par_le_menu_actions_et_rend_la_demande():
    ecran = Ecran()
    demande = ecran.operateur.deposer()
    services.demander_piece(demande=demande.pk, auteur=gestionnaire(), motif="Joignez le guide.")
    assert lien(ecran.etape(), "Déposer une pièce complémentaire")
    guide = SimpleUploadedFile("guide.pdf", fabrique_pieces.pdf())
    ecran.faire("ajouter_pieces", demande.numero, type_piece="AUTRE_A", fichier=guide)
    ecran.suivre(ecran.faire("valider_ajout", demande.numero))
    assert Demande.objects.get().statut == StatutDemande.EN_COURS


@pytest.mark.exigence("MSS-021", "RUL-025")
@pytest.mark.parametrize("issue", ["M11", "M12", "M13"])
def test_l_issue_de_l_instruction_est_dite_par_courriel(issue: str):
    ecran = Ecran()
    if issue == "M12":
        demande = ecran.avance_decidee()
    else:
        demande = ecran.operateur.deposer()
        geste = services.demander_piece if issue == "M11" else services.rejeter
        geste(demande=demande.pk, auteur=gestionnaire(), motif=MOTIF)
    courriel = Courriel.objects.get(code=issue)
    assert demande.dossier.numero in courriel.objet + courriel.corps
    assert courriel.destinataire == demande.dossier.enrolement.courriel


@pytest.mark.exigence("MOD-015", "XCT-008")
def test_une_piece_trop_grosse_ne_confirme_rien(monkeypatch: pytest.MonkeyPatch):
    """What follows an oversized file is not read, the button's name among it."""
    ecran, solde = solde_a_modifier()
    monkeypatch.setattr(modification.modifier, "taille_max", 100)
    gros = SimpleUploadedFile("guide.pdf", b"x" * 3_000)
    page = ecran.faire("modifier", solde.numero, **CORRIGEE, type_piece="MSS_GUIDE_PDF_API", fichier=gros)
    assert page.status_code == 413
    assert Demande.objects.get(pk=solde.pk).statut == StatutDemande.A_MODIFIER
    assert "https://neuf.operateur.example" in ecran.lire("modifier", solde.numero).content.decode()


def test_un_fichier_choisi_s_importe_quel_que_soit_le_bouton():
    ecran, solde = solde_a_modifier()
    guide = SimpleUploadedFile("guide-bis.pdf", fabrique_pieces.pdf())
    envoi = {**SAISIE, "type_piece": "MSS_GUIDE_PDF_API", "fichier": guide}
    ecran.faire("modifier", solde.numero, geste="enregistrer", **envoi)
    assert solde.pieces.filter(nom="guide-bis.pdf").exists()


@pytest.mark.exigence("MOD-021")
def test_une_correction_a_laquelle_on_renonce_ne_revient_pas_a_la_suivante():
    ecran, solde = solde_a_modifier()
    ecran.faire("modifier", solde.numero, geste="enregistrer", **CORRIGEE)
    ecran.faire("modifier", solde.numero, geste="ne_pas_modifier")
    assert not BrouillonDemande.objects.exists()
    services.demander_modification(demande=solde.pk, auteur=gestionnaire(), motif="Encore")
    assert AVANT in ecran.lire("modifier", solde.numero).content.decode()


@pytest.mark.exigence("XCT-008")
def test_deux_onglets_sur_une_correction_se_voient():
    ecran, solde = solde_a_modifier()
    page = ecran.lire("modifier", solde.numero)
    assert page.context["version"] == 0
    ecran.faire("modifier", solde.numero, geste="enregistrer", version="0", **CORRIGEE)
    refus = confirmer(ecran, solde, {**SAISIE, "nomContact": "Onglet deux", "version": "0"})
    assert refus.status_code == 409
    assert "modifiée dans un autre onglet" in mots(refus)
    assert 'value="Onglet deux"' in refus.content.decode()
    assert Demande.objects.get(pk=solde.pk).statut == StatutDemande.A_MODIFIER
    # The page now carries the other tab's version: sent again, it knows what it replaces.
    assert confirmer(ecran, solde, {**CORRIGEE, "version": "1"}).status_code == 302


@pytest.mark.exigence("XCT-008")
@pytest.mark.parametrize("version", ["", "x", "99999999999999999999"])
def test_un_envoi_qui_ne_dit_pas_sa_version_n_ecrase_rien(version: str):
    ecran, solde = solde_a_modifier()
    ecran.faire("modifier", solde.numero, geste="enregistrer", **CORRIGEE)
    refus = ecran.faire("modifier", solde.numero, geste="enregistrer", version=version, **SAISIE)
    assert refus.status_code == 409
    assert CORRIGEE["lienDocumentation"] in ecran.lire("modifier", solde.numero).content.decode()


def test_la_garde_au_fil_de_la_saisie_se_suit_elle_meme_ou_dit_qu_elle_n_a_plus_lieu():
    ecran, solde = solde_a_modifier()
    adresse = reverse("fournisseur:modifier", args=[solde.numero])

    def garder(version: int, **envoi: Any) -> Reponse:
        saisie = {**CORRIGEE, "version": version, **envoi}
        return ecran.client.post(adresse, saisie, headers={"X-Brouillon": "oui"})

    assert garder(0, page="celle-ci", rang=1).status_code == 204
    assert garder(0, page="celle-ci", rang=2).status_code == 204
    assert garder(0, page="une-autre", rang=1).status_code == 409
    services.ne_pas_modifier(demande=solde.pk, auteur=ecran.operateur.auteur)
    assert garder(0, page="celle-ci", rang=3).status_code == 409


@pytest.mark.exigence("MOD-016", "REQ-052")
def test_les_pieces_du_solde_montrent_la_lettre_de_son_avance():
    ecran, solde = solde_a_modifier()
    lettre = f"decision_attribution_{solde.dossier.numero}"
    page = ecran.lire("modifier", solde.numero)
    assert f"{lettre}.pdf {lettre}" in mots(page)
    adresse = lien(page, f"Consulter {lettre}.pdf")
    servie = ecran.client.get(adresse)
    assert servie.status_code == 200
    servie.close()


@pytest.mark.exigence("MOD-011", "MOD-030")
def test_le_gestionnaire_lit_ce_que_la_correction_a_change():
    ecran, solde = solde_a_modifier()
    confirmer(ecran, solde, CORRIGEE)
    page = Agent(solde).lire()
    assert "Ce que cette version a changé" in mots(page)
    assert f"<ins>{CORRIGEE['lienDocumentation']}</ins>" in page.content.decode()


@pytest.mark.exigence("MOD-005")
def test_la_page_d_accueil_dit_ce_qui_attend_une_reponse():
    ecran, solde = solde_a_modifier()
    page = ecran.lire("accueil")
    assert f"La demande {solde.numero} attend une modification de votre part avant le" in mots(page)
    assert lien(page, f"Modifier {solde.numero}") == reverse("fournisseur:modifier", args=[solde.numero])
    menee = ecran.lire("ma_demande")
    assert menee["Location"].endswith(f"{ecran.operateur.numero_ans}/solde")
