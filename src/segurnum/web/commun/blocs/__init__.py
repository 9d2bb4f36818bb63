"""The blocks of a consultation: from what was declared, stored and paid to what their templates print.

A builder takes a `Consultee` and returns what `commun/blocs/<code>.html` reads as `bloc`, or None to hide the block.
"""

from segurnum.web.commun.blocs.beneficiaires import administrateurs, beneficiaires
from segurnum.web.commun.blocs.consultee import Adresses, Consultee
from segurnum.web.commun.blocs.formulaire import formulaire
from segurnum.web.commun.blocs.informations import coordonnees, informations
from segurnum.web.commun.blocs.pieces import pieces
from segurnum.web.commun.blocs.scenario import scenario
from segurnum.web.commun.blocs.suites import courriels, suivi

CONSTRUCTEURS = {
    "informations": informations,
    "formulaire": formulaire,
    "coordonnees": coordonnees,
    "beneficiaires": beneficiaires,
    "administrateurs": administrateurs,
    "pieces": pieces,
    "scenario": scenario,
    "courriels": courriels,
    "suivi": suivi,
}

__all__ = ["CONSTRUCTEURS", "Adresses", "Consultee"]
