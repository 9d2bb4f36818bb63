"""The life cycles, read from the table: what it says is possible, what it does not say is refused."""

from itertools import product
from typing import Any

import pytest

from segurnum.regles.cycles import (
    DEMANDE,
    ETATS_PAIEMENT_INITIAUX,
    PAIEMENT,
    STATUTS_INITIAUX,
    Acteur,
    EtatPaiement,
    GesteDemande,
    GestePaiement,
    StatutDemande,
    TransitionRefusee,
    TypeDemande,
    en_mermaid,
    gestes_permis,
    transition,
)

S, G, A = StatutDemande, GesteDemande, Acteur
E, P = EtatPaiement, GestePaiement

ATTENDU_DEMANDE = {
    (S.NON_COMPLETEE, G.COMPLETER, A.FOURNISSEUR): (S.EN_COURS, None),
    (S.NON_COMPLETEE, G.TRANSMETTRE, A.SYSTEME): (S.EN_COURS, None),
    (S.NON_COMPLETEE, G.EXPIRER, A.SYSTEME): (None, None),
    (S.NON_COMPLETEE, G.SUPPRIMER, A.FOURNISSEUR): (None, None),
    (S.NON_COMPLETEE, G.REMPLACER, A.FOURNISSEUR): (None, None),
    (S.EN_COURS, G.DEMANDER_PIECE, A.GESTIONNAIRE): (S.EN_ATTENTE_PIECE, "M11"),
    (S.EN_ATTENTE_PIECE, G.AJOUTER_PIECE, A.FOURNISSEUR): (S.EN_COURS, None),
    (S.EN_ATTENTE_PIECE, G.RELANCER, A.SYSTEME): (S.EN_ATTENTE_PIECE, "M75"),
    (S.EN_ATTENTE_PIECE, G.CLORE_ATTENTE, A.SYSTEME): (S.EN_COURS, "M76"),
    (S.EN_ATTENTE_PIECE, G.RETIRER_ATTENTE, A.GESTIONNAIRE): (S.EN_COURS, "M77"),
    (S.EN_ATTENTE_PIECE, G.AVANCER_ECHEANCE, A.GESTIONNAIRE): (S.EN_ATTENTE_PIECE, "M78"),
    (S.A_MODIFIER, G.RETIRER_ATTENTE, A.GESTIONNAIRE): (S.EN_COURS, "M77"),
    (S.A_MODIFIER, G.AVANCER_ECHEANCE, A.GESTIONNAIRE): (S.A_MODIFIER, "M78"),
    (S.EN_COURS, G.DEMANDER_MODIFICATION, A.GESTIONNAIRE): (S.A_MODIFIER, "M09"),
    (S.A_MODIFIER, G.MODIFIER, A.FOURNISSEUR): (S.A_MODIFIER, None),
    (S.A_MODIFIER, G.CONFIRMER_MODIFICATION, A.FOURNISSEUR): (S.EN_COURS, "M66"),
    (S.A_MODIFIER, G.NE_PAS_MODIFIER, A.FOURNISSEUR): (S.EN_COURS, None),
    (S.A_MODIFIER, G.RELANCER, A.SYSTEME): (S.A_MODIFIER, "M10"),
    (S.A_MODIFIER, G.CLORE_MODIFICATION, A.SYSTEME): (S.EN_COURS, "M67"),
    (S.EN_COURS, G.ARRETER_COMPTES, A.SYSTEME): (S.EN_COURS, None),
    (S.EN_ATTENTE_PIECE, G.ARRETER_COMPTES, A.SYSTEME): (S.EN_ATTENTE_PIECE, None),
    (S.A_MODIFIER, G.ARRETER_COMPTES, A.SYSTEME): (S.A_MODIFIER, None),
    (S.VALIDEE, G.ARRETER_COMPTES, A.SYSTEME): (S.VALIDEE, None),
    **{
        (depuis, G.CHANGER_COMPTES, A.SYSTEME): (S.EN_COURS if depuis is S.VALIDEE else depuis, "M89")
        for depuis in (S.EN_COURS, S.EN_ATTENTE_PIECE, S.A_MODIFIER, S.VALIDEE)
    },
    (S.EN_COURS, G.OCTROYER, A.GESTIONNAIRE): (S.EN_COURS, None),
    **{
        (S.EN_COURS, geste, acteur): (S.EN_COURS, None)
        for geste in (G.APPROUVER_OCTROI, G.ECARTER_OCTROI)
        for acteur in (A.GESTIONNAIRE, A.DECIDEUR)
    },
    (S.EN_COURS, G.VALIDER, A.GESTIONNAIRE): (S.VALIDEE, None),
    (S.VALIDEE, G.REPRENDRE_VALIDATION, A.GESTIONNAIRE): (S.EN_COURS, None),
    (S.VALIDEE, G.RENVOYER, A.DECIDEUR): (S.EN_COURS, None),
    (S.VALIDEE, G.REFUSER, A.DECIDEUR): (S.REJETEE, "M13"),
    (S.VALIDEE, G.DECIDER, A.DECIDEUR): (S.DECIDEE, "M12"),
    (S.EN_COURS, G.REJETER, A.GESTIONNAIRE): (S.REJETEE, "M13"),
    (S.EN_COURS, G.ANNULER, A.GESTIONNAIRE): (S.ANNULEE, "M68"),
    (S.VALIDEE, G.ANNULER, A.GESTIONNAIRE): (S.ANNULEE, "M68"),
    (S.DECIDEE, G.ANNULER, A.GESTIONNAIRE): (S.ANNULEE, "M68"),
    (S.EN_COURS, G.HISTORISER, A.SYSTEME): (S.HISTORISEE, None),
    (S.VALIDEE, G.HISTORISER, A.SYSTEME): (S.HISTORISEE, None),
    (S.DECIDEE, G.HISTORISER, A.SYSTEME): (S.HISTORISEE, None),
    (S.VALIDEE, G.CLORE_SANS_VERSEMENT, A.DECIDEUR): (S.DECIDEE, "M86"),
    (S.DECIDEE, G.ANNULER_RECOUVREE, A.SYSTEME): (S.ANNULEE, None),
    (S.EN_COURS, G.RECALCULER, A.SYSTEME): (S.EN_COURS, None),
    (S.EN_ATTENTE_PIECE, G.RECALCULER, A.SYSTEME): (S.EN_ATTENTE_PIECE, None),
    (S.A_MODIFIER, G.RECALCULER, A.SYSTEME): (S.A_MODIFIER, None),
}
ATTENDU_PAIEMENT = {
    (E.AUCUN, P.OUVRIR, A.DECIDEUR): (E.EN_COURS, None),
    (E.EN_COURS, P.CONFIRMER_COMPTE, A.COMPTABLE): (E.EN_COURS, "M79"),
    (E.EN_COURS, P.METTRE_EN_PAIEMENT, A.COMPTABLE): (E.EN_COURS, None),
    (E.EN_COURS, P.ANNULER, A.GESTIONNAIRE): (E.REJETE, None),
    (E.EN_COURS, P.CONSTATER, A.COMPTABLE): (E.EFFECTUE, "M69"),
    (E.EN_COURS, P.REJETER, A.COMPTABLE): (E.REJETE, "M70"),
    (E.REJETE, P.REEMETTRE, A.COMPTABLE): (E.EN_COURS, None),
    (E.EFFECTUE, P.RETOURNER, A.COMPTABLE): (E.REJETE, "M85"),
    (E.EN_COURS, P.COMPENSER, A.COMPTABLE): (E.EN_COURS, None),
    (E.EN_COURS, P.DECOMPENSER, A.COMPTABLE): (E.EN_COURS, None),
}
TOUS_DEMANDE = list(product(S, G, A))
TOUS_PAIEMENT = list(product(E, P, A))


@pytest.mark.exigence("REQ-020", "REQ-021", "REQ-022", "REQ-024", "REQ-025", "REQ-026", "REQ-027", "RUL-024")
@pytest.mark.parametrize("triplet", TOUS_DEMANDE, ids="-".join)
def test_a_request_moves_as_the_life_cycle_says_and_no_other_way(
    triplet: tuple[StatutDemande, GesteDemande, Acteur],
) -> None:
    _juge(DEMANDE, ATTENDU_DEMANDE, triplet)


@pytest.mark.exigence("REQ-028", "REQ-029", "REQ-030")
@pytest.mark.parametrize("triplet", TOUS_PAIEMENT, ids="-".join)
def test_a_payment_moves_as_the_life_cycle_says_and_no_other_way(
    triplet: tuple[EtatPaiement, GestePaiement, Acteur],
) -> None:
    _juge(PAIEMENT, ATTENDU_PAIEMENT, triplet)


def _juge(table: Any, attendu: dict[Any, Any], triplet: Any) -> None:
    """Judged on one triplet: the row expected, or a refusal that names status, gesture and actor."""
    depuis, geste, acteur = triplet
    if triplet in attendu:
        ligne = transition(table, depuis, geste, acteur)
        assert (ligne.vers, ligne.courriel) == attendu[triplet]
        assert geste in gestes_permis(table, depuis, acteur)
        return
    assert geste not in gestes_permis(table, depuis, acteur)
    with pytest.raises(TransitionRefusee) as refus:
        transition(table, depuis, geste, acteur)
    for attendu_dans_la_phrase in (depuis.libelle, geste.libelle, acteur.libelle):
        assert attendu_dans_la_phrase in str(refus.value)


@pytest.mark.parametrize("table", [DEMANDE, PAIEMENT])
def test_a_gesture_of_an_actor_has_one_outcome(table: Any) -> None:
    triplets = [(ligne.depuis, ligne.geste, acteur) for ligne in table for acteur in ligne.acteurs]
    assert len(triplets) == len(set(triplets))


@pytest.mark.exigence(
    "REQ-020", "REQ-021", "REQ-022", "REQ-023", "REQ-024", "REQ-025", "REQ-026", "REQ-027", "RUL-028"
)
def test_statuses_are_shown_with_the_text_of_the_guides() -> None:
    assert [statut.libelle for statut in StatutDemande] == [
        "Non complétée",
        "En cours",
        "En attente de pièce jointe complémentaire",
        "A modifier",
        "Validée",
        "Décidée",
        "Rejetée",
        "Annulée",
        "Historisée",
    ]


@pytest.mark.exigence("REQ-028", "REQ-029", "REQ-030", "RUL-028")
def test_payment_states_are_shown_with_the_text_of_the_guides() -> None:
    assert [etat.libelle for etat in EtatPaiement] == [
        "Aucun paiement en cours",
        "Paiement en cours",
        "Paiement effectué",
        "Paiement rejeté",
    ]


def test_a_value_kept_in_the_database_gives_back_its_status() -> None:
    assert StatutDemande("EN_COURS") is StatutDemande.EN_COURS
    assert str(StatutDemande.EN_COURS) == "EN_COURS"
    assert [t.libelle for t in TypeDemande] == ["Avance", "Solde"]


@pytest.mark.exigence("REQ-023", "REQ-024")
def test_validation_and_decision_are_two_steps_by_two_roles() -> None:
    assert gestes_permis(DEMANDE, S.EN_COURS, A.DECIDEUR) == [G.APPROUVER_OCTROI, G.ECARTER_OCTROI]
    assert gestes_permis(DEMANDE, S.VALIDEE, A.DECIDEUR) == [
        G.RENVOYER,
        G.REFUSER,
        G.DECIDER,
        G.CLORE_SANS_VERSEMENT,
    ]
    assert G.DECIDER not in gestes_permis(DEMANDE, S.VALIDEE, A.GESTIONNAIRE)
    assert transition(DEMANDE, S.EN_COURS, G.VALIDER, A.GESTIONNAIRE).courriel is None
    assert transition(DEMANDE, S.VALIDEE, G.DECIDER, A.DECIDEUR).courriel == "M12"


@pytest.mark.exigence("REQ-024")
def test_the_accountant_cannot_start_a_payment_that_nobody_decided() -> None:
    assert gestes_permis(PAIEMENT, E.AUCUN, A.COMPTABLE) == []


def test_what_goes_against_the_supplier_asks_something_of_him_or_grants_needs_a_reason() -> None:
    avec_motif = {ligne.geste for ligne in DEMANDE if ligne.motif_obligatoire}
    assert avec_motif == {
        *(
            G.DEMANDER_PIECE,
            G.DEMANDER_MODIFICATION,
            G.REJETER,
            G.ANNULER,
            G.ANNULER_RECOUVREE,
            G.RETIRER_ATTENTE,
            G.AVANCER_ECHEANCE,
        ),
        *(G.REPRENDRE_VALIDATION, G.RENVOYER, G.REFUSER),
        *(G.OCTROYER, G.ECARTER_OCTROI),
    }
    assert {ligne.geste for ligne in PAIEMENT if ligne.motif_obligatoire} == {
        P.REJETER,
        P.ANNULER,
        P.RETOURNER,
    }


@pytest.mark.parametrize("statut", [S.REJETEE, S.ANNULEE, S.HISTORISEE])
def test_a_final_status_leads_nowhere(statut: StatutDemande) -> None:
    assert all(gestes_permis(DEMANDE, statut, acteur) == [] for acteur in Acteur)


def test_every_status_can_be_reached_from_a_starting_one() -> None:
    for table, initiaux, tous in ((DEMANDE, STATUTS_INITIAUX, S), (PAIEMENT, ETATS_PAIEMENT_INITIAUX, E)):
        _tout_atteint(table, set(initiaux), set(tous))


def _tout_atteint(table: Any, atteints: set[Any], tous: set[Any]) -> None:
    while nouveaux := {ligne.vers for ligne in table if ligne.depuis in atteints} - atteints - {None}:
        atteints |= nouveaux
    assert atteints == tous


def test_a_refusal_says_what_is_possible_instead() -> None:
    with pytest.raises(TransitionRefusee) as refus:
        transition(DEMANDE, S.A_MODIFIER, G.COMPLETER, A.FOURNISSEUR)
    assert str(refus.value) == (
        "Le geste « Terminer le dépôt des pièces » par le fournisseur est impossible : le statut actuel est "
        "« A modifier ». Gestes possibles à ce statut : « Modifier », « Confirmer la modification », "
        "« Ne pas modifier »."
    )


def test_the_diagram_has_one_arrow_for_each_row_and_names_every_status() -> None:
    diagramme = en_mermaid(DEMANDE, STATUTS_INITIAUX)
    assert diagramme.startswith("stateDiagram-v2\n")
    assert diagramme.count("(le ") + diagramme.count("(un ") == len(DEMANDE)
    assert all(f'state "{statut.libelle}" as {statut.value}' in diagramme for statut in StatutDemande)
    assert "[*] --> NON_COMPLETEE" in diagramme
    assert "NON_COMPLETEE --> [*] : Supprimer (le fournisseur)" in diagramme
    assert "VALIDEE --> DECIDEE : Décider (un décideur) / M12" in diagramme
    assert "REJETEE --> [*]" in diagramme
