"""What a query reads as the CSV that PostgreSQL writes itself: Python passes the bytes on, and looks at none."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

from django.db import connection
from django.db.models import BooleanField, CharField, Expression, F, Func, QuerySet, Value

FUSEAU = " AT TIME ZONE 'Europe/Paris'"
BLOC = 64 * 1024  # octets sent together


def copier(lignes: QuerySet[Any], separateur: str) -> Iterator[bytes]:
    """These rows, which say their columns (`values_list`): NULL is empty, what must be is quoted; no titles."""
    sql, valeurs = lignes.query.sql_with_params()
    with connection.cursor() as curseur:

        def executer(ordre: str, parametres: Any, *_: Any) -> Any:
            return curseur.cursor.copy(ordre, parametres)

        ordre = f"COPY ({sql}) TO STDOUT WITH (FORMAT csv, DELIMITER '{separateur}', ENCODING 'UTF8')"
        # As any statement: who holds the connection to reading holds this one.
        entoure: Callable[..., Any] = executer
        for autour in reversed(connection.execute_wrappers):
            entoure = partial(autour, entoure)
        contexte = {"connection": connection, "cursor": curseur}
        with connection.wrap_database_errors, entoure(ordre, valeurs, False, contexte) as copie:
            tampon = bytearray()
            for ligne in copie:
                tampon += ligne
                if len(tampon) >= BLOC:
                    yield bytes(tampon)
                    tampon.clear()
            yield bytes(tampon)


def une_de(cles: Sequence[int]) -> Func:
    """The rows of these keys, given as one value: given one by one (`pk__in`), they would cost more than the rows."""
    return Func(
        F("pk"),
        Value(f"{{{','.join(map(str, cles))}}}"),  # as PostgreSQL writes an array
        template="%(expressions)s::bigint[])",
        arg_joiner=" = ANY(",
        output_field=BooleanField(),
    )


def jour_ecrit(champ: str, *, fuseau: str = FUSEAU) -> Callable[[], Expression]:
    """An instant as the day of Paris that the screens show; a plain date with an empty `fuseau`."""
    return lambda: Func(
        F(champ), template=f"to_char(%(expressions)s{fuseau}, 'DD/MM/YYYY')", output_field=CharField()
    )
