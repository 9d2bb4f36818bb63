"""Reading the journal, and proving that nobody rewrote it."""

from collections.abc import Iterator

from django.db import connection, transaction
from django.db.models import Q, QuerySet

from segurnum.journal.empreintes import LIRE, Lu, Rupture, suivre
from segurnum.journal.models import Evenement

TRANCHE = 2_000  # events held at a time


def evenements_de(chaine: str) -> QuerySet[Evenement]:
    return Evenement.objects.filter(chaine=chaine).select_related("acteur").order_by("rang")


def de_tout() -> QuerySet[Evenement]:
    """Every event of every chain, the last first."""
    return Evenement.objects.select_related("acteur").order_by("-pk")


def sur(evenements: QuerySet[Evenement], quoi: str) -> QuerySet[Evenement]:
    """Those of a dossier or of an enrolment by its number, of a chain or of an object as the journal names it."""
    nom = quoi.strip()
    numero = nom.upper()
    chaines = [nom, f"dossier:{numero}", f"dossier:{numero[:-2]}", f"enrolement:{numero}"]
    return evenements.filter(Q(chaine__in=chaines) | Q(objet=nom))


def parcourir() -> Iterator[Lu]:
    """Every event, chain after chain, in one statement that is read as it goes."""
    yield from map(Lu._make, lire_par_tranches("journal_lu", LIRE))


def lire_par_tranches(nom: str, ordre: str) -> Iterator[tuple[object, ...]]:
    """The rows of a query, however many: a cursor of the server, which a pooler by transactions lets through."""
    with transaction.atomic(), connection.cursor() as curseur:
        curseur.execute(f"DECLARE {nom} NO SCROLL CURSOR FOR {ordre}")
        while True:
            curseur.execute(f"FETCH {TRANCHE} FROM {nom}")
            lignes = curseur.fetchall()
            yield from lignes
            if len(lignes) < TRANCHE:
                break
        curseur.execute(f"CLOSE {nom}")


def ruptures() -> list[Rupture]:
    """Every event whose digest, predecessor or rank is not what the chain requires.

    What was cut from the end of a chain leaves no trace inside it: see `tetes`.
    """
    return list(suivre(parcourir()))
