"""What was done to a number of the referential, in the words of the screens."""

from dataclasses import dataclass
from datetime import datetime

from segurnum.journal.models import Evenement
from segurnum.journal.queries import evenements_de
from segurnum.referentiel import services
from segurnum.referentiel.models import Referencement
from segurnum.referentiel.saisie import LIBELLES
from segurnum.referentiel.tableur import Changement

_GESTES = {services.CREER: "Création", services.MODIFIER: "Modification"}


@dataclass(frozen=True)
class Moment:
    instant: datetime
    qui: str
    geste: str
    changements: tuple[Changement, ...]


def moments(reference: Referencement) -> list[Moment]:
    """The journal of a number, newest first."""
    return [_moment(evenement) for evenement in evenements_de(reference.chaine).order_by("-rang")]


def _moment(evenement: Evenement) -> Moment:
    valeurs = evenement.details.get("valeurs", {})
    return Moment(
        instant=evenement.instant,
        qui=evenement.acteur.get_username() if evenement.acteur else "le portail",
        geste=_GESTES.get(evenement.geste, evenement.geste),
        changements=tuple(
            Changement(LIBELLES.get(champ, champ), avant, apres) for champ, (avant, apres) in valeurs.items()
        ),
    )
