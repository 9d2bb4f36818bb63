"""What is said of a file whose reading was stopped: it asked for more work than a file may."""

from __future__ import annotations

from segurnum.controles.catalogue import ERREUR, declarer
from segurnum.controles.problemes import Probleme, lisible, probleme

_EXPLICATION = (
    "Le contrôle du fichier a été arrêté : il demandait trop de temps de calcul ou trop de mémoire pour un fichier "
    "de ce format, ou il était fait pour l'arrêter."
)
_OCCUPE = (
    "Le portail contrôlait déjà trop de fichiers au moment de l'envoi, ou son contrôle ne répondait pas."
)
_ATTENDRE = "Recommencez dans une minute : le fichier n'est pas en cause."

TRAVAIL_JSON = declarer(
    "1090",
    "Fichier qui demande trop de travail",
    ERREUR,
    _EXPLICATION,
    "Repartez du modèle de fichier publié, ou partagez les demandes entre plusieurs fichiers.",
)
OCCUPE_JSON = declarer("1091", "Contrôle occupé", ERREUR, _OCCUPE, _ATTENDRE)
TRAVAIL = declarer(
    "4190",
    "Fichier qui demande trop de travail",
    ERREUR,
    _EXPLICATION,
    "Produisez à nouveau le fichier, plus simplement : un PDF imprimé dans un nouveau PDF, une image exportée de "
    "nouveau en 200 ou 300 points par pouce.",
)
OCCUPE = declarer("4191", "Contrôle occupé", ERREUR, _OCCUPE, _ATTENDRE)

PHRASE_TRAVAIL = (
    "Ce fichier demande trop de travail : son contrôle a été arrêté. Produisez-le à nouveau, plus simplement."
)
PHRASE_OCCUPE = (
    "Le contrôle des fichiers est occupé : recommencez dans une minute, ce fichier n'est pas en cause."
)


def trop_de_travail(nom: str) -> Probleme:
    """The problem of one named file whose reading was stopped."""
    return probleme(
        TRAVAIL,
        f"le fichier « {lisible(nom)} » demande trop de travail : son contrôle a été arrêté. Produisez-le à nouveau, "
        "plus simplement.",
    )


def non_lue(nom: str) -> Probleme:
    """The problem of one entry that comes after those that used up what their archive may cost."""
    return probleme(
        TRAVAIL,
        f"le fichier « {lisible(nom)} » n'a pas été contrôlé : les fichiers qui le précèdent dans l'archive demandent "
        "trop de travail. Corrigez-les, puis déposez de nouveau l'archive.",
    )


def archive_trop_de_travail() -> Probleme:
    """The problem of an archive whose very table could not be read."""
    return probleme(
        TRAVAIL,
        "l'archive ZIP demande trop de travail : son contrôle a été arrêté. Créez-la à nouveau, avec les seules "
        "pièces annoncées.",
    )


def occupe(nom: str) -> Probleme:
    """The problem of one named file that nothing could read now."""
    return probleme(
        OCCUPE,
        f"le fichier « {lisible(nom)} » n'a pas pu être contrôlé : le contrôle des fichiers est occupé. Recommencez "
        "dans une minute.",
    )
