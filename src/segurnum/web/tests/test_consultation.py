"""The consultation of a request: header, recap, blocks of its couloir, versions, files."""

import json
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from segurnum.demandes import services
from segurnum.demandes.models import Demande, PieceJustificative
from segurnum.demandes.queries import donnees_courantes
from segurnum.demonstration import fabrique
from segurnum.essais import usines
from segurnum.essais.depots import Deposant
from segurnum.fichiers.models import Analyse, Fichier
from segurnum.paiements import services as paiements
from segurnum.regles.argent import en_euros
from segurnum.regles.calendrier import date_fr, instant_fr
from segurnum.regles.identifiants import ecrire_telephone
from segurnum.web.tests.depot import (
    Fournisseur,
    Reponse,
    decider,
    decideur,
    en_cours,
    gestionnaire,
    payer,
    solde_de,
)
from segurnum.web.tests.lecture import lien, mots, titres

pytestmark = pytest.mark.django_db

TITRES = {
    "informations": "Informations de la demande",
    "coordonnees": "Coordonnées bancaires",
    "beneficiaires": "Bénéficiaire(s)",
    "administrateurs": "Informations sur le(s) administrateur(s) technique(s)",
    "pieces": "Pièces justificatives",
    "scenario": "Scénario d'installation",
    "courriels": "Courriels automatiques envoyés",
    "suivi": "Suivi Financier",
}


def _bloc(page: Reponse, code: str) -> Any:
    return {bloc.code: bloc.donnees for bloc in page.context["consultation"].blocs}.get(code)


def _libelles(page: Reponse) -> dict[str, str]:
    bloc = _bloc(page, "informations")
    return {donnee.libelle: donnee.valeur for donnee in (*bloc.demande, *bloc.montants)}


@pytest.mark.exigence("REQ-031", "REQ-032", "REQ-033", "REQ-034", "FRM-028", "FRM-029")
def test_l_entete_et_le_recapitulatif_identifient_la_demande():
    fournisseur = Fournisseur()
    (demande,) = en_cours(fournisseur.deposant)
    page = fournisseur.lire("demande", demande.numero)
    assert titres(page, 1) == [
        f"Détails de la demande numéro {demande.dossier.numero} - Avance - Statut : En cours - "
        f"Faite le {date_fr(demande.depose_le)}"
    ]
    referencement = fournisseur.deposant.enrolement.referencement
    entreprise = fournisseur.deposant.enrolement.entreprise
    assert (
        f"N° unique de référencement (ANS) : {referencement.numero_ans} Date de prise d'effet : 27/10/2021 "
        f"SIRET : {entreprise.siret} Dénomination sociale : {entreprise.denomination} "
        f"Adresse : {entreprise.adresse_complete} "
        f"Date de changement de statut : {instant_fr(demande.statut_depuis)}"
    ) in mots(page)
    assert lien(page, "Retour") == "/segurnums/demandes"


@pytest.mark.exigence("REQ-036", "REQ-037", "JSN-032")
@pytest.mark.parametrize("code", ["MS1-DUI", "HOP-DPI", "HOP-PFI", "MDV-LGC", "RAD-RIS"])
def test_les_accordeons_sont_ceux_que_le_couloir_declare(code: str):
    fournisseur = Fournisseur(code=code)
    (demande,) = en_cours(fournisseur.deposant)
    page = fournisseur.lire("demande", demande.numero)
    attendus = [bloc.code for bloc in demande.format().blocs if bloc.code != "suivi"]
    assert titres(page, 3) == [TITRES[code_bloc] for code_bloc in attendus]
    assert ("administrateurs" in attendus) is (code == "MS1-DUI")
    identifiants = [b.identifiants for b in demande.beneficiaires.all()]
    assert all(identifiant in mots(page) for groupe in identifiants for identifiant in groupe)
    assert demande.format().places.libelle_identifiant in mots(page)


@pytest.mark.exigence("REQ-039", "REQ-040", "REQ-041", "REQ-043", "REQ-044", "REQ-063")
def test_les_montants_retenus_attendent_l_instruction_puis_s_expliquent():
    fournisseur = Fournisseur()
    (demande,) = en_cours(fournisseur.deposant)
    avant = _libelles(fournisseur.lire("demande", demande.numero))
    declare = "Montant SEGUR total hors taxe déclaré lors de l'avance"
    assert avant["N° ASP de la demande"] == demande.dossier.numero
    assert avant["DSR"] == "DSR-MS1-DUI-Va1"
    assert avant["N° éditeur"] == "00001"
    assert avant["Régime TVA"] == "Toutes taxes comprises"
    assert [libelle for libelle in avant if libelle.startswith("Montant")] == [declare]
    services.valider(demande=demande.pk, auteur=gestionnaire())
    page = fournisseur.lire("demande", demande.numero)
    demande.refresh_from_db()
    apres = _libelles(page)
    assert [libelle for libelle in apres if libelle.startswith("Montant")] == [
        declare,
        "Montant de l'engagement SEGUR hors taxe retenu (lors de l'avance)",
        "Montant de l'engagement SEGUR retenu (lors de l'avance - fonction du régime TVA)",
        "Montant décidé de l'avance (fonction du régime TVA)",
    ]
    assert demande.montant_decide is not None
    assert apres["Montant décidé de l'avance (fonction du régime TVA)"] == en_euros(demande.montant_decide)
    assert demande.calcul_retenu is not None
    for ligne in demande.calcul_retenu.lignes[-3:]:
        assert " ".join(f"{ligne.detail} = {en_euros(ligne.montant)}".split()) in mots(page)
    assert page.content.decode().count('role="tooltip"') == 4


@pytest.mark.exigence("REQ-046", "REQ-047", "JSN-031", "REQ-055", "REQ-057")
def test_un_mandataire_et_les_reponses_declarees_se_lisent():
    fournisseur = Fournisseur(code="HOP-DPI")
    fichier = fournisseur.deposant.fichier(1)
    beneficiaires = fichier["lignesImport"][0]["beneficiaires"]
    beneficiaires |= {
        "isMandataire": True,
        "isClientUnique": False,
        "nomMandataire": "VERMONTEL",
        "emailMandataire": "achats@groupement.example",
        "telephoneMandataire": "0199000042",
    }
    fichier["lignesImport"][0]["scenarioInstallation"]["isPFIDMPIndependante"] = True
    simulation = fournisseur.deposant.simuler(fichier)
    assert simulation.conforme, simulation.rapport
    fournisseur.faire("importer_simulation", simulation.pk)
    page = fournisseur.lire("demande", Demande.objects.get().numero)
    texte = mots(page)
    assert "La commande est portée par un mandataire pour plusieurs ES-PMSI Oui" in texte
    assert "La commande est portée par un unique ES-PMSI Non" in texte
    assert (
        "Mandataire Nom VERMONTEL Email achats@groupement.example Téléphone 01 99 00 00 42 "
        "Liste bénéficiaire(s) :"
    ) in texte
    assert "Numéro PMSI" in texte
    questions = [(coche.libelle, coche.oui) for coche in _bloc(page, "scenario")["coches"]]
    assert questions == [
        (
            "La fonction PFI pour l'envoi des documents de santé vers le DMP est-elle portée par un logiciel "
            "indépendant du DPI ?",
            True,
        ),
        (
            "La fonction PFI pour l'envoi des documents de santé vers la MSS Pro est-elle portée par un "
            "logiciel indépendant du DPI ?",
            False,
        ),
        (
            "La fonction PFI pour l'envoi des documents de santé vers la MSS citoyen est-elle portée par un "
            "logiciel indépendant du DPI ?",
            False,
        ),
        (
            "Le DPI doit-il mettre en œuvre une identification électronique par ProSanté Connect en "
            "complément des modalités d'identification électronique au DPI ?",
            False,
        ),
    ]


@pytest.mark.exigence("REQ-049", "REQ-056", "REQ-058", "RUL-018")
def test_le_scenario_ms1_est_un_tableau_par_site_et_les_administrateurs_sont_montres():
    fournisseur = Fournisseur()
    (demande,) = en_cours(fournisseur.deposant)
    page = fournisseur.lire("demande", demande.numero)
    bloc = _bloc(page, "scenario")
    assert tuple(colonne.libelle for colonne in bloc["tableau"].tableau.colonnes) == (
        "FINESS géographique",
        "Ancienne version",
        "Maître identité",
        "Référent soin",
        "Stockage identité",
        "Opérateur messagerie",
        "Profil métier",
    )
    declare = donnees_courantes(demande)
    assert len(bloc["tableau"].page) == len(declare["scenarioInstallation"])
    assert f"<strong>{declare['scenarioInstallation'][0]['profilMetier']}</strong>" in page.content.decode()
    assert declare["scenarioInstallation"][0]["operateurMessagerie"] == "GIP_9"
    assert "GIP_9" in mots(page)
    administrateur = declare["administrateursTechniques"][0]
    telephone = ecrire_telephone(administrateur["telephone"])
    assert f"{administrateur['nom']} {administrateur['email']} {telephone}" in mots(page)


@pytest.mark.exigence("REQ-047", "REQ-050", "REQ-067")
def test_un_bloc_tourne_ses_pages_sans_deplacer_les_autres():
    fournisseur = Fournisseur()
    (demande,) = en_cours(fournisseur.deposant)
    for rang in range(12):
        PieceJustificative.objects.create(
            demande=demande,
            nom=f"ajout-{rang:02}.pdf",
            type="AUTRE",
            fichier=usines.fichier(),
            depose_le=demande.depose_le,
        )
    page = fournisseur.lire("demande", demande.numero)
    assert "ajout-11.pdf" not in mots(page)
    suivante = fournisseur.client.get(f"/segurnums/demandes/{demande.numero}{lien(page, 'Suivant')}")
    assert _bloc(suivante, "pieces").page.number == 2
    assert _bloc(suivante, "beneficiaires")["tableau"].page.number == 1
    assert 'aria-expanded="true" aria-controls="bloc-pieces"' in suivante.content.decode()


@pytest.mark.exigence("REQ-050", "REQ-051", "REQ-052", "REQ-053", "XCT-005", "XCT-009")
def test_les_pieces_et_la_decision_se_telechargent_sans_jamais_s_executer():
    fournisseur = Fournisseur()
    (demande,) = en_cours(fournisseur.deposant)
    decider(demande)
    page = fournisseur.lire("demande", demande.numero)
    nom = f"decision_attribution_{demande.dossier.numero}"
    assert f"{nom}.pdf {nom} {date_fr(demande.depose_le)} Télécharger" in mots(page)
    bdc = demande.pieces.get(type="BON_COMMANDE")
    reponse = fournisseur.client.get(lien(page, f"Télécharger {bdc.nom}"))
    assert b"".join(reponse).startswith(b"%PDF")
    assert reponse["Content-Disposition"] == f'attachment; filename="{bdc.nom}"'
    assert reponse["X-Content-Type-Options"] == "nosniff"
    assert reponse["Content-Type"] == "application/pdf"
    assert "no-store" in reponse["Cache-Control"]
    autre = Fournisseur()
    assert autre.lire("piece", demande.numero, bdc.pk).status_code == 404
    assert autre.lire("demande", demande.numero).status_code == 404


def test_une_piece_infectee_se_dit_et_ne_se_telecharge_pas():
    fournisseur = Fournisseur()
    (demande,) = en_cours(fournisseur.deposant)
    piece = demande.pieces.get()
    Fichier.objects.filter(pk__in=[piece.fichier_id]).update(analyse=Analyse.INFECTE)
    assert "Téléchargement bloqué" in mots(fournisseur.lire("demande", demande.numero))
    assert fournisseur.lire("piece", demande.numero, piece.pk).status_code == 404


@pytest.mark.exigence("INC-001", "JSN-045")
def test_une_demande_non_completee_dit_ses_pieces_attendues_et_mene_a_leur_depot():
    fournisseur = Fournisseur()
    depot = fournisseur.deposant.importer(1)
    demande = Demande.objects.get()
    page = fournisseur.lire("demande", demande.numero)
    assert "Annoncée, pas encore déposée" in mots(page)
    assert lien(page, "Reprendre le dépôt des pièces") == f"/segurnums/importations/{depot.pk}/pieces"


@pytest.mark.exigence("REQ-059", "REQ-060", "REQ-061", "REQ-062", "REQ-064", "REQ-065", "REQ-066", "REQ-067")
def test_le_suivi_financier_apparait_avec_la_decision_et_suit_le_paiement():
    fournisseur = Fournisseur()
    (demande,) = en_cours(fournisseur.deposant)
    services.valider(demande=demande.pk, auteur=gestionnaire())
    assert TITRES["suivi"] not in titres(fournisseur.lire("demande", demande.numero), 3)
    usines.enveloppe(demande.dsr)
    decision = paiements.decider(demande=demande.pk, auteur=decideur())
    page = fournisseur.lire("demande", demande.numero)
    (ligne,) = _bloc(page, "suivi").versements.page
    decide = " ".join(en_euros(decision.montant).split())  # as `mots` reads it
    assert f"{demande.numero} VERSE001 AVANCE Paiement en cours {decide}" in mots(page)
    assert (ligne.versement.montant_paye, ligne.avis) == (None, "")
    versement = payer(decision.versements.get())
    page = fournisseur.lire("demande", demande.numero)
    assert versement.paye_le is not None
    jour = date_fr(versement.paye_le)
    assert f"{decide} {jour} {jour} {decide} {jour} Télécharger" in mots(page)
    assert (
        "Numéro de la demande Objet du versement Type du versement État du paiement Montant décidé Date de "
        "validation Date de mise en paiement Montant payé Date de paiement effective Avis de paiement"
    ) in mots(page)
    avis = fournisseur.client.get(lien(page, f"Télécharger l'avis de paiement de {demande.numero}"))
    assert b"".join(avis).startswith(b"%PDF")
    assert f"avis_paiement_{demande.numero}.pdf" in avis["Content-Disposition"]
    assert Fournisseur().lire("avis", demande.numero, versement.pk).status_code == 404


@pytest.mark.exigence("REQ-032", "REQ-042", "REQ-048", "REQ-059")
def test_le_solde_a_ses_libelles_compare_ses_beneficiaires_et_partage_le_suivi():
    fournisseur = Fournisseur(code="MDV-LGC")
    (avance,) = en_cours(fournisseur.deposant)
    payer(decider(avance))
    fichier = fabrique.fichier_de_soldes(fournisseur.deposant.source, [avance])
    solde = solde_de(fournisseur.deposant, avance, fichier)
    services.valider(demande=solde.pk, auteur=gestionnaire())
    page = fournisseur.lire("demande", solde.numero)
    assert titres(page, 1) == [
        f"Détails de la demande numéro {avance.dossier.numero} - Solde - Statut : Validée - "
        f"Déposée le {date_fr(solde.depose_le)}"
    ]
    libelles = _libelles(page)
    assert [libelle for libelle in libelles if libelle.startswith("Montant")] == [
        "Montant SEGUR total hors taxe déclaré lors du solde",
        "Montant de l'engagement SEGUR hors taxe retenu (lors du solde)",
        "Montant de l'engagement SEGUR retenu (lors du solde - fonction du régime TVA)",
        "Montant décidé du solde (fonction du régime TVA)",
    ]
    assert libelles["Date de la facture"]
    bloc = _bloc(page, "beneficiaires")
    assert [ligne.concorde for ligne in bloc["tableau"].page] == [True, True, True]
    (ligne,) = _bloc(page, "suivi").versements.page
    assert ligne.demande.numero == avance.numero
    # The avance's own consultation compares nothing.
    assert "Déclaré à l'avance" in mots(page)
    assert "Déclaré à l'avance" not in mots(fournisseur.lire("demande", avance.numero))


@pytest.mark.exigence("REQ-048")
def test_un_beneficiaire_du_solde_absent_de_l_avance_ou_l_inverse_se_voit():
    fournisseur = Fournisseur(code="MDV-LGC")
    (avance,) = en_cours(fournisseur.deposant)
    payer(decider(avance))
    solde = solde_de(fournisseur.deposant, avance)
    premier = avance.beneficiaires.order_by("rang").first()
    assert premier is not None
    oublie = premier.identifiants[0]
    premier.identifiants = ["99900009996"]
    premier.save()
    bloc = _bloc(page := fournisseur.lire("demande", solde.numero), "beneficiaires")
    assert [ligne.concorde for ligne in bloc["tableau"].page] == [False, True, True]
    assert f"{oublie} Non" in mots(page)
    assert "1 bénéficiaire de l'avance ne figure pas dans ce solde : 99900009996." in mots(page)


@pytest.mark.exigence("REQ-068", "REQ-070", "XCT-015")
def test_les_courriels_de_la_demande_se_lisent_en_entier():
    fournisseur = Fournisseur()
    (demande,) = en_cours(fournisseur.deposant)
    recus = _bloc(fournisseur.lire("demande", demande.numero), "courriels")
    assert "Accusé de réception" in recus[0].titre
    services.rejeter(demande=demande.pk, auteur=gestionnaire(), motif="Le bon de commande n'est pas signé.")
    page = fournisseur.lire("demande", demande.numero)
    courriels = _bloc(page, "courriels")
    assert isinstance(courriels, tuple)
    courriel = courriels[0]
    assert len(courriels) == len(recus) + 1
    assert courriel.titre.startswith(f"{date_fr(demande.depose_le)} - Rejet de votre demande")
    assert courriel.destinataire == fournisseur.deposant.enrolement.courriel
    assert "Le bon de commande n'est pas signé." in courriel.courriel.corps
    assert courriel.courriel.envoye_le is None
    assert "Date d'envoi" not in mots(page)
    assert courriel.situation.startswith("En attente d'envoi depuis le ")
    assert "Motif du rejet Le bon de commande n'est pas signé." in mots(page)


def test_consulter_coute_autant_de_requetes_quel_que_soit_le_contenu():
    fournisseur, couts = Fournisseur(), []
    (demande,) = en_cours(fournisseur.deposant)
    payer(decider(demande))
    for tour in range(2):
        with CaptureQueriesContext(connection) as lues:
            assert fournisseur.lire("demande", demande.numero).status_code == 200
        couts.append(len(lues))
        for rang in range(5 * (1 - tour)):
            PieceJustificative.objects.create(
                demande=demande,
                nom=f"ajout-{rang}.pdf",
                type="AUTRE",
                fichier=usines.fichier(json.dumps(rang).encode()),
                depose_le=demande.depose_le,
            )
    assert couts[0] == couts[1]


@pytest.mark.exigence("XCT-002")
def test_la_consultation_d_une_autre_entreprise_n_existe_pas():
    (demande,) = en_cours(Deposant.nouveau())
    assert (
        Fournisseur().client.get(reverse("fournisseur:historique", args=[demande.numero])).status_code == 404
    )
