"""Beyond what a list reads at once: the next rows by the key of the last, so that the last cost what the first do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.http import QueryDict

APRES = "apres"
AVANT = "avant"
SIGNE = "~"  # between the values of a key


@dataclass(frozen=True)
class Tranche:
    """The keys of the rows that are read, in order; `apres` and `avant`: where the next and the previous begin."""

    cles: list[Any]
    apres: str = ""
    avant: str = ""


def lire(lignes: QuerySet[Any], ordre: Sequence[str], parametres: QueryDict, taille: int) -> Tranche:
    """As many rows as `taille` from where the address says, in one statement: from the first for one that says nothing
    or that nobody wrote so. `ordre`: fields of the rows themselves that are never empty, the last of them unique.
    """
    for sens, remonte in ((AVANT, True), (APRES, False)):
        borne = _borne(lignes, ordre, parametres.get(sens, ""))
        if borne:
            return _depuis(lignes, ordre, taille, borne, remonte=remonte)
    return _depuis(lignes, ordre, taille, (), remonte=False)


def _depuis(
    lignes: QuerySet[Any], ordre: Sequence[str], taille: int, borne: Sequence[Any], *, remonte: bool
) -> Tranche:
    suivi = [_inverse(champ) for champ in ordre] if remonte else list(ordre)
    if borne:
        lignes = lignes.filter(_au_dela(suivi, borne))
    noms = [champ.lstrip("-") for champ in ordre]
    lues = list(lignes.order_by(*suivi).values_list("pk", *noms)[: taille + 1])
    deborde, lues = len(lues) > taille, lues[:taille]
    if remonte:
        lues.reverse()
    if not lues:
        return Tranche([])
    suivante, precedente = (True, deborde) if remonte else (deborde, bool(borne))
    return Tranche(
        [cle for cle, *_ in lues],
        _ecrire(lues[-1][1:]) if suivante else "",
        _ecrire(lues[0][1:]) if precedente else "",
    )


def _inverse(champ: str) -> str:
    return champ[1:] if champ.startswith("-") else f"-{champ}"


def _au_dela(ordre: Sequence[str], borne: Sequence[Any]) -> Q:
    """The rows strictly after this one. The first condition is implied by the rest: an index starts from it."""
    condition, egaux = Q(), Q()
    for champ, valeur in zip(ordre, borne, strict=True):
        nom, compare = (champ[1:], "lt") if champ.startswith("-") else (champ, "gt")
        condition |= egaux & Q(**{f"{nom}__{compare}": valeur})
        egaux &= Q(**{nom: valeur})
    nom, compare = (ordre[0][1:], "lte") if ordre[0].startswith("-") else (ordre[0], "gte")
    return Q(**{f"{nom}__{compare}": borne[0]}) & condition


def _ecrire(valeurs: Sequence[Any]) -> str:
    return SIGNE.join(v.isoformat() if isinstance(v, datetime) else str(v) for v in valeurs)


def _borne(lignes: QuerySet[Any], ordre: Sequence[str], ecrite: str) -> tuple[Any, ...]:
    """The values of a key that an address says; none when they are no such values."""
    ecrites = ecrite.split(SIGNE) if ecrite else []
    if len(ecrites) != len(ordre):
        return ()
    modele = lignes.model._meta
    champs = [modele.pk if c.lstrip("-") == "pk" else modele.get_field(c.lstrip("-")) for c in ordre]
    try:
        lues = tuple(champ.to_python(valeur) for champ, valeur in zip(champs, ecrites, strict=True))
    except (ValidationError, OverflowError):
        return ()
    return () if any(isinstance(v, datetime) and v.tzinfo is None for v in lues) else lues
