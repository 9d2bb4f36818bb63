"""What the journal keeps of the loadings: one chain, since each of them changes what all counts are made from."""

from typing import Any

from segurnum.comptes.models import Utilisateur
from segurnum.journal.services import Fait, consigner

CHAINE = "annuaire-sante"


def consigner_geste(geste: str, objet: str, auteur: Utilisateur | None, **details: Any) -> None:
    consigner(
        [
            Fait(
                chaine=CHAINE,
                objet=objet[:60],
                geste=geste,
                role=auteur.profil if auteur else "SYSTEME",
                acteur=auteur.pk if auteur else None,
                details=details,
            )
        ]
    )
