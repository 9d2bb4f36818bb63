"""Decision page, list of payments, notice: one account; a change between them is told, confirmed, and followed."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from segurnum.comptes.models import Profil
from segurnum.coordonnees import banque
from segurnum.coordonnees.tests.monde import Societe, officier
from segurnum.coordonnees.tests.test_banque import beaucoup_a_payer
from segurnum.essais import usines
from segurnum.paiements.models import Versement
from segurnum.regles.calendrier import jours_apres, maintenant
from segurnum.web.tests import instruction
from segurnum.web.tests.instruction import Agent
from segurnum.web.tests.lecture import mots

pytestmark = [pytest.mark.django_db, pytest.mark.exigence("GST-022")]


def _changee(versement: Versement) -> str:
    """Another account is accepted and active; its mask."""
    societe = Societe(entreprise=versement.decision.demande.entreprise)
    banque.accepter(modification=societe.compte_confirme().pk, auteur=officier())
    banque.activer(instant=jours_apres(maintenant(), 3))
    return str(societe.entreprise.comptes_bancaires.get(statut="ACTIVE").iban_masque)


@pytest.mark.exigence("REQ-045")
def test_la_page_de_decision_dit_le_compte_et_qui_l_a_accepte():
    demande = instruction.validee()
    masque = demande.entreprise.comptes_bancaires.get().iban_masque
    lue = mots(Agent(Profil.DECIDEUR).lire("demande", demande.numero))
    assert f"Compte à payer : {masque} ({demande.entreprise.denomination})" in lue
    Societe(entreprise=demande.entreprise).ajouter_compte()
    assert "Un changement de compte est demandé" in mots(
        Agent(Profil.DECIDEUR).lire("demande", demande.numero)
    )


def test_un_compte_change_se_lit_partout_et_se_confirme_par_son_bouton():
    versement = instruction.decidee()
    demande, ancien = versement.decision.demande, versement.compte_bancaire.iban_masque
    neuf = _changee(versement)
    comptable = Agent(Profil.COMPTABLE)
    for page in (
        Agent(Profil.DECIDEUR).lire("demande", demande.numero),
        comptable.lire("demande", demande.numero),
        comptable.lire("paiements"),
    ):
        lu = mots(page)
        assert "a changé depuis la décision" in lu
        assert f"{ancien} " in lu
        assert f"est remplacé par {neuf}" in lu
        assert "accepté par gestionnaire-" in lu
    (ligne,) = comptable.lire("paiements").context["affiche"].lignes
    assert [propose.geste.code for propose in ligne.gestes] == ["confirmer-compte"]
    assert comptable.payer(versement, "mettre-en-paiement").status_code == 409
    compte = str(ligne.changement.nouveau.compte.pk)
    assert comptable.payer(versement, "confirmer-compte", compte=compte).status_code == 302
    (ligne,) = comptable.lire("paiements").context["affiche"].lignes
    assert ligne.changement is None
    assert ligne.versement.compte_bancaire.iban_masque == neuf
    assert comptable.payer(versement, "mettre-en-paiement").status_code == 302


def test_le_fournisseur_lit_le_compte_de_la_decision():
    versement = instruction.decidee()
    demande = versement.decision.demande
    _changee(versement)
    fournisseur = Agent(
        Profil.FOURNISSEUR, usines.utilisateur(Profil.FOURNISSEUR, entreprise=demande.entreprise)
    )
    page = mots(fournisseur.client.get(reverse("fournisseur:demande", args=[demande.numero])))
    assert versement.compte_bancaire.iban_masque in page


def test_un_lot_laisse_de_cote_ce_dont_le_compte_a_change():
    premier, second = instruction.decidee(), instruction.decidee()
    _changee(premier)
    comptable = Agent(Profil.COMPTABLE)
    reponse = comptable.client.post(
        reverse("gestion:versements"), {"paiement": [premier.pk, second.pk]}, follow=True
    )
    lu = mots(reponse)
    assert "1 paiement est mis en paiement" in lu
    assert "a changé depuis la décision" in lu
    premier.refresh_from_db()
    assert premier.mis_en_paiement_le is None


def test_qui_a_decide_ne_paie_pas_et_la_liste_dit_pourquoi():
    demande = instruction.validee()
    personne = usines.utilisateur(Profil.DECIDEUR)
    Agent(Profil.DECIDEUR, personne).faire(demande, "decider")
    personne.profil = Profil.COMPTABLE
    personne.save()
    comptable = Agent(Profil.COMPTABLE, personne)
    (ligne,) = comptable.lire("paiements").context["affiche"].lignes
    assert ligne.gestes == ()
    assert f"Vous avez décidé la demande {demande.numero} le" in mots(comptable.lire("paiements"))
    assert comptable.payer(ligne.versement, "mettre-en-paiement").status_code == 409


def test_la_liste_des_paiements_lit_les_comptes_en_un_nombre_constant_de_requetes():
    comptable = Agent(Profil.COMPTABLE)
    _changee(instruction.decidee())
    comptable.lire("paiements")

    def requetes() -> int:
        with CaptureQueriesContext(connection) as lues:
            comptable.lire("paiements")
        return len(lues)

    une = requetes()
    for _ in range(3):
        _changee(instruction.decidee())
    assert requetes() == une


@pytest.mark.exigence("GST-024")
def test_un_changement_de_compte_a_deux_personnes_se_fait_par_les_ecrans():
    societe = Societe()
    beaucoup_a_payer(societe)
    ligne = societe.compte_confirme()
    premier, second = Agent(Profil.GESTIONNAIRE), Agent(Profil.GESTIONNAIRE)

    def faire(agent: Agent, geste: str, **saisie: str) -> int:
        adresse = reverse("gestion:geste_modification", args=["banque", ligne.pk, geste])
        return int(agent.client.post(adresse, saisie).status_code)

    page = premier.lire("modification", "banque", ligne.pk)
    assert "Accepter, à confirmer par une autre personne" in mots(page)
    assert "n'est pas l'entreprise" in mots(page)  # the holder
    assert faire(premier, "proposer") == 302
    assert "Vous avez accepté ce compte" in mots(premier.lire("modification", "banque", ligne.pk))
    assert faire(premier, "contresigner") == 409
    liste = second.lire("modifications", genre="banque")
    assert [lue.pk for lue in liste.context["affiche"].lignes] == [ligne.pk]
    assert "Acceptée une première fois" in mots(second.lire("modification", "banque", ligne.pk))
    assert faire(second, "contresigner") == 302
    ligne.refresh_from_db()
    assert ligne.statut == "ACCEPTEE"


@pytest.mark.exigence("GST-004")
def test_l_instruction_d_un_enrolement_dit_ce_qui_etonne_du_compte():
    inscrit = usines.enrolement_depose()
    autre = usines.entreprise()
    autre.comptes_bancaires.update(iban=inscrit.donnees["banque"]["iban"])
    lu = mots(Agent(Profil.GESTIONNAIRE).lire("enrolement", inscrit.numero))
    assert "Compte bancaire à vérifier" in lu
    assert autre.siret in lu
    assert "n'est pas l'entreprise" in lu
