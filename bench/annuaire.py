"""The load of an extract of the real size, against a bare COPY of the same file.

Two baselines, each into a table that has neither index, nor constraint, nor log: the whole file in 31 columns, as the
server reads it by itself, without looking at anything; and the two columns that are kept, already cut out of it.
"""

import os
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.db import connection, transaction

from bench.mesures import Ligne, Reglages, entier_fr, mediane
from segurnum.annuaire_sante import services
from segurnum.annuaire_sante.lecture import NOMBRE_COLONNES
from segurnum.annuaire_sante.models import AdresseMSS, CompteDomaine, Extrait
from segurnum.comptes.auteurs import PORTAIL
from segurnum.demonstration.extrait_mss import REELLES, ecrire

_BLOC = 1024 * 1024


def mesurer(reglages: Reglages) -> Iterator[Ligne]:
    lignes = REELLES // 20 if reglages.rapide else REELLES
    with tempfile.TemporaryDirectory(dir=os.environ["SEGURNUM_DONNEES"]) as dossier:
        extrait = Path(dossier) / "extrait.txt"
        ecrire(extrait, autres=lignes)
        deux = Path(dossier) / "deux.txt"
        _decouper(extrait, deux)
        passes = 3
        duree = mediane(lambda: _importer(extrait), passes, preparer=_vider)
        entier = mediane(lambda: _copier(extrait, NOMBRE_COLONNES), passes)
        decoupe = mediane(lambda: _copier(deux, 2), passes)
        octets = extrait.stat().st_size
    titre = f"Extrait de l'Annuaire Santé de {entier_fr(lignes)} lignes ({octets / 1e6:.0f} Mo) : import"
    garde = AdresseMSS.objects.count()
    yield Ligne(
        titre,
        duree,
        "COPY seul du fichier entier, 31 colonnes, sans index",
        entier,
        f"{entier_fr(garde)} adresses distinctes, indexées et comptées",
    )
    yield Ligne(titre, duree, "COPY seul des deux colonnes, déjà découpées", decoupe)


def _vider() -> None:
    with connection.cursor() as curseur:
        curseur.execute(
            f"TRUNCATE {Extrait._meta.db_table}, {AdresseMSS._meta.db_table}, {CompteDomaine._meta.db_table} "
            "CASCADE"
        )


def _importer(extrait: Path) -> None:
    services.importer_extrait(auteur=PORTAIL, chemin=extrait, date=datetime.now(UTC) - timedelta(days=1))


def _decouper(extrait: Path, vers: Path) -> None:
    with extrait.open(encoding="utf-8") as entree, vers.open("w", encoding="utf-8") as sortie:
        sortie.writelines("|".join(ligne.split("|", 2)[:2]) + "\n" for ligne in entree)


def _copier(fichier: Path, colonnes: int) -> None:
    noms = ", ".join(f"c{rang} text" for rang in range(colonnes))
    # The quote is a sign that the file does not have: quotes mean nothing in it.
    options = "FORMAT csv, HEADER, DELIMITER '|', QUOTE E'\\x01'"
    with transaction.atomic(), connection.cursor() as curseur, fichier.open("rb") as flux:
        curseur.execute(f"DROP TABLE IF EXISTS copie_bal; CREATE UNLOGGED TABLE copie_bal ({noms})")
        with curseur.copy(f"COPY copie_bal FROM STDIN ({options})") as copie:
            while bloc := flux.read(_BLOC):
                copie.write(bloc)
