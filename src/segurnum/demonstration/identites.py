"""Invented people, companies and numbers: right in their form and their key, and nobody's.

FINESS, PMSI and RPPS numbers start with 99 and SIREN with 999, which are not given; telephones are of the ranges that
the numbering plan keeps for fiction; bank accounts are of bank 99999; addresses end in `.example`.
"""

from dataclasses import dataclass

from segurnum.couloirs import Couloir
from segurnum.regles.identifiants import cle_luhn

BIC = "SEGNFRPPXXX"

_LIEUX = (
    "Valombreuse",
    "Pont-Perdu",
    "Trois-Lunes",
    "Hautecime",
    "Clairfontanelle",
    "Brumeval",
    "Rochesereine",
    "Vertelande",
    "Sainte-Nimbe",
    "Moulin-Songe",
    "Grandebise",
    "Passerelune",
)
_NOMS = (
    "Lormelin",
    "Ferrandey",
    "Quintrelle",
    "Marvauzy",
    "Obrecourt",
    "Tessalois",
    "Villembrun",
    "Dauphray",
    "Nessegrin",
)
_PRENOMS = ("Anne", "Marc", "Claire", "Yann", "Iris", "Maud", "Camille")
_ENSEIGNES = {
    "MS1": ("EHPAD", "Institut", "Foyer de vie", "Service à domicile"),
    "HOP": ("Centre hospitalier", "Clinique", "Hôpital"),
    "MDV": ("Cabinet médical", "Maison de santé"),
    "RAD": ("Imagerie", "Centre de radiologie"),
}


@dataclass(frozen=True)
class Client:
    """Who orders: the `rang`-th of a couloir, always the same for the same rank."""

    raison_sociale: str
    nom: str
    courriel: str
    telephone: str


def client(couloir: Couloir, rang: int) -> Client:
    enseignes = _ENSEIGNES.get(couloir.couloir, ("Établissement",))
    return Client(
        raison_sociale=f"{enseignes[rang % len(enseignes)]} de {lieu(rang)}",
        nom=_NOMS[rang % len(_NOMS)].upper(),
        courriel=f"direction{rang}@{lieu(rang).lower()}.example",
        telephone=f"019900{rang % 10_000:04d}",
    )


def lieu(rang: int) -> str:
    return _LIEUX[rang % len(_LIEUX)]


def personne(rang: int) -> tuple[str, str]:
    """Last and first name of somebody who is nobody."""
    return _NOMS[rang % len(_NOMS)], _PRENOMS[rang // len(_NOMS) % len(_PRENOMS)]


def _avec_cle(prefixe: str) -> str:
    return prefixe + cle_luhn(prefixe)


def siret(rang: int) -> str:
    return _avec_cle(f"{_avec_cle(f'999{rang:05d}')}0001")


def finess_juridique(rang: int) -> str:
    return _avec_cle(f"9999{rang:04d}")


def identifiant(couloir: Couloir, type_identifiant: str, rang: int) -> str:
    """The `rang`-th beneficiary of a couloir, from 1 to 9 999."""
    if type_identifiant == "RPPS":
        return _avec_cle(f"999{rang:07d}")
    # Two digits of the couloir's own, so that a hospital and a nursing home do not share a number.
    serie = sum(map(ord, couloir.couloir)) % 99
    return _avec_cle(f"99{serie:02d}{rang:04d}")


def iban(rang: int) -> str:
    """A French account whose two keys (bank's and international) are right."""
    banque, guichet, compte = "99999", "00001", f"{rang:011d}"
    cle_rib = 97 - (89 * int(banque) + 15 * int(guichet) + 3 * int(compte)) % 97
    bban = f"{banque}{guichet}{compte}{cle_rib:02d}"
    return f"FR{98 - int(f'{bban}152700') % 97:02d}{bban}"
