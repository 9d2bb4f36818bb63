"""The series of enrolment numbers."""

from django.db import connection


def numero_suivant() -> int:
    """The next number of the series; a number is never given twice (ENR-060)."""
    with connection.cursor() as curseur:
        curseur.execute("SELECT nextval('enrolement_sequence')")
        return int(curseur.fetchone()[0])
