"""The auditor: what is looked at first, what was granted outside the rules, the journal of anything, and no gesture."""

from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from segurnum.comptes.auteurs import auteur
from segurnum.comptes.droits import TABLE
from segurnum.comptes.models import Profil
from segurnum.demandes import octrois
from segurnum.essais import usines
from segurnum.essais.falsifications import constater, de_force
from segurnum.essais.horloge import Horloge
from segurnum.grand_livre.controle import verifier
from segurnum.installation.services import veiller_sur_le_journal
from segurnum.installation.tests.monde import deposee
from segurnum.journal.services import Fait, consigner
from segurnum.recouvrements.tests.monde import D, emis, payee, rembourser
from segurnum.regles.cycles import TypeDemande
from segurnum.regles.gestes import GesteEditorial, GesteEspace, GesteSupervision
from segurnum.web.tests import depot
from segurnum.web.tests.instruction import Agent
from segurnum.web.tests.lecture import mots

pytestmark = pytest.mark.django_db
LECTURES = {
    GesteEspace.GESTION,
    GesteEditorial.ECRIRE,
    GesteSupervision.CONTROLER,
    GesteSupervision.LIRE_COMPTAGES,
    GesteSupervision.LIRE_GRAND_LIVRE,
}


@pytest.fixture
def auditrice() -> Agent:
    return Agent(Profil.AUDITEUR)


@pytest.mark.exigence("GST-034")
def test_un_auditeur_lit_tout_et_n_a_aucun_geste() -> None:
    siens = {
        geste
        for objet in TABLE.values()
        for geste, droit in objet.droits.items()
        if Profil.AUDITEUR in droit.profils
    }
    assert siens == LECTURES


def test_l_accueil_de_l_auditeur_est_la_page_controle(auditrice: Agent) -> None:
    page = mots(auditrice.lire("accueil"))
    assert "aucune relecture complète ne l'a trouvé intact" in page
    assert "Grand livre : jamais vérifié" in page
    verifier()
    assert "0 anomalie, 0 écriture" in mots(auditrice.lire("controle"))


def test_la_page_controle_compte_les_octrois_et_les_titres_echus(auditrice: Agent) -> None:
    demande = usines.demande(plafond=None)
    octrois.octroyer(
        demande=demande.pk,
        auteur=depot.gestionnaire(),
        montant=D("500.00"),
        motif="Structure ouverte en mai.",
    )
    octrois.approuver(demande=demande.pk, auteur=depot.gestionnaire())
    emis(payee())
    page = mots(auditrice.lire("controle"))
    assert "1 montant octroyé et approuvé" in page
    assert "600,00 € (1 titre)" in page
    liste = mots(auditrice.lire("octrois"))
    assert "Structure ouverte en mai." in liste
    assert demande.numero in liste


@pytest.mark.exigence("GST-034")
def test_une_personne_qui_aurait_tenu_deux_roles_est_montree(auditrice: Agent) -> None:
    demande = payee()
    assert "Aucune personne n'a tenu deux rôles" in mots(auditrice.lire("controle"))
    fautif = usines.utilisateur(Profil.DECIDEUR, first_name="Odon", last_name="Cumul")
    for geste in ("VALIDER", "DECIDER"):
        consigner(
            [Fait(chaine=demande.dossier.chaine, objet=demande.objet, geste=geste, auteur=auteur(fautif))]
        )
    page = mots(auditrice.lire("controle"))
    assert "Odon Cumul" in page
    assert "validé la demande, décidé la demande" in page


def test_la_page_controle_se_lit_en_un_nombre_d_ordres_qui_ne_croit_pas(auditrice: Agent) -> None:
    def ordres() -> int:
        with CaptureQueriesContext(connection) as lus:
            auditrice.lire("controle")
        return len(lus)

    payee()
    ordres()
    une = ordres()
    for _ in range(3):
        payee()
    assert ordres() == une


def test_le_journal_se_lit_par_dossier_par_objet_et_par_personne(auditrice: Agent) -> None:
    demande, autre = payee(), payee()
    lu = mots(auditrice.lire("evenements", sur=demande.numero))
    assert "Valider" in lu
    assert f"dossier:{demande.dossier.numero}" in lu
    assert autre.dossier.numero not in lu
    assert demande.objet in mots(auditrice.lire("evenements", sur=demande.objet))
    decideur = demande.decision.decideur
    siens = mots(auditrice.lire("evenements", agent=str(decideur.pk)))
    assert f"dossier:{demande.dossier.numero}" in siens
    assert "Valider" not in siens.partition("Événements")[2]


@pytest.mark.exigence("GST-019")
def test_un_remboursement_dit_par_qui_et_le_journal_du_dossier_qui_tient_quel_role(auditrice: Agent) -> None:
    demande = payee()
    titre = emis(demande)
    comptable = usines.utilisateur(Profil.COMPTABLE, first_name="Paule", last_name="Paye")
    rembourser(titre, "600.00", auteur=auteur(comptable))
    assert "Paule Paye" in mots(auditrice.lire("recouvrement", titre.pk)).partition("Règlements")[2]
    lu = mots(auditrice.lire("journal", demande.numero))
    assert "Qui a tenu quel rôle sur ce dossier" in lu
    assert "Paule Paye" in lu
    ecrit = mots(auditrice.lire("grand_livre", dossier=demande.dossier.numero))
    assert "Paule Paye" in ecrit


@pytest.mark.exigence("GST-034")
def test_une_nuit_qui_a_trouve_ou_qui_manque_est_lue_la_premiere(
    auditrice: Agent, horloge: Horloge, settings: object, tmp_path: Path
) -> None:
    def accueil() -> str:
        return mots(auditrice.lire("controle"))

    assert (
        "La vérification du journal n'a pas eu lieu la nuit dernière. Aucune n'a encore eu lieu." in accueil()
    )
    settings.JOURNAL_TETES = tmp_path  # type: ignore[attr-defined]
    demande = deposee()
    constater()
    veiller_sur_le_journal(dire=pytest.fail)
    verifier()
    assert "n'a pas eu lieu" not in accueil()
    de_force(f"DELETE FROM journal_evenement WHERE chaine = '{demande.dossier.chaine}'")
    nuit = veiller_sur_le_journal(dire=lambda _: None)
    page = accueil()
    assert f": {nuit.anomalies} anomalie" in page.partition("Un dossier")[0]
    assert f"Demande {demande.pk}" in page.partition("Un dossier")[0]
    assert f"Demande {demande.pk}" in mots(auditrice.lire("relectures"))
    horloge.avancer(days=2)
    auditrice.client.force_login(auditrice.utilisateur)
    page = accueil()
    assert "Vérification du journal du" in page
    assert "La vérification du grand livre n'a pas eu lieu la nuit dernière. La dernière est du" in page


@pytest.mark.exigence("GST-034")
def test_l_auditeur_lit_une_enveloppe_les_fenetres_et_les_baremes_sans_rien_pouvoir_regler(
    auditrice: Agent,
) -> None:
    usines.fenetre("DSR-MS1-DUI-Va1", TypeDemande.AVANCE)
    ligne = usines.enveloppe("DSR-MS1-DUI-Va1")
    enveloppe = auditrice.lire("enveloppe", ligne.pk)
    assert "Couloirs financés" in mots(enveloppe)
    assert reverse("gestion:enveloppe", args=[ligne.pk]) in auditrice.lire("enveloppes").content.decode()
    assert auditrice.client.post(reverse("gestion:enveloppe", args=[ligne.pk])).status_code == 403
    fenetres, baremes = auditrice.lire("fenetres"), auditrice.lire("baremes")
    assert "Historique" in mots(fenetres)
    for page in (enveloppe, fenetres, baremes):
        texte = mots(page)
        assert not [dit for dit in ("Fixer les dates", "Changer", "Ajouter un", "Importer") if dit in texte]
    for route, *cles in (("fenetre", "DSR-MS1-DUI-Va1", "avance"), ("bareme", "DSR-MS1-DUI-Va1")):
        assert auditrice.lire(route, *cles).status_code == 403
