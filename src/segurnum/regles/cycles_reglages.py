"""Life cycle of what is proposed of the calendar, the scales and the ceilings (see `cycles`).

Nobody puts in force what he wrote: whoever approves is another person, which the service checks (GST-027, GST-029).
"""

from segurnum.regles.cycles import Acteur, EnumLibelle, Transition


class StatutProjet(EnumLibelle):
    """Status of a proposal, labelled as on screen."""

    BROUILLON = "BROUILLON", "Brouillon"
    A_APPROUVER = "A_APPROUVER", "À approuver"
    APPROUVE = "APPROUVE", "Approuvé"
    REFUSE = "REFUSE", "Refusé"
    ABANDONNE = "ABANDONNE", "Abandonné"


class GesteProjet(EnumLibelle):
    """What can be done to a proposal."""

    CORRIGER = "CORRIGER", "Corriger le brouillon"
    SOUMETTRE = "SOUMETTRE", "Soumettre à approbation"
    REPRENDRE = "REPRENDRE", "Reprendre le brouillon"
    APPROUVER = "APPROUVER", "Approuver"
    REFUSER = "REFUSER", "Refuser"
    ABANDONNER = "ABANDONNER", "Abandonner"


_S, _G = StatutProjet, GesteProjet
Passage = Transition[StatutProjet, GesteProjet]


def _ligne(
    depuis: StatutProjet, geste: GesteProjet, vers: StatutProjet, source: str, *, motif: bool = False
) -> Passage:
    return Transition(depuis, geste, frozenset({Acteur.ADMINISTRATION}), vers, None, motif, source)


STATUTS_PROJET_INITIAUX = {StatutProjet.BROUILLON: "Saisie ou fichier (GST-027, GST-029)"}

PROJET: tuple[Passage, ...] = (
    _ligne(_S.BROUILLON, _G.CORRIGER, _S.BROUILLON, "GST-027, GST-029"),
    _ligne(_S.BROUILLON, _G.SOUMETTRE, _S.A_APPROUVER, "GST-027, GST-029"),
    _ligne(_S.BROUILLON, _G.ABANDONNER, _S.ABANDONNE, "GST-027, GST-029"),
    _ligne(_S.A_APPROUVER, _G.APPROUVER, _S.APPROUVE, "GST-027, GST-029"),
    _ligne(_S.A_APPROUVER, _G.REFUSER, _S.REFUSE, "GST-027, GST-029", motif=True),
    _ligne(_S.A_APPROUVER, _G.REPRENDRE, _S.BROUILLON, "GST-027, GST-029"),
)


class GenreReglage(EnumLibelle):
    """What is proposed: its name on the screens."""

    FENETRES = "FENETRES", "Fenêtres de dépôt"
    BAREMES = "BAREMES", "Barèmes"
    PLAFONDS = "PLAFONDS", "Bénéficiaires éligibles et plafonds"
