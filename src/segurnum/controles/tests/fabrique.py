"""Files made to measure, and where things stand in them, said by a mark and not by the engine."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any, cast

from segurnum.controles import Contexte, Rapport, verifier
from segurnum.controles.ecriture import ecrire_json
from segurnum.couloirs import Couloir, dernier
from segurnum.couloirs.champs import Chemin
from segurnum.couloirs.places import suivre
from segurnum.couloirs.vierges import exemple, pieces_proposees
from segurnum.regles.cycles import TypeDemande
from segurnum.regles.identifiants import cle_luhn

AVANCE, SOLDE = TypeDemande.AVANCE, TypeDemande.SOLDE
MARQUE = "@@ICI@@"


def finess(rang: int) -> str:
    """An invented FINESS (or PMSI) number: no department is 99."""
    return f"99{rang:06d}" + cle_luhn(f"99{rang:06d}")


def rpps(rang: int) -> str:
    """An invented RPPS number."""
    return f"999{rang:07d}" + cle_luhn(f"999{rang:07d}")


def demande(couloir: Couloir, type_demande: TypeDemande, regime: str, rang: int) -> dict[str, Any]:
    """The example's request, with its own numbers and beneficiaries."""
    faite: dict[str, Any] = copy.deepcopy(exemple(couloir, type_demande, regime)["lignesImport"][0])
    faite.update(numLigne=rang + 1, numeroEditeur=f"{rang + 1:05d}")
    faite["piecesJustificatives"] = pieces_proposees(couloir, type_demande, regime, faite["numeroEditeur"])
    if type_demande is SOLDE:
        faite["numeroASP"] = f"FIN{couloir.sigle}{rang + 1:06d}"
    _identifier(couloir, type_demande, faite, rang)
    return faite


def _identifier(couloir: Couloir, type_demande: TypeDemande, faite: dict[str, Any], rang: int) -> None:
    """A number of its own for its beneficiary, and for each row of its scenario where there is one by site."""
    places = couloir.format(type_demande).places
    liste = places.listes[0]
    cle, genre = liste.identifiants[0]
    numero = rpps if genre == "RPPS" else finess
    _, lu = next(suivre(faite, liste.chemin))
    beneficiaire = cast(dict[str, Any], lu)
    sites = beneficiaire[cle]
    beneficiaire[cle] = (
        [numero(len(sites) * rang + n) for n in range(len(sites))]
        if isinstance(sites, list)
        else numero(rang)
    )
    for n, ligne in enumerate(faite["scenarioInstallation"] if places.sites_scenario else ()):
        ligne[places.sites_scenario[0]] = beneficiaire[cle][n]


def fichier(
    code: str = "MDV-LGC-Va1", type_demande: TypeDemande = AVANCE, nombre: int = 1, regime: str = "TTC"
) -> dict[str, Any]:
    """A conforming file of `nombre` requests, as data."""
    couloir = dernier(code)
    fait = exemple(couloir, type_demande, regime)
    fait["lignesImport"] = [demande(couloir, type_demande, regime, rang) for rang in range(1, nombre + 1)]
    for rang, ligne in enumerate(fait["lignesImport"]):
        ligne["numLigne"] = rang + 1
    return fait


def octets(donnees: Any, **options: Any) -> bytes:
    """The bytes of a file, in the published writing or, with options, in any other of json.dumps."""
    texte = json.dumps(donnees, default=_nombre, **options) if options else ecrire_json(donnees)
    return texte.encode()


def _nombre(valeur: Decimal) -> float:
    """Only for writing: two decimals survive a float's shortest form."""
    return float(valeur)


def controler(donnees: Any, contexte: Contexte | None = None) -> Rapport:
    """The report of a file given as data."""
    return verifier(octets(donnees), contexte)


def changer(donnees: dict[str, Any], geste: Callable[[dict[str, Any]], object]) -> dict[str, Any]:
    """A copy of the file whose first request went through `geste`."""
    copie = copy.deepcopy(donnees)
    geste(copie["lignesImport"][0])
    return copie


def avec(donnees: dict[str, Any], chemin: Chemin, valeur: Any) -> dict[str, Any]:
    """A copy of the file whose first request says `valeur` at a path."""

    def ecrire(demande: Any) -> None:
        for pas in chemin[:-1]:
            demande = demande[pas]
        demande[chemin[-1]] = valeur

    return changer(donnees, ecrire)


def codes(rapport: Rapport) -> list[str]:
    """The codes of a report, in its order."""
    return [anomalie.code for anomalie in rapport.anomalies]


def ligne_colonne(texte: str, offset: int) -> tuple[int, int]:
    """Line and column of an offset, counted plainly."""
    return texte.count("\n", 0, offset) + 1, offset - texte.rfind("\n", 0, offset)
