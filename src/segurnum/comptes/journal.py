"""What happens to an account, in the journal: one chain per person."""

from collections.abc import Mapping
from typing import Any

from segurnum.comptes.auteurs import Auteur
from segurnum.comptes.models import Utilisateur
from segurnum.journal import services as journal
from segurnum.journal.preuves import prouver

# What changes who a person is or may act for: a sign-in tells nothing of it, or it would cover what was falsified.
DROITS = frozenset(
    {
        *(
            "OUVRIR_ACCES",
            "ETENDRE_ACCES",
            "CHANGER_ROLE",
            "RETIRER_ACCES",
            "SUIVRE_TITULAIRE",
            "CEDER_COMPTE",
        ),
        *("INVITER_AGENT", "CHANGER_PROFIL", "FERMER_COMPTE", "ROUVRIR_COMPTE"),
    }
)


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
        details=dict(details or {}) | (prouver(personne) if geste in DROITS else {}),
    )
    journal.consigner([fait])
