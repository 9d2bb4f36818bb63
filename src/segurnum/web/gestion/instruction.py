"""What the pages of instruction do alike: what comes after in the queue, a gesture on what was read."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import Q, QuerySet

from segurnum.comptes.auteurs import Auteur
from segurnum.web.kits.geste import Geste, Saisie

L = TypeVar("L")


def suivante(file: QuerySet[Any], ligne: Any) -> Any:
    """What to open after this one: the next of the queue, oldest first, or at its end the first one left."""
    autres = file.exclude(pk=ligne.pk)
    apres = Q(depose_le__gt=ligne.depose_le) | Q(depose_le=ligne.depose_le, pk__gt=ligne.pk)
    return autres.filter(apres).first() or autres.first()


@transaction.atomic
def executer(choisi: Geste[L], actuel: Callable[[], L], auteur: Auteur, saisie: Saisie) -> None:
    """Make the gesture on what it is made on as it is now: `actuel` holds it, or refuses."""
    choisi.agir(actuel(), auteur, saisie)
