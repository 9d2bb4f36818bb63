"""A workbook of 10 000 rows made a JSON file, against reading its cells."""

import io
from collections.abc import Iterator
from typing import Any

import openpyxl
from python_calamine import CalamineWorkbook

from bench.mesures import Ligne, Reglages, entier_fr, mediane
from segurnum.couloirs import par_dsr
from segurnum.couloirs.vierges import exemple
from segurnum.isolement import portes
from segurnum.regles.cycles import TypeDemande
from segurnum.tableurs import classeur, convertir, plan_de

DSR = "DSR-MS1-DUI-Va1"
DEMANDES, SITES = 200, 50


def mesurer(reglages: Reglages) -> Iterator[Ligne]:
    octets = _classeur(SITES)
    assert convertir(io.BytesIO(octets), DSR, TypeDemande.AVANCE).reussie
    duree = mediane(lambda: convertir(io.BytesIO(octets), DSR, TypeDemande.AVANCE), reglages.passes)
    libelle = (
        f"Conversion d'un classeur de {entier_fr(DEMANDES * SITES)} lignes ({entier_fr(len(octets))} octets)"
    )
    yield Ligne(
        libelle,
        duree,
        "ses cellules lues par openpyxl",
        mediane(lambda: _openpyxl(octets), reglages.passes),
        "lecture comprise, par python-calamine",
    )
    yield Ligne(
        libelle,
        duree,
        "ses cellules lues par python-calamine",
        mediane(lambda: _calamine(octets), reglages.passes),
        "du Rust : c'est lui qui lit, avant tout le reste",
    )
    portes.convertir(octets, DSR, TypeDemande.AVANCE)
    yield Ligne(
        "Le même classeur, converti dans un processus isolé",
        mediane(lambda: portes.convertir(octets, DSR, TypeDemande.AVANCE), reglages.passes),
        "la même conversion sur place",
        duree,
    )


def _classeur(sites: int) -> bytes:
    """Requests of as many sites each, one row per site."""
    fichier = exemple(par_dsr(DSR), TypeDemande.AVANCE)
    modele = fichier["lignesImport"][0]
    fichier["lignesImport"] = [_demande(modele, rang, sites) for rang in range(DEMANDES)]
    return classeur(plan_de(par_dsr(DSR), TypeDemande.AVANCE), fichier)


def _demande(modele: dict[str, Any], rang: int, sites: int) -> dict[str, Any]:
    numeros = [f"{990_000_000 + rang * sites + place}" for place in range(sites)]
    (beneficiaire,) = modele["beneficiaires"]
    (client, *_) = beneficiaire["etablissementsClients"]
    return modele | {
        "numLigne": rang + 1,
        "numeroEditeur": f"{rang:05}",
        "beneficiaires": [beneficiaire | {"etablissementsClients": [client | {"FINESSGeo": numeros}]}],
        "scenarioInstallation": [
            modele["scenarioInstallation"][0] | {"FINESSGeo": numero} for numero in numeros
        ],
    }


def _openpyxl(octets: bytes) -> int:
    livre = openpyxl.load_workbook(io.BytesIO(octets), read_only=True)
    return sum(1 for feuille in livre for _ in feuille.iter_rows(values_only=True))


def _calamine(octets: bytes) -> int:
    livre = CalamineWorkbook.from_filelike(io.BytesIO(octets))
    return sum(len(livre.get_sheet_by_name(nom).to_python()) for nom in livre.sheet_names)
