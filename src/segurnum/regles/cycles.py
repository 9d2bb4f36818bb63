"""Life cycles of a request and of its payment: the one table of who may do what, from where, to where.

A guard that needs data (window, envelope, advance only, another person than the validator) belongs to the
service that runs the transition; the table holds what is true for every request. No transition looks at the
closing date: a request deposited in time lives on after it (R22).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Generic, Self, TypeVar

from segurnum.regles.erreurs import RefusMetier


class EnumLibelle(StrEnum):
    """A value kept in the database and the text shown on screen, side by side."""

    _value_: str
    libelle: str

    # The default is never used by a member: it lets type checkers accept a look-up by value.
    def __new__(cls, valeur: str, libelle: str = "") -> Self:
        membre = str.__new__(cls, valeur)
        membre._value_ = valeur
        membre.libelle = libelle
        return membre


class TypeDemande(EnumLibelle):
    """A dossier is an advance, then a balance (CON-34)."""

    AVANCE = "AVANCE", "Avance"
    SOLDE = "SOLDE", "Solde"

    @property
    def suffixe(self) -> str:
        """Suffix of the dossier number: M0 for the advance, M1 for the balance (RUL-014)."""
        return "M0" if self is TypeDemande.AVANCE else "M1"


class StatutDemande(EnumLibelle):
    """Status of a request, labelled as on screen (REQ-020 to REQ-027)."""

    NON_COMPLETEE = "NON_COMPLETEE", "Non complétée"
    EN_COURS = "EN_COURS", "En cours"
    EN_ATTENTE_PIECE = "EN_ATTENTE_PIECE", "En attente de pièce jointe complémentaire"
    A_MODIFIER = "A_MODIFIER", "A modifier"
    VALIDEE = "VALIDEE", "Validée"
    DECIDEE = "DECIDEE", "Décidée"
    REJETEE = "REJETEE", "Rejetée"
    ANNULEE = "ANNULEE", "Annulée"
    HISTORISEE = "HISTORISEE", "Historisée"


class EtatPaiement(EnumLibelle):
    """State of the last payment of a request (REQ-028 to REQ-030)."""

    AUCUN = "AUCUN", "Aucun paiement en cours"
    EN_COURS = "EN_COURS", "Paiement en cours"
    EFFECTUE = "EFFECTUE", "Paiement effectué"
    REJETE = "REJETE", "Paiement rejeté"


class StatutOctroi(EnumLibelle):
    """An amount granted where a ceiling is not known: one person grants it, another approves it."""

    PROPOSE = "PROPOSE", "En attente d'approbation"
    APPROUVE = "APPROUVE", "Approuvé"
    ECARTE = "ECARTE", "Écarté"


class Acteur(EnumLibelle):
    """Who makes a gesture; `libelle` reads after « par »."""

    FOURNISSEUR = "FOURNISSEUR", "le fournisseur"
    GESTIONNAIRE = "GESTIONNAIRE", "un gestionnaire"
    DECIDEUR = "DECIDEUR", "un décideur"
    COMPTABLE = "COMPTABLE", "un comptable"
    AUDITEUR = "AUDITEUR", "un auditeur"
    ADMINISTRATION = "ADMINISTRATION", "l'administration"
    VISITEUR = "PUBLIC", "un visiteur"
    SYSTEME = "SYSTEME", "le portail"


class GesteDemande(EnumLibelle):
    """What can be done to a request."""

    COMPLETER = "COMPLETER", "Terminer le dépôt des pièces"
    SUPPRIMER = "SUPPRIMER", "Supprimer"
    TRANSMETTRE = "TRANSMETTRE", "Transmettre à l'échéance une demande qui a ses pièces"
    EXPIRER = "EXPIRER", "Supprimer après sept jours"
    REMPLACER = "REMPLACER", "Remplacer par un nouvel import"
    DEMANDER_PIECE = "DEMANDER_PIECE", "Demander une pièce"
    AJOUTER_PIECE = "AJOUTER_PIECE", "Valider l'ajout de pièces"
    DEMANDER_MODIFICATION = "DEMANDER_MODIFICATION", "Demander une modification"
    MODIFIER = "MODIFIER", "Modifier"
    RELANCER = "RELANCER", "Relancer"
    CONFIRMER_MODIFICATION = "CONFIRMER_MODIFICATION", "Confirmer la modification"
    NE_PAS_MODIFIER = "NE_PAS_MODIFIER", "Ne pas modifier"
    CLORE_MODIFICATION = "CLORE_MODIFICATION", "Clore la modification à l'échéance"
    CLORE_ATTENTE = "CLORE_ATTENTE", "Clore l'attente de pièce à l'échéance"
    RETIRER_ATTENTE = "RETIRER_ATTENTE", "Ne plus attendre le fournisseur"
    AVANCER_ECHEANCE = "AVANCER_ECHEANCE", "Avancer l'échéance"
    ARRETER_COMPTES = "ARRETER_COMPTES", "Arrêter les nombres comptés"
    CHANGER_COMPTES = "CHANGER_COMPTES", "Changer les nombres comptés"
    OCTROYER = "OCTROYER", "Octroyer un montant"
    APPROUVER_OCTROI = "APPROUVER_OCTROI", "Approuver le montant octroyé"
    ECARTER_OCTROI = "ECARTER_OCTROI", "Écarter le montant octroyé"
    VALIDER = "VALIDER", "Valider"
    REPRENDRE_VALIDATION = "REPRENDRE_VALIDATION", "Reprendre la validation"
    DECIDER = "DECIDER", "Décider"
    RENVOYER = "RENVOYER", "Renvoyer à l'instruction"
    REFUSER = "REFUSER", "Refuser"
    REJETER = "REJETER", "Rejeter"
    ANNULER = "ANNULER", "Annuler"
    HISTORISER = "HISTORISER", "Historiser l'avenant précédent"
    CLORE_SANS_VERSEMENT = "CLORE_SANS_VERSEMENT", "Clore sans versement"
    ANNULER_RECOUVREE = "ANNULER_RECOUVREE", "Annuler après recouvrement total"
    RECALCULER = "RECALCULER", "Recalculer sur l'avance versée"


class GestePaiement(EnumLibelle):
    """What can be done to a payment."""

    OUVRIR = "OUVRIR", "Ouvrir le paiement"
    CONFIRMER_COMPTE = "CONFIRMER_COMPTE", "Payer sur le nouveau compte"
    METTRE_EN_PAIEMENT = "METTRE_EN_PAIEMENT", "Mettre en paiement"
    CONSTATER = "CONSTATER", "Constater le virement"
    REJETER = "REJETER", "Constater le rejet du virement"
    REEMETTRE = "REEMETTRE", "Réémettre le paiement"
    ANNULER = "ANNULER", "Annuler le paiement"
    RETOURNER = "RETOURNER", "Constater un retour tardif"
    COMPENSER = "COMPENSER", "Retenir une compensation sur le paiement"
    DECOMPENSER = "DECOMPENSER", "Rendre au paiement une compensation"


S = TypeVar("S", bound=EnumLibelle)
G = TypeVar("G", bound=EnumLibelle)


@dataclass(frozen=True)
class Transition(Generic[S, G]):
    """One row of a life cycle. `vers` None: the request is deleted. `courriel`: code of the mail it sends."""

    depuis: S
    geste: G
    acteurs: frozenset[Acteur]
    vers: S | None
    courriel: str | None
    motif_obligatoire: bool
    source: str


class TransitionRefusee(RefusMetier):
    """The gesture is not in the table for this status and this actor; the message is shown to the user."""


def _ligne(
    depuis: S,
    geste: G,
    acteur: Acteur | frozenset[Acteur],
    vers: S | None,
    source: str,
    *,
    courriel: str | None = None,
    motif: bool = False,
) -> Transition[S, G]:
    acteurs = acteur if isinstance(acteur, frozenset) else frozenset({acteur})
    return Transition(depuis, geste, acteurs, vers, courriel, motif, source)


_ST, _GD, _EP, _GP, _A = StatutDemande, GesteDemande, EtatPaiement, GestePaiement, Acteur
_INSTRUISENT = frozenset({Acteur.GESTIONNAIRE, Acteur.DECIDEUR})

# Where a request starts: a JSON deposit still lacks its pieces, the MSS web form brings them along.
STATUTS_INITIAUX: Mapping[StatutDemande, str] = {
    StatutDemande.NON_COMPLETEE: "Import JSON (R2, R3)",
    StatutDemande.EN_COURS: "Formulaire (R7, R8)",
}
ETATS_PAIEMENT_INITIAUX: Mapping[EtatPaiement, str] = {EtatPaiement.AUCUN: "Demande créée (P1)"}

DEMANDE: tuple[Transition[StatutDemande, GesteDemande], ...] = (
    _ligne(_ST.NON_COMPLETEE, _GD.COMPLETER, _A.FOURNISSEUR, _ST.EN_COURS, "R4"),
    # At the end of the delay, where nothing but « Terminer » was missing.
    _ligne(_ST.NON_COMPLETEE, _GD.TRANSMETTRE, _A.SYSTEME, _ST.EN_COURS, "R4, instead of R5"),
    _ligne(_ST.NON_COMPLETEE, _GD.EXPIRER, _A.SYSTEME, None, "R5"),
    _ligne(_ST.NON_COMPLETEE, _GD.SUPPRIMER, _A.FOURNISSEUR, None, "R6"),
    _ligne(_ST.NON_COMPLETEE, _GD.REMPLACER, _A.FOURNISSEUR, None, "R6, by another import of it"),
    _ligne(
        _ST.EN_COURS,
        _GD.DEMANDER_PIECE,
        _A.GESTIONNAIRE,
        _ST.EN_ATTENTE_PIECE,
        "R9",
        courriel="M11",
        motif=True,
    ),
    _ligne(_ST.EN_ATTENTE_PIECE, _GD.AJOUTER_PIECE, _A.FOURNISSEUR, _ST.EN_COURS, "R10"),
    # What a piece is waited for has the same reminder and the same end as what is to be corrected.
    _ligne(_ST.EN_ATTENTE_PIECE, _GD.RELANCER, _A.SYSTEME, _ST.EN_ATTENTE_PIECE, "R15", courriel="M75"),
    _ligne(_ST.EN_ATTENTE_PIECE, _GD.CLORE_ATTENTE, _A.SYSTEME, _ST.EN_COURS, "R16", courriel="M76"),
    _ligne(
        _ST.EN_COURS,
        _GD.DEMANDER_MODIFICATION,
        _A.GESTIONNAIRE,
        _ST.A_MODIFIER,
        "R11",
        courriel="M09",
        motif=True,
    ),
    _ligne(_ST.A_MODIFIER, _GD.MODIFIER, _A.FOURNISSEUR, _ST.A_MODIFIER, "R12"),
    _ligne(_ST.A_MODIFIER, _GD.CONFIRMER_MODIFICATION, _A.FOURNISSEUR, _ST.EN_COURS, "R13", courriel="M66"),
    _ligne(_ST.A_MODIFIER, _GD.NE_PAS_MODIFIER, _A.FOURNISSEUR, _ST.EN_COURS, "R14"),
    _ligne(_ST.A_MODIFIER, _GD.RELANCER, _A.SYSTEME, _ST.A_MODIFIER, "R15", courriel="M10"),
    _ligne(_ST.A_MODIFIER, _GD.CLORE_MODIFICATION, _A.SYSTEME, _ST.EN_COURS, "R16", courriel="M67"),
    # What a directory counts at the closing date is known after some deposits: it completes them (MSS-009).
    *(
        _ligne(statut, _GD.ARRETER_COMPTES, _A.SYSTEME, statut, "R7")
        for statut in (_ST.EN_COURS, _ST.EN_ATTENTE_PIECE, _ST.A_MODIFIER, _ST.VALIDEE)
    ),
    *(
        _ligne(statut, _GD.CHANGER_COMPTES, _A.SYSTEME, statut, "R7", courriel="M89")
        for statut in (_ST.EN_COURS, _ST.EN_ATTENTE_PIECE, _ST.A_MODIFIER)
    ),
    # What was validated on other numbers is looked at again.
    _ligne(_ST.VALIDEE, _GD.CHANGER_COMPTES, _A.SYSTEME, _ST.EN_COURS, "R7", courriel="M89"),
    # What was asked of the supplier is withdrawn, or has to be given sooner: the supplier is told.
    *(
        ligne
        for statut in (_ST.EN_ATTENTE_PIECE, _ST.A_MODIFIER)
        for ligne in (
            _ligne(
                statut,
                _GD.RETIRER_ATTENTE,
                _A.GESTIONNAIRE,
                _ST.EN_COURS,
                "R9, R11",
                courriel="M77",
                motif=True,
            ),
            _ligne(
                statut, _GD.AVANCER_ECHEANCE, _A.GESTIONNAIRE, statut, "R9, R11", courriel="M78", motif=True
            ),
        )
    ),
    # What no ceiling covers is granted by one person, with a reason, and approved by another.
    _ligne(_ST.EN_COURS, _GD.OCTROYER, _A.GESTIONNAIRE, _ST.EN_COURS, "RUL-009", motif=True),
    *(
        _ligne(_ST.EN_COURS, geste, _INSTRUISENT, _ST.EN_COURS, "RUL-009", motif=geste is _GD.ECARTER_OCTROI)
        for geste in (_GD.APPROUVER_OCTROI, _GD.ECARTER_OCTROI)
    ),
    _ligne(_ST.EN_COURS, _GD.VALIDER, _A.GESTIONNAIRE, _ST.VALIDEE, "R17"),
    # Until it is decided, a validation is taken back by who instructs, or sent back by who decides.
    _ligne(_ST.VALIDEE, _GD.REPRENDRE_VALIDATION, _A.GESTIONNAIRE, _ST.EN_COURS, "R17", motif=True),
    _ligne(_ST.VALIDEE, _GD.RENVOYER, _A.DECIDEUR, _ST.EN_COURS, "R18", motif=True),
    _ligne(_ST.VALIDEE, _GD.REFUSER, _A.DECIDEUR, _ST.REJETEE, "R19", courriel="M13", motif=True),
    _ligne(_ST.VALIDEE, _GD.DECIDER, _A.DECIDEUR, _ST.DECIDEE, "R18", courriel="M12"),
    _ligne(_ST.EN_COURS, _GD.REJETER, _A.GESTIONNAIRE, _ST.REJETEE, "R19", courriel="M13", motif=True),
    # A cancellation makes a new avenant « Annulée » and leaves the previous one « Historisée » (REQ-027).
    _ligne(_ST.EN_COURS, _GD.ANNULER, _A.GESTIONNAIRE, _ST.ANNULEE, "R20", courriel="M68", motif=True),
    _ligne(_ST.VALIDEE, _GD.ANNULER, _A.GESTIONNAIRE, _ST.ANNULEE, "R20", courriel="M68", motif=True),
    _ligne(
        _ST.DECIDEE, _GD.ANNULER, _A.GESTIONNAIRE, _ST.ANNULEE, "R20, R21, P5", courriel="M68", motif=True
    ),
    _ligne(_ST.EN_COURS, _GD.HISTORISER, _A.SYSTEME, _ST.HISTORISEE, "R20"),
    _ligne(_ST.VALIDEE, _GD.HISTORISER, _A.SYSTEME, _ST.HISTORISEE, "R20"),
    _ligne(_ST.DECIDEE, _GD.HISTORISER, _A.SYSTEME, _ST.HISTORISEE, "R20, R21, P5"),
    # A solde that gives nothing more ends by a decision of its own, without a payment (RUL-011).
    _ligne(_ST.VALIDEE, _GD.CLORE_SANS_VERSEMENT, _A.DECIDEUR, _ST.DECIDEE, "R18, RUL-011", courriel="M86"),
    # What was paid came back whole: the accountant's last record of it cancels the request (GST-019).
    _ligne(_ST.DECIDEE, _GD.ANNULER_RECOUVREE, _A.SYSTEME, _ST.ANNULEE, "R21, P5", motif=True),
    # What was paid of an avance changes: the amounts that were shown of its solde follow (RUL-011).
    *(
        _ligne(statut, _GD.RECALCULER, _A.SYSTEME, statut, "RUL-011")
        for statut in (_ST.EN_COURS, _ST.EN_ATTENTE_PIECE, _ST.A_MODIFIER)
    ),
)

PAIEMENT: tuple[Transition[EtatPaiement, GestePaiement], ...] = (
    # Only a decision opens a payment: the accountant never pays what nobody decided (REQ-024).
    _ligne(_EP.AUCUN, _GP.OUVRIR, _A.DECIDEUR, _EP.EN_COURS, "P2"),
    # The account is that of the decision: another one, accepted since, is confirmed before anything is paid on it.
    _ligne(_EP.EN_COURS, _GP.CONFIRMER_COMPTE, _A.COMPTABLE, _EP.EN_COURS, "P2", courriel="M79"),
    # Handed to the bank: « Paiement en cours » both before and after, as the guides show it (REQ-028).
    _ligne(_EP.EN_COURS, _GP.METTRE_EN_PAIEMENT, _A.COMPTABLE, _EP.EN_COURS, "P2"),
    _ligne(_EP.EN_COURS, _GP.CONSTATER, _A.COMPTABLE, _EP.EFFECTUE, "P3", courriel="M69"),
    _ligne(_EP.EN_COURS, _GP.REJETER, _A.COMPTABLE, _EP.REJETE, "P4", courriel="M70", motif=True),
    _ligne(_EP.REJETE, _GP.REEMETTRE, _A.COMPTABLE, _EP.EN_COURS, "P4"),
    # Cancelling a request stops what was not handed to the bank yet.
    _ligne(_EP.EN_COURS, _GP.ANNULER, _A.GESTIONNAIRE, _EP.REJETE, "R20", motif=True),
    # A bank may send back, weeks later, a transfer that was recorded as made.
    _ligne(_EP.EFFECTUE, _GP.RETOURNER, _A.COMPTABLE, _EP.REJETE, "P4", courriel="M85", motif=True),
    # Part of what is paid settles what the same company owes (GST-019).
    _ligne(_EP.EN_COURS, _GP.COMPENSER, _A.COMPTABLE, _EP.EN_COURS, "P5"),
    _ligne(_EP.EN_COURS, _GP.DECOMPENSER, _A.COMPTABLE, _EP.EN_COURS, "P5"),
)


def transition(table: tuple[Transition[S, G], ...], depuis: S, geste: G, acteur: Acteur) -> Transition[S, G]:
    """The row of `table` for this gesture; raises TransitionRefusee, in French, when there is none."""
    for ligne in table:
        if ligne.depuis is depuis and ligne.geste is geste and acteur in ligne.acteurs:
            return ligne
    possibles = (
        ", ".join(f"« {permis.libelle} »" for permis in gestes_permis(table, depuis, acteur)) or "aucun"
    )
    raise TransitionRefusee(
        f"Le geste « {geste.libelle} » par {acteur.libelle} est impossible : le statut actuel est "
        f"« {depuis.libelle} ». Gestes possibles à ce statut : {possibles}."
    )


def gestes_permis(table: tuple[Transition[S, G], ...], depuis: S, acteur: Acteur) -> list[G]:
    """Gestures the table gives to `acteur` from `depuis`, in the order of the table."""
    return [ligne.geste for ligne in table if ligne.depuis is depuis and acteur in ligne.acteurs]


def en_mermaid(table: tuple[Transition[Any, Any], ...], initiaux: Mapping[Any, str] | None = None) -> str:
    """The table as a Mermaid state diagram, for the documentation; `initiaux`: starting states and why."""
    etats: dict[EnumLibelle, None] = dict.fromkeys(initiaux or {})
    for ligne in table:
        etats.update(dict.fromkeys(etat for etat in (ligne.depuis, ligne.vers) if etat is not None))
    lignes = ["stateDiagram-v2"]
    lignes += [f'    state "{etat.libelle}" as {etat.value}' for etat in etats]
    lignes += [f"    [*] --> {etat.value} : {raison}" for etat, raison in (initiaux or {}).items()]
    lignes += [_fleche(ligne) for ligne in table]
    departs = {ligne.depuis for ligne in table}
    lignes += [f"    {etat.value} --> [*]" for etat in etats if etat not in departs]
    return "\n".join(lignes) + "\n"


def _fleche(ligne: Transition[Any, Any]) -> str:
    vers = "[*]" if ligne.vers is None else ligne.vers.value
    acteurs = " ou ".join(sorted(acteur.libelle for acteur in ligne.acteurs))
    courriel = f" / {ligne.courriel}" if ligne.courriel else ""
    return f"    {ligne.depuis.value} --> {vers} : {ligne.geste.libelle} ({acteurs}){courriel}"
