"""The walk of an overpayment, on the screens: proposed, issued, read by the supplier, repaid, listed by age."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from segurnum.comptes.models import Profil
from segurnum.couloirs.vierges import exemple
from segurnum.demandes.models import Demande
from segurnum.editique.tests.texte_pdf import texte
from segurnum.essais import argent, usines
from segurnum.recouvrements.models import Recouvrement
from segurnum.recouvrements.tests.monde import (
    MOTIF,
    D,
    aujourd_hui,
    decidee,
    emis,
    payee,
    qui,
    rembourser,
    solde_valide,
)
from segurnum.regles.cycles import TypeDemande
from segurnum.web.tests import instruction
from segurnum.web.tests.instruction import Agent, Reponse, octets
from segurnum.web.tests.lecture import mots

pytestmark = pytest.mark.django_db


def _payee(**valeurs: object) -> Demande:
    versement = instruction.decidee(**{"montant": "10000.00"} | valeurs)
    demande = Demande.objects.get(pk=versement.decision.demande_id)
    argent.payee(demande)
    demande.refresh_from_db()
    return demande


def _faire(agent: Agent, ordre: Recouvrement, geste: str, **saisie: str) -> Reponse:
    return agent.client.post(reverse("gestion:geste_recouvrement", args=[ordre.pk, geste]), saisie)


def _fournisseur(demande: Demande) -> Client:
    client = Client()
    personne = usines.utilisateur(Profil.FOURNISSEUR, entreprise=demande.entreprise)
    client.force_login(personne, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.mark.exigence("GST-019")
def test_un_trop_percu_se_propose_s_emet_se_lit_et_se_rembourse_a_l_ecran() -> None:
    demande = _payee()
    gestionnaire, decideur, comptable = (
        Agent(profil) for profil in (Profil.GESTIONNAIRE, Profil.DECIDEUR, Profil.COMPTABLE)
    )
    saisie = {"portee": "partiel", "montant": "600,00", "motif": MOTIF}
    assert gestionnaire.faire(demande, "proposer-un-recouvrement", **saisie).status_code == 302
    ordre = Recouvrement.objects.get()
    assert "Proposé" in mots(decideur.lire("recouvrements"))
    assert _faire(decideur, ordre, "emettre").status_code == 302
    ordre.refresh_from_db()
    lue = mots(decideur.lire("recouvrement", ordre.pk))
    assert ordre.nom in lue
    assert "une partie de 3 600,00 €" in lue
    assert octets(decideur.lire("titre_de_recette", ordre.pk)).startswith(b"%PDF-")
    client = _fournisseur(demande)
    page = mots(client.get(reverse("fournisseur:demande", args=[demande.numero])))
    assert ordre.nom in page
    assert MOTIF in page
    lettre = reverse("fournisseur:titre_de_recette", args=[demande.numero, ordre.pk])
    lu = " ".join(texte(octets(client.get(lettre))).split())
    assert f"au titre du dossier {demande.dossier.numero}, couloir" in lu  # letters name it without a suffix
    assert _fournisseur(_payee()).get(lettre).status_code == 404
    refus = _faire(
        comptable,
        ordre,
        "rembourser",
        montant="600,01",
        jour=aujourd_hui().isoformat(),
        reference="VIR-1",
        payeur=demande.entreprise.siret,
    )
    assert refus.status_code == 422
    assert "Il reste 600,00" in mots(refus)
    _faire(
        comptable,
        ordre,
        "rembourser",
        montant="600,00",
        jour=aujourd_hui().isoformat(),
        reference="VIR-1",
        payeur=demande.entreprise.siret,
    )
    ordre.refresh_from_db()
    assert ordre.statut == "SOLDE"
    assert "VIR-1" in mots(comptable.lire("recouvrement", ordre.pk))


@pytest.mark.parametrize(
    ("saisie", "phrase"),
    [
        ({"portee": "partiel", "motif": MOTIF}, "Indiquez le montant à recouvrer"),
        ({"portee": "total"}, "Le motif est obligatoire"),
        ({"montant": "1,00", "motif": MOTIF}, "total ou partiel"),
        ({"portee": "partiel", "montant": "9999,00", "motif": MOTIF}, "ne pas dépasser"),
    ],
)
def test_une_proposition_incomplete_revient_avec_ce_qui_manque(saisie: dict[str, str], phrase: str) -> None:
    reponse = Agent(Profil.GESTIONNAIRE).faire(_payee(), "proposer-un-recouvrement", **saisie)
    assert reponse.status_code == 422
    assert phrase in mots(reponse)
    assert not Recouvrement.objects.exists()


def test_qui_a_propose_lit_pourquoi_il_n_emet_pas() -> None:
    ordre = Recouvrement.objects.get(pk=emis(payee()).pk)
    autre = Agent(Profil.GESTIONNAIRE)
    demande = _payee()
    autre.faire(demande, "proposer-un-recouvrement", portee="total", motif=MOTIF)
    propose = Recouvrement.objects.exclude(pk=ordre.pk).get()
    autre.utilisateur.profil = Profil.DECIDEUR
    autre.utilisateur.save()
    assert "une autre personne que vous" in mots(autre.lire("recouvrement", propose.pk))
    assert _faire(autre, propose, "emettre").status_code == 409


def test_une_compensation_se_fait_et_se_retire_a_l_ecran() -> None:
    inscrit = usines.enrolement()
    titre, versement = emis(payee(inscrit=inscrit)), decidee(inscrit=inscrit)
    comptable = Agent(Profil.COMPTABLE)
    assert "Compenser sur un versement" in mots(comptable.lire("recouvrement", titre.pk))
    _faire(comptable, titre, "compenser", versement=str(versement.pk), montant="600,00")
    versement.refresh_from_db()
    assert versement.compense == D("600.00")
    paiements = mots(comptable.lire("paiements"))
    assert "600,00 € compensés" in paiements
    assert "3 000,00 € à payer" in paiements
    reglement = titre.reglements.get()
    _faire(comptable, titre, "retirer-compensation", reglement=str(reglement.pk), motif="Erreur.")
    titre.refresh_from_db()
    assert (titre.statut, titre.recu) == ("EMIS", D("0.00"))


def test_un_retour_tardif_se_constate_parmi_les_paiements_effectues() -> None:
    demande = _payee()
    versement = demande.decision.versements.get()
    comptable = Agent(Profil.COMPTABLE)
    reponse = comptable.payer(
        versement,
        "constater-un-retour-tardif",
        phase="effectues",
        motif="AC04 compte clos",
        jour=aujourd_hui().isoformat(),
    )
    assert reponse.status_code == 302
    assert "AC04 compte clos" in mots(comptable.lire("paiements", etape="rejetes"))
    client = _fournisseur(demande)
    assert "Retour de la banque" in mots(client.get(reverse("fournisseur:demande", args=[demande.numero])))


@pytest.mark.exigence("RUL-011")
def test_un_solde_sans_rien_a_verser_se_clot_a_l_ecran_et_propose_le_recouvrement() -> None:
    avance = payee()
    solde = solde_valide(avance, "100.00")
    decideur = Agent(Profil.DECIDEUR)
    solde.versions.update(donnees=exemple(solde.couloir, TypeDemande.SOLDE)["lignesImport"][0])
    page = mots(decideur.lire("demande", solde.numero))
    assert "Clore sans versement" in page
    assert "Décider" not in page.split("Journal")[0].split("Gestes")[-1]
    assert decideur.faire(solde, "clore-sans-versement").status_code == 302
    assert "Proposé" in mots(decideur.lire("demande", solde.numero))


def test_un_solde_qui_attend_son_avance_le_dit_aux_deux() -> None:
    versement = instruction.decidee(montant="10000.00")
    avance = versement.decision.demande
    solde = instruction.demande(dossier=avance.dossier, type_demande=TypeDemande.SOLDE)
    phrase = "Il se calculera une fois l'avance payée"
    assert phrase in mots(Agent(Profil.GESTIONNAIRE).lire("demande", solde.numero))
    assert phrase in mots(_fournisseur(solde).get(reverse("fournisseur:demande", args=[solde.numero])))


def test_ce_qui_est_du_se_liste_par_age_s_exporte_et_ne_coute_pas_plus_a_plusieurs() -> None:
    def cout() -> int:
        with CaptureQueriesContext(
            connection,
        ) as requetes:
            assert agent.lire("recouvrements").status_code == 200
        return len(requetes)

    agent = Agent(Profil.COMPTABLE)
    emis(payee())
    agent.lire("recouvrements")
    seul = cout()
    for _ in range(3):
        emis(payee())
    assert cout() == seul
    page = mots(agent.lire("recouvrements", age="a-echoir"))
    assert "2 400,00 €" in page
    fichier = octets(agent.client.post(reverse("gestion:exporter_recouvrements"))).decode("utf-8-sig")
    assert fichier.count("TR") >= 4
    assert "600,00" in fichier or "600.00" in fichier


def test_l_administration_regarde_et_ne_fait_rien() -> None:
    titre = emis(payee())
    admin = Agent(Profil.ADMINISTRATION)
    assert admin.lire("recouvrement", titre.pk).status_code == 200
    assert _faire(admin, titre, "annuler", motif="Non.").status_code == 403
    assert qui(Profil.ADMINISTRATION).cle


def test_le_suivi_du_dossier_dit_la_somme_a_reverser_et_rien_d_autre_de_la_demande_payee() -> None:
    demande = _payee()
    client = _fournisseur(demande)

    def attendu() -> str:
        page = mots(client.get(reverse("fournisseur:suivi", args=[demande.numero])))
        return page.partition("Ce qui est attendu")[2].partition("Ce qui s'est passé")[0]

    titre = emis(demande)
    assert f"reversez 600,00 € (titre de recette {titre.numero}, jusqu'au" in attendu()
    assert "elle est payée" not in attendu()
    rembourser(titre, "600.00")
    assert "reversez" not in attendu()
