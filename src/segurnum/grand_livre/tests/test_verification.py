"""What is written in the tables by force is found, on whichever side; what the gestures wrote is not accused."""

from collections.abc import Iterator
from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection
from pytest_django.plugin import DjangoDbBlocker

from segurnum.comptes.models import Profil
from segurnum.courriels.models import Courriel
from segurnum.essais import usines
from segurnum.essais.falsifications import de_force
from segurnum.essais.partage import fait_une_fois
from segurnum.grand_livre import controle
from segurnum.grand_livre.compteurs import par_dsr, resumer
from segurnum.grand_livre.models import Ecriture
from segurnum.grand_livre.plan import Compte, Operation
from segurnum.grand_livre.queries import soldes
from segurnum.grand_livre.tests import vies
from segurnum.recouvrements.tests.monde import emis, rembourser
from segurnum.recouvrements.tests.monde import payee as avance_payee
from segurnum.regles.cycles import StatutDemande

pytestmark = pytest.mark.django_db


def _peupler() -> dict[str, object]:
    usines.enveloppe()
    return dict(vies.de_toutes_sortes())


@pytest.fixture(scope="module")
def etats(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[dict[str, object]]:
    """One for all these tests: each undoes what it did to it."""
    with fait_une_fois(django_db_blocker, _peupler) as faits:
        yield faits


def _trouvees() -> list[str]:
    return list(controle.verifier().phrases)


@pytest.mark.exigence("GST-022")
def test_le_grand_livre_suit_chaque_geste_et_rien_ne_le_contredit(etats: dict[str, object]) -> None:
    assert _trouvees() == []
    tous = {solde.compte: solde.solde for solde in soldes()}
    assert sum(tous.values()) == 0
    # Five are still decided, of 360 € each: to pay (the new one and the one issued again), at the bank, paid, rejected.
    assert tous[Compte.ENGAGE] == 720
    assert {tous[Compte.EN_PAIEMENT], tous[Compte.PAYE], tous[Compte.REJETE]} == {360}
    assert -tous[Compte.DOTATION] - tous[Compte.DISPONIBLE] == 5 * 360


_FAUX = {
    "écriture effacée": "DELETE FROM grand_livre_ecriture WHERE id = (SELECT max(id) FROM grand_livre_ecriture "
    "WHERE operation = 'PAIEMENT')",
    "écriture d'un autre montant": "UPDATE grand_livre_ecriture SET montant = montant + 0.01 "
    "WHERE operation = 'ENGAGEMENT' AND id = (SELECT min(id) FROM grand_livre_ecriture "
    "WHERE operation = 'ENGAGEMENT')",
    "écriture d'un autre compte": "UPDATE grand_livre_ecriture SET debit = '500' WHERE operation = 'ENGAGEMENT'",
    "écriture d'un autre instant": "UPDATE grand_livre_ecriture SET instant = instant - interval '1 year' "
    "WHERE operation = 'MISE_EN_PAIEMENT'",
    "engagement d'une demande qui n'est pas décidée": "UPDATE grand_livre_ecriture SET demande_id = "
    "(SELECT min(id) FROM demandes_demande WHERE statut = 'ANNULEE') WHERE operation = 'ENGAGEMENT' AND id = "
    "(SELECT min(id) FROM grand_livre_ecriture WHERE operation = 'ENGAGEMENT')",
    "crédits que personne n'a approuvés": "INSERT INTO grand_livre_ecriture (instant, operation, debit, credit, "
    "montant, enveloppe_id, role, reference) SELECT now(), 'CREDIT', '200', '100', 1, id, 'SYSTEME', 'Mouvement 0' "
    "FROM paiements_enveloppe; UPDATE paiements_enveloppe SET montant = montant + 1",
    "enveloppe d'un autre montant": "UPDATE paiements_enveloppe SET montant = montant + 1000",
    "enveloppe où moins est décidé": "UPDATE paiements_enveloppe SET decide = decide - 360",
    "décision d'un autre montant": "UPDATE paiements_decision SET montant = montant + 100",
    "demande d'un autre montant": "UPDATE demandes_demande SET montant_decide = 1 WHERE statut = 'DECIDEE'",
    "décision effacée": "DELETE FROM paiements_versement WHERE etat = 'EFFECTUE'; "
    "DELETE FROM paiements_decision d WHERE NOT EXISTS (SELECT FROM paiements_versement v WHERE v.decision_id = d.id)",
    "demande décidée sans décision": "UPDATE demandes_demande SET statut = 'DECIDEE' WHERE statut = 'ANNULEE'",
    "demande annulée de force": "UPDATE demandes_demande SET statut = 'ANNULEE' WHERE statut = 'DECIDEE'",
    "demande rétablie de force": "UPDATE demandes_demande SET statut = 'DECIDEE' WHERE statut = 'HISTORISEE'",
    "versement dit payé": "UPDATE paiements_versement v SET etat = 'EFFECTUE', montant_paye = montant_decide, "
    "paye_le = now(), avis_id = (SELECT min(avis_id) FROM paiements_versement) WHERE etat = 'EN_COURS'",
    "versement dit rejeté": "UPDATE paiements_versement SET etat = 'REJETE' WHERE etat = 'EFFECTUE'",
    "versement remis à la banque": "UPDATE paiements_versement SET mis_en_paiement_le = now() "
    "WHERE mis_en_paiement_le IS NULL",
    "montant payé changé": "UPDATE paiements_versement SET montant_paye = montant_paye + 5 WHERE etat = 'EFFECTUE'",
    "versement de trop": "INSERT INTO paiements_versement (decision_id, objet, type, etat, montant_decide, "
    "compte_bancaire_id, motif_rejet) SELECT decision_id, objet, type, 'EN_COURS', montant_decide, "
    "compte_bancaire_id, '' FROM paiements_versement WHERE etat = 'EFFECTUE'",
    "avis d'un autre": "UPDATE paiements_versement SET avis_id = NULL WHERE etat = 'EFFECTUE'",
    "compteur faux": "UPDATE grand_livre_compteur SET nombre = nombre + 1 WHERE statut = 'DECIDEE'",
    "compteur d'un autre montant": "UPDATE grand_livre_compteur SET somme = somme + 1 WHERE statut = 'DECIDEE'",
    "écriture d'un autre auteur": "UPDATE grand_livre_ecriture SET acteur_id = (SELECT min(acteur_id) FROM "
    "grand_livre_ecriture WHERE operation = 'ENGAGEMENT') WHERE operation = 'PAIEMENT'",
    "écriture du portail": "UPDATE grand_livre_ecriture SET acteur_id = NULL, role = 'SYSTEME' "
    "WHERE operation = 'MISE_EN_PAIEMENT'",
    "enveloppe neuve et ses crédits dits de reprise": "INSERT INTO paiements_enveloppe (libelle, dsr, montant, decide, "
    "exercice, rang) SELECT 'Neuve', dsr, 1, 0, exercice, rang FROM paiements_enveloppe LIMIT 1; "
    "INSERT INTO grand_livre_ecriture (instant, operation, debit, credit, montant, enveloppe_id, role, reference) "
    "SELECT now(), 'CREDIT', '200', '100', 1, id, 'SYSTEME', 'Reprise' FROM paiements_enveloppe "
    "WHERE libelle = 'Neuve'",
    "garde levée": "ALTER TABLE grand_livre_ecriture DISABLE TRIGGER grand_livre_sans_retouche",
}


@pytest.mark.parametrize("ordre", _FAUX.values(), ids=_FAUX)
def test_ce_qui_est_ecrit_de_force_est_trouve(etats: dict[str, object], ordre: str) -> None:
    de_force(
        "ALTER TABLE paiements_versement DROP CONSTRAINT un_paiement_effectue_est_complet", *_contraintes()
    )
    de_force(*ordre.split("; "))
    assert _trouvees()


_TITRES_FAUX = {
    "ordre d'un autre montant": "UPDATE grand_livre_ecriture SET montant = montant + 1 WHERE operation = 'ORDRE'",
    "ordre d'un autre titre": "UPDATE grand_livre_ecriture SET reference = 'TR1999-00001' WHERE operation = 'ORDRE'",
    "remboursement effacé, et ce qu'il avait rendu": "DELETE FROM grand_livre_ecriture "
    "WHERE operation = 'REMBOURSEMENT'; UPDATE paiements_enveloppe SET decide = decide + 100",
    "série dont un numéro manque": "UPDATE recouvrements_serietitres SET dernier = dernier + 1",
    "titre d'un autre numéro, dans toutes ses écritures": "UPDATE recouvrements_recouvrement SET numero = "
    "left(numero, 7) || '00009'; UPDATE grand_livre_ecriture SET reference = left(reference, 7) || '00009' "
    "WHERE reference LIKE 'TR%'",
    "ordre d'un autre auteur": "UPDATE grand_livre_ecriture SET acteur_id = (SELECT proposant_id FROM "
    "recouvrements_recouvrement) WHERE operation = 'ORDRE'",
    "recouvrement dit soldé": "UPDATE recouvrements_recouvrement SET statut = 'SOLDE', recu = montant",
    "recouvrement d'un autre montant": "UPDATE recouvrements_recouvrement SET montant = montant - 0.01",
    "recouvrement dit annulé": "UPDATE recouvrements_recouvrement SET statut = 'ANNULE'",
    "recouvrement effacé": "DELETE FROM recouvrements_reglement; DELETE FROM recouvrements_recouvrement",
    "règlement d'un autre montant": "UPDATE recouvrements_reglement SET montant = montant + 1",
    "compensation retirée en silence": "UPDATE recouvrements_reglement SET retire_le = now()",
}


@pytest.mark.exigence("GST-019")
@pytest.mark.parametrize("ordre", _TITRES_FAUX.values(), ids=_TITRES_FAUX)
def test_un_recouvrement_falsifie_contredit_le_grand_livre(ordre: str) -> None:
    rembourser(emis(avance_payee()), "100.00")
    assert _trouvees() == []
    de_force(*ordre.split("; "))
    assert _trouvees()


def test_des_credits_dits_de_reprise_n_en_sont_que_s_ils_viennent_avant_tout() -> None:
    """The mark of what was there before the ledger does not open credits since."""
    enveloppe = usines.enveloppe()
    assert _trouvees() == []
    de_force(
        "INSERT INTO grand_livre_ecriture (instant, operation, debit, credit, montant, enveloppe_id, role, reference) "
        f"SELECT now() - interval '9 years', 'CREDIT', '200', '100', 1, {enveloppe.pk}, 'SYSTEME', 'Reprise'",
        "UPDATE paiements_enveloppe SET montant = montant + 1",
    )
    assert any("sans mouvement approuvé" in phrase for phrase in _trouvees())


def _contraintes() -> list[str]:
    """A superuser lifts what would refuse the rest."""
    return [
        "ALTER TABLE paiements_versement DROP CONSTRAINT on_paie_ce_qui_est_decide",
        "DROP INDEX un_versement_vivant_par_decision",
        "DROP INDEX une_demande_vivante_par_type",
        "DROP INDEX ecriture_un_engagement_par_demande",
    ]


@pytest.mark.parametrize("statut", [StatutDemande.VALIDEE, StatutDemande.DECIDEE])
def test_les_compteurs_resumes_disent_la_meme_chose(etats: dict[str, object], statut: StatutDemande) -> None:
    vies.validee()
    avant = par_dsr(statut)
    resumer()
    assert par_dsr(statut) == avant
    assert sum(compte.nombre for compte in avant) == {"VALIDEE": 1, "DECIDEE": 5}[statut]
    assert _trouvees() == []


def test_chaque_nuit_l_administration_apprend_ce_qui_est_faux(etats: dict[str, object]) -> None:
    agent = usines.utilisateur(Profil.ADMINISTRATION)
    agent.set_password("une phrase de passe inventée")  # who never chose one does not administer yet
    agent.save()
    controle.veiller()
    assert not Courriel.objects.filter(code="M87").exists()
    de_force("UPDATE paiements_enveloppe SET decide = decide - 360")
    fait = controle.veiller()
    assert fait.anomalies == 1
    courriel = Courriel.objects.get(code="M87", destinataire=agent.email)
    assert fait.phrases[0] in courriel.corps


def test_ce_qui_etait_decide_et_paye_avant_le_grand_livre_y_est_repris(etats: dict[str, object]) -> None:
    """What the migration writes is what the gestures had written, but for the mark of the resumption."""

    def ecrites() -> set[tuple[object, ...]]:
        return set(
            Ecriture.objects.exclude(operation=Operation.CREDIT).values_list(
                "operation",
                "demande",
                "versement",
                "montant",
                "enveloppe",
                "debit",
                "credit",
                "acteur",
                "role",
            )
        )

    avant, migration = ecrites(), import_module("segurnum.grand_livre.migrations.0003_reprise")
    de_force("DELETE FROM grand_livre_ecriture")
    for _ in range(2):  # another run writes nothing twice
        migration.reprendre(apps, connection.schema_editor())
        # An engagement is the decider's; a cancellation after a rejection left no event of its payment.
        assert {ligne[:-2] for ligne in ecrites()} == {ligne[:-2] for ligne in avant}
        assert _trouvees() == []
    assert ecrites() - avant <= {ligne for ligne in ecrites() if ligne[0] == Operation.ANNULATION_DE_REJETE}
