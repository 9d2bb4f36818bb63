"""GET never writes: what answers a method without a CSRF token is in a transaction that PostgreSQL holds to reading.

A read-only transaction and not a setting of the connection: it ends with the answer, and nothing of it can follow the
connection to whoever the pool lends it to next.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import DatabaseError, connection, transaction
from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse

# The methods that Django asks no CSRF token of (RFC 9110, 9.2.1).
SANS_JETON = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
_REFUS = "25006"  # read_only_sql_transaction


class EcritureInterdite(RuntimeError):
    """A page that is only looked at tried to change something: a defect of the portal."""


class _Lecture:
    """Opens the read-only transaction at the first statement: a page that reads nothing asks nothing of the base."""

    def __init__(self) -> None:
        self._blocs = len(connection.savepoint_ids), connection.in_atomic_block
        self._transaction: transaction.Atomic | None = None
        self._profondeur = 0

    def __call__(
        self,
        executer: Callable[..., Any],
        sql: Any,
        parametres: Any,
        plusieurs: bool,
        contexte: dict[str, Any],
    ) -> Any:
        if self._transaction is None:
            self._ouvrir()
        try:
            return executer(sql, parametres, plusieurs, contexte)
        except DatabaseError as erreur:
            self._oublier()
            if getattr(erreur.__cause__, "sqlstate", None) != _REFUS:
                raise
            raise EcritureInterdite(f"Écriture pendant une lecture : {str(sql).lstrip()[:60]}") from erreur

    def _ouvrir(self) -> None:
        if (len(connection.savepoint_ids), connection.in_atomic_block) == self._blocs:
            self._transaction = transaction.atomic()  # known first: what opens it passes through here too
            try:
                self._transaction.__enter__()
            except DatabaseError:
                self._transaction = None
                raise
            self._profondeur = len(connection.savepoint_ids)
        # Otherwise the view has opened its own, which ends by itself: it is held in its turn.
        _ordonner("SET TRANSACTION READ ONLY")

    def _oublier(self) -> None:
        """After an error the transaction answers nothing more: the next statement, of an error page maybe, has its own.

        One that the view has opened inside ends by itself.
        """
        if self._transaction is not None and len(connection.savepoint_ids) == self._profondeur:
            self.fermer()

    def fermer(self) -> None:
        """Nothing was written: there is nothing to commit, even after an error that the view has dealt with."""
        if (
            self._transaction is not None and connection.in_atomic_block
        ):  # otherwise it ended with its connection
            transaction.set_rollback(True)
            self._transaction.__exit__(None, None, None)
        self._transaction = None  # last: what ends it passes through here too


def _ordonner(ordre: str) -> None:
    """Past the wrappers, whose own statement this is."""
    with connection.cursor() as curseur:
        curseur.cursor.execute(ordre)


@contextmanager
def lecture_seule() -> Iterator[None]:
    """Everything inside may only read; PostgreSQL refuses the rest, told as EcritureInterdite."""
    lecture = _Lecture()
    try:
        with connection.execute_wrapper(lecture):
            yield
    finally:
        lecture.fermer()


class GetEnLectureSeule:
    """Sessions are written outside of this middleware, before and after the view."""

    def __init__(self, suite: Callable[[HttpRequest], HttpResponse]) -> None:
        self.suite = suite

    def __call__(self, requete: HttpRequest) -> HttpResponse:
        if requete.method not in SANS_JETON:
            return self.suite(requete)
        with lecture_seule():
            reponse = self.suite(requete)
        if isinstance(reponse, StreamingHttpResponse) and not isinstance(reponse, FileResponse):
            reponse.streaming_content = en_lisant(reponse.streaming_content)
        return reponse


def en_lisant(contenu: Any) -> Iterator[Any]:
    """The body of an export, whose rows are read while it is sent, long after the view has answered."""
    with lecture_seule():
        yield from contenu
