"""A new bank account: confirmed, instructed, delayed, then followed by the payments; and everything that stops it."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from pytest_django import Settings

from segurnum.comptes.auteurs import auteur
from segurnum.comptes.droits import DroitRefuse
from segurnum.comptes.models import CoordonneesBancaires, Profil
from segurnum.coordonnees import banque, queries, tasks
from segurnum.coordonnees.models import ModificationBancaire
from segurnum.coordonnees.tests.monde import (
    DEPOSITAIRE,
    REPRESENTANT,
    Societe,
    compte,
    dernier_jeton,
    ecrits,
    officier,
)
from segurnum.courriels.models import Courriel
from segurnum.essais import usines
from segurnum.essais.concurrence import ensemble
from segurnum.journal.queries import evenements_de
from segurnum.paiements import comptes
from segurnum.paiements import services as paiements
from segurnum.regles.calendrier import jours_apres, maintenant
from segurnum.regles.cycles import Acteur, StatutDemande, TransitionRefusee
from segurnum.regles.cycles_coordonnees import BANCAIRE, GesteModification, StatutModification
from segurnum.regles.erreurs import GesteImpossible

pytestmark = pytest.mark.django_db


def _dans_deux_jours() -> int:
    return banque.activer(instant=jours_apres(maintenant(), 2) + timedelta(seconds=1))


@pytest.mark.exigence("ACC-003", "ACC-004")
def test_un_compte_ajoute_attend_et_l_ancien_reste_actif():
    societe = Societe()
    avant = societe.iban_actif
    ligne = societe.ajouter_compte()
    assert societe.iban_actif == avant
    assert ligne.compte.get_statut_display() == "En attente"
    assert ligne.statut.libelle == "En attente de confirmation"
    assert (ligne.compte.iban, ligne.compte.bic) == (compte().iban, compte().bic)


@pytest.mark.exigence("ACC-004", "GST-024", "RUL-025")
def test_confirme_accepte_puis_attendu_il_remplace_le_precedent():
    societe = Societe(DEPOSITAIRE)
    avant = societe.entreprise.comptes_bancaires.get()
    ligne = societe.ajouter_compte()
    assert ecrits("M19") == [REPRESENTANT.courriel]
    banque.confirmer(jeton=dernier_jeton())
    acceptee = banque.accepter(modification=ligne.pk, auteur=officier())
    assert acceptee.effet_le is not None
    assert acceptee.effet_le >= jours_apres(maintenant(), 2) - timedelta(minutes=1)
    assert banque.activer(instant=maintenant()) == 0
    assert societe.iban_actif == avant.iban
    assert _dans_deux_jours() == 1
    assert societe.iban_actif == compte().iban
    avant.refresh_from_db()
    assert avant.get_statut_display() == "Inactive"
    assert _dans_deux_jours() == 0
    for code in ("M20", "M22"):
        assert ecrits(code) == sorted([DEPOSITAIRE.courriel, REPRESENTANT.courriel])


@pytest.mark.exigence("ACC-004")
def test_les_paiements_suivants_vont_sur_le_compte_actif_une_fois_confirme():
    inscrit = usines.enrolement()
    societe = Societe(entreprise=inscrit.entreprise)
    demande = usines.demande(StatutDemande.VALIDEE, inscrit=inscrit)
    usines.enveloppe(demande.dsr)
    decision = paiements.decider(demande=demande.pk, auteur=auteur(usines.utilisateur(Profil.DECIDEUR)))
    banque.accepter(modification=societe.compte_confirme().pk, auteur=officier())
    _dans_deux_jours()
    comptable, versement = auteur(usines.utilisateur(Profil.COMPTABLE)), decision.versements.get()
    with pytest.raises(GesteImpossible, match="a changé depuis la décision"):
        paiements.mettre_en_paiement(versement=versement.pk, auteur=comptable)
    neuf = societe.entreprise.comptes_bancaires.get(statut="ACTIVE")
    comptes.confirmer_compte(versement=versement.pk, auteur=comptable, compte=neuf.pk)
    paye = paiements.mettre_en_paiement(versement=versement.pk, auteur=comptable)
    assert paye.compte_bancaire.iban == compte().iban


def test_sans_delai_le_compte_est_actif_des_son_acceptation(settings: Settings):
    settings.DELAI_BANCAIRE = 0
    societe = Societe()
    banque.accepter(modification=societe.compte_confirme().pk, auteur=officier())
    assert societe.iban_actif == compte().iban


def test_la_tache_active_tout_ce_qui_est_du(settings: Settings):
    societe = Societe()
    ligne = societe.compte_confirme()
    banque.accepter(modification=ligne.pk, auteur=officier())
    ModificationBancaire.objects.update(effet_le=maintenant())
    tasks.activer_les_comptes(0)
    assert societe.iban_actif == compte().iban


@pytest.mark.exigence("ACC-004")
def test_la_base_refuse_deux_comptes_actifs():
    societe = Societe()
    ligne = societe.ajouter_compte()
    with pytest.raises(IntegrityError), transaction.atomic():
        CoordonneesBancaires.objects.filter(pk=ligne.compte_id).update(statut="ACTIVE")


# --- The life cycle: what the table does not allow is refused


_ACCEPTEES = (
    StatutModification.A_CONTRESIGNER,
    StatutModification.ACCEPTEE,
    StatutModification.APPLIQUEE,
)


def beaucoup_a_payer(societe: Societe) -> None:
    """Enough that two people must accept another account."""
    usines.demande(
        StatutDemande.VALIDEE, inscrit=usines.enrolement(societe=societe.entreprise), montant="500000.00"
    )


def _amener(societe: Societe, statut: StatutModification) -> ModificationBancaire:
    ligne = societe.ajouter_compte()
    if statut is StatutModification.ANNULEE:
        return banque.annuler(modification=ligne.pk, auteur=societe.auteur)
    if statut is StatutModification.REFUSEE:
        return banque.refuser(modification=ligne.pk, auteur=officier(), motif="Illisible.")
    if statut is not StatutModification.A_CONFIRMER:
        banque.confirmer(jeton=dernier_jeton())
    if statut is StatutModification.A_CONTRESIGNER:
        beaucoup_a_payer(societe)
    if statut in _ACCEPTEES:
        banque.accepter(modification=ligne.pk, auteur=officier())
    if statut is StatutModification.APPLIQUEE:
        _dans_deux_jours()
    ligne.refresh_from_db()
    return ligne


STATUTS = (
    StatutModification.A_CONFIRMER,
    StatutModification.EN_COURS,
    StatutModification.A_CONTRESIGNER,
    StatutModification.ACCEPTEE,
    StatutModification.APPLIQUEE,
    StatutModification.REFUSEE,
    StatutModification.ANNULEE,
)
PROFILS = {
    Acteur.FOURNISSEUR: Profil.FOURNISSEUR,
    Acteur.GESTIONNAIRE: Profil.GESTIONNAIRE,
    Acteur.DECIDEUR: Profil.DECIDEUR,
    Acteur.COMPTABLE: Profil.COMPTABLE,
}
GESTES = {
    GesteModification.ACCEPTER: lambda cle, qui: banque.accepter(modification=cle, auteur=qui),
    GesteModification.CONTRESIGNER: lambda cle, qui: banque.contresigner(modification=cle, auteur=qui),
    GesteModification.REPRENDRE: lambda cle, qui: banque.reprendre(
        modification=cle, auteur=qui, motif="Non."
    ),
    GesteModification.REFUSER: lambda cle, qui: banque.refuser(modification=cle, auteur=qui, motif="Non."),
    GesteModification.ANNULER: lambda cle, qui: banque.annuler(modification=cle, auteur=qui),
}


@pytest.mark.exigence("ACC-004", "GST-024", "XCT-002")
@pytest.mark.parametrize("statut", STATUTS)
@pytest.mark.parametrize("geste", GESTES)
@pytest.mark.parametrize("acteur", PROFILS)
def test_chaque_geste_suit_le_tableau(statut, geste, acteur):
    societe = Societe()
    ligne = _amener(societe, statut)
    assert ligne.statut is statut
    qui = societe.auteur if acteur is Acteur.FOURNISSEUR else auteur(usines.utilisateur(PROFILS[acteur]))
    permise = next(
        (pas for pas in BANCAIRE if (pas.depuis, pas.geste) == (statut, geste) and acteur in pas.acteurs),
        None,
    )
    if permise is None:
        with pytest.raises(TransitionRefusee):
            GESTES[geste](ligne.pk, qui)
    else:
        GESTES[geste](ligne.pk, qui)
    ligne.refresh_from_db()
    assert ligne.statut is (permise.vers if permise else statut)


@pytest.mark.exigence("ACC-004")
@pytest.mark.parametrize("statut", STATUTS[:4])
def test_annule_avant_d_etre_actif_le_compte_ne_servira_pas(statut):
    societe = Societe()
    avant = societe.iban_actif
    ligne = _amener(societe, statut)
    banque.annuler(modification=ligne.pk, auteur=societe.auteur)
    assert _dans_deux_jours() == 0
    assert societe.iban_actif == avant
    assert ecrits("M23") == [REPRESENTANT.courriel]
    societe.ajouter_compte(rang=4343)  # another may follow


@pytest.mark.exigence("GST-024", "RUL-025")
@pytest.mark.parametrize("statut", STATUTS[:4])
def test_refuse_le_compte_ne_servira_pas_et_le_motif_est_ecrit(statut):
    societe = Societe()
    avant = societe.iban_actif
    ligne = _amener(societe, statut)
    with pytest.raises(GesteImpossible, match="motif est obligatoire"):
        banque.refuser(modification=ligne.pk, auteur=officier(), motif="")
    banque.refuser(modification=ligne.pk, auteur=officier(), motif="Le RIB est illisible.")
    assert _dans_deux_jours() == 0
    assert societe.iban_actif == avant
    assert "Le RIB est illisible." in Courriel.objects.get(code="M21").corps


# --- The link of the legal representative


def test_le_lien_ne_sert_qu_une_fois():
    societe = Societe()
    societe.ajouter_compte()
    jeton = dernier_jeton()
    banque.confirmer(jeton=jeton)
    for geste in (banque.confirmer, banque.contester):
        with pytest.raises(GesteImpossible, match="n'est plus valable"):
            geste(jeton=jeton)
    assert queries.changement_par_jeton(jeton) is None


def test_conteste_le_changement_est_annule():
    societe = Societe()
    ligne = societe.ajouter_compte()
    banque.contester(jeton=dernier_jeton())
    ligne.refresh_from_db()
    assert (ligne.statut, ligne.compte.statut) == ("ANNULEE", "INACTIVE")
    assert ecrits("M23") == [REPRESENTANT.courriel]


def test_un_lien_expire_ou_invente_n_ouvre_rien():
    societe = Societe()
    ligne = societe.ajouter_compte()
    ModificationBancaire.objects.update(jeton_expire_le=maintenant())
    for jeton in (dernier_jeton(), "invente", ""):
        with pytest.raises(GesteImpossible, match="n'est plus valable"):
            banque.confirmer(jeton=jeton)
    ligne.refresh_from_db()
    assert ligne.statut is StatutModification.A_CONFIRMER


def test_un_nouveau_lien_remplace_l_ancien():
    societe = Societe()
    ligne = societe.ajouter_compte()
    ancien = dernier_jeton()
    banque.renvoyer(modification=ligne.pk, auteur=societe.auteur)
    with pytest.raises(GesteImpossible):
        banque.confirmer(jeton=ancien)
    banque.confirmer(jeton=dernier_jeton())
    with pytest.raises(GesteImpossible, match="n'attend plus de confirmation"):
        banque.renvoyer(modification=ligne.pk, auteur=societe.auteur)


def test_le_jeton_n_est_pas_garde_dans_la_demande():
    ligne = Societe().ajouter_compte()
    assert dernier_jeton() not in (ligne.empreinte_jeton, "")
    assert len(ligne.empreinte_jeton) == 64


@pytest.mark.django_db(transaction=True)
def test_de_deux_clics_sur_le_lien_un_seul_compte():
    societe = Societe()
    societe.ajouter_compte()
    jeton = dernier_jeton()
    resultats = ensemble(*[lambda: banque.confirmer(jeton=jeton)] * 2)
    assert sorted(type(r).__name__ for r in resultats) == ["GesteImpossible", "ModificationBancaire"]


# --- Adding


@pytest.mark.exigence("ACC-004")
def test_une_seule_demande_a_la_fois():
    societe = Societe()
    societe.ajouter_compte()
    with pytest.raises(GesteImpossible, match="déjà en attente"):
        societe.ajouter_compte(rang=4343)
    assert societe.entreprise.comptes_bancaires.count() == 2


@pytest.mark.django_db(transaction=True)
def test_de_deux_onglets_un_seul_ajoute_son_compte():
    societe = Societe()
    resultats = ensemble(lambda: societe.ajouter_compte(1), lambda: societe.ajouter_compte(2))
    assert sorted(type(r).__name__ for r in resultats) == ["GesteImpossible", "ModificationBancaire"]


@pytest.mark.django_db(transaction=True)
def test_de_deux_gestionnaires_un_seul_repond():
    ligne, officiers = Societe().compte_confirme(), [officier(), officier()]
    resultats = ensemble(
        *(lambda qui=qui: banque.accepter(modification=ligne.pk, auteur=qui) for qui in officiers)
    )
    assert sorted(type(r).__name__ for r in resultats) == ["ModificationBancaire", "TransitionRefusee"]
    assert len(ecrits("M20")) == 1


def test_l_iban_actif_ne_s_ajoute_pas_a_nouveau():
    societe = Societe()
    societe.entreprise.comptes_bancaires.update(iban=compte().iban, bic=compte().bic)
    with pytest.raises(GesteImpossible, match="déjà celui de votre compte actif"):
        societe.ajouter_compte()


def test_le_bic_du_compte_actif_se_corrige():
    societe = Societe()
    societe.entreprise.comptes_bancaires.update(iban=compte().iban, bic="AUTRFRPPXXX")
    assert societe.ajouter_compte().compte.bic == compte().bic


def test_sans_representant_legal_personne_ne_peut_confirmer():
    societe = Societe()
    societe.entreprise.personnes_physiques.all().delete()
    with pytest.raises(GesteImpossible, match="Aucun représentant légal"):
        societe.ajouter_compte()
    assert societe.entreprise.comptes_bancaires.count() == 1


@pytest.mark.exigence("XCT-002")
def test_un_gestionnaire_n_ajoute_pas_de_compte():
    societe = Societe()
    with pytest.raises(DroitRefuse, match="réservé aux administrateurs de l'entreprise"):
        banque.ajouter(
            entreprise=societe.entreprise,
            auteur=officier(),
            compte=compte(),
            nom_rib="rib.pdf",
            rib=usines.fichier(),
        )


def test_le_journal_suit_le_compte_sans_dire_son_iban():
    societe = Societe()
    ligne = societe.compte_confirme()
    banque.accepter(modification=ligne.pk, auteur=officier())
    _dans_deux_jours()
    evenements = list(evenements_de(ligne.chaine))
    assert [(e.geste, e.role) for e in evenements] == [
        ("RETENIR_COMPTE", "SYSTEME"),
        ("AJOUTER", "FOURNISSEUR"),
        ("CONFIRMER", "FOURNISSEUR"),
        ("ACCEPTER", "GESTIONNAIRE"),
        ("ACTIVER", "SYSTEME"),
    ]
    assert {e.details["compte"] for e in evenements[1:]} == {ligne.compte_id}
    assert compte().iban not in str([e.details for e in evenements])
