"""Are the numbers of the beneficiaries those of somebody, by the national directories that the portal has loaded?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from segurnum.controles.catalogue import AVERTISSEMENT
from segurnum.controles.constats import citer
from segurnum.controles.depot import Depot
from segurnum.controles.metier import Trouvailles, regle
from segurnum.couloirs.champs import FINESS, RPPS, Chemin, Identifiant, Objet, Tableau, Type

# The directory that each kind of identifier is looked up in.
_REPERTOIRES = {FINESS.nom: "FINESS", RPPS.nom: "RPPS"}


@regle(
    code="3437",
    titre="Identifiant que son répertoire ne connaît pas",
    severite=AVERTISSEMENT,
    exige=("repertoires",),
    explication="Le numéro FINESS ou RPPS est bien formé ; le répertoire national, à la date du relevé que le portail "
    "a chargé, ne le connaît pas ou le dit fermé.",
    remede="Vérifiez le numéro auprès du bénéficiaire ; un établissement qui vient d'ouvrir peut n'y être pas encore.",
    depuis=date(2026, 11, 30),
    reglable=True,
)
def identifiant_connu(depot: Depot) -> Trouvailles:
    """Asked once for the whole file."""
    demander = depot.contexte.repertoires
    places = [
        (("lignesImport", rang, *chemin), cle)
        for rang, demande in depot.demandes
        for chemin, cle in _numeros(depot.format.forme, demande, ())
    ]
    reproches = demander({cle for _, cle in places}) if demander and places else {}
    for chemin, cle in places:
        if cle in reproches:
            nom, _, numero = cle.partition(" ")
            yield chemin, f"Le numéro {nom} {citer(numero)} {reproches[cle]}."


def _numeros(type_: Type, valeur: Any, chemin: Chemin) -> Iterator[tuple[Chemin, str]]:
    """Each number to look up, as « FINESS 990000010 »."""
    if isinstance(type_, Objet):
        for champ in type_.champs if isinstance(valeur, dict) else ():
            yield from _numeros(champ.type, valeur.get(champ.nom), (*chemin, champ.nom))
    elif isinstance(type_, Tableau):
        for rang, element in enumerate(valeur or ()):
            yield from _numeros(type_.element, element, (*chemin, rang))
    elif isinstance(type_, Identifiant) and type_.nom in _REPERTOIRES and isinstance(valeur, str):
        yield chemin, f"{_REPERTOIRES[type_.nom]} {valeur.upper()}"
