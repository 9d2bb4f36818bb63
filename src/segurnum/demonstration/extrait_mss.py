"""An extract of the Annuaire Santé in the form of the national one, all invented, always the same for the same size."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from segurnum.demonstration import identites

TITRES = (
    "Type de BAL|Adresse BAL|Type Identifiant PP|Identifiant PP|Identification nationale PP|"
    "Type identifiant structure|Identification Structure|Service de rattachement|Civilité d'exercice|"
    "Nom d'exercice|Prénom d'exercice|Catégorie profession|Libellé de catégorie profession|Code Profession|"
    "Libellé Profession|Code savoir-faire|Libellé savoir-faire|Dématérialisation|Raison Sociale structure BAL|"
    "Enseigne commerciale structure BAL|L2COMPLEMENTLOCALISATION|L3COMPLEMENTDISTRIBUTION|L4NUMEROVOIE|"
    "L4COMPLEMENTNUMEROVOIE|NL4TYPEVOIE|L4LIBELLEVOIE|L5LIEUDITMENTION|L6LIGNEACHEMINEMENT|Code postal|"
    "Département|Pays"
)
REELLES = 535_927  # lines of a national extract, the titles left out

_BOITES_PAR_DOMAINE = 90
_UNE_SUR = 6  # one mailbox in so many is an organisation's
_REPETEE = 3_170  # one line in so many says again the address of the line before, for another place of work


@dataclass(frozen=True)
class Boites:
    """Mailboxes that an extract must hold: so many of a type (ORG, PER, APP) in a domain."""

    domaine: str
    type: str
    nombre: int


def ecrire(chemin: Path, *, boites: Iterable[Boites] = (), autres: int = 0) -> None:
    """Write an extract: these mailboxes, then lines of many other domains."""
    with chemin.open("w", encoding="utf-8", newline="\n") as fichier:
        fichier.write(f"{TITRES}\n")
        fichier.writelines(_lignes(boites))
        fichier.writelines(_population(autres))


def _lignes(boites: Iterable[Boites]) -> Iterator[str]:
    for lot in boites:
        for rang in range(1, lot.nombre + 1):
            yield _ligne(lot.type, lot.domaine, rang)


def _population(nombre: int) -> Iterator[str]:
    domaines = nombre // _BOITES_PAR_DOMAINE + 1
    for rang in range(1, nombre + 1):
        qui = rang - 1 if rang % _REPETEE == 0 else rang
        type_bal = "ORG" if qui % _UNE_SUR == 0 else "PER"
        # Consecutive lines are of domains far from each other, as in a file that no domain sorts.
        yield _ligne(type_bal, f"sante{qui * 7919 % domaines:05d}.mssante.example", qui)


def _ligne(type_bal: str, domaine: str, rang: int) -> str:
    lieu = identites.lieu(rang)
    if type_bal == "PER":
        nom, prenom = identites.personne(rang)
        adresse = f"{prenom}.{nom}{rang}@{domaine}".lower()
        qui = (
            f"8|99{rang:09d}|899{rang:09d}||||M|{nom.upper()}|{prenom}|C|Civil|10|Médecin|SM26|Généraliste|N|"
        )
    else:
        adresse = f"service{rang}@{domaine}"
        qui = f"|||1|99{rang % 10_000_000:07d}|Secrétariat||||||||||N|Maison de santé de {lieu}"
    return f"{type_bal}|{adresse}|{qui}||||{rang % 90 + 1}||RUE|DES LUNES||99000 {lieu.upper()}|99000|99|FRANCE\n"
