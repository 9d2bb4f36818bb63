"""The colour of each status, in one place: what went well, went wrong, goes on, or is over. The others wait."""

REUSSITE, ECHEC, EN_COURS, ATTENTE = (f"fr-badge--{ton}" for ton in ("success", "error", "info", "warning"))
ETEINT = "portail-badge--eteint"

# A word has the same colour wherever it is said.
_TONS = {
    REUSSITE: {
        "VALIDEE",
        "DECIDEE",
        "EFFECTUE",
        "ACCEPTE",
        "ACCEPTEE",
        "APPLIQUEE",
        "APPROUVE",
        "ATTRIBUEE",
        "CLOS",
        "OUVERTE",
        "CONFORME",
        "CONFIRMES",
        "EN_VIGUEUR",
        "SOLDE",
        "COMPENSE",
        "réussite",
    },
    ECHEC: {"REJETEE", "REJETE", "REFUSEE", "REFUSE", "REFUSES", "A_CORRIGER", "erreur"},
    EN_COURS: {"EN_COURS", "EN_ATTENTE", "EN_IMPORT", "EN_REPONSE", "PAS_OUVERTE", "NON_VERIFIE"},
    ETEINT: {
        *("ANNULEE", "ANNULE", "ABANDONNE", "HISTORISEE", "AUCUN", "ECARTE", "FERMEE", "RETIRES"),
        *("NON_ATTRIBUEE", "SANS_OBJET"),
    },
}


def ton(statut: str) -> str:
    """The class of a status; what is not told here waits for somebody."""
    return next((classe for classe, statuts in _TONS.items() if statut in statuts), ATTENTE)
