"""What a request holds, its letter, the budgets: falsified behind the program, they contradict the journal."""

import io
from importlib import import_module

import pytest
from django.db import connection

from segurnum.comptes.auteurs import auteur
from segurnum.comptes.models import Profil
from segurnum.demandes import services as demandes
from segurnum.demandes.models import Demande, PieceJustificative, VersionDemande
from segurnum.essais import usines
from segurnum.essais.falsifications import de_force
from segurnum.fichiers import services as fichiers
from segurnum.installation.tests.monde import deposee, payee, qui
from segurnum.installation.tests.test_falsifications import anomalies
from segurnum.journal.models import Evenement
from segurnum.journal.pieces import LETTRE
from segurnum.paiements import services as paiements

pytestmark = [pytest.mark.django_db, pytest.mark.exigence("GST-032")]

_UN_AUTRE_FICHIER = "(SELECT avis_id FROM paiements_versement)"


@pytest.mark.parametrize(
    ("ordre", "attendu"),
    [
        (
            "UPDATE demandes_versiondemande SET donnees = donnees || '{\"numLigne\": 2}'",
            "ce qui est déclaré (empreinte) : ",
        ),
        (
            "INSERT INTO demandes_versiondemande (demande_id, rang, donnees, cree_le, motif) "
            "SELECT demande_id, rang + 1, donnees, cree_le, motif FROM demandes_versiondemande",
            "ce qui est déclaré (empreinte) : ",
        ),
        ("DELETE FROM demandes_versiondemande", "ce qui est déclaré (empreinte) : "),
        (
            f"UPDATE demandes_piecejustificative SET fichier_id = {_UN_AUTRE_FICHIER} WHERE origine = 'DEPOT'",
            "pièces (empreinte) : ",
        ),
        ("DELETE FROM demandes_piecejustificative WHERE origine = 'DEPOT'", "pièces (empreinte) : "),
        (
            "UPDATE demandes_piecejustificative SET type = 'FACTURE' WHERE origine = 'DEPOT'",
            "pièces (empreinte) : ",
        ),
        (
            f"UPDATE demandes_piecejustificative SET fichier_id = {_UN_AUTRE_FICHIER} WHERE origine = 'AGENCE'",
            "pièces (empreinte) : ",
        ),
        ("DELETE FROM demandes_piecejustificative WHERE origine = 'AGENCE'", "pièces (empreinte) : "),
        (
            "UPDATE demandes_beneficiaire SET identifiants = ARRAY['999999999']",
            "bénéficiaires (empreinte) : ",
        ),
        ("UPDATE demandes_beneficiaire SET nom = 'MARTIN'", "bénéficiaires (empreinte) : "),
        (
            "UPDATE demandes_demande SET calcul = jsonb_set(calcul, '{lignes,0,libelle}', '\"Autre\"')",
            "calcul (empreinte) : ",
        ),
        ("UPDATE demandes_demande SET calcul = NULL", "calcul (empreinte) : "),
        ("UPDATE demandes_demande SET motif_montant = 'Autre motif.'", "motif du montant (empreinte) : "),
    ],
)
def test_ce_que_tient_une_demande_payee_contredit_le_journal(ordre: str, attendu: str) -> None:
    demande = payee().decision.demande
    assert anomalies() == []
    de_force(ordre)
    assert any(phrase.startswith(f"Demande {demande.pk}, {attendu}") for phrase in anomalies())


@pytest.mark.parametrize(
    ("ordre", "attendu"),
    [
        (
            "UPDATE paiements_enveloppe SET valable_au = '2099-12-31'",
            "validité : le journal dit « sans limite »",
        ),
        ("UPDATE paiements_enveloppe SET exercice = exercice + 1", "exercice : "),
        ("UPDATE paiements_enveloppe SET rang = 0", "rang : le journal dit « 1 », la table dit « 0 »"),
        ("UPDATE paiements_enveloppe SET dsr = dsr || ARRAY['DSR-AUTRE']", "couloirs financés : "),
        ("UPDATE paiements_enveloppe SET libelle = 'Autre'", "libellé : "),
        (
            "INSERT INTO paiements_enveloppe (libelle, dsr, montant, decide, exercice, rang) "
            "SELECT 'Neuve', dsr, montant, 0, exercice, rang FROM paiements_enveloppe",
            "existence : le journal dit « rien », la table dit « présent »",
        ),
    ],
)
def test_une_enveloppe_falsifiee_contredit_le_journal(ordre: str, attendu: str) -> None:
    payee()
    assert anomalies() == []
    de_force(ordre)
    assert any(phrase.startswith("Enveloppe ") and attendu in phrase for phrase in anomalies())


def test_une_enveloppe_plus_vieille_que_ses_evenements_est_constatee_a_la_mise_a_jour() -> None:
    payee()
    de_force(
        "UPDATE paiements_enveloppe SET valable_du = '2020-01-01', valable_au = '2099-12-31'",
        "DELETE FROM journal_evenement WHERE chaine LIKE 'enveloppe:%'",
    )
    assert len(anomalies()) == 1
    for _ in range(2):
        with connection.cursor() as curseur:
            curseur.execute(import_module("segurnum.journal.migrations.0004_enveloppes").CONSTATER)
        assert anomalies() == []
    assert Evenement.objects.filter(chaine__startswith="enveloppe:").count() == 1
    de_force("UPDATE paiements_enveloppe SET valable_au = '2100-12-31'")
    assert any("validité" in phrase for phrase in anomalies())


def test_des_pieces_qui_viennent_et_partent_se_verifient() -> None:
    demande = deposee()
    demandes.demander_piece(demande=demande.pk, auteur=qui(Profil.GESTIONNAIRE), motif="Le bon.")
    fournisseur = auteur(usines.utilisateur(Profil.FOURNISSEUR, entreprise=demande.entreprise))
    jointes = [
        demandes.ajouter_piece(
            demande=demande.pk,
            auteur=fournisseur,
            nom=nom,
            type_piece="BON_COMMANDE",
            fichier=fichiers.deposer(flux=io.BytesIO(usines.PDF_MINIMAL + nom.encode())),
        )
        for nom in ("une.pdf", "deux.pdf")
    ]
    assert anomalies() == []
    demandes.retirer_piece(demande=demande.pk, auteur=fournisseur, piece=jointes[0].pk)
    assert anomalies() == []
    demandes.valider_ajout(demande=demande.pk, auteur=fournisseur)
    assert anomalies() == []
    de_force("DELETE FROM demandes_piecejustificative WHERE nom = 'deux.pdf'")
    assert any("pièces (empreinte)" in phrase for phrase in anomalies())


def test_une_decision_annulee_prouve_ses_avenants_et_sa_lettre() -> None:
    demande = deposee()
    usines.enveloppe(demande.dsr)
    demandes.valider(demande=demande.pk, auteur=qui(Profil.GESTIONNAIRE))
    paiements.decider(demande=demande.pk, auteur=qui(Profil.DECIDEUR))
    avenant = paiements.annuler(demande=demande.pk, auteur=qui(Profil.GESTIONNAIRE), motif="Erreur.")
    assert anomalies() == []
    # The letter as it was made, then as the cancellation writes over it, for each of the two.
    lettres = Evenement.objects.filter(geste=LETTRE)
    assert sorted(lettres.values_list("objet", flat=True)) == sorted(
        [demande.objet, demande.objet, avenant.objet]
    )
    assert PieceJustificative.objects.filter(demande=avenant, origine="AGENCE").exists()
    de_force(f"UPDATE demandes_versiondemande SET donnees = '{{}}' WHERE demande_id = {avenant.pk}")
    (phrase,) = anomalies()
    assert phrase.startswith(f"Demande {avenant.pk}, ce qui est déclaré")


def test_ce_que_les_anciens_evenements_ne_disent_pas_n_est_pas_juge() -> None:
    demande: Demande = payee().decision.demande
    de_force(
        "UPDATE journal_evenement SET details = details - 'preuve' #- '{etat,calcul}' #- '{etat,motif_montant}'"
    )
    VersionDemande.objects.filter(demande=demande).update(donnees={})
    Demande.objects.filter(pk=demande.pk).update(calcul=None)
    assert not [phrase for phrase in anomalies() if phrase.startswith("Demande ")]
