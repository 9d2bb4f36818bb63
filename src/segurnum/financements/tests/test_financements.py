"""One financing per beneficiary and programme, whoever asks for it and in whatever order."""

from importlib import import_module
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from segurnum.comptes.models import Profil
from segurnum.demandes import incompletes
from segurnum.demandes import services as demandes
from segurnum.demandes.models import Demande
from segurnum.depots import services as depots
from segurnum.essais import argent, usines
from segurnum.essais.concurrence import ensemble
from segurnum.essais.depots import Deposant
from segurnum.financements import contestations, services
from segurnum.financements.models import Contestation, Financement, Partie, Revendication
from segurnum.financements.tests.monde import DENOMINATIONS, FINESS, Dispute, demande, gestionnaire
from segurnum.paiements import services as paiements
from segurnum.regles.cycles import StatutDemande, TypeDemande
from segurnum.regles.cycles_contestation import StatutContestation
from segurnum.regles.erreurs import GesteImpossible, RefusMetier

pytestmark = pytest.mark.django_db
RETENUS = (StatutDemande.VALIDEE, StatutDemande.DECIDEE)


def _valider(ligne: Demande) -> Demande:
    return demandes.valider(demande=ligne.pk, auteur=gestionnaire())


def _fichier_pour(deposant: Deposant, finess: list[str]) -> dict[str, Any]:
    """A file of one request for these establishments."""
    fichier = deposant.fichier(1)
    (ligne,) = fichier["lignesImport"]
    ligne["beneficiaires"][0]["etablissementsClients"][0]["FINESSGeo"] = finess
    modele = ligne["scenarioInstallation"][0]
    ligne["scenarioInstallation"] = [modele | {"FINESSGeo": un} for un in finess]
    return fichier


# --- What is said at the simulation and at the import


def test_le_beneficiaire_d_une_autre_de_ses_demandes_est_refuse_en_la_nommant() -> None:
    deposant = Deposant.nouveau()
    fichier = deposant.fichier(1)
    depots.importer(simulation=deposant.simuler(fichier).pk, auteur=deposant.auteur)
    sienne = Demande.objects.get()
    assert sienne.statut is StatutDemande.NON_COMPLETEE
    (anomalie, *_) = deposant.simuler(fichier).rapport["anomalies"]
    assert (anomalie["code"], anomalie["severite"]) == ("3436", "erreur")
    assert sienne.numero in anomalie["message"]
    assert sienne.statut.libelle.lower() in anomalie["message"]


@pytest.mark.parametrize(
    ("statut", "severite"),
    [
        (StatutDemande.NON_COMPLETEE, "avertissement"),
        (StatutDemande.EN_COURS, "avertissement"),
        (StatutDemande.EN_ATTENTE_PIECE, "avertissement"),
        (StatutDemande.A_MODIFIER, "avertissement"),
        (StatutDemande.VALIDEE, "erreur"),
        (StatutDemande.DECIDEE, "erreur"),
        (StatutDemande.REJETEE, None),
        (StatutDemande.ANNULEE, None),
    ],
)
def test_la_demande_vivante_d_un_autre_fournisseur_est_dite_sans_le_nommer(
    statut: StatutDemande, severite: str | None
) -> None:
    deposant = Deposant.nouveau()
    rivale = demande(1, statut)
    simulation = deposant.simuler(_fichier_pour(deposant, [FINESS]))
    anomalies = simulation.rapport["anomalies"]
    assert [(a["code"], a["severite"]) for a in anomalies] == ([("3436", severite)] if severite else [])
    assert simulation.conforme is (severite != "erreur")
    for anomalie in anomalies:
        for nom in (rivale.numero, rivale.entreprise.denomination, rivale.entreprise.siret):
            assert nom not in anomalie["message"]
    if severite != "erreur":
        depot = depots.importer(simulation=simulation.pk, auteur=deposant.auteur)
        assert (depot.retenues, depot.rejetees) == (1, 0)


def test_un_autre_programme_finance_le_meme_beneficiaire() -> None:
    demande(1, StatutDemande.VALIDEE)
    Financement.objects.update(sons="DSR-HOP-DPI-Va1")
    deposant = Deposant.nouveau()
    assert deposant.simuler(_fichier_pour(deposant, [FINESS])).rapport["anomalies"] == []


def test_ce_qui_est_deja_demande_se_lit_en_une_instruction() -> None:
    deposant = Deposant.nouveau()
    comptes = []
    for nombre in (1, 60):
        fichier = deposant.fichier(nombre)
        with CaptureQueriesContext(connection) as requetes:
            deposant.simuler(fichier)
        comptes.append(sum("financements_revendication" in r["sql"] for r in requetes.captured_queries))
    assert comptes == [1, 1]


# --- Who holds it


def test_la_seconde_demande_du_meme_beneficiaire_n_est_pas_validee() -> None:
    dispute = Dispute.nouvelle()
    _valider(dispute.bleue)
    with pytest.raises(GesteImpossible, match=dispute.bleue.dossier.numero):
        _valider(dispute.rouge)
    assert Financement.objects.get().dossier == dispute.bleue.dossier


@pytest.mark.parametrize("fin", ["rejeter", "annuler"])
def test_une_demande_qui_finit_libere_son_beneficiaire(fin: str) -> None:
    dispute = Dispute.nouvelle()
    if fin == "annuler":
        _valider(dispute.bleue)
        paiements.annuler(demande=dispute.bleue.pk, auteur=gestionnaire(), motif="À sa demande.")
    else:
        demandes.rejeter(demande=dispute.bleue.pk, auteur=gestionnaire(), motif="Bon non signé.")
    assert dispute.etat() is StatutContestation.SANS_OBJET
    assert _valider(dispute.rouge).statut is StatutDemande.VALIDEE


def test_une_demande_supprimee_ne_revendique_plus_rien() -> None:
    deposant = Deposant.nouveau()
    deposant.importer(2)
    assert Revendication.objects.exists()
    cles = list(Demande.objects.values_list("pk", flat=True))
    incompletes.supprimer(demandes=cles, auteur=deposant.auteur)
    assert not Revendication.objects.exists()


@pytest.mark.parametrize("statut", RETENUS)
def test_la_base_refuse_elle_meme_un_second_financement(statut: StatutDemande) -> None:
    dispute = Dispute.nouvelle()
    _valider(dispute.bleue)
    with pytest.raises(IntegrityError, match="financé par un autre dossier"), transaction.atomic():
        Demande.objects.filter(pk=dispute.rouge.pk).update(statut=statut, montant_decide=1)


@pytest.mark.parametrize("statut", RETENUS)
def test_la_base_refuse_elle_meme_de_valider_ou_decider_un_beneficiaire_conteste(
    statut: StatutDemande,
) -> None:
    dispute = Dispute.nouvelle()
    dispute.ouvrir()
    with pytest.raises(IntegrityError, match="contesté"), transaction.atomic():
        Demande.objects.filter(pk=dispute.bleue.pk).update(statut=statut, montant_decide=1)


@pytest.mark.django_db(transaction=True)
def test_deux_gestionnaires_qui_valident_ensemble_deux_demandes_du_meme_beneficiaire() -> None:
    dispute = Dispute.nouvelle()
    auteurs = gestionnaire(), gestionnaire()
    cles = dispute.bleue.pk, dispute.rouge.pk
    rendus = ensemble(
        *(
            lambda cle=cle, qui=qui: demandes.valider(demande=cle, auteur=qui)
            for cle, qui in zip(cles, auteurs, strict=True)
        )
    )
    refus = [rendu for rendu in rendus if isinstance(rendu, RefusMetier)]
    assert len(refus) == 1
    assert "ne peut l'être qu'une fois" in str(refus[0])
    assert Demande.objects.filter(statut=StatutDemande.VALIDEE).count() == 1


@pytest.mark.django_db(transaction=True)
def test_deux_fournisseurs_qui_terminent_ensemble_proposent_une_contestation_une_seule() -> None:
    lignes = [
        usines.demande(StatutDemande.NON_COMPLETEE, inscrit=usines.enrolement(), finess=FINESS)
        for _ in range(2)
    ]
    auteurs = [Deposant(d.dossier.enrolement, _compte(d)).auteur for d in lignes]
    ensemble(
        *(
            lambda d=d, qui=qui: incompletes.completer(demandes=[d.pk], auteur=qui)
            for d, qui in zip(lignes, auteurs, strict=True)
        )
    )
    assert Contestation.objects.get().statut is StatutContestation.PROPOSEE


def _compte(ligne: Demande) -> Any:
    return usines.utilisateur(Profil.FOURNISSEUR, entreprise=ligne.entreprise)


GESTES = ("valider", "annuler", "rejeter", "contester", "attribuer", "aucune", "repondre")


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(suite=st.lists(st.tuples(st.sampled_from(GESTES), st.booleans()), min_size=2, max_size=8))
def test_aucun_ordre_de_gestes_ne_valide_les_deux(suite: list[tuple[str, bool]]) -> None:
    with transaction.atomic():
        dispute = Dispute.nouvelle()
        for geste, bleue in suite:
            try:
                with transaction.atomic():
                    _faire(dispute, geste, dispute.bleue if bleue else dispute.rouge)
            except (RefusMetier, IndexError, Partie.DoesNotExist):
                pass
            assert Demande.objects.filter(statut__in=RETENUS).count() <= 1
            tenus = Financement.objects.filter(dossier__isnull=False).values_list("dossier", flat=True)
            assert set(Demande.objects.filter(statut__in=RETENUS).values_list("dossier", flat=True)) == set(
                tenus
            )
        transaction.set_rollback(True)


def _faire(dispute: Dispute, geste: str, ligne: Demande) -> None:
    qui = gestionnaire()
    if geste == "valider":
        demandes.valider(demande=ligne.pk, auteur=qui)
    elif geste == "annuler":
        paiements.annuler(demande=ligne.pk, auteur=qui, motif="À sa demande.")
    elif geste == "rejeter":
        demandes.rejeter(demande=ligne.pk, auteur=qui, motif="Bon non signé.")
    elif geste == "contester":
        contestations.contester(demande=ligne.pk, auteur=qui, motif="Deux commandes.")
    elif geste == "repondre":
        for une in (dispute.bleue, dispute.rouge):
            dispute.repondre(une)
    elif geste == "attribuer":
        cle = dispute.contestation.pk
        contestations.attribuer(contestation=cle, auteur=qui, motif="Commande signée.", demande=ligne.pk)
    else:
        contestations.n_attribuer(contestation=dispute.contestation.pk, auteur=qui, motif="Aucune preuve.")


# --- A solde and its avance


def _solde(finess: str) -> Demande:
    avance = usines.demande(StatutDemande.DECIDEE)
    argent.payee(avance)
    return usines.demande(dossier=avance.dossier, type_demande=TypeDemande.SOLDE, finess=finess)


def test_un_solde_n_ajoute_un_beneficiaire_qu_avec_l_accord_motive_d_un_gestionnaire() -> None:
    solde = _solde(FINESS)
    with pytest.raises(GesteImpossible, match=FINESS):
        _valider(solde)
    with pytest.raises(GesteImpossible, match="motif"):
        contestations.accorder_ajout(demande=solde.pk, auteur=gestionnaire(), motif=" ")
    contestations.accorder_ajout(
        demande=solde.pk, auteur=gestionnaire(), motif="Site ouvert depuis l'avance."
    )
    with pytest.raises(GesteImpossible, match="accord"):
        contestations.accorder_ajout(demande=solde.pk, auteur=gestionnaire(), motif="Encore.")


def test_un_solde_des_memes_beneficiaires_n_attend_aucun_accord() -> None:
    solde = _solde("")
    with pytest.raises(GesteImpossible, match="n'ajoute aucun bénéficiaire"):
        contestations.accorder_ajout(demande=solde.pk, auteur=gestionnaire(), motif="Pour rien.")


def test_un_beneficiaire_ajoute_au_solde_et_finance_ailleurs_reste_refuse() -> None:
    autre = demande(1, StatutDemande.VALIDEE)
    solde = _solde(FINESS)
    contestations.accorder_ajout(demande=solde.pk, auteur=gestionnaire(), motif="Site ouvert depuis.")
    with pytest.raises(GesteImpossible, match=autre.dossier.numero):
        _valider(solde)
    assert DENOMINATIONS[1] == autre.entreprise.denomination


# --- A correction, and what was deposited before


def _corriger(ligne: Demande, finess: str) -> None:
    ligne.beneficiaires.update(identifiants=[finess])
    usines.plafonner(ligne)
    services.remplacer(demande=ligne, beneficiaires=list(ligne.beneficiaires.all()))


def test_une_correction_qui_retire_le_beneficiaire_le_libere_et_clot_la_contestation() -> None:
    dispute = Dispute.nouvelle()
    dispute.ouvrir()
    _corriger(dispute.rouge, "990000028")
    assert dispute.etat() is StatutContestation.SANS_OBJET
    assert _valider(dispute.bleue).statut is StatutDemande.VALIDEE
    assert _valider(dispute.rouge).statut is StatutDemande.VALIDEE


def test_une_correction_qui_amene_le_beneficiaire_d_une_autre_propose_une_contestation() -> None:
    demande(0)
    autre = demande(1, finess="990000028")
    assert not Contestation.objects.exists()
    _corriger(autre, FINESS)
    assert Contestation.objects.get().statut is StatutContestation.PROPOSEE


def test_un_beneficiaire_non_attribue_le_reste_apres_une_correction_qui_le_garde() -> None:
    dispute = Dispute.nouvelle()
    contestations.n_attribuer(
        contestation=dispute.a_trancher().pk, auteur=gestionnaire(), motif="Aucune commande valable."
    )
    _corriger(dispute.rouge, FINESS)
    with pytest.raises(GesteImpossible, match="pas attribué"):
        _valider(dispute.rouge)
    _corriger(dispute.rouge, "990000028")
    assert _valider(dispute.rouge).statut is StatutDemande.VALIDEE


def test_ce_qui_etait_depose_avant_revendique_et_ce_qui_etait_decide_tient() -> None:
    validee, decidee = demande(0, StatutDemande.VALIDEE), usines.demande(StatutDemande.DECIDEE)
    demande(1)
    demande(2, StatutDemande.REJETEE)

    def etat() -> list[tuple[object, ...]]:
        lignes = Revendication.objects.order_by("demande")
        return list(lignes.values_list("demande", "financement__valeur", "financement__genre", "ecartee"))

    avant = etat()
    assert len(avant) == 3
    Contestation.objects.all().delete()
    Revendication.objects.all().delete()
    Financement.objects.all().delete()
    reprise = import_module("segurnum.financements.migrations.0002_reprise")
    for _ in range(2):  # cut and run again, it changes nothing
        reprise.reprendre(None, connection.schema_editor())
        assert etat() == avant
    tenus = Financement.objects.filter(dossier__isnull=False).values_list("dossier", flat=True)
    assert set(tenus) == {validee.dossier_id, decidee.dossier_id}
