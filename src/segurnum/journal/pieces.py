"""A piece that is added or removed, as the journal tells it: enough to recognise it, nothing of what it holds."""

from typing import Any

from segurnum.fichiers.models import Fichier

# Dropped by the portal: added to a correction that was not confirmed.
GESTES = JOINDRE, RETIRER, ECARTER = "JOINDRE_PIECE", "RETIRER_PIECE", "ECARTER_PIECE"
# What the portal itself makes of a decision: its letter, one that corrects it, what its cancellation writes over it.
LETTRE = "ETABLIR_LETTRE"


def identite(*, nom: str, type_piece: str, libelle: str, fichier: Fichier | None) -> dict[str, Any]:
    """The details of the event. `libelle`: the type's name, kept as it was; `fichier` None: announced, never come."""
    piece: dict[str, Any] = {"nom": nom, "type": str(type_piece), "libelle": libelle}
    if fichier is not None:
        piece |= {"empreinte": fichier.empreinte, "taille": fichier.taille}
    return {"piece": piece}
