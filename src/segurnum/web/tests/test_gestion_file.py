"""The officers' queue and what waits for each of them."""

import csv
import io
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from segurnum.comptes.models import Profil
from segurnum.coordonnees.personnes import RolePersonne
from segurnum.demandes.models import Beneficiaire, Demande
from segurnum.essais import usines
from segurnum.fichiers import lectures
from segurnum.fichiers.documents import Genre
from segurnum.kits.tableau import SEUIL
from segurnum.paiements import services as paiements
from segurnum.regles.calendrier import date_fr, maintenant
from segurnum.regles.cycles import StatutDemande, TypeDemande
from segurnum.web.gestion import demandes
from segurnum.web.tests import instruction
from segurnum.web.tests.instruction import Agent
from segurnum.web.tests.lecture import lien, mots

pytestmark = pytest.mark.django_db


def _numeros(reponse) -> list[str]:
    return [ligne.numero for ligne in reponse.context["affiche"].lignes]


@pytest.mark.exigence("GST-010", "INC-001")
def test_une_demande_non_completee_n_existe_pour_aucun_agent():
    incomplete = usines.demande(StatutDemande.NON_COMPLETEE)
    for profil in (Profil.GESTIONNAIRE, Profil.DECIDEUR, Profil.COMPTABLE, Profil.ADMINISTRATION):
        agent = Agent(profil)
        assert _numeros(agent.lire("demandes", statut="TOUS")) == []
        assert _numeros(agent.lire("demandes", statut="NON_COMPLETEE")) == []
        assert agent.lire("demande", incomplete.numero).status_code == 404
        assert agent.lire("journal", incomplete.numero).status_code == 404
        assert agent.lire("piece", incomplete.numero, incomplete.pieces.get().pk).status_code == 404


@pytest.mark.exigence("GST-010", "REQ-020")
def test_la_file_s_ouvre_sur_ce_qui_attend_chaque_profil_la_plus_ancienne_d_abord():
    hier, avant_hier = (maintenant() - timedelta(days=jours) for jours in (1, 2))
    recente = usines.demande(depose_le=hier)
    ancienne = usines.demande(depose_le=avant_hier)
    validee = usines.demande(StatutDemande.VALIDEE)
    decidee = usines.demande(StatutDemande.DECIDEE)
    assert _numeros(Agent(Profil.GESTIONNAIRE).lire("demandes")) == [ancienne.numero, recente.numero]
    assert _numeros(Agent(Profil.DECIDEUR).lire("demandes")) == [validee.numero]
    assert _numeros(Agent(Profil.COMPTABLE).lire("demandes")) == [decidee.numero]
    assert len(_numeros(Agent(Profil.ADMINISTRATION).lire("demandes"))) == 4


@pytest.mark.exigence("GST-010", "XCT-007")
def test_la_file_se_filtre_par_statut_couloir_type_et_texte():
    agent = Agent(Profil.GESTIONNAIRE)
    ms1 = usines.demande()
    hop = usines.demande(inscrit=usines.enrolement("HOP-DPI"))
    solde = usines.demande(dossier=ms1.dossier, type_demande=TypeDemande.SOLDE)
    rejetee = usines.demande(StatutDemande.REJETEE)
    assert _numeros(agent.lire("demandes", statut="REJETEE")) == [rejetee.numero]
    assert _numeros(agent.lire("demandes", dsr=hop.dsr)) == [hop.numero]
    assert _numeros(agent.lire("demandes", type="SOLDE")) == [solde.numero]
    assert _numeros(agent.lire("demandes", texte=hop.entreprise.siret)) == [hop.numero]
    assert _numeros(agent.lire("demandes", texte=hop.entreprise.denomination.lower())) == [hop.numero]
    assert _numeros(agent.lire("demandes", texte=hop.numero_editeur)) == [hop.numero]
    assert _numeros(agent.lire("demandes", texte=f" {ms1.dossier.numero.lower()} ")) == [
        ms1.numero,
        solde.numero,
    ]
    assert _numeros(agent.lire("demandes", texte="\0")) == _numeros(agent.lire("demandes"))
    assert _numeros(agent.lire("demandes", statut="n'importe quoi", dsr="x", type="y", page="-3")) != []


def test_la_file_se_cherche_par_numero_ans_par_beneficiaire_et_par_personne():
    agent = Agent(Profil.GESTIONNAIRE)
    cherchee, _autre = usines.demande(), usines.demande()
    societe = cherchee.entreprise
    societe.personnes_physiques.create(
        role=RolePersonne.REPRESENTANT,
        nom="Quintrelle",
        prenom="Maud",
        courriel="m@societe.example",
        telephone="",
    )
    beneficiaire = cherchee.beneficiaires.first()
    assert beneficiaire is not None
    Beneficiaire.objects.filter(pk=beneficiaire.pk).update(
        identifiants=["990000018"], nom="Résidence de l'Étang", raison_sociale="Les Ormes SAS"
    )
    ans = cherchee.dossier.enrolement.referencement.numero_ans
    du_beneficiaire = ("990000018", "99 0000 018", "residence de l'etang", "étang", "ormes")
    for texte in (ans, ans.lower(), *du_beneficiaire, "quintrelle", "Maud Quintrelle"):
        assert _numeros(agent.lire("demandes", texte=texte)) == [cherchee.numero], texte
    for texte in ("Anne Quintrelle", "Résidence des Étangs", "99000001"):
        assert _numeros(agent.lire("demandes", texte=texte)) == [], texte


def test_un_numero_qui_existe_sous_un_autre_statut_se_dit_et_mene_a_lui():
    agent = Agent(Profil.GESTIONNAIRE)
    rejetee = usines.demande(StatutDemande.REJETEE)
    page = agent.lire("demandes", texte=rejetee.numero)
    assert _numeros(page) == []
    assert "Rien ici, mais ailleurs : 1 sous d'autres critères" in mots(page)
    mene = lien(page, "1 sous d'autres critères (statut, couloir ou type)")
    ailleurs = agent.client.get(reverse("gestion:demandes") + mene)
    assert _numeros(ailleurs) == [rejetee.numero]
    assert "Rien ici" not in mots(agent.lire("demandes", texte="FINMS1000001"))
    assert "Rien ici" not in mots(agent.lire("demandes", texte=rejetee.numero, statut="TOUS"))


@pytest.mark.exigence("FRM-027")
def test_une_file_vide_le_dit():
    assert (
        "Aucune donnée disponible dans le tableau"
        in Agent(Profil.GESTIONNAIRE).lire("demandes").content.decode()
    )


@pytest.mark.exigence("XCT-007")
def test_la_file_coute_autant_de_requetes_a_vingt_lignes_qu_a_une(monkeypatch):
    agent = Agent(Profil.GESTIONNAIRE)
    usines.demande()
    couts = []
    for _ in range(2):
        with CaptureQueriesContext(
            connection,
        ) as lues:
            agent.lire("demandes", texte="INVENT")
        couts.append(len(lues))
        for _ in range(20):
            usines.demande()
    assert couts[0] == couts[1]
    courte = replace(demandes.FILE, tableau=replace(demandes.FILE.tableau, seuil=10))
    monkeypatch.setattr(demandes, "FILE", courte)
    reponse = agent.lire("demandes")
    assert len(_numeros(reponse)) == 10
    assert "Affinez votre recherche" in reponse.content.decode()
    assert SEUIL == 500


@pytest.mark.exigence("GST-010")
def test_l_accueil_du_gestionnaire_compte_ce_qui_est_en_cours_par_couloir_et_y_mene():
    ancienne = usines.demande(depose_le=maintenant() - timedelta(days=9))
    usines.demande()
    usines.demande(inscrit=usines.enrolement("HOP-DPI-Va1"))
    usines.demande(StatutDemande.A_MODIFIER)
    agent = Agent(Profil.GESTIONNAIRE)
    page = agent.lire("accueil")
    lignes = {ligne.dsr: ligne for ligne in page.context["instruire"].lignes}
    assert {dsr: ligne.nombre for dsr, ligne in lignes.items()} == {
        "DSR-MS1-DUI-Va1": 2,
        "DSR-HOP-DPI-Va1": 1,
    }
    assert lignes[ancienne.dsr].ancienne == ancienne.depose_le
    assert "?statut=EN_COURS&amp;dsr=DSR-HOP-DPI-Va1" in page.content.decode()
    assert "1 «&nbsp;A modifier&nbsp;»" in page.content.decode()
    assert page.context["decider"] is None
    assert page.context["payer"] is None


@pytest.mark.exigence("REQ-027")
def test_un_avenant_historise_se_rouvre_depuis_la_file_sans_etre_confondu_avec_l_annule():
    demande = instruction.demande()
    agent = Agent(Profil.GESTIONNAIRE)
    agent.faire(demande, "annuler", motif="À la demande du fournisseur", confirmation="on")
    page = agent.lire("demandes", statut="HISTORISEE").content.decode()
    assert f"?avenant={demande.pk}&amp;statut=HISTORISEE" in page


@pytest.mark.exigence("GST-015", "GST-016")
def test_l_accueil_du_decideur_met_ce_qui_attend_devant_ce_qui_reste_de_l_enveloppe():
    enveloppe = usines.enveloppe(montant="500")
    for _ in range(2):
        usines.demande(StatutDemande.VALIDEE, montant="1000.00")  # 360 € each
    orpheline = usines.demande(StatutDemande.VALIDEE, inscrit=usines.enrolement("HOP-DPI"))
    page = Agent(Profil.DECIDEUR).lire("accueil")
    (budget,) = page.context["decider"].budgets
    assert (budget.enveloppe, budget.reste, budget.file.somme) == (enveloppe, Decimal(500), Decimal(720))
    assert budget.apres == Decimal(-220)
    assert "L'enveloppe ne suffit pas" in page.content.decode()
    assert [ligne.dsr for ligne in page.context["decider"].sans_enveloppe.lignes] == [orpheline.dsr]


@pytest.mark.exigence("GST-022")
def test_l_accueil_du_comptable_compte_les_paiements_par_etape():
    instruction.decidee()
    en_cours = instruction.decidee(dossier=None)
    comptable = Agent(Profil.COMPTABLE)
    paiements.mettre_en_paiement(versement=en_cours.pk, auteur=comptable.auteur)
    comptes = comptable.lire("accueil").context["payer"]
    assert [(compte.phase.code, compte.nombre) for compte in comptes] == [
        ("a-mettre", 1),
        ("a-constater", 1),
        ("rejetes", 0),
    ]


@pytest.mark.exigence("XCT-007")
def test_aucun_accueil_ne_coute_plus_de_requetes_quand_il_y_a_plus_a_faire():
    for profil in (Profil.GESTIONNAIRE, Profil.DECIDEUR, Profil.COMPTABLE, Profil.ADMINISTRATION):
        agent, couts = Agent(profil), []
        for _ in range(2):
            with CaptureQueriesContext(connection) as lues:
                agent.lire("accueil")
            couts.append(len(lues))
            instruction.decidee()
            usines.demande()
        assert couts[0] == couts[1], profil


def test_la_demande_suivante_est_celle_d_apres_dans_la_file_filtree_puis_la_premiere():
    depart = maintenant() - timedelta(days=5)
    premiere, deuxieme, troisieme = (
        instruction.demande(depose_le=depart + timedelta(hours=rang)) for rang in range(3)
    )
    instruction.demande(StatutDemande.REJETEE, depose_le=depart + timedelta(minutes=90))
    agent = Agent(Profil.GESTIONNAIRE)

    def apres(ligne: Demande) -> str | None:
        suivante = agent.lire("demande", ligne.numero, statut="EN_COURS").context["suivante"]
        return suivante.numero if isinstance(suivante, Demande) else None

    assert [apres(premiere), apres(deuxieme), apres(troisieme)] == [
        deuxieme.numero,
        troisieme.numero,
        premiere.numero,
    ]
    page = agent.lire("demande", premiere.numero, texte=premiere.numero)
    assert page.context["suivante"] is None
    assert "la dernière demande de cette file" in page.content.decode()


def test_la_file_s_exporte_telle_qu_elle_est_filtree_avec_les_colonnes_de_l_ecran():
    avance, autre = instruction.validee(), usines.demande(StatutDemande.EN_COURS)
    decideur = Agent(Profil.DECIDEUR)
    affiche = decideur.lire("demandes").context["affiche"]
    reponse = decideur.client.post(reverse("gestion:exporter_demandes"))
    titres, *lignes = csv.reader(io.StringIO(instruction.octets(reponse).decode("utf-8-sig")), delimiter=";")
    assert titres == [entete.colonne.libelle for entete in affiche.entetes]
    (ligne,) = (dict(zip(titres, lue, strict=True)) for lue in lignes)
    assert (ligne["N° de la demande"], ligne["Déposée le"]) == (avance.numero, date_fr(avance.depose_le))
    assert ligne["Statut"].startswith("Validée")
    tous = decideur.client.post(f"{reverse('gestion:exporter_demandes')}?statut=TOUS")
    assert autre.numero in instruction.octets(tous).decode()
    assert "Exporter la liste (CSV)" in mots(decideur.lire("demandes"))
    assert [lecture.details["genre"] for lecture in lectures.toutes()] == [Genre.LISTE, Genre.LISTE]
