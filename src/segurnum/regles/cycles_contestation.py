"""Life cycle of a contested beneficiary: claimed by several dossiers of one programme, financed once (see `cycles`).

Each supplier has ten working days to answer for its own request, then an officer says whose the beneficiary is.
"""

from segurnum.regles.cycles import Acteur, EnumLibelle, Transition

DELAI_REPONSE = 10  # working days
DELAI_RAPPEL = 5


class StatutContestation(EnumLibelle):
    """Status of a contest, labelled as on screen."""

    PROPOSEE = "PROPOSEE", "À examiner"
    EN_REPONSE = "EN_REPONSE", "Réponses attendues"
    A_TRANCHER = "A_TRANCHER", "À trancher"
    ATTRIBUEE = "ATTRIBUEE", "Attribué"
    NON_ATTRIBUEE = "NON_ATTRIBUEE", "Attribué à aucune demande"
    REJETEE = "REJETEE", "Demandes rejetées"
    SANS_OBJET = "SANS_OBJET", "Sans objet"


class GesteContestation(EnumLibelle):
    """What can be done to a contest."""

    OUVRIR = "OUVRIR", "Ouvrir la procédure"
    ECARTER = "ECARTER", "Écarter"
    REPONDRE = "REPONDRE", "Répondre"
    RELANCER = "RELANCER", "Relancer après cinq jours ouvrés"
    RECUEILLIR = "RECUEILLIR", "Clore les réponses"
    ATTRIBUER = "ATTRIBUER", "Attribuer le bénéficiaire"
    N_ATTRIBUER = "N_ATTRIBUER", "N'attribuer à aucune demande"
    REJETER = "REJETER", "Rejeter les demandes"
    CLASSER = "CLASSER", "Classer sans objet"


class PositionPartie(EnumLibelle):
    """What a supplier answers."""

    MAINTIEN = "MAINTIEN", "Je maintiens ma demande : ce bénéficiaire est mon client"
    ERREUR = "ERREUR", "Je reconnais une erreur : ce bénéficiaire est à retirer de ma demande"
    RETRAIT = "RETRAIT", "Je demande l'annulation de ma demande"


_S, _G, _A = StatutContestation, GesteContestation, Acteur
Passage = Transition[StatutContestation, GesteContestation]


def _ligne(
    depuis: StatutContestation,
    geste: GesteContestation,
    acteur: Acteur,
    vers: StatutContestation,
    *,
    courriel: str | None = None,
    motif: bool = False,
) -> Passage:
    return Transition(depuis, geste, frozenset({acteur}), vers, courriel, motif, "FAQ des industriels")


# While it is in one of these, the beneficiary has one contest, and waits for it.
STATUTS_OUVERTS = (_S.PROPOSEE, _S.EN_REPONSE, _S.A_TRANCHER)
# In these, it waits for an officer.
STATUTS_A_TRAITER = (_S.PROPOSEE, _S.A_TRANCHER)
# In these, no request that claims it is validated or decided.
STATUTS_SUSPENSIFS = (_S.EN_REPONSE, _S.A_TRANCHER)
STATUTS_CONTESTATION_INITIAUX = {_S.PROPOSEE: "Le portail voit deux demandes, ou un gestionnaire le demande"}

CONTESTATION: tuple[Passage, ...] = (
    _ligne(_S.PROPOSEE, _G.OUVRIR, _A.GESTIONNAIRE, _S.EN_REPONSE, courriel="M61", motif=True),
    _ligne(_S.PROPOSEE, _G.ECARTER, _A.GESTIONNAIRE, _S.SANS_OBJET, motif=True),
    _ligne(_S.EN_REPONSE, _G.REPONDRE, _A.FOURNISSEUR, _S.EN_REPONSE),
    _ligne(_S.EN_REPONSE, _G.RELANCER, _A.SYSTEME, _S.EN_REPONSE, courriel="M62"),
    _ligne(_S.EN_REPONSE, _G.RECUEILLIR, _A.SYSTEME, _S.A_TRANCHER),
    _ligne(_S.A_TRANCHER, _G.ATTRIBUER, _A.GESTIONNAIRE, _S.ATTRIBUEE, courriel="M63", motif=True),
    _ligne(_S.A_TRANCHER, _G.N_ATTRIBUER, _A.GESTIONNAIRE, _S.NON_ATTRIBUEE, courriel="M63", motif=True),
    _ligne(_S.A_TRANCHER, _G.REJETER, _A.GESTIONNAIRE, _S.REJETEE, courriel="M63", motif=True),
    # One request is left, or none: the others were rejected, cancelled or corrected meanwhile.
    _ligne(_S.PROPOSEE, _G.CLASSER, _A.SYSTEME, _S.SANS_OBJET),
    *(_ligne(statut, _G.CLASSER, _A.SYSTEME, _S.SANS_OBJET, courriel="M64") for statut in STATUTS_SUSPENSIFS),
)
