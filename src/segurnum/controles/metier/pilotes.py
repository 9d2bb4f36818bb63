"""Pilot sites: a software shows that it works on a few of them before the soldes of the others."""

from __future__ import annotations

from typing import cast

from segurnum.controles.depot import Depot, chemin
from segurnum.controles.metier import Trouvailles, regle
from segurnum.couloirs.nomenclature import PIECES, PV_PILOTE
from segurnum.regles.cycles import TypeDemande


@regle(
    code="3066",
    titre="Sites pilotes pas encore validés",
    exige=("pilotes",),
    pour=TypeDemande.SOLDE,
    si=lambda depot: depot.couloir.pilotes > 0,
    explication="Les soldes des sites pilotes du logiciel sont validés avant que les autres soldes soient reçus.",
    remede="Joignez le procès-verbal du site pilote, ou attendez que les soldes pilotes soient validés.",
)
def pilotes_valides(depot: Depot) -> Trouvailles:
    """A solde with the report of a pilot site is that of a pilot (appel à financement, § 6.3)."""
    valides, attendus = cast(int, depot.contexte.pilotes), depot.couloir.pilotes
    if valides >= attendus:
        return
    for rang, demande in depot.demandes:
        if PV_PILOTE not in {piece["typeFichier"] for piece in demande[PIECES]}:
            message = (
                f"Pour ce logiciel, {valides} des {attendus} soldes de sites pilotes sont validés : un solde sans "
                f"pièce {PV_PILOTE} les attend."
            )
            yield chemin(rang, PIECES), message
