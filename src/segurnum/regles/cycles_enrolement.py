"""Life cycle of an enrolment: the same kind of table as a request's (see `cycles`)."""

from segurnum.regles.cycles import Acteur, EnumLibelle, Transition


class StatutEnrolement(EnumLibelle):
    """Status of an enrolment, labelled as on screen (ENR-105 to ENR-110)."""

    EN_COURS = "EN_COURS", "En cours"
    EN_ATTENTE_PIECE = "EN_ATTENTE_PIECE", "En attente de pièce(s) jointe(s) complémentaire(s)"
    VALIDATION_PARTIELLE = "VALIDATION_PARTIELLE", "Validation partielle : En attente de certificat(s)"
    CERTIFICAT_A_VALIDER = "CERTIFICAT_A_VALIDER", "Certificat(s) à valider"
    VALIDEE = "VALIDEE", "Validée"
    REJETEE = "REJETEE", "Rejetée"


class GesteEnrolement(EnumLibelle):
    """What can be done to an enrolment."""

    DEMANDER_PIECES = "DEMANDER_PIECES", "Demander des pièces"
    TERMINER_DEPOT = "TERMINER_DEPOT", "Terminer mon dépôt"
    ACCEPTER = "ACCEPTER", "Valider"
    ACCEPTER_PARTIELLEMENT = "ACCEPTER_PARTIELLEMENT", "Valider partiellement"
    REJETER = "REJETER", "Rejeter"
    DEPOSER_CERTIFICATS = "DEPOSER_CERTIFICATS", "Terminer mon dépôt de certificat(s)"
    REFUSER_CERTIFICATS = "REFUSER_CERTIFICATS", "Refuser le(s) certificat(s)"
    REPRENDRE = "REPRENDRE", "Reprendre l'instruction"


_S, _G, _A = StatutEnrolement, GesteEnrolement, Acteur
Passage = Transition[StatutEnrolement, GesteEnrolement]


def _ligne(
    depuis: StatutEnrolement,
    geste: GesteEnrolement,
    acteur: Acteur,
    vers: StatutEnrolement,
    source: str,
    *,
    courriel: str | None = None,
    motif: bool = False,
) -> Passage:
    return Transition(depuis, geste, frozenset({acteur}), vers, courriel, motif, source)


STATUTS_ENROLEMENT_INITIAUX = {StatutEnrolement.EN_COURS: "« Terminer » (E4)"}

ENROLEMENT: tuple[Passage, ...] = (
    _ligne(
        _S.EN_COURS,
        _G.DEMANDER_PIECES,
        _A.GESTIONNAIRE,
        _S.EN_ATTENTE_PIECE,
        "E5",
        courriel="M08",
        motif=True,
    ),
    _ligne(_S.EN_ATTENTE_PIECE, _G.TERMINER_DEPOT, _A.FOURNISSEUR, _S.EN_COURS, "E7"),
    # The ways out of what waits for an applicant who does not answer: nothing stays for ever.
    _ligne(
        _S.EN_ATTENTE_PIECE,
        _G.REPRENDRE,
        _A.GESTIONNAIRE,
        _S.EN_COURS,
        "sans issue",
        courriel="M108",
        motif=True,
    ),
    _ligne(
        _S.EN_ATTENTE_PIECE,
        _G.REJETER,
        _A.GESTIONNAIRE,
        _S.REJETEE,
        "sans issue",
        courriel="M04",
        motif=True,
    ),
    _ligne(
        _S.VALIDATION_PARTIELLE,
        _G.REJETER,
        _A.GESTIONNAIRE,
        _S.REJETEE,
        "sans issue",
        courriel="M04",
        motif=True,
    ),
    _ligne(_S.EN_COURS, _G.ACCEPTER, _A.GESTIONNAIRE, _S.VALIDEE, "E8", courriel="M02"),
    _ligne(
        _S.EN_COURS, _G.ACCEPTER_PARTIELLEMENT, _A.GESTIONNAIRE, _S.VALIDATION_PARTIELLE, "E9", courriel="M03"
    ),
    _ligne(_S.EN_COURS, _G.REJETER, _A.GESTIONNAIRE, _S.REJETEE, "E10", courriel="M04", motif=True),
    _ligne(_S.VALIDATION_PARTIELLE, _G.DEPOSER_CERTIFICATS, _A.FOURNISSEUR, _S.CERTIFICAT_A_VALIDER, "E12"),
    _ligne(_S.CERTIFICAT_A_VALIDER, _G.ACCEPTER, _A.GESTIONNAIRE, _S.VALIDEE, "E13", courriel="M02"),
    _ligne(
        _S.CERTIFICAT_A_VALIDER,
        _G.REFUSER_CERTIFICATS,
        _A.GESTIONNAIRE,
        _S.VALIDATION_PARTIELLE,
        "E14",
        courriel="M08",
        motif=True,
    ),
    _ligne(
        _S.CERTIFICAT_A_VALIDER, _G.REJETER, _A.GESTIONNAIRE, _S.REJETEE, "E15", courriel="M04", motif=True
    ),
)
