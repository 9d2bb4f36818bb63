"""What the demonstration writes by itself, and that no gesture tells: the journal tells it as it is found."""

from segurnum.comptes.auteurs import PORTAIL
from segurnum.journal.preuves import prouver_chacune
from segurnum.journal.services import Fait, consigner
from segurnum.referentiel.models import FenetreDepot, Referencement
from segurnum.referentiel.plafonds import importes

CONSTATER = "CONSTATER"


def constater() -> None:
    """Software, windows and ceilings, once all of them are there."""
    for lignes in (list(Referencement.objects.order_by("pk")), list(FenetreDepot.objects.order_by("pk"))):
        preuves = prouver_chacune(lignes)
        consigner(
            Fait(
                chaine=ligne.chaine,
                objet=ligne.chaine,
                geste=CONSTATER,
                auteur=PORTAIL,
                details=preuves[ligne.pk],
            )
            for ligne in lignes
        )
    consigner(
        [Fait(chaine="plafonds", objet="plafonds", geste=CONSTATER, auteur=PORTAIL, details=importes())]
    )
