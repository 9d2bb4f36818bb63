"""What the journal keeps of the loadings: one chain, since each of them changes what all counts are made from."""

from typing import Any

from segurnum.annuaire_sante.models import CHAINE
from segurnum.comptes.auteurs import Auteur
from segurnum.journal.services import Fait, consigner


def consigner_geste(geste: str, objet: str, auteur: Auteur, **details: Any) -> None:
    consigner(
        [
            Fait(
                chaine=CHAINE,
                objet=objet[:60],
                geste=geste,
                auteur=auteur,
                details=details,
            )
        ]
    )
