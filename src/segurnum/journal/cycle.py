"""What every life cycle does alike: look the step up in its table, take the status, journal.

Each app's own `cycle` says what it is about: how a thing is locked, what else a step changes, the mail that it sends.
"""

from collections.abc import Mapping
from typing import Any, Protocol, TypeVar

from segurnum.comptes.auteurs import Auteur
from segurnum.comptes.droits import exiger
from segurnum.journal import services as journal
from segurnum.journal.preuves import prouver
from segurnum.regles import calendrier
from segurnum.regles.cycles import EnumLibelle, Transition, transition
from segurnum.regles.erreurs import exiger_motif

S = TypeVar("S", bound=EnumLibelle)
G = TypeVar("G", bound=EnumLibelle)


class Chose(Protocol):
    """What has a status and a sequence in the journal: `objet` names it there."""

    statut: Any
    statut_depuis: Any

    @property
    def objet(self) -> str: ...

    @property
    def chaine(self) -> str: ...

    def save(self) -> None: ...


def passage(
    table: tuple[Transition[S, G], ...],
    depuis: S,
    geste: G,
    auteur: Auteur,
    motif: str = "",
    *,
    objet: object,
) -> Transition[S, G]:
    """The table's row for this gesture on a thing that belongs to a company.

    Raises TransitionRefusee, DroitRefuse or GesteImpossible with the reason why not.
    """
    trouvee = transition(table, depuis, geste, auteur.role)
    exiger(auteur, geste, objet)
    if trouvee.motif_obligatoire:
        exiger_motif(motif)
    return trouvee


def franchir(
    chose: Chose,
    pas: Transition[Any, Any],
    auteur: Auteur,
    *,
    motif: str = "",
    details: Mapping[str, Any] | None = None,
) -> None:
    """Make the step: the thing is saved whole, with what the caller changed on it, and journalled.

    `details` are never erased: no personal data in them.
    """
    if pas.vers is None:
        raise AssertionError("ce geste supprime : il ne donne pas de statut")
    chose.statut, chose.statut_depuis = pas.vers, calendrier.maintenant()
    chose.save()
    noter(chose, pas.geste, auteur, avant=pas.depuis, motif=motif, details=details)


def noter(
    chose: Chose,
    geste: str,
    auteur: Auteur,
    *,
    avant: str = "",
    motif: str = "",
    details: Mapping[str, Any] | None = None,
) -> None:
    """Write in the journal what was done to a thing, in the status that it has now, and what proves its row."""
    fait = journal.Fait(
        chaine=chose.chaine,
        objet=chose.objet,
        geste=geste,
        auteur=auteur,
        avant=avant,
        apres=chose.statut,
        motif=motif,
        details=prouver(chose) | dict(details or {}),
    )
    journal.consigner([fait])
