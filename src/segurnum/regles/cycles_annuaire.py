"""Life cycles of what mailboxes are counted from: a national extract, and counts given by the administration.

What is loaded sets money by itself: a suspicious extract, and every count, wait for a person (GST-028, MSS-009).
"""

from segurnum.regles.cycles import Acteur, EnumLibelle, Transition


class StatutExtrait(EnumLibelle):
    """Status of a national extract, labelled as on screen."""

    RETENU = "RETENU", "Retenu : à confirmer"
    EN_VIGUEUR = "EN_VIGUEUR", "Pris en compte"
    ECARTE = "ECARTE", "Écarté"


class GesteExtrait(EnumLibelle):
    """What can be done to an extract that is loaded."""

    CONFIRMER = "CONFIRMER", "Confirmer l'extrait"
    ECARTER = "ECARTER", "Écarter l'extrait"
    REPRENDRE = "REPRENDRE", "Revenir sur l'écartement"


class StatutComptages(EnumLibelle):
    """Status of counts that somebody gives, labelled as on screen."""

    A_CONFIRMER = "A_CONFIRMER", "À confirmer"
    CONFIRMES = "CONFIRMES", "Confirmés"
    REFUSES = "REFUSES", "Refusés"
    RETIRES = "RETIRES", "Retirés"


class GesteComptages(EnumLibelle):
    """What can be done to counts that wait."""

    CONFIRMER = "CONFIRMER", "Confirmer les comptages"
    REFUSER = "REFUSER", "Refuser les comptages"
    RETIRER = "RETIRER", "Retirer les comptages"


_SE, _GE, _SC, _GC = StatutExtrait, GesteExtrait, StatutComptages, GesteComptages
_INSTRUCTEURS = frozenset({Acteur.GESTIONNAIRE, Acteur.ADMINISTRATION})
_SOURCE = "GST-028, MSS-009"

STATUTS_EXTRAIT_INITIAUX = {
    StatutExtrait.EN_VIGUEUR: "Chargement sans anomalie (GST-028)",
    StatutExtrait.RETENU: "Chargement suspect (GST-028)",
}
STATUTS_COMPTAGES_INITIAUX = {StatutComptages.A_CONFIRMER: "Saisie ou fichier (GST-028)"}

EXTRAIT: tuple[Transition[StatutExtrait, GesteExtrait], ...] = tuple(
    Transition(depuis, geste, _INSTRUCTEURS, vers, None, True, _SOURCE)
    for depuis, geste, vers in (
        (_SE.RETENU, _GE.CONFIRMER, _SE.EN_VIGUEUR),
        (_SE.RETENU, _GE.ECARTER, _SE.ECARTE),
        (_SE.EN_VIGUEUR, _GE.ECARTER, _SE.ECARTE),
        # The same file is known by its digest: without this, one that was set aside by mistake could not come back.
        (_SE.ECARTE, _GE.REPRENDRE, _SE.RETENU),
    )
)
COMPTAGES: tuple[Transition[StatutComptages, GesteComptages], ...] = tuple(
    Transition(_SC.A_CONFIRMER, geste, _INSTRUCTEURS, vers, None, motif, _SOURCE)
    for geste, vers, motif in (
        (_GC.CONFIRMER, _SC.CONFIRMES, False),
        (_GC.REFUSER, _SC.REFUSES, True),
        (_GC.RETIRER, _SC.RETIRES, False),
    )
)
