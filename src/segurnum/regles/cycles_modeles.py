"""Life cycle of a model document, which a company shows before it deposits the requests of a wave (see `cycles`)."""

from segurnum.regles.cycles import Acteur, EnumLibelle, Transition


class StatutModele(EnumLibelle):
    """Status of a model document, labelled as on screen (EXP-011, EXP-012, OPEN-06)."""

    EN_IMPORT = "EN_IMPORT", "En cours d'import"
    EN_ATTENTE = "EN_ATTENTE", "En attente d'instruction"
    ACCEPTE = "ACCEPTE", "Accepté"
    REJETE = "REJETE", "Rejeté"


class GesteModele(EnumLibelle):
    """What can be done to a model document."""

    SUPPRIMER = "SUPPRIMER", "Supprimer"
    SOUMETTRE = "SOUMETTRE", "Valider mon import"
    ACCEPTER = "ACCEPTER", "Accepter"
    REJETER = "REJETER", "Rejeter"


_S, _G, _A = StatutModele, GesteModele, Acteur
Passage = Transition[StatutModele, GesteModele]


def _ligne(
    depuis: StatutModele,
    geste: GesteModele,
    acteur: Acteur,
    vers: StatutModele | None,
    source: str,
    *,
    courriel: str | None = None,
    motif: bool = False,
) -> Passage:
    return Transition(depuis, geste, frozenset({acteur}), vers, courriel, motif, source)


STATUTS_MODELE_INITIAUX = {StatutModele.EN_IMPORT: "« Importer » (T1)"}

MODELE: tuple[Passage, ...] = (
    _ligne(_S.EN_IMPORT, _G.SUPPRIMER, _A.FOURNISSEUR, None, "T2"),
    _ligne(_S.EN_IMPORT, _G.SOUMETTRE, _A.FOURNISSEUR, _S.EN_ATTENTE, "T3"),
    _ligne(_S.EN_ATTENTE, _G.ACCEPTER, _A.GESTIONNAIRE, _S.ACCEPTE, "T4", courriel="M40"),
    _ligne(_S.EN_ATTENTE, _G.REJETER, _A.GESTIONNAIRE, _S.REJETE, "T4", courriel="M41", motif=True),
)
