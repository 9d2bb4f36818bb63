"""Requests in a spreadsheet: the model to fill in, what it says as the file that is deposited, and back.

Columns come from the declaration of the couloir (`plan`); what is read is judged by the engine, like any file.
"""

from segurnum.tableurs.classeur import classeur, modele
from segurnum.tableurs.conversion import Conversion, convertir
from segurnum.tableurs.plan import Plan, plan_de
from segurnum.tableurs.rapports import situer

__all__ = ["Conversion", "Plan", "classeur", "convertir", "modele", "plan_de", "situer"]
