"""The files that the measures deposit: those of the demonstration, larger."""

import contextlib
from functools import cache
from typing import Any

from segurnum.comptes.models import Utilisateur
from segurnum.demonstration import fabrique
from segurnum.enrolements.models import Enrolement

DEMANDES = 200


@cache
def deposant() -> Utilisateur:
    return Utilisateur.objects.select_related("entreprise").get(username="demo-fournisseur")


@cache
def source() -> fabrique.Source:
    entreprise = deposant().entreprise
    assert entreprise is not None
    return fabrique.source_de(entreprise, "MS1-DUI")


def source_de_couloir(code: str) -> fabrique.Source | None:
    """Who deposits in a couloir; None when the demonstration enrols nobody there."""
    for personne in Utilisateur.objects.filter(entreprise__isnull=False).select_related("entreprise"):
        if personne.entreprise is not None:
            with contextlib.suppress(Enrolement.DoesNotExist):
                return fabrique.source_de(personne.entreprise, code)
    return None


def fichier_d_avances(nombre: int) -> dict[str, Any]:
    """A conforming MS1 file whose beneficiaries no request bears yet."""
    return fabrique.fichier_d_avances(source(), nombre)
