"""What the journal keeps of a request beside its versions: its amounts as they were, its pieces that came and went."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from segurnum.demandes.models import Demande
from segurnum.demandes.versions import VersionAffichee, historique
from segurnum.journal import pieces
from segurnum.journal.chronologie import Moment, chronologie
from segurnum.journal.queries import evenements_de


@dataclass(frozen=True)
class Montants:
    """The amounts of a request at one moment, in euros.

    `retenus`: net of tax, with tax, decided; empty before a first look, and once nothing will be decided.
    """

    declare: Decimal | None
    taux_tva: Decimal
    retenus: tuple[Decimal, ...]


def montants_du_jour(demande: Demande) -> Montants:
    lus = (demande.engagement_ht, demande.engagement, demande.montant_decide)
    return Montants(demande.montant_declare, demande.taux_tva, _tous(lus) if demande.instruite else ())


def _tous(lus: Iterable[Decimal | None]) -> tuple[Decimal, ...]:
    """A request that is rejected keeps what was engaged, and decides nothing: it shows none of them."""
    connus = list(lus)
    return () if None in connus else tuple(lu for lu in connus if lu is not None)


def montants_de_la_version(demande: Demande, rang: int) -> Montants | None:
    """As they stood when the next version took its place; None where the journal did not keep them yet."""
    dernier = (
        evenements_de(demande.dossier.chaine)
        .filter(details__numero=demande.numero, details__etat__version=str(rang))
        .order_by("-rang")
        .first()
    )
    return _lire(dernier.details["etat"]) if dernier else None


def _lire(etat: Mapping[str, str]) -> Montants:
    dits = (etat[nom] for nom in ("engagement_ht", "engagement", "montant_decide"))
    lus = (Decimal(dit) if dit else None for dit in dits)
    declare = Decimal(etat["montant_declare"]) if etat["montant_declare"] else None
    return Montants(declare, Decimal(etat["taux_tva"]), _tous(lus))


def historique_complet(demande: Demande) -> list[VersionAffichee]:
    """Every version, newest first, each with the pieces that came or went on the way to it.

    Those that did since the last version stand with it. The request is read by `queries.avec_tout`.
    """
    affichees = historique(demande)
    restants = _mouvements(demande)
    completes = []
    for affichee, suivante in zip(affichees, [*affichees[1:], None], strict=True):
        depuis = suivante.version.cree_le if suivante else None
        siens = [m for m in restants if depuis is None or m.instant > depuis]
        restants = restants[len(siens) :]
        completes.append(replace(affichee, pieces=tuple(siens)))
    return completes


def _mouvements(demande: Demande) -> list[Moment]:
    """Every piece that was added, taken back or dropped since the deposit, the last one first."""
    evenements = evenements_de(demande.dossier.chaine).filter(
        geste__in=pieces.GESTES, details__numero=demande.numero
    )
    return chronologie(evenements, demande.dossier.numero)
