"""The table of eligible beneficiaries and of their ceilings, one a line: loaded whole, or not at all."""

import hashlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection, transaction

from segurnum.comptes.auteurs import Auteur
from segurnum.comptes.droits import reserve
from segurnum.controles.problemes import lisible
from segurnum.controles.refus import Fautes
from segurnum.journal.services import Fait, consigner
from segurnum.referentiel.models import Plafond, Projet
from segurnum.referentiel.tables import Lignes, Table, couloir_de, montant_de, source_de
from segurnum.regles.argent import en_euros
from segurnum.regles.calendrier import date_fr, lire_date_fr
from segurnum.regles.gestes import GesteReference

IMPORTER = "IMPORTER_PLAFONDS"
COLONNES = ("dsr", "identifiant", "montant_ht", "date_effet", "source")
LIGNES_MAX_PAR_COMMANDE = 200_000
_PAR_LOT = 5_000
# In the journal, the digest of all the ceilings and figures that no proposal brought.
IMPORTES = "importes"
SQL_IMPORTES = """(SELECT encode(sha256(convert_to(coalesce(string_agg(encode(sha256(convert_to(
    l.un::text, 'UTF8')), 'hex'), '' ORDER BY l.sorte, l.id), ''), 'UTF8')), 'hex') FROM (
    SELECT 1 AS sorte, id, jsonb_build_array(dsr, identifiant, montant_ht, date_effet, source) AS un
        FROM referentiel_plafond WHERE projet_id IS NULL
    UNION ALL SELECT 2, id, jsonb_build_array(dsr, date_effet, valeurs, source) FROM referentiel_bareme
        WHERE projet_id IS NULL) AS l)"""


@dataclass(frozen=True)
class Bilan:
    nouveaux: int
    inchanges: int


@dataclass(frozen=True)
class LignePlafond:
    dsr: str
    identifiant: str
    montant_ht: Decimal
    date_effet: date
    source: str

    @property
    def cle(self) -> tuple[str, str, date]:
        return self.dsr, self.identifiant, self.date_effet


def _ligne(cellules: Sequence[str]) -> LignePlafond:
    dsr, identifiant, montant, jour, source = cellules
    couloir = couloir_de(dsr)
    if not couloir.bareme.par_table:
        raise ValueError(f"{couloir.code} n'a pas de table de plafonds : son montant se calcule autrement.")
    if not identifiant.isascii() or not identifiant.isalnum() or len(identifiant) > 14:
        raise ValueError(
            f"« {lisible(identifiant)} » n'est pas un identifiant : 14 lettres ou chiffres au plus sont attendus."
        )
    return LignePlafond(couloir.dsr, identifiant, montant_de(montant), lire_date_fr(jour), source_de(source))


def _ensemble(lues: Lignes[LignePlafond], fautes: Fautes) -> None:
    """A ceiling that is there is never rewritten: another is given, of another date of effect."""
    connus = _connus(lues)
    for rang, ligne in lues.items():
        if (connu := connus.get(ligne.cle, ligne.montant_ht)) != ligne.montant_ht:
            fautes.signaler(
                rang,
                f"{ligne.identifiant} a déjà un plafond de {en_euros(connu)} au {date_fr(ligne.date_effet)} ; donnez "
                "une autre date d'effet.",
            )


def _decrire(ligne: LignePlafond) -> tuple[str, ...]:
    montant = f"{en_euros(ligne.montant_ht)} HT"
    return ligne.dsr, ligne.identifiant, montant, date_fr(ligne.date_effet), ligne.source


TITRES = ("DSR", "Bénéficiaire éligible", "Plafond", "Date d'effet", "Texte légal")
TABLE = Table(COLONNES, _ligne, _ensemble, "ce plafond", TITRES, _decrire)


def appliquer(lues: Lignes[LignePlafond], projet: Projet, *, auteur: Auteur) -> list[Fait]:
    return _ecrire(lues, auteur, projet=projet, details={"projet": projet.pk})[1]


@reserve(GesteReference.CHARGER_REGLAGE)
@transaction.atomic
def importer(*, octets: bytes, auteur: Auteur) -> Bilan:
    """The ceilings of a CSV file (UTF-8, semicolons) that is on the machine. Raises FichierRefuse."""
    table = replace(TABLE, lignes_max=LIGNES_MAX_PAR_COMMANDE)
    lues = table.lire(table.du_fichier(octets))
    nouveaux, faits = _ecrire(lues, auteur, details={"empreinte": hashlib.sha256(octets).hexdigest()})
    consigner(faits)
    return Bilan(nouveaux, len(lues) - nouveaux)


def _ecrire(
    lues: Lignes[LignePlafond], auteur: Auteur, *, details: dict[str, Any], projet: Projet | None = None
) -> tuple[int, list[Fait]]:
    connus = _connus(lues)
    nouvelles = [ligne for ligne in lues.values() if ligne.cle not in connus]
    if not nouvelles:
        return 0, []
    Plafond.objects.bulk_create(
        (Plafond(**asdict(ligne), projet=projet) for ligne in nouvelles), batch_size=_PAR_LOT
    )
    dits = {"nouveaux": len(nouvelles), "dsr": sorted({ligne.dsr for ligne in nouvelles})}
    if projet is None:
        details = details | importes()
    return len(nouvelles), [
        Fait(chaine="plafonds", objet="plafonds", geste=IMPORTER, auteur=auteur, details=dits | details)
    ]


def importes() -> dict[str, str]:
    """What proves them, for the details of an event: what a proposal brought is told with it."""
    with connection.cursor() as curseur:
        curseur.execute(f"SELECT {SQL_IMPORTES}")
        (empreinte,) = curseur.fetchone()
        return {IMPORTES: str(empreinte)}


def _connus(lues: Lignes[LignePlafond]) -> dict[tuple[str, str, date], Decimal]:
    """The ceilings that are there for these beneficiaries."""
    lignes = Plafond.objects.filter(
        dsr__in={ligne.dsr for ligne in lues.values()},
        identifiant__in={ligne.identifiant for ligne in lues.values()},
    )
    return {(p.dsr, p.identifiant, p.date_effet): p.montant_ht for p in lignes}
