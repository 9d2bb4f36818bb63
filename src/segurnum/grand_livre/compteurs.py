"""How many requests are in each status, and for how much: kept by the database as they change, exact at any instant."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import connection
from django.db.models import OuterRef, Subquery, Sum

from segurnum.demandes.models import Demande
from segurnum.grand_livre.models import Compteur
from segurnum.regles.cycles import StatutDemande

# Readers see the rows before or after, never both; two jobs at once take each row once.
_RESUMER = """
WITH lues AS (DELETE FROM grand_livre_compteur RETURNING dsr, statut, nombre, somme, negatives)
INSERT INTO grand_livre_compteur (dsr, statut, nombre, somme, negatives)
SELECT dsr, statut, sum(nombre), sum(somme), sum(negatives) FROM lues GROUP BY dsr, statut
HAVING sum(nombre) <> 0 OR sum(somme) <> 0 OR sum(negatives) <> 0
"""


@dataclass(frozen=True)
class Compte:
    """The requests of one couloir in one status. `somme`: euros to pay, overpayments apart (`negatives`)."""

    dsr: str
    nombre: int
    somme: Decimal
    negatives: int
    ancienne: datetime


def par_dsr(statut: StatutDemande) -> list[Compte]:
    """In one statement, whose cost does not depend on how many requests there are."""
    plus_ancienne = Demande.objects.filter(statut=statut, dsr=OuterRef("dsr")).order_by("depose_le")
    lignes = (
        Compteur.objects.filter(statut=statut)
        .values("dsr")
        .annotate(combien=Sum("nombre"), total=Sum("somme"), moindres=Sum("negatives"))
        .filter(combien__gt=0)
        .annotate(ancienne=Subquery(plus_ancienne.values("depose_le")[:1]))
        .order_by("dsr")
    )
    return [
        Compte(ligne["dsr"], ligne["combien"], ligne["total"], ligne["moindres"], ligne["ancienne"])
        for ligne in lignes
    ]


def resumer() -> None:
    """Make one row of those of each status and couloir. What they say together does not change."""
    with connection.cursor() as curseur:
        curseur.execute(_RESUMER)
