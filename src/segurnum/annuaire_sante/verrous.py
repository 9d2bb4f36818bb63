"""What waits for what among those who load, confirm, and deposit."""

from django.db import connection

# Any three numbers that nothing else locks: who types a domain does not wait for the end of a long loading, and who
# deposits a solde waits only for a gesture that changes the counts of all.
EXTRAITS, DOMAINES, COMPTES = 71_717_172, 71_717_173, 71_717_175


def un_a_la_fois(verrou: int) -> None:
    """Until the end of the transaction."""
    with connection.cursor() as curseur:
        curseur.execute("SELECT pg_advisory_xact_lock(%s)", [verrou])


def lire_les_comptes() -> None:
    """Many may, and no gesture changes what is counted for all until they have written what they read."""
    with connection.cursor() as curseur:
        curseur.execute("SELECT pg_advisory_xact_lock_shared(%s)", [COMPTES])
