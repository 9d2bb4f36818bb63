"""GET never writes: a view answering GET or HEAD may only read, and the database wrapper makes sure of it."""

from collections.abc import Callable
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse

LECTURES = (
    "SELECT",
    "WITH",
    "EXPLAIN",
    "SHOW",
    "SAVEPOINT",
    "RELEASE",
    "ROLLBACK",
    "SET LOCAL",
    "DECLARE",
    "FETCH",
)


class EcritureInterdite(RuntimeError):
    """A page that is only looked at tried to change something: a defect of the portal."""


def _refuser_les_ecritures(
    executer: Callable[..., Any], sql: Any, parametres: Any, plusieurs: bool, contexte: dict[str, Any]
) -> Any:
    texte = str(sql).lstrip().upper()
    if not texte.startswith(LECTURES) or " FOR UPDATE" in texte:
        raise EcritureInterdite(f"Écriture pendant une lecture : {texte[:60]}")
    return executer(sql, parametres, plusieurs, contexte)


class GetEnLectureSeule:
    """Sessions are written outside of this middleware, before and after the view."""

    def __init__(self, suite: Callable[[HttpRequest], HttpResponse]) -> None:
        self.suite = suite

    def __call__(self, requete: HttpRequest) -> HttpResponse:
        if requete.method not in ("GET", "HEAD"):
            return self.suite(requete)
        with connection.execute_wrapper(_refuser_les_ecritures):
            return self.suite(requete)
