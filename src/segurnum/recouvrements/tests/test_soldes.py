"""A solde is computed on what was paid, waits for it, and is closed when it gives nothing (RUL-011)."""

from datetime import timedelta

import pytest

from segurnum.comptes.auteurs import Auteur
from segurnum.comptes.models import Profil
from segurnum.courriels.models import Courriel
from segurnum.demandes import services as demandes
from segurnum.demandes.models import Demande
from segurnum.demandes.montants import attente_de_l_avance
from segurnum.demandes.queries import verse
from segurnum.essais import usines
from segurnum.essais.concurrence import ensemble
from segurnum.paiements import retours
from segurnum.paiements import services as paiements
from segurnum.paiements.models import Decision, Enveloppe, Versement
from segurnum.recouvrements import services
from segurnum.recouvrements.models import Recouvrement
from segurnum.recouvrements.soldes import clore_sans_versement
from segurnum.recouvrements.tests.monde import (
    D,
    aujourd_hui,
    decidee,
    emis,
    payee,
    payer,
    qui,
    rembourser,
    solde_valide,
)
from segurnum.regles.cycles import EtatPaiement, StatutDemande, TypeDemande
from segurnum.regles.erreurs import GesteImpossible, RefusMetier

pytestmark = pytest.mark.django_db


def _solde(avance: Demande, montant: str = "9000.00") -> Demande:
    return usines.demande(type_demande=TypeDemande.SOLDE, dossier=avance.dossier, montant=montant)


def _retour(avance: Demande) -> Versement:
    versement = Versement.objects.get(decision__demande=avance)
    return retours.constater_retour(
        versement=versement.pk, auteur=qui(Profil.COMPTABLE), motif="AC04 compte clos", jour=aujourd_hui()
    )


@pytest.mark.parametrize("rejetee", [False, True])
def test_un_solde_attend_que_son_avance_soit_payee_et_le_dit(*, rejetee: bool) -> None:
    versement = decidee()
    if rejetee:
        comptable = qui(Profil.COMPTABLE)
        paiements.mettre_en_paiement(versement=versement.pk, auteur=comptable)
        paiements.rejeter(versement=versement.pk, auteur=comptable, motif="Compte clos")
    solde = _solde(versement.decision.demande)
    pourquoi = "rejeté par la banque" if rejetee else "n'est pas encore fait"
    with pytest.raises(GesteImpossible, match=pourquoi):
        demandes.valider(demande=solde.pk, auteur=qui(Profil.GESTIONNAIRE))
    assert pourquoi in attente_de_l_avance(solde)


def test_un_solde_se_calcule_une_fois_l_avance_payee() -> None:
    versement = decidee()
    solde = _solde(versement.decision.demande)
    avance = payer(versement)
    assert attente_de_l_avance(solde) == ""
    valide = demandes.valider(demande=solde.pk, auteur=qui(Profil.GESTIONNAIRE))
    assert valide.montant_decide == D("10800.00") - D("3600.00")
    assert avance.montant_decide == D("3600.00")


def test_ce_qui_est_demande_en_retour_de_l_avance_n_est_plus_verse() -> None:
    avance = payee()
    emis(avance, "600.00")
    assert solde_valide(avance, "9000.00").montant_decide == D("10800.00") - D("3000.00")


def test_les_montants_montres_d_un_solde_suivent_ce_qui_est_verse() -> None:
    avance = payee()
    solde = _solde(avance)
    demandes.demander_modification(demande=solde.pk, auteur=qui(Profil.GESTIONNAIRE), motif="Corrigez.")
    titre = emis(avance, "600.00")
    solde.refresh_from_db()
    assert solde.montant_decide == D("7800.00")
    services.annuler(recouvrement=titre.pk, auteur=qui(Profil.DECIDEUR), motif="Remise.")
    solde.refresh_from_db()
    assert (solde.montant_decide, solde.statut) == (D("7200.00"), StatutDemande.A_MODIFIER)


def test_un_solde_valide_ne_se_decide_pas_si_l_avance_est_revenue_ou_recouvree_depuis() -> None:
    avance = payee()
    solde = solde_valide(avance, "9000.00")
    emis(avance, "600.00")
    with pytest.raises(GesteImpossible, match="a changé depuis la validation"):
        paiements.decider(demande=solde.pk, auteur=qui(Profil.DECIDEUR))
    revenue = payee()
    autre = solde_valide(revenue, "9000.00")
    _retour(revenue)
    with pytest.raises(GesteImpossible, match="rejeté par la banque"):
        paiements.decider(demande=autre.pk, auteur=qui(Profil.DECIDEUR))


def test_un_retour_tardif_rouvre_le_paiement_sans_toucher_a_l_enveloppe() -> None:
    avance = payee()
    rendu = _retour(avance)
    avance.refresh_from_db()
    assert (rendu.etat, avance.etat_paiement, rendu.retourne_le) == ("REJETE", "REJETE", aujourd_hui())
    assert Enveloppe.objects.get().decide == D("3600.00")
    assert "AC04 compte clos" in Courriel.objects.get(code="M85").corps
    nouveau = paiements.reemettre(versement=rendu.pk, auteur=qui(Profil.COMPTABLE))
    payer(nouveau)
    avance.refresh_from_db()
    assert avance.etat_paiement is EtatPaiement.EFFECTUE


def test_une_demande_dont_le_virement_est_revenu_s_annule_et_rend_l_argent() -> None:
    avance = payee()
    _retour(avance)
    paiements.annuler(demande=avance.pk, auteur=qui(Profil.GESTIONNAIRE), motif="Société dissoute")
    assert Enveloppe.objects.get().decide == 0


def test_un_virement_ne_revient_pas_pendant_qu_on_le_recouvre_ni_apres() -> None:
    avance = payee()
    titre = emis(avance)
    with pytest.raises(GesteImpossible, match="Un recouvrement court"):
        _retour(avance)
    rembourser(titre, "600.00")
    with pytest.raises(GesteImpossible, match="déjà été recouvrée"):
        _retour(avance)


@pytest.mark.parametrize("ecart", [-1, 1])
def test_un_retour_se_date_entre_le_virement_et_aujourd_hui(ecart: int) -> None:
    versement = Versement.objects.get(decision__demande=payee())
    with pytest.raises(GesteImpossible, match="date du retour"):
        retours.constater_retour(
            versement=versement.pk,
            auteur=qui(Profil.COMPTABLE),
            motif="AC04",
            jour=aujourd_hui() + timedelta(days=ecart),
        )


def test_un_solde_nul_se_clot_sans_versement() -> None:
    avance = payee()
    solde = solde_valide(avance, "3000.00")
    assert solde.montant_decide == 0
    close = clore_sans_versement(demande=solde.pk, auteur=qui(Profil.DECIDEUR))
    assert (close.statut, close.etat_paiement) == ("DECIDEE", "AUCUN")
    assert Decision.objects.get(demande=solde).montant == 0
    assert not Recouvrement.objects.exists()
    assert "rien n'est dû" in Courriel.objects.get(code="M86").corps
    assert Enveloppe.objects.get().decide == D("3600.00")


@pytest.mark.exigence("RUL-011")
def test_un_solde_inferieur_a_l_avance_se_clot_et_propose_le_recouvrement_de_la_difference() -> None:
    avance = payee()
    solde = solde_valide(avance, "2999.99")
    assert solde.montant_decide == D("-0.01")
    clore_sans_versement(demande=solde.pk, auteur=qui(Profil.DECIDEUR))
    ordre = Recouvrement.objects.get()
    assert (ordre.statut, ordre.montant, ordre.proposant) == ("PROPOSE", D("0.01"), None)
    assert ordre.lignes[-1].detail == "3\u202f600,00\u00a0€ \u2212 3\u202f599,99\u00a0€"
    valideur = Auteur(role=qui(Profil.DECIDEUR).role, profil=Profil.DECIDEUR, cle=solde.valideur_id)
    with pytest.raises(GesteImpossible, match=f"validé la demande {solde.numero}"):
        services.emettre(recouvrement=ordre.pk, auteur=valideur)
    titre = services.emettre(recouvrement=ordre.pk, auteur=qui(Profil.DECIDEUR))
    rembourser(titre, "0.01")
    assert Enveloppe.objects.get().decide == D("3599.99")
    assert Demande.objects.get(pk=avance.pk).statut is StatutDemande.DECIDEE


def test_ne_se_clot_sans_versement_que_ce_qui_ne_donne_rien_par_un_autre_que_le_valideur() -> None:
    avance = payee()
    solde = solde_valide(avance, "9000.00")
    with pytest.raises(GesteImpossible, match="il se décide"):
        clore_sans_versement(demande=solde.pk, auteur=qui(Profil.DECIDEUR))
    nul = solde_valide(payee(), "100.00")
    meme = Auteur(role=qui(Profil.DECIDEUR).role, profil=Profil.DECIDEUR, cle=nul.valideur_id)
    with pytest.raises(GesteImpossible, match="autre personne"):
        clore_sans_versement(demande=nul.pk, auteur=meme)
    with pytest.raises(GesteImpossible, match="Seul un solde"):
        clore_sans_versement(demande=avance.pk, auteur=qui(Profil.DECIDEUR))


@pytest.mark.exigence("RUL-011", "GST-019")
def test_un_titre_que_le_solde_a_compte_comme_rendu_ne_s_annule_pas() -> None:
    """12 000 € engaged: 3 600 € paid, 600 € asked back, then a solde of 9 000 €; given up, 12 600 € would be paid."""
    avance = payee()
    titre = emis(avance)
    decideur = qui(Profil.DECIDEUR)
    solde = solde_valide(avance, "10000.00")
    decision = paiements.decider(demande=solde.pk, auteur=decideur)
    with pytest.raises(GesteImpossible, match=r"a été décidé en comptant ce titre comme rendu"):
        services.annuler(recouvrement=titre.pk, auteur=decideur, motif="Remise.")
    emis(payer(decision.versements.get()))
    assert services.annuler(recouvrement=titre.pk, auteur=decideur, motif="Remplacé.").statut == "ANNULE"


@pytest.mark.exigence("RUL-011")
def test_un_titre_s_annule_une_fois_le_solde_qui_le_comptait_annule() -> None:
    avance = payee()
    titre = emis(avance)
    solde = solde_valide(avance, "10000.00")
    paiements.decider(demande=solde.pk, auteur=qui(Profil.DECIDEUR))
    paiements.annuler(demande=solde.pk, auteur=qui(Profil.GESTIONNAIRE), motif="À la demande du fournisseur")
    services.annuler(recouvrement=titre.pk, auteur=qui(Profil.DECIDEUR), motif="Remise.")
    assert verse(avance) == D("3600.00")


@pytest.mark.exigence("RUL-011")
@pytest.mark.django_db(transaction=True)
def test_un_solde_ne_se_decide_pas_pendant_que_le_titre_qu_il_compte_s_annule() -> None:
    avance = payee()
    titre = emis(avance)
    solde = solde_valide(avance, "10000.00")
    decideurs = [qui(Profil.DECIDEUR) for _ in range(2)]
    faits = ensemble(
        lambda: services.annuler(recouvrement=titre.pk, auteur=decideurs[0], motif="Remise."),
        lambda: paiements.decider(demande=solde.pk, auteur=decideurs[1]),
    )
    assert sorted(isinstance(fait, RefusMetier) for fait in faits) == [False, True], faits
