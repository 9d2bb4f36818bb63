"""Persons and bank accounts in the words of the screens, for both faces."""

from collections.abc import Mapping
from dataclasses import dataclass

from segurnum.comptes.models import CoordonneesBancaires
from segurnum.coordonnees.models import ModificationPersonnes
from segurnum.coordonnees.personnes import (
    CHAMPS,
    LIBELLES,
    Personne,
    RolePersonne,
    champs_changes,
    lire,
    valeur_montree,
)
from segurnum.regles.cycles_coordonnees import StatutModification

# What the person who waits reads under « En attente ».
_SUITES: Mapping[StatutModification, str] = {
    StatutModification.A_CONFIRMER: "Le représentant légal doit confirmer par le lien qu'il a reçu par courriel.",
    StatutModification.EN_COURS: "Confirmée par le représentant légal, en cours d'instruction.",
    StatutModification.A_CONTRESIGNER: "Confirmée par le représentant légal, en cours d'instruction.",
    StatutModification.ACCEPTEE: "Acceptée : active à partir de la date ci-dessous.",
}
# What became of an account that never was in use: its own status only says that it is not.
_SANS_SUITE = {StatutModification.REFUSEE: "Rejetée", StatutModification.ANNULEE: "Annulée"}


@dataclass(frozen=True)
class Fiche:
    """A person, as labelled values."""

    titre: str
    lignes: tuple[tuple[str, str], ...]


def fiches(personnes: Mapping[str, Personne]) -> list[Fiche]:
    return [
        Fiche(
            RolePersonne(role).label,
            tuple((LIBELLES[champ], valeur_montree(personne, champ)) for champ in CHAMPS),
        )
        for role, personne in personnes.items()
    ]


def action(modification: ModificationPersonnes) -> str:
    """What a change is about: « Représentant légal : nom, email »."""
    changes = champs_changes(lire(modification.anciennes), lire(modification.donnees))
    return " ; ".join(
        f"{role.label} : {', '.join(LIBELLES[champ].lower() for champ in CHAMPS if (role, champ) in changes)}"
        for role in RolePersonne
        if any(change == role for change, _ in changes)
    )


def statut_du_compte(compte: CoordonneesBancaires) -> str:
    """« En attente », « Active », « Inactive », or why it never was in use (ACC-002)."""
    modification = getattr(compte, "modification", None)
    if modification is not None and modification.statut in _SANS_SUITE:
        return _SANS_SUITE[modification.statut]
    return compte.get_statut_display()


def suite_du_compte(compte: CoordonneesBancaires) -> str:
    """What an account that is not in use yet waits for; that of the enrolment waits for nothing."""
    modification = getattr(compte, "modification", None)
    return _SUITES.get(modification.statut, "") if modification else ""
