"""A bank account as the journal tells it: enough to see that another took its place, nothing of what it is."""

import hashlib
from typing import Any

from django.db import transaction

from segurnum.comptes.auteurs import Auteur
from segurnum.comptes.models import CoordonneesBancaires, Entreprise
from segurnum.journal import services as journal
from segurnum.journal.preuves import prouver

RETENIR = "RETENIR_COMPTE"


def empreinte(compte: CoordonneesBancaires) -> str:
    """The digest of whose account it is, at which bank, under which name."""
    champs = (str(compte.entreprise_id), compte.iban, compte.bic, compte.titulaire)
    return hashlib.sha256("|".join(champs).encode()).hexdigest()


def identite(compte: CoordonneesBancaires) -> dict[str, Any]:
    """The details of an event about it."""
    return {"compte": compte.pk, "empreinte_compte": empreinte(compte)}


@transaction.atomic
def retenir(
    *, entreprise: Entreprise, auteur: Auteur, iban: str, bic: str, titulaire: str, domiciliation: str
) -> CoordonneesBancaires:
    """Keep the first account of a company, in use at once."""
    compte = CoordonneesBancaires.objects.create(
        entreprise=entreprise,
        statut=CoordonneesBancaires.Statut.ACTIVE,
        iban=iban,
        bic=bic,
        titulaire=titulaire,
        domiciliation=domiciliation,
    )
    journal.consigner(
        [
            journal.Fait(
                chaine=f"entreprise:{entreprise.siret}",
                objet=f"compte-bancaire:{compte.pk}",
                geste=RETENIR,
                auteur=auteur,
                apres=compte.statut,
                details={"iban": compte.iban_masque} | identite(compte) | prouver(compte),
            )
        ]
    )
    return compte
