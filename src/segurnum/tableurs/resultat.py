"""What came of a spreadsheet: its JSON, what was said of its cells, and where each value of the JSON stands in it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from segurnum.controles.codes_tableur import ILLISIBLE
from segurnum.controles.rapport import Anomalie
from segurnum.controles.travail import PHRASE_TRAVAIL
from segurnum.regles.cycles import TypeDemande
from segurnum.tableurs.remarques import Remarques


@dataclass
class Conversion:
    """What came of a spreadsheet. `octets`: the JSON, empty when none could be made.

    `lignes`: path of each element to its row (from 0); `colonnes`: path of each field to its column (from 0), `titres`:
    that column, as text, to its heading; `absentes`: paths of the fields that the sheet lacks, which is told.
    """

    dsr: str | None = None
    type: TypeDemande | None = None
    feuille: str = ""
    remarques: list[Anomalie] = field(default_factory=list)
    octets: bytes = b""
    lignes: dict[str, int] = field(default_factory=dict)
    colonnes: dict[str, int] = field(default_factory=dict)
    titres: dict[str, str] = field(default_factory=dict)
    absentes: list[str] = field(default_factory=list)

    @property
    def reussie(self) -> bool:
        """True when every cell was understood: the JSON says all that the sheet says."""
        return bool(self.octets) and not any(remarque.est_erreur for remarque in self.remarques)

    def cellule(self, chemin: str) -> tuple[int, int | None]:
        """Row and column (from 0) of a path of the JSON; the column is None for a whole row."""
        element = chemin
        while element and element not in self.lignes:
            element = element[: max(element.rfind("."), element.rfind("["), 0)]
        return self.lignes.get(element, 0), self.colonnes.get(generique(chemin))


def generique(chemin: str) -> str:
    """« lignesImport[].commande » of « lignesImport[3].commande »."""
    return re.sub(r"\[[0-9]+\]", "[]", chemin)


def refusee(dsr: str | None, type_demande: TypeDemande | None, phrase: str) -> Conversion:
    """The conversion of a workbook whose reading was stopped."""
    remarques = Remarques()
    remarques.du_fichier(ILLISIBLE, phrase or PHRASE_TRAVAIL)
    return Conversion(dsr, type_demande, remarques=remarques.anomalies)
