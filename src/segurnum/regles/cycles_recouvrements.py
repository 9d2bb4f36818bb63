"""Life cycle of a recovery order, by which money that was paid is asked back (see `cycles`; GST-019).

Nobody issues what he proposed: whoever issues is another person, which the service checks. How much of an order is
settled says which of two gestures a repayment or an offset is: the last one ends it.
"""

from segurnum.regles.cycles import Acteur, EnumLibelle, Transition


class StatutRecouvrement(EnumLibelle):
    """Status of a recovery order, labelled as on screen."""

    PROPOSE = "PROPOSE", "Proposé"
    EMIS = "EMIS", "Émis"
    PARTIEL = "PARTIEL", "Partiellement remboursé"
    SOLDE = "SOLDE", "Soldé"
    COMPENSE = "COMPENSE", "Compensé"
    ANNULE = "ANNULE", "Annulé"


# Something is owed, or may be.
STATUTS_DUS = (StatutRecouvrement.EMIS, StatutRecouvrement.PARTIEL)
STATUTS_EMIS = (*STATUTS_DUS, StatutRecouvrement.SOLDE, StatutRecouvrement.COMPENSE)
STATUTS_VIVANTS = (StatutRecouvrement.PROPOSE, *STATUTS_DUS)


class GesteRecouvrement(EnumLibelle):
    """What can be done to a recovery order."""

    PROPOSER = "PROPOSER", "Proposer un recouvrement"
    EMETTRE = "EMETTRE", "Émettre le titre de recette"
    ECARTER = "ECARTER", "Écarter la proposition"
    RETIRER = "RETIRER", "Retirer la proposition"
    RELANCER = "RELANCER", "Relancer le débiteur"
    REMBOURSER = "REMBOURSER", "Enregistrer un remboursement partiel"
    SOLDER = "SOLDER", "Enregistrer le dernier remboursement"
    COMPENSER = "COMPENSER", "Compenser en partie sur un versement"
    COMPENSER_LE_RESTE = "COMPENSER_LE_RESTE", "Compenser le reste sur un versement"
    RETABLIR = "RETABLIR", "Retirer une compensation"
    RETABLIR_TOUT = "RETABLIR_TOUT", "Retirer la seule compensation"
    ANNULER = "ANNULER", "Annuler le titre de recette"


# What settles an order, or takes back what settled it.
REGLER = (
    GesteRecouvrement.REMBOURSER,
    GesteRecouvrement.SOLDER,
    GesteRecouvrement.COMPENSER,
    GesteRecouvrement.COMPENSER_LE_RESTE,
    GesteRecouvrement.RETABLIR,
    GesteRecouvrement.RETABLIR_TOUT,
)


class GenreReglement(EnumLibelle):
    """How an order was settled."""

    REMBOURSEMENT = "REMBOURSEMENT", "Remboursement"
    COMPENSATION = "COMPENSATION", "Compensation"


_S, _G, _A = StatutRecouvrement, GesteRecouvrement, Acteur
Passage = Transition[StatutRecouvrement, GesteRecouvrement]


def _ligne(
    depuis: StatutRecouvrement,
    geste: GesteRecouvrement,
    acteur: Acteur,
    vers: StatutRecouvrement,
    *,
    courriel: str | None = None,
    motif: bool = False,
) -> Passage:
    return Transition(depuis, geste, frozenset({acteur}), vers, courriel, motif, "GST-019")


STATUTS_RECOUVREMENT_INITIAUX = {
    StatutRecouvrement.PROPOSE: "Un gestionnaire, ou le portail quand un solde est inférieur à l'avance versée"
}

RECOUVREMENT: tuple[Passage, ...] = (
    _ligne(_S.PROPOSE, _G.EMETTRE, _A.DECIDEUR, _S.EMIS, courriel="M80"),
    _ligne(_S.PROPOSE, _G.ECARTER, _A.DECIDEUR, _S.ANNULE, motif=True),
    _ligne(_S.PROPOSE, _G.RETIRER, _A.GESTIONNAIRE, _S.ANNULE, motif=True),
    *(
        ligne
        for depuis in STATUTS_DUS
        for ligne in (
            _ligne(depuis, _G.RELANCER, _A.SYSTEME, depuis, courriel="M82"),
            _ligne(depuis, _G.REMBOURSER, _A.COMPTABLE, _S.PARTIEL, courriel="M81"),
            _ligne(depuis, _G.SOLDER, _A.COMPTABLE, _S.SOLDE, courriel="M81"),
            _ligne(depuis, _G.COMPENSER, _A.COMPTABLE, _S.PARTIEL, courriel="M83"),
            _ligne(depuis, _G.COMPENSER_LE_RESTE, _A.COMPTABLE, _S.COMPENSE, courriel="M83"),
            _ligne(depuis, _G.ANNULER, _A.DECIDEUR, _S.ANNULE, courriel="M84", motif=True),
        )
    ),
    # What was to be paid is not any more: what was taken from it is owed again.
    *(
        _ligne(depuis, geste, _A.COMPTABLE, vers, courriel="M83", motif=True)
        for depuis in (_S.PARTIEL, _S.COMPENSE)
        for geste, vers in ((_G.RETABLIR, _S.PARTIEL), (_G.RETABLIR_TOUT, _S.EMIS))
    ),
)
