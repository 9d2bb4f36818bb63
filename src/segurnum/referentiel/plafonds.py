"""The table of ceilings, one eligible beneficiary a line, loaded from a file: whole, or not at all."""

import hashlib
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from django.db import transaction

from segurnum import couloirs
from segurnum.comptes.auteurs import Auteur
from segurnum.comptes.droits import reserve
from segurnum.controles.problemes import en_nombre, lisible, nombre_fr
from segurnum.controles.refus import Fautes, FichierRefuse
from segurnum.isolement.tables import lignes_de_la_table
from segurnum.journal.services import Fait, consigner
from segurnum.referentiel.models import Plafond
from segurnum.regles.argent import en_euros
from segurnum.regles.calendrier import date_fr, lire_date_fr
from segurnum.regles.gestes import GesteReference

COLONNES = ("dsr", "identifiant", "montant_ht", "date_effet", "source")
IMPORTER = "IMPORTER_PLAFONDS"
LIGNES_MAX = 200_000
CELLULE_MAX = 200
_PAR_LOT = 5_000
_MAXIMUM = Decimal(10) ** 10

Cle = tuple[str, str, date]


@dataclass(frozen=True)
class Bilan:
    nouveaux: int
    inchanges: int


@dataclass(frozen=True)
class Ligne:
    dsr: str
    identifiant: str
    montant_ht: Decimal
    date_effet: date
    source: str

    @property
    def cle(self) -> Cle:
        return self.dsr, self.identifiant, self.date_effet


@reserve(GesteReference.IMPORTER_PLAFONDS)
@transaction.atomic
def importer(*, octets: bytes, auteur: Auteur) -> Bilan:
    """Add the ceilings of a CSV file (UTF-8, semicolons).

    A ceiling that is there is never rewritten: another is given, of another date of effect. Raises FichierRefuse,
    every line at fault counted.
    """
    lues = _lire(octets)
    connus = _connus(lues)
    fautes = Fautes()
    for rang, ligne in lues.items():
        if (connu := connus.get(ligne.cle, ligne.montant_ht)) != ligne.montant_ht:
            fautes.signaler(
                rang,
                f"{ligne.identifiant} a déjà un plafond de {en_euros(connu)} au {date_fr(ligne.date_effet)} ; donnez "
                "une autre date d'effet.",
            )
    fautes.refuser()
    nouvelles = [ligne for ligne in lues.values() if ligne.cle not in connus]
    Plafond.objects.bulk_create((Plafond(**vars(ligne)) for ligne in nouvelles), batch_size=_PAR_LOT)
    if nouvelles:
        consigner([_fait(octets, nouvelles, auteur)])
    return Bilan(nouveaux=len(nouvelles), inchanges=len(lues) - len(nouvelles))


def _fait(octets: bytes, nouvelles: list[Ligne], auteur: Auteur) -> Fait:
    return Fait(
        chaine="plafonds",
        objet="plafonds",
        geste=IMPORTER,
        auteur=auteur,
        details={
            "nouveaux": len(nouvelles),
            "dsr": sorted({ligne.dsr for ligne in nouvelles}),
            "empreinte": hashlib.sha256(octets).hexdigest(),
        },
    )


def _connus(lues: dict[int, Ligne]) -> dict[Cle, Decimal]:
    """The ceilings that are there for these beneficiaries. Held: two files at once do not both add one."""
    lignes = Plafond.objects.select_for_update().filter(
        dsr__in={ligne.dsr for ligne in lues.values()},
        identifiant__in={ligne.identifiant for ligne in lues.values()},
    )
    return {(p.dsr, p.identifiant, p.date_effet): p.montant_ht for p in lignes}


def _lire(octets: bytes) -> dict[int, Ligne]:
    """The lines by their rank in the file. Raises FichierRefuse."""
    lues: dict[int, Ligne] = {}
    rangs: dict[Cle, int] = {}
    fautes = Fautes()
    for rang, cellules in lignes_de_la_table(octets, COLONNES, LIGNES_MAX):
        try:
            ligne = _ligne(cellules)
            if (autre := rangs.setdefault(ligne.cle, rang)) != rang:
                raise ValueError(f"ce plafond est déjà à la ligne {nombre_fr(autre)}.")
        except ValueError as faute:
            fautes.signaler(rang, str(faute))
        else:
            lues[rang] = ligne
    fautes.refuser()
    if not lues:
        raise FichierRefuse("Le fichier n'a aucune ligne sous ses titres : au moins une est attendue.")
    return lues


def _ligne(cellules: list[str]) -> Ligne:
    """Raises ValueError (French sentence)."""
    if len(cellules) != len(COLONNES):
        raise ValueError(f"{en_nombre(len(cellules), 'colonne')} ; {len(COLONNES)} sont attendues.")
    if any(len(cellule) > CELLULE_MAX for cellule in cellules):
        raise ValueError(f"une cellule a plus de {CELLULE_MAX} caractères.")
    dsr, identifiant, montant, jour, source = cellules
    try:
        couloir = couloirs.trouver(dsr)
    except couloirs.CouloirInconnu as inconnu:
        raise ValueError(str(inconnu)) from None
    if not couloir.bareme.par_table:
        raise ValueError(f"{couloir.code} n'a pas de table de plafonds : son montant se calcule autrement.")
    if not identifiant.isascii() or not identifiant.isalnum() or len(identifiant) > 14:
        raise ValueError(
            f"« {lisible(identifiant)} » n'est pas un identifiant : 14 lettres ou chiffres au plus sont attendus."
        )
    if not source or "\x00" in source:
        raise ValueError("La source est attendue : dites d'où vient ce plafond.")
    return Ligne(couloir.dsr, identifiant, _montant(montant), lire_date_fr(jour), source)


def _montant(texte: str) -> Decimal:
    try:
        montant = Decimal(texte.replace("\u202f", "").replace("\xa0", "").replace(" ", "").replace(",", "."))
    except InvalidOperation:
        montant = Decimal("NaN")
    if not montant.is_finite() or not 0 < montant < _MAXIMUM or montant != round(montant, 2):
        raise ValueError(
            f"« {lisible(texte)} » n'est pas un montant : des euros et des centimes sont attendus, comme 11000,00."
        )
    return round(montant, 2)
