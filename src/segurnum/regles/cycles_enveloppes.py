"""Life cycle of a movement of credits: who proposes it does not approve it, which the service checks (see `cycles`)."""

from segurnum.regles.cycles import Acteur, EnumLibelle, Transition


class GenreMouvement(EnumLibelle):
    """What it does to the amount of an envelope."""

    CREDIT = "CREDIT", "Crédit"
    REDUCTION = "REDUCTION", "Réduction"
    VIREMENT = "VIREMENT", "Virement vers une autre enveloppe"


class StatutMouvement(EnumLibelle):
    A_APPROUVER = "A_APPROUVER", "À approuver"
    APPROUVE = "APPROUVE", "Approuvé"
    REFUSE = "REFUSE", "Refusé"
    RETIRE = "RETIRE", "Retiré"


class GesteMouvement(EnumLibelle):
    APPROUVER = "APPROUVER", "Approuver"
    REFUSER = "REFUSER", "Refuser"
    RETIRER = "RETIRER", "Retirer"


_S, _G = StatutMouvement, GesteMouvement
Passage = Transition[StatutMouvement, GesteMouvement]


def _ligne(geste: GesteMouvement, vers: StatutMouvement, *, motif: bool = False) -> Passage:
    acteurs = frozenset({Acteur.ADMINISTRATION})
    return Transition(_S.A_APPROUVER, geste, acteurs, vers, None, motif, "GST-016, GST-029")


STATUTS_MOUVEMENT_INITIAUX = {StatutMouvement.A_APPROUVER: "Proposition motivée (GST-016)"}

MOUVEMENT: tuple[Passage, ...] = (
    _ligne(_G.APPROUVER, _S.APPROUVE),
    _ligne(_G.REFUSER, _S.REFUSE, motif=True),
    _ligne(_G.RETIRER, _S.RETIRE),
)
