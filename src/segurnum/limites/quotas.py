"""How many files and octets a draft, a network, a company, and all the strangers together may have kept in a day."""

from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from django.conf import settings
from django.db import transaction

from segurnum.limites.interrupteurs import exiger_fichiers_ouverts
from segurnum.limites.origine import Origine, actuelle
from segurnum.limites.phrases import a_partir_de
from segurnum.limites.queries import compte
from segurnum.limites.reglages import MO, Quota
from segurnum.limites.services import ajouter, compter
from segurnum.regles.erreurs import GesteImpossible

JOUR = timedelta(days=1)
_INCONNUS = "quota:inconnus"


@dataclass(frozen=True)
class _Limite:
    cle: str
    quota: Quota
    qui: str


def admettre(*, octets: int, brouillon: str = "") -> None:
    """Count a file that is about to be kept, in the caller's transaction. `brouillon` names the draft it goes to.

    Raises GesteImpossible when no file is taken, or when who sends it has reached a quota.
    """
    exiger_fichiers_ouverts()
    origine = actuelle()
    if origine is None:
        return
    if origine.anonyme:
        _exiger_de_la_place_pour_les_inconnus(octets)
    with transaction.atomic():
        for limite in _limites(origine, brouillon):
            _compter(limite, octets)


def _limites(origine: Origine, brouillon: str) -> list[_Limite]:
    """Always in the same order, so that two requests wait for each other and never both ways."""
    limites = []
    if origine.entreprise is not None:
        limites.append(
            _Limite(f"entreprise:{origine.entreprise}", settings.QUOTA_ENTREPRISE, "votre entreprise")
        )
    elif origine.anonyme:
        limites.append(_Limite(f"reseau:{origine.reseau}", settings.QUOTA_RESEAU, "votre réseau"))
    if brouillon:
        limites.append(_Limite(f"brouillon:{brouillon}", settings.QUOTA_BROUILLON, "cette saisie"))
    return limites


def _compter(limite: _Limite, octets: int) -> None:
    quota = limite.quota
    for cle, maximum, poids, mesure in (
        (f"quota:octets:{limite.cle}", quota.octets, octets, f"{quota.octets // MO} Mo"),
        (f"quota:fichiers:{limite.cle}", quota.fichiers, 1, _fichiers(quota.fichiers)),
    ):
        fin = compter(cle, maximum=maximum, duree=JOUR, poids=poids)
        if fin is not None:
            raise GesteImpossible(
                f"Ce fichier n'a pas été gardé : {limite.qui} peut envoyer {mesure} par jour. Recommencez "
                f"{a_partir_de(fin)}, ou contactez l'assistance."
            )


def _fichiers(nombre: int) -> str:
    return f"{nombre} fichier{'s' if nombre > 1 else ''}"


def _exiger_de_la_place_pour_les_inconnus(octets: int) -> None:
    """One counter for all the strangers: read here and written after the commit, so that nobody waits for it.

    It may be passed by what is in flight at that moment, a file for each thread of the portal.
    """
    quota = settings.QUOTA_INCONNUS
    if (
        compte(f"{_INCONNUS}:octets") + octets > quota.octets
        or compte(f"{_INCONNUS}:fichiers") >= quota.fichiers
    ):
        raise GesteImpossible(
            "Ce fichier n'a pas été gardé : le portail a reçu aujourd'hui plus de fichiers de personnes non "
            "connectées qu'il n'en accepte. Recommencez demain, ou contactez l'assistance."
        )
    transaction.on_commit(partial(ajouter, f"{_INCONNUS}:octets", duree=JOUR, poids=octets))
    transaction.on_commit(partial(ajouter, f"{_INCONNUS}:fichiers", duree=JOUR, poids=1))
