"""A piece that comes or goes is in « Historique »: who, when, which one – and nothing of what it holds."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from segurnum.comptes.auteurs import Auteur, auteur
from segurnum.comptes.models import Profil
from segurnum.controles.tests import fabrique_pieces
from segurnum.demandes import services
from segurnum.enrolements import services as enrolements
from segurnum.enrolements.brouillons import DEMANDEUR
from segurnum.enrolements.jointes import PieceRecue
from segurnum.enrolements.models import Enrolement
from segurnum.enrolements.pieces import TypePiece
from segurnum.essais import usines
from segurnum.journal.models import Evenement
from segurnum.journal.queries import evenements_de, ruptures
from segurnum.modeles import services as modeles
from segurnum.modeles.tests.monde import Editeur
from segurnum.regles.cycles_enrolement import StatutEnrolement
from segurnum.regles.erreurs import GesteImpossible
from segurnum.web.tests.a_modifier import SAISIE, solde_a_modifier
from segurnum.web.tests.depot import Fournisseur, en_cours, gestionnaire
from segurnum.web.tests.instruction import Agent
from segurnum.web.tests.lecture import mots

pytestmark = [pytest.mark.django_db, pytest.mark.exigence("GST-032")]

OCTETS = fabrique_pieces.pdf()


def _des_pieces(chaine: str) -> list[Evenement]:
    return [fait for fait in evenements_de(chaine) if "piece" in fait.details]


def _gestes(chaine: str) -> list[tuple[str, str]]:
    return [(fait.geste, fait.details["piece"]["nom"]) for fait in _des_pieces(chaine)]


def _attendue() -> tuple[Fournisseur, Any]:
    fournisseur = Fournisseur()
    (demande,) = en_cours(fournisseur.deposant)
    services.demander_piece(demande=demande.pk, auteur=gestionnaire(), motif="Le bon signé.")
    return fournisseur, demande


def test_une_piece_deposee_puis_retiree_se_lit_dans_l_historique_de_l_agent():
    fournisseur, demande = _attendue()
    envoi = {"type_piece": "BON_COMMANDE", "fichier": SimpleUploadedFile("signe.pdf", OCTETS)}
    fournisseur.faire("ajouter_pieces", demande.numero, **envoi)
    piece = demande.pieces.get(nom="signe.pdf")
    empreinte, taille = piece.fichier.empreinte, piece.fichier.taille
    fournisseur.faire("retirer_piece", demande.numero, piece.pk)
    ajout, retrait = _des_pieces(demande.dossier.chaine)
    for fait, geste in ((ajout, "JOINDRE_PIECE"), (retrait, "RETIRER_PIECE")):
        assert (fait.geste, fait.objet, fait.acteur) == (
            geste,
            demande.objet,
            fournisseur.deposant.utilisateur,
        )
        assert fait.avant == fait.apres == "EN_ATTENTE_PIECE"
        details = dict(fait.details)
        assert len(details.pop("preuve")["pieces"]) == 64  # of all that the request then has
        assert details == {
            "numero": demande.numero,
            "piece": {
                "nom": "signe.pdf",
                "type": "BON_COMMANDE",
                "libelle": "Bon de commande",
                "empreinte": empreinte,
                "taille": taille,
            },
        }
    page = mots(Agent(Profil.GESTIONNAIRE).lire("journal", demande.numero)).replace("\xa0", " ")
    assert "Ajouter une pièce" in page
    assert "Retirer une pièce" in page
    assert f"« signe.pdf » (Bon de commande), 1 Ko, empreinte {empreinte[:12]}…" in page
    assert ruptures() == []


def test_une_piece_qui_ne_se_retire_pas_ne_laisse_rien_au_journal():
    fournisseur, demande = _attendue()
    fournisseur.faire("retirer_piece", demande.numero, demande.pieces.get().pk)
    assert demande.pieces.exists()
    assert _des_pieces(demande.dossier.chaine) == []


def test_pendant_une_modification_l_historique_dit_que_c_est_l_operateur():
    ecran, solde = solde_a_modifier()
    preuve = SimpleUploadedFile("preuve-bis.txt", b"Appels : 20 sur 20\n")
    envoi = {"type_piece": "MSS_RESU_TEST_TECH", "fichier": preuve}
    ecran.faire("modifier", solde.numero, geste="importer_piece", **{**SAISIE, **envoi})
    ajoutee = solde.pieces.get(nom="preuve-bis.txt")
    ecran.faire("modifier", solde.numero, geste=f"retirer:{ajoutee.pk}", **SAISIE)
    # After the letter of its avance.
    assert _gestes(solde.dossier.chaine)[1:] == [
        ("JOINDRE_PIECE", "preuve-bis.txt"),
        ("RETIRER_PIECE", "preuve-bis.txt"),
    ]
    assert "(l'opérateur)" in mots(Agent(Profil.GESTIONNAIRE).lire("journal", solde.numero))


def test_une_piece_n_est_pas_le_geste_qui_a_devance_l_agent():
    """Another officer asked for a piece; that it came since is not what stops this one."""
    fournisseur, demande = _attendue()
    envoi = {"type_piece": "BON_COMMANDE", "fichier": SimpleUploadedFile("signe.pdf", OCTETS)}
    fournisseur.faire("ajouter_pieces", demande.numero, **envoi)
    refus = mots(Agent(Profil.GESTIONNAIRE).faire(demande, "rejeter", motif="Non.", vue="ancienne"))
    assert "depuis que vous l'avez ouverte : « Demander une pièce » par" in refus


def _enrolement_attendu() -> Enrolement:
    enrolement = usines.enrolement_depose()
    enrolements.demander_pieces(enrolement=enrolement.pk, auteur=gestionnaire(), motif="Un RIB.")
    return enrolement


def _ajouter(enrolement: Enrolement, qui: Auteur, nom: str, type_piece: TypePiece = TypePiece.RIB) -> int:
    recue = PieceRecue(type_piece, nom, usines.fichier(nom.encode()))
    return enrolements.ajouter_piece(enrolement=enrolement.pk, auteur=qui, piece=recue).pk


def test_les_pieces_d_un_enrolement_se_lisent_dans_son_historique_sous_le_nom_de_qui_les_depose():
    enrolement = _enrolement_attendu()
    titulaire = usines.utilisateur(Profil.FOURNISSEUR, entreprise=enrolement.entreprise)
    cle = _ajouter(enrolement, DEMANDEUR, "rib.pdf")
    enrolements.retirer_piece(enrolement=enrolement.pk, auteur=auteur(titulaire), piece=cle)
    ajout, retrait = _des_pieces(enrolement.chaine)
    assert (ajout.acteur, ajout.role, ajout.details["qui"]) == (None, "FOURNISSEUR", "le demandeur")
    assert (retrait.acteur, retrait.geste) == (titulaire, "RETIRER_PIECE")
    assert "qui" not in retrait.details
    page = mots(Agent(Profil.GESTIONNAIRE).lire("enrolement", enrolement.numero)).replace("\xa0", " ")
    assert "« rib.pdf » (RIB), 1 Ko" in page
    assert "le demandeur (le fournisseur)" in page


def test_un_certificat_qui_en_remplace_un_autre_laisse_les_deux_gestes():
    enrolement = usines.enrolement_depose(StatutEnrolement.VALIDATION_PARTIELLE, anticipe=True)
    for nom in ("un.pdf", "deux.pdf"):
        _ajouter(enrolement, DEMANDEUR, nom, TypePiece.CERTIFICAT)
    assert _gestes(enrolement.chaine) == [
        ("JOINDRE_PIECE", "un.pdf"),
        ("RETIRER_PIECE", "un.pdf"),
        ("JOINDRE_PIECE", "deux.pdf"),
    ]


def test_une_piece_d_enrolement_confirmee_ne_se_retire_ni_ne_se_journalise():
    enrolement = _enrolement_attendu()
    deposee = enrolement.pieces.earliest("pk")
    with pytest.raises(GesteImpossible):
        enrolements.retirer_piece(enrolement=enrolement.pk, auteur=DEMANDEUR, piece=deposee.pk)
    assert _des_pieces(enrolement.chaine) == []


def test_un_modele_importe_puis_supprime_laisse_ses_deux_gestes():
    editeur = Editeur()
    ligne = editeur.importer("modele.pdf")
    modeles.supprimer(modele=ligne.pk, auteur=editeur.auteur)
    assert _gestes(ligne.chaine) == [("JOINDRE_PIECE", "modele.pdf"), ("SUPPRIMER", "modele.pdf")]
    assert {fait.acteur for fait in _des_pieces(ligne.chaine)} == {editeur.utilisateur}


def test_l_import_d_un_modele_se_lit_dans_son_historique():
    ligne = Editeur().soumis("modele.pdf")
    page = mots(Agent(Profil.GESTIONNAIRE).lire("modele", ligne.pk))
    assert "Importer le document" in page
    assert "« modele.pdf » (Modèle de VA couloir Hôpital)" in page
