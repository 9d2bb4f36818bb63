"""Taking in a Sirene stock file: all of it or nothing, while the former one still answers."""

import itertools
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import psycopg
from django.db import connection, transaction

from segurnum.annuaire import stock
from segurnum.annuaire.models import EtablissementSirene
from segurnum.regles.identifiants import est_siret

_CHAMPS = ("siret", "denomination", *stock.COLONNES, "actif")
MONTREES = 20


@dataclass
class Bilan:
    """What became of the lines. `ecartees`: the first lines (of the file, heading included) that were not taken."""

    lues: int = 0
    chargees: int = 0
    fermees: int = 0
    sans_nom: int = 0
    rejetees: int = 0
    ecartees: list[str] = field(default_factory=list)

    def ecarter(self, raison: str) -> None:
        self.rejetees += 1
        if len(self.ecartees) < MONTREES:
            self.ecartees.append(raison)


@transaction.atomic
def importer_stock(etablissements: Path, unites: Path | None = None) -> Bilan:
    """Replace the imported directory by this file. `unites`: StockUniteLegale, for the names of the companies.

    Raises stock.StockIllisible; the directory then stays as it was. Readers never wait.
    """
    bilan = Bilan()
    with connection.cursor() as enveloppe:
        curseur = cast("psycopg.Cursor[Any]", enveloppe.cursor)
        curseur.execute(
            f"CREATE TEMPORARY TABLE stock_neuf (LIKE {_TABLE});"
            "CREATE TEMPORARY TABLE stock_unites (siren text, nom text)"
        )
        _copier_etablissements(curseur, etablissements, bilan)
        if unites:
            _copier_unites(curseur, unites)
        EtablissementSirene.objects.all().delete()
        curseur.execute(_REMPLIR)
        bilan.chargees = curseur.rowcount
        curseur.execute("DROP TABLE stock_neuf, stock_unites")
        if not bilan.chargees:
            raise stock.StockIllisible(
                f"« {etablissements.name} » ne contient aucun établissement lisible : l'annuaire reste tel qu'il était."
            )
    bilan.fermees = EtablissementSirene.objects.filter(actif=False).count()
    bilan.sans_nom = EtablissementSirene.objects.filter(denomination="").count()
    return bilan


_TABLE = EtablissementSirene._meta.db_table
_REMPLIR = f"""
    INSERT INTO {_TABLE} ({", ".join(_CHAMPS)})
    SELECT DISTINCT ON (siret) {
    ", ".join(
        "coalesce(nullif(nom, ''), denomination)" if champ == "denomination" else champ for champ in _CHAMPS
    )
}
    FROM stock_neuf LEFT JOIN stock_unites ON siren = left(siret, 9)
"""  # noqa: S608 - the names of tables and columns are ours


def _copier_etablissements(curseur: "psycopg.Cursor[Any]", chemin: Path, bilan: Bilan) -> None:
    with (
        stock.lire(chemin, stock.ETABLISSEMENT) as lignes,
        curseur.copy(f"COPY stock_neuf ({', '.join(_CHAMPS)}) FROM STDIN") as copie,
    ):
        for rang, ligne in zip(itertools.count(2), lignes, strict=False):
            bilan.lues += 1
            siret = ligne[stock.SIRET]
            if not est_siret(siret):
                bilan.ecarter(f"ligne {rang} : « {siret} » n'est pas un SIRET")
                continue
            valeurs = [stock.denomination(ligne), *(ligne[colonne] for colonne in stock.COLONNES.values())]
            copie.write_row([siret, *map(_propre, valeurs), ligne[stock.ETAT] == stock.OUVERT])


def _copier_unites(curseur: "psycopg.Cursor[Any]", chemin: Path) -> None:
    with (
        stock.lire(chemin, stock.UNITE) as lignes,
        curseur.copy("COPY stock_unites (siren, nom) FROM STDIN") as copie,
    ):
        for ligne in lignes:
            copie.write_row([_propre(ligne[stock.SIREN]), _propre(stock.denomination(ligne))])


def _propre(texte: str) -> str:
    return texte.replace("\x00", "").strip()
