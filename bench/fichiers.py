"""The files that the measures deposit: those of the demonstration, larger."""

from functools import cache
from typing import Any

from segurnum.comptes.models import Utilisateur
from segurnum.demonstration import fabrique

DEMANDES = 200


@cache
def deposant() -> Utilisateur:
    return Utilisateur.objects.select_related("entreprise").get(username="demo-fournisseur")


@cache
def source() -> fabrique.Source:
    entreprise = deposant().entreprise
    assert entreprise is not None
    return fabrique.source_de(entreprise, "MS1-DUI")


def fichier_d_avances(nombre: int) -> dict[str, Any]:
    """A conforming MS1 file whose beneficiaries no request bears yet."""
    return fabrique.fichier_d_avances(source(), nombre)
