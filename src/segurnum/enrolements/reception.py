"""Storing a file of an enrolment, once the antivirus has looked at it."""

from typing import BinaryIO

from segurnum.fichiers import services as fichiers
from segurnum.fichiers.antivirus import AntivirusIndisponible
from segurnum.fichiers.models import Analyse, Fichier
from segurnum.regles.erreurs import GesteImpossible


def recevoir(*, flux: BinaryIO, nom: str, type_mime: str) -> Fichier:
    """Keep a file that passed the checks of its screen. Raises GesteImpossible for a threat, or without an answer."""
    fichier = fichiers.deposer(flux=flux, type_mime=type_mime)
    try:
        infecte = fichiers.analyser(fichier).analyse == Analyse.INFECTE
    except AntivirusIndisponible as panne:
        raise GesteImpossible(
            f"Le fichier « {nom} » n'a pas pu être contrôlé par l'antivirus : recommencez dans quelques minutes."
        ) from panne
    if infecte:
        raise GesteImpossible(
            f"L'antivirus a trouvé une menace dans le fichier « {nom} » : déposez un fichier sain."
        )
    return fichier
