"""The engine's report on a converted spreadsheet: the same findings, at the cells that the person can see."""

from __future__ import annotations

from dataclasses import replace

from segurnum.controles.rapport import Anomalie, Rapport
from segurnum.tableurs.remarques import place
from segurnum.tableurs.resultat import Conversion, generique

# What the engine says of JSON, as a spreadsheet shows it.
_MOTS = (
    (" (entre guillemets)", ""),
    (" (sans guillemets)", ""),
    ("true ou false", "oui ou non"),
    (" vaut true", " vaut oui"),
    (" vaut false", " vaut non"),
    (", pas null", ", pas une cellule vide"),
    (" vaut null", " est vide"),
    ("écrivez null", "videz la cellule"),
)


def situer(conversion: Conversion, rapport: Rapport | None) -> Rapport:
    """What is said of the sheet, then what the engine says of its requests, at their cells.

    `rapport` is None when there was nothing to check. Nothing more is said of a cell that was not understood, nor of a
    column that is not there.
    """
    if rapport is None:
        return Rapport(conversion.dsr, conversion.type, 0, list(conversion.remarques))
    deja = {(remarque.ligne, remarque.colonne) for remarque in conversion.remarques if remarque.est_erreur}
    situees = [
        _situee(conversion, anomalie)
        for anomalie in rapport.anomalies
        if generique(anomalie.chemin) not in conversion.absentes
    ]
    du_moteur = [anomalie for anomalie in situees if (anomalie.ligne, anomalie.colonne) not in deja]
    du_moteur.sort(key=lambda anomalie: (anomalie.ligne or 0, anomalie.colonne or 0))
    return replace(rapport, anomalies=[*conversion.remarques, *du_moteur], texte="")


def _situee(conversion: Conversion, anomalie: Anomalie) -> Anomalie:
    message = anomalie.message
    for du_json, du_tableur in _MOTS:
        message = message.replace(du_json, du_tableur)
    if not anomalie.chemin.startswith("lignesImport["):
        return replace(anomalie, message=message, ligne=None, colonne=None)
    ligne, colonne = conversion.cellule(anomalie.chemin)
    ou = place(conversion.feuille, ligne, colonne, conversion.titres.get(str(colonne)))
    if colonne is None:
        ou = f"{ou} ({anomalie.chemin.rpartition('.')[2]})"
    return replace(
        anomalie, message=message, chemin=ou, ligne=ligne + 1, colonne=1 if colonne is None else colonne + 1
    )
