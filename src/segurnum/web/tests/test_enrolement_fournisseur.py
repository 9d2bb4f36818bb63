"""The enrolments of a company: table, consultation, extra pieces, finalisation."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from segurnum.comptes.models import Profil, Role
from segurnum.enrolements import services
from segurnum.enrolements.models import Enrolement
from segurnum.enrolements.pieces import TypePiece
from segurnum.essais import usines
from segurnum.regles.cycles_enrolement import StatutEnrolement
from segurnum.regles.identifiants import iban_masque
from segurnum.web.tests.candidat import piece
from segurnum.web.tests.depot import Reponse, gestionnaire
from segurnum.web.tests.lecture import lien, mots
from segurnum.web.tests.titulaire import Titulaire

pytestmark = pytest.mark.django_db
S = StatutEnrolement


# --- « Gérer mes demandes d'enrôlement »


@pytest.mark.exigence("ENR-093", "ENR-094", "ENR-096", "ENR-098", "ENR-099", "ENR-100", "ENR-083", "ENR-087")
def test_la_table_montre_les_sept_colonnes_et_l_action_de_chaque_statut():
    titulaire = Titulaire()
    attente = usines.enrolement_depose(S.EN_ATTENTE_PIECE, societe=titulaire.societe)
    partiel = usines.enrolement_depose(S.VALIDATION_PARTIELLE, societe=titulaire.societe, anticipe=True)
    autre = usines.enrolement_depose()
    page = titulaire.lire("enrolements")
    texte = mots(page)
    assert "Rechercher une demande d'enrôlement" in texte
    assert "Liste des demandes d'enrôlement :" in texte
    assert (
        "Numéro demande Date de dépôt Statut Siret fournisseur Profil référencé Type d'enrôlement Actions"
        in texte
    )
    assert f"{titulaire.enrolement.numero} " in texte
    assert autre.numero not in texte
    assert "Initial anticipé" in texte
    assert "Validation partielle : En attente de certificat(s)" in texte
    for ligne in (attente, partiel):
        assert lien(page, f"Déposer des pièces jointes pour {ligne.numero}") == reverse(
            "fournisseur:deposer_pieces_enrolement", args=[ligne.numero]
        )
    assert f"Déposer des pièces jointes pour {titulaire.enrolement.numero}" not in texte
    assert lien(page, f"Consulter {titulaire.enrolement.numero}")
    assert lien(page, "Retour") == reverse("fournisseur:accueil")


@pytest.mark.exigence("ENR-113", "ENR-060", "PUB-028")
def test_la_table_dit_de_chaque_demande_son_numero_son_jour_son_siret_et_ses_profils():
    titulaire = Titulaire()
    depot = datetime(2026, 3, 1, 23, 30, tzinfo=UTC)  # the 2nd in Paris
    ligne = usines.enrolement_depose(societe=titulaire.societe, depose_le=depot)
    texte = mots(titulaire.lire("enrolements"))
    assert (
        f"{ligne.numero} 02/03/2026 En cours {titulaire.societe.siret} "
        f"{', '.join(ligne.referencement.profils)}" in texte
    )
    # The number is the dossier's, given once: a rejected request keeps its own.
    services.rejeter(enrolement=ligne.pk, auteur=gestionnaire(), motif="Certificat illisible.")
    assert usines.enrolement_depose(societe=titulaire.societe).numero != ligne.numero
    with pytest.raises(IntegrityError, match="sequence"), transaction.atomic():
        usines.enrolement_depose(societe=titulaire.societe, sequence=ligne.sequence)
    assistance = titulaire.client.get(reverse("public:assistance"))
    assert "Numéro de demande associée *" in mots(assistance)
    assert "Si vous n'avez pas de numéro de demande d'enrôlement" in mots(assistance)


@pytest.mark.exigence("ENR-095", "ENR-100", "FRM-027")
@pytest.mark.parametrize(
    ("colonne", "cherche"),
    [
        ("numero", "9002"),
        ("depot", "/2"),
        ("statut", "rejetee"),
        ("siret", "99"),
        ("profil", "Spécif"),
        ("type", "initial anticipe"),
    ],
)
def test_chaque_colonne_se_filtre_et_se_trie(colonne: str, cherche: str):
    titulaire = Titulaire(sequence=9001)
    reference = usines.referencement(profils=["Général", "Spécifique au secteur"])
    Enrolement.objects.create(
        sequence=9002,
        entreprise=titulaire.societe,
        referencement=reference,
        statut=S.REJETEE,
        anticipe=True,
        courriel="a@societe.example",
    )
    page = titulaire.lire("enrolements", **{f"f_{colonne}": cherche})
    assert "Consulter ENR9002" in mots(page)
    assert ("Consulter ENR9001" in mots(page)) == (colonne in ("depot", "siret"))
    vide = titulaire.lire("enrolements", **{f"f_{colonne}": "zzz"})
    assert "Aucune donnée disponible dans le tableau" in mots(vide)
    for tri in (colonne, f"-{colonne}"):
        assert titulaire.lire("enrolements", tri=tri).status_code == 200
    assert "Général, Spécifi… " in mots(titulaire.lire("enrolements"))
    assert "Général, Spécifique au secteur" in mots(titulaire.lire("enrolements"))


@pytest.mark.exigence("FRM-010", "ENR-071")
@pytest.mark.parametrize("profil", [Profil.FOURNISSEUR, Profil.OPERATEUR])
def test_le_menu_enrolement_a_ses_deux_entrees(profil: Profil):
    titulaire = Titulaire()
    titulaire.client.force_login(usines.utilisateur(profil, entreprise=titulaire.societe))
    page = titulaire.lire("accueil")
    assert lien(page, "Gérer mes demandes d'enrôlement") == reverse("fournisseur:enrolements")
    assert lien(page, "Faire une demande complémentaire") == reverse("fournisseur:enrolement_complementaire")


# --- « Consulter »


@pytest.mark.exigence("ENR-101", "ENR-102", "ENR-103", "ENR-104")
def test_la_consultation_montre_tout_ce_qui_a_ete_saisi():
    titulaire = Titulaire()
    ligne = usines.enrolement_depose(societe=titulaire.societe)
    page = titulaire.lire("enrolement", ligne.numero)
    texte = mots(page)
    assert f"Demande d'enrôlement numéro {ligne.numero} - Statut : En cours" in texte
    assert "Récapitulatif" in texte
    for titre in (
        "a - Logiciel",
        "b - Personne morale",
        "c - Représentant légal",
        "e - Coordonnées bancaires",
    ):
        assert titre in texte
    assert iban_masque(ligne.donnees["banque"]["iban"]) in texte
    assert ligne.donnees["representant"]["courriel"] in texte
    document: Reponse = titulaire.client.get(lien(page, "certificat.pdf"))
    assert b"".join(document.streaming_content) == usines.PDF_MINIMAL


@pytest.mark.exigence("ENR-103", "ENR-109")
def test_un_complementaire_a_moins_de_lignes_et_un_rejet_dit_son_motif():
    titulaire = Titulaire()
    rejete = usines.enrolement_depose(
        S.REJETEE, societe=titulaire.societe, commentaire="Certificat illisible."
    )
    page = titulaire.lire("enrolement", rejete.numero)
    assert "Motif du rejet Certificat illisible." in mots(page)
    ancien = titulaire.lire("enrolement", titulaire.enrolement.numero)
    assert "b - Personne morale" not in mots(ancien)
    assert "g - Pièces jointes" in mots(ancien)


@pytest.mark.exigence("XCT-002", "XCT-005", "FRM-030")
def test_l_enrolement_d_une_autre_entreprise_n_existe_pas():
    titulaire, autre = Titulaire(), usines.enrolement_depose(S.EN_ATTENTE_PIECE)
    depose = autre.pieces.get(type="RIB")
    for route, args in (
        ("enrolement", [autre.numero]),
        ("piece_enrolement", [autre.numero, depose.pk]),
        ("piece_enrolement", [titulaire.enrolement.numero, depose.pk]),
        ("deposer_pieces_enrolement", [autre.numero]),
        ("enrolement", ["ENR99999999999"]),
        ("enrolement", ["autre"]),
    ):
        assert titulaire.lire(route, *args).status_code == 404, route
    for route, args in (
        ("retirer_piece_enrolement", [autre.numero, depose.pk]),
        ("terminer_depot_enrolement", [autre.numero]),
    ):
        assert titulaire.faire(route, *args).status_code == 404, route


# --- Extra pieces, finalisation


def _attendu(**valeurs: Any) -> tuple[Titulaire, Enrolement]:
    titulaire = Titulaire()
    ligne = usines.enrolement_depose(societe=titulaire.societe, **valeurs)
    services.demander_pieces(enrolement=ligne.pk, auteur=gestionnaire(), motif="Un RIB lisible est attendu.")
    ligne.refresh_from_db()
    return titulaire, ligne


@pytest.mark.exigence("ENR-083", "ENR-084", "ENR-085", "ENR-086")
def test_la_piece_demandee_s_importe_puis_le_depot_se_termine():
    titulaire, ligne = _attendu()
    page = titulaire.lire("deposer_pieces_enrolement", ligne.numero)
    assert "Un RIB lisible est attendu." in mots(page)
    assert "disabled>Terminer mon dépôt" in page.content.decode()
    assert "contactez l'assistance" in mots(page)
    lot = page.context["forms"][0].lot
    sans_type = titulaire.faire(
        "deposer_pieces_enrolement", ligne.numero, lot=lot, **{f"{lot}-fichier": piece()}
    )
    assert sans_type.status_code == 422
    assert "Choisissez le type du document" in mots(sans_type)
    envoi = {"lot": lot, f"{lot}-type_piece": "RIB"}
    refus = titulaire.faire(
        "deposer_pieces_enrolement", ligne.numero, **envoi, **{f"{lot}-fichier": piece("rib.docx")}
    )
    assert refus.status_code == 422
    assert "porte l'extension .docx" in mots(refus)
    assert '<option value="RIB" selected>' in refus.content.decode()
    importee = titulaire.suivre(
        titulaire.faire(
            "deposer_pieces_enrolement", ligne.numero, **envoi, **{f"{lot}-fichier": piece("rib2.pdf")}
        )
    )
    assert "Le fichier « rib2.pdf » est importé" in mots(importee)
    assert "Confirmer : terminer mon dépôt" in mots(importee)
    fini = titulaire.suivre(titulaire.faire("terminer_depot_enrolement", ligne.numero))
    assert "est au statut « En cours »" in mots(fini)
    assert Enrolement.objects.get(pk=ligne.pk).statut == S.EN_COURS
    rien = titulaire.suivre(titulaire.lire("deposer_pieces_enrolement", ligne.numero))
    assert "Aucune pièce n'est attendue" in mots(rien)


@pytest.mark.exigence("ENR-084")
def test_une_piece_importee_se_supprime_avant_la_fin_du_depot():
    titulaire, ligne = _attendu()
    nouvelle = usines.piece_enrolement(ligne, TypePiece.RIB, confirmee=False, nom="faux.pdf")
    titulaire.faire("retirer_piece_enrolement", ligne.numero, nouvelle.pk)
    assert not ligne.pieces.filter(pk=nouvelle.pk).exists()
    vide = titulaire.suivre(titulaire.faire("terminer_depot_enrolement", ligne.numero))
    assert "Importez au moins une pièce" in mots(vide)
    deposee = ligne.pieces.filter(confirmee=True)[0]
    refus = titulaire.suivre(titulaire.faire("retirer_piece_enrolement", ligne.numero, deposee.pk))
    assert "Seule une pièce dont le dépôt n'est pas encore terminé" in mots(refus)


@pytest.mark.exigence("ENR-008", "ENR-088", "ENR-090", "ENR-091")
def test_un_anticipe_se_finalise_par_son_seul_certificat():
    titulaire = Titulaire()
    ligne = usines.enrolement_depose(
        S.VALIDATION_PARTIELLE, societe=titulaire.societe, anticipe=True, types=()
    )
    page = titulaire.lire("deposer_pieces_enrolement", ligne.numero)
    assert "Certificat de référencement *" in mots(page)
    assert "type_piece" not in page.content.decode()
    titulaire.faire(
        "deposer_pieces_enrolement", ligne.numero, lot="CERTIFICAT", **{"CERTIFICAT-fichier": piece("c.pdf")}
    )
    fini = titulaire.suivre(titulaire.faire("terminer_depot_enrolement", ligne.numero))
    assert "Certificat(s) à valider" in mots(fini)


@pytest.mark.exigence("ENR-089", "ENR-090", "ENR-106")
@pytest.mark.parametrize(("reponse", "type_piece"), [("oui", "HDS_CERTIFICAT"), ("non", "HDS_ATTESTATION")])
def test_un_dpi_finalise_ses_deux_documents_ensemble(reponse: str, type_piece: str):
    titulaire = Titulaire()
    ligne = usines.enrolement_depose(
        S.VALIDATION_PARTIELLE, societe=titulaire.societe, anticipe=True, types=()
    )
    type(ligne.referencement).objects.filter(pk=ligne.referencement_id).update(dsr="DSR-HOP-DPI-Va2")
    titulaire.faire(
        "deposer_pieces_enrolement", ligne.numero, lot="CERTIFICAT", **{"CERTIFICAT-fichier": piece()}
    )
    page = titulaire.lire("deposer_pieces_enrolement", ligne.numero)
    assert "disabled>Terminer mon dépôt" in page.content.decode()
    lot = page.context["forms"][1].lot
    refus = titulaire.suivre(titulaire.faire("terminer_depot_enrolement", ligne.numero))
    assert "Les documents se déposent ensemble" in mots(refus)
    titulaire.faire(
        "deposer_pieces_enrolement",
        ligne.numero,
        lot=lot,
        **{f"{lot}-heberge_donnees": reponse, f"{lot}-fichier": piece("hds.pdf")},
    )
    assert ligne.pieces.filter(type=type_piece).exists()
    titulaire.faire("terminer_depot_enrolement", ligne.numero)
    assert Enrolement.objects.get(pk=ligne.pk).statut == S.CERTIFICAT_A_VALIDER


@pytest.mark.exigence("ENR-089", "ENR-090", "XCT-008")
def test_un_seul_importer_garde_le_second_fichier_et_la_reponse():
    titulaire = Titulaire()
    ligne = usines.enrolement_depose(
        S.VALIDATION_PARTIELLE, societe=titulaire.societe, anticipe=True, types=()
    )
    type(ligne.referencement).objects.filter(pk=ligne.referencement_id).update(dsr="DSR-HOP-DPI-Va2")
    page = titulaire.lire("deposer_pieces_enrolement", ligne.numero)
    lot = page.context["forms"][1].lot
    reponse = {f"{lot}-heberge_donnees": "oui"}
    vide = titulaire.faire("deposer_pieces_enrolement", ligne.numero, lot="CERTIFICAT", **reponse)
    assert vide.status_code == 422
    assert vide.context["forms"][1]["heberge_donnees"].value() == "oui"
    # The answer alone waits for its file; with its file, both are imported by the first button.
    certificat = {"lot": "CERTIFICAT", "CERTIFICAT-fichier": piece("c.pdf")}
    seule = titulaire.faire("deposer_pieces_enrolement", ligne.numero, **certificat, **reponse)
    assert seule.status_code == 200
    assert seule.context["forms"][1]["heberge_donnees"].value() == "oui"
    envoi = {"lot": "CERTIFICAT", "CERTIFICAT-fichier": piece("d.pdf"), f"{lot}-fichier": piece("hds.pdf")}
    assert titulaire.faire("deposer_pieces_enrolement", ligne.numero, **envoi, **reponse).status_code == 302
    assert ligne.pieces.filter(type="HDS_CERTIFICAT", nom="hds.pdf").exists()
    # One that is refused says why on its own field; the other is imported all the same.
    faux = {"lot": lot, f"{lot}-fichier": piece("hds.docx"), "CERTIFICAT-fichier": piece("e.pdf")}
    refus = titulaire.faire("deposer_pieces_enrolement", ligne.numero, **faux, **reponse)
    assert refus.status_code == 422
    assert list(refus.context["forms"][1].errors) == ["fichier"]
    assert ligne.pieces.filter(nom="e.pdf").exists()


def test_un_lecteur_regarde_et_ne_depose_pas():
    titulaire, ligne = _attendu()
    titulaire.personne.role = Role.LECTEUR
    titulaire.personne.save()
    assert "Déposer des pièces jointes" not in mots(titulaire.lire("enrolements"))
    assert titulaire.faire("enrolement_complementaire", geste="rechercher").status_code == 403
    assert titulaire.faire("terminer_depot_enrolement", ligne.numero).status_code == 403
