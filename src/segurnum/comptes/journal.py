"""What happens to an account, in the journal: one chain per person."""

from collections.abc import Mapping
from typing import Any

from segurnum.comptes.auteurs import Auteur
from segurnum.comptes.models import Utilisateur
from segurnum.journal import services as journal


def consigner(
    personne: Utilisateur,
    geste: str,
    *,
    auteur: Auteur,
    avant: str = "",
    apres: str = "",
    details: Mapping[str, Any] | None = None,
) -> None:
    """Write a fact about an account in the caller's transaction."""
    Utilisateur.objects.select_for_update().get(pk=personne.pk)
    fait = journal.Fait(
        chaine=f"compte:{personne.pk}",
        objet=personne.objet,
        geste=geste,
        auteur=auteur,
        avant=avant,
        apres=apres,
        details=details or {},
    )
    journal.consigner([fait])
