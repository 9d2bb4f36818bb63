"""Requests in a spreadsheet: the model to fill in, what it says as the file that is deposited, and back.

Columns come from the declaration of the couloir (`plan`); what is read is judged by the engine, like any file.
"""

from segurnum.tableurs.classeur import classeur, classeur_du_rapport, modele
from segurnum.tableurs.conversion import convertir
from segurnum.tableurs.plan import Plan, plan_de
from segurnum.tableurs.rapports import situer
from segurnum.tableurs.resultat import Conversion

__all__ = [
    "Conversion",
    "Plan",
    "classeur",
    "classeur_du_rapport",
    "convertir",
    "modele",
    "plan_de",
    "situer",
]
