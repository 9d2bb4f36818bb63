"""Life cycles of the changes that a company asks for: its natural persons, its bank account (see `cycles`)."""

from segurnum.regles.cycles import Acteur, EnumLibelle, Transition


class StatutModification(EnumLibelle):
    """Status of a change, labelled as on screen (ACC-004, ACC-011)."""

    EN_PREPARATION = "EN_PREPARATION", "En préparation"
    A_CONFIRMER = "A_CONFIRMER", "En attente de confirmation"
    EN_COURS = "EN_COURS", "En cours d'instruction"
    A_CONTRESIGNER = "A_CONTRESIGNER", "À confirmer par une seconde personne"
    ACCEPTEE = "ACCEPTEE", "Acceptée"
    APPLIQUEE = "APPLIQUEE", "Appliquée"
    REFUSEE = "REFUSEE", "Refusée"
    ANNULEE = "ANNULEE", "Annulée"


class GesteModification(EnumLibelle):
    """What can be done to a change."""

    SOUMETTRE = "SOUMETTRE", "Valider mes informations"
    CONFIRMER = "CONFIRMER", "Confirmer"
    CONTESTER = "CONTESTER", "Contester"
    ANNULER = "ANNULER", "Annuler la demande"
    ACCEPTER = "ACCEPTER", "Accepter"
    PROPOSER = "PROPOSER", "Accepter, à confirmer par une autre personne"
    CONTRESIGNER = "CONTRESIGNER", "Confirmer l'acceptation"
    REPRENDRE = "REPRENDRE", "Remettre en instruction"
    REFUSER = "REFUSER", "Refuser"
    ACTIVER = "ACTIVER", "Activer"


_S, _G, _A = StatutModification, GesteModification, Acteur
Passage = Transition[StatutModification, GesteModification]


def _ligne(
    depuis: StatutModification,
    geste: GesteModification,
    acteur: Acteur,
    vers: StatutModification,
    source: str,
    *,
    courriel: str | None = None,
    motif: bool = False,
) -> Passage:
    return Transition(depuis, geste, frozenset({acteur}), vers, courriel, motif, source)


STATUTS_PERSONNES_INITIAUX = {StatutModification.EN_PREPARATION: "Première pièce importée (N1)"}
STATUTS_BANCAIRES_INITIAUX = {StatutModification.A_CONFIRMER: "Compte ajouté / M19 (ACC-003)"}

PERSONNES: tuple[Passage, ...] = (
    _ligne(_S.EN_PREPARATION, _G.SOUMETTRE, _A.FOURNISSEUR, _S.EN_COURS, "N1", courriel="M16"),
    _ligne(_S.EN_COURS, _G.ACCEPTER, _A.GESTIONNAIRE, _S.ACCEPTEE, "N2", courriel="M17"),
    _ligne(_S.EN_COURS, _G.REFUSER, _A.GESTIONNAIRE, _S.REFUSEE, "N3", courriel="M18", motif=True),
)

# The legal representative answers by the link of a mail, for the company: no account is needed.
BANCAIRE: tuple[Passage, ...] = (
    _ligne(_S.A_CONFIRMER, _G.CONFIRMER, _A.FOURNISSEUR, _S.EN_COURS, "ACC-004"),
    _ligne(_S.A_CONFIRMER, _G.CONTESTER, _A.FOURNISSEUR, _S.ANNULEE, "ACC-004", courriel="M23"),
    _ligne(_S.EN_COURS, _G.ACCEPTER, _A.GESTIONNAIRE, _S.ACCEPTEE, "ACC-004, GST-024", courriel="M20"),
    # Above an amount to be paid, one officer accepts and another confirms, which the service and the database check.
    _ligne(_S.EN_COURS, _G.PROPOSER, _A.GESTIONNAIRE, _S.A_CONTRESIGNER, "ACC-004, GST-024"),
    _ligne(
        _S.A_CONTRESIGNER, _G.CONTRESIGNER, _A.GESTIONNAIRE, _S.ACCEPTEE, "ACC-004, GST-024", courriel="M20"
    ),
    _ligne(_S.A_CONTRESIGNER, _G.REPRENDRE, _A.GESTIONNAIRE, _S.EN_COURS, "GST-024", motif=True),
    _ligne(_S.ACCEPTEE, _G.ACTIVER, _A.SYSTEME, _S.APPLIQUEE, "ACC-004", courriel="M22"),
    *(
        _ligne(depuis, _G.REFUSER, _A.GESTIONNAIRE, _S.REFUSEE, "GST-024", courriel="M21", motif=True)
        for depuis in (_S.A_CONFIRMER, _S.EN_COURS, _S.A_CONTRESIGNER, _S.ACCEPTEE)
    ),
    *(
        _ligne(depuis, _G.ANNULER, _A.FOURNISSEUR, _S.ANNULEE, "ACC-003", courriel="M23")
        for depuis in (_S.A_CONFIRMER, _S.EN_COURS, _S.A_CONTRESIGNER, _S.ACCEPTEE)
    ),
)
