"""Finding enrolments by what the screens write of them."""

from collections.abc import Callable
from functools import reduce
from operator import or_

from django.db.models import CharField, Expression, F, Func, Q, QuerySet

from segurnum.enrolements.models import Enrolement


def numero_ecrit() -> Expression:
    """« ENR0079 », as the model writes it."""
    return Func(
        F("sequence"),
        template="'ENR' || lpad(%(expressions)s::text, greatest(4, length(%(expressions)s::text)), '0')",
        output_field=CharField(),
    )


def sans_suffixe(numero: str) -> str:
    """« ENR0622M0 », as the confirmation writes it, is found as « ENR0622 »."""
    return "".join(numero.split()).upper().removesuffix("M0")


def de_numero(lignes: QuerySet[Enrolement], numero: str) -> QuerySet[Enrolement]:
    """The one that « ENR0079 » names; none for what is not such a number."""
    chiffres = numero.removeprefix("ENR").removesuffix("M0")
    if not (numero.startswith("ENR") and chiffres.isascii() and chiffres.isdigit() and len(chiffres) < 10):
        return lignes.none()
    return lignes.filter(sequence=int(chiffres))


def du_type(lignes: QuerySet[Enrolement], retenu: Callable[[str], bool]) -> QuerySet[Enrolement]:
    """Those whose type, as the screens say it – by two columns – is `retenu`."""
    sortes = [{"type": un, "anticipe": anticipe} for un in Enrolement.Type for anticipe in (False, True)]
    voulues = [Q(**sorte) for sorte in sortes if retenu(Enrolement(**sorte).libelle_type)]
    return lignes.filter(reduce(or_, voulues)) if voulues else lignes.none()
