"""What is said of a sheet, at its rows and columns: the same anomalies as the engine's, placed by cells."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from xlsxwriter.utility import xl_rowcol_to_cell

from segurnum.controles.catalogue import Code
from segurnum.controles.lecture import ANOMALIES_MAX
from segurnum.controles.rapport import Anomalie
from segurnum.regles.textes import lisible
from segurnum.tableurs.plan import CLE, Colonne

# Beyond, cells of one column that are read alike are told together.
DITES_PAR_COLONNE = 5


@dataclass
class Remarques:
    """Gathers them. `places`: the column of the sheet of each field, `titres` what the sheet calls it."""

    feuille: str = ""
    places: dict[Colonne, int] = field(default_factory=dict)
    titres: dict[int, str] = field(default_factory=dict)
    anomalies: list[Anomalie] = field(default_factory=list)
    comptes: Counter[tuple[str, int]] = field(default_factory=Counter)

    def du_fichier(self, code: Code, message: str) -> None:
        self.anomalies.append(
            Anomalie(code.code, code.severite, message, self.feuille and f"Feuille « {self.feuille} »")
        )

    def sur_la_ligne(self, code: Code, ligne: int, message: str) -> None:
        self.a_la_place(code, ligne, None, message)

    def sur_la_cellule(self, code: Code, ligne: int, colonne: Colonne, message: str) -> None:
        self.a_la_place(code, ligne, self.places.get(colonne), message)

    def a_la_place(self, code: Code, ligne: int, colonne: int | None, message: str) -> None:
        """`ligne` and `colonne` from 0."""
        if len(self.anomalies) > ANOMALIES_MAX:
            return
        if code.severite != "erreur" and colonne is not None:
            self.comptes[code.code, colonne] += 1
            if self.comptes[code.code, colonne] > DITES_PAR_COLONNE:
                return
        self.anomalies.append(
            Anomalie(
                code.code,
                code.severite,
                message,
                place(self.feuille, ligne, colonne, None if colonne is None else self.titres.get(colonne)),
                ligne + 1,
                1 if colonne is None else colonne + 1,
            )
        )

    def rattacher(self, de_qui: Mapping[int, int], demandes: Sequence[Mapping[str, Any]]) -> None:
        """Say which request each remark on a row is about. `de_qui`: the rank of the request of each row."""
        self.anomalies = [_de_la_demande(une, de_qui, demandes) for une in self.anomalies]

    def tues(self) -> dict[int, int]:
        """How many cells of each column were read in the same way as those that are told."""
        tues: Counter[int] = Counter()
        for (_, colonne), nombre in self.comptes.items():
            tues[colonne] += max(nombre - DITES_PAR_COLONNE, 0)
        return {colonne: nombre for colonne, nombre in tues.items() if nombre}


def _de_la_demande(
    anomalie: Anomalie, de_qui: Mapping[int, int], demandes: Sequence[Mapping[str, Any]]
) -> Anomalie:
    rang = None if anomalie.ligne is None else de_qui.get(anomalie.ligne - 1)
    if rang is None or rang >= len(demandes):
        return anomalie
    numero, ligne = demandes[rang].get(CLE), demandes[rang].get("numLigne")
    return replace(
        anomalie,
        demande=rang,
        numLigne=ligne if isinstance(ligne, int) else None,
        numeroEditeur=lisible(numero) if isinstance(numero, str) else None,
    )


def place(feuille: str, ligne: int, colonne: int | None, titre: str | None) -> str:
    """« Demandes!C7 (Date de la commande) », « ligne 7 » of no column. `titre`: what the sheet calls the column."""
    if colonne is None:
        return f"{feuille}, ligne {ligne + 1}" if feuille else f"ligne {ligne + 1}"
    cellule = f"{feuille}!" if feuille else ""
    cellule += xl_rowcol_to_cell(ligne, colonne)
    return f"{cellule} ({titre})" if titre else cellule
