"""What is known of a company and of who stands for it, in the journal: in the chain of its bank accounts."""

from segurnum.comptes.auteurs import Auteur
from segurnum.comptes.models import Entreprise
from segurnum.journal import services as journal
from segurnum.journal.preuves import prouver

TENIR = "TENIR_ENTREPRISE"


def consigner(entreprise: Entreprise, *, auteur: Auteur) -> None:
    """Once it is written, in the caller's transaction: digests only, a name or an address never goes."""
    fait = journal.Fait(
        chaine=f"entreprise:{entreprise.siret}",
        objet=f"entreprise:{entreprise.pk}",
        geste=TENIR,
        auteur=auteur,
        details=prouver(entreprise),
    )
    journal.consigner([fait])
