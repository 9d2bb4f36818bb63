"""The Sirene stock files, as Insee publishes them (CSV, alone or in its ZIP), read line by line."""

import csv
import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

# What the directory keeps, and the column of StockEtablissement that it comes from.
COLONNES = {
    "complement": "complementAdresseEtablissement",
    "numero": "numeroVoieEtablissement",
    "extension": "indiceRepetitionEtablissement",
    "type_voie": "typeVoieEtablissement",
    "nom_voie": "libelleVoieEtablissement",
    "code_postal": "codePostalEtablissement",
    "commune": "libelleCommuneEtablissement",
}
SIRET = "siret"
SIREN = "siren"
ETAT = "etatAdministratifEtablissement"
OUVERT = "A"
# A file of establishments has no name of company: the usual name or the sign, unless the units are given.
_NOMS = ("denominationUniteLegale", "denominationUsuelleEtablissement", "enseigne1Etablissement")
_PERSONNE = ("prenomUsuelUniteLegale", "nomUsageUniteLegale", "nomUniteLegale")
ETABLISSEMENT = (SIRET, ETAT, *COLONNES.values())
UNITE = (SIREN, "denominationUniteLegale", "nomUniteLegale")

Ligne = dict[str, str]


class StockIllisible(ValueError):
    """The file is not what it should be; the message is a French sentence."""


@contextmanager
def lire(chemin: Path, attendues: tuple[str, ...]) -> Iterator[Iterator[Ligne]]:
    """The lines of a stock file that has these columns. Raises StockIllisible."""
    try:
        with _octets(chemin) as flux, io.TextIOWrapper(flux, "utf-8-sig", newline="") as texte:
            lignes = csv.DictReader(texte, restval="")
            absentes = [colonne for colonne in attendues if colonne not in (lignes.fieldnames or ())]
            if absentes:
                raise StockIllisible(
                    f"« {chemin.name} » n'a pas la ou les colonnes {', '.join(absentes)} : le fichier stock Sirene "
                    "de l'Insee, séparé par des virgules, est attendu."
                )
            yield lignes
    except (OSError, zipfile.BadZipFile, UnicodeDecodeError, csv.Error) as faute:
        raise StockIllisible(f"« {chemin} » ne se lit pas : {faute}.") from faute


@contextmanager
def _octets(chemin: Path) -> Iterator[IO[bytes]]:
    if chemin.suffix.lower() != ".zip":
        with chemin.open("rb") as flux:
            yield flux
        return
    with zipfile.ZipFile(chemin) as archive:
        noms = [nom for nom in archive.namelist() if nom.lower().endswith(".csv")]
        if len(noms) != 1:
            raise StockIllisible(
                f"« {chemin.name} » contient {len(noms)} fichiers CSV : un seul est attendu."
            )
        with archive.open(noms[0]) as membre:
            yield membre


def denomination(ligne: Ligne) -> str:
    """The name of a company, else of the person, as far as this file knows it."""
    nom = next((ligne[colonne] for colonne in _NOMS if ligne.get(colonne)), "")
    if nom:
        return nom
    prenom, usage, naissance = (ligne.get(colonne, "") for colonne in _PERSONNE)
    return f"{prenom} {usage or naissance}".strip()
