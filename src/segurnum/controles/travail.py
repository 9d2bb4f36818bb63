"""What is said of a file whose reading was stopped: it asked for more work than a file may."""

from __future__ import annotations

from segurnum.controles.catalogue import ERREUR, declarer
from segurnum.controles.problemes import Probleme, lisible, probleme

TRAVAIL = declarer(
    "4190",
    "Fichier qui demande trop de travail",
    ERREUR,
    "Le contrôle du fichier a été arrêté : il demandait trop de temps de calcul ou trop de mémoire pour un fichier "
    "de ce format, ou il était fait pour l'arrêter.",
    "Produisez à nouveau le fichier, plus simplement : un PDF imprimé dans un nouveau PDF, une image exportée de "
    "nouveau en 200 ou 300 points par pouce.",
)


def trop_de_travail(nom: str) -> Probleme:
    """The problem of one named file whose reading was stopped."""
    return probleme(
        TRAVAIL,
        f"le fichier « {lisible(nom)} » demande trop de travail : son contrôle a été arrêté. Produisez-le à nouveau, "
        "plus simplement.",
    )
