"""The database's side: one snapshot for the dump, the counts, the journal's heads and the list of files."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any, cast

import psycopg
from django.db import connection

from segurnum.controles.problemes import en_nombre
from segurnum.fichiers.services import VERROU_SAUVEGARDE
from segurnum.journal.empreintes import LIRE, Lu, suivre
from segurnum.lanceur.binaires import Compte, LanceurErreur, dossier_des_binaires
from segurnum.sauvegarde.chiffrement import dire_erreur
from segurnum.sauvegarde.ecriture import TRANCHE
from segurnum.sauvegarde.erreurs import SauvegardeImpossible

# The words of a connection, and the variables by which PostgreSQL's tools read them: a password is not an argument.
_VARIABLES = {
    "host": "PGHOST",
    "hostaddr": "PGHOSTADDR",
    "port": "PGPORT",
    "dbname": "PGDATABASE",
    "user": "PGUSER",
    "password": "PGPASSWORD",
    "passfile": "PGPASSFILE",
    "service": "PGSERVICE",
    "options": "PGOPTIONS",
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
    "sslcert": "PGSSLCERT",
    "sslkey": "PGSSLKEY",
    "channel_binding": "PGCHANNELBINDING",
    "target_session_attrs": "PGTARGETSESSIONATTRS",
    "connect_timeout": "PGCONNECT_TIMEOUT",
}
_DEBIAN = Path("/usr/lib/postgresql")
TETES = "SELECT DISTINCT ON (chaine) chaine, empreinte FROM journal_evenement ORDER BY chaine, rang DESC"
TABLES = (
    "SELECT schemaname, tablename FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema') "
    "ORDER BY 1, 2"
)


def _parametres() -> dict[str, str]:
    connus: Mapping[str, Any] = connection.get_connection_params()
    return {nom: str(valeur) for nom, valeur in connus.items() if nom in _VARIABLES and valeur != ""}


def connecter() -> "psycopg.Connection[Any]":
    """A connection of its own, whatever the pool is at. Raises SauvegardeImpossible."""
    try:
        return psycopg.connect(**_parametres(), autocommit=True)  # type: ignore[arg-type]
    except psycopg.OperationalError as panne:
        raise SauvegardeImpossible(f"la base ne répond pas : {panne}") from panne


def version_du_serveur(lien: "psycopg.Connection[Any]") -> int:
    """The major version."""
    return lien.info.server_version // 10_000


@contextmanager
def sans_menage() -> "Iterator[psycopg.Connection[Any]]":
    """A connection that keeps the portal from erasing any file while it lives; what is being erased is waited for."""
    with connecter() as lien:
        lien.execute("SELECT pg_advisory_lock(%s)", [VERROU_SAUVEGARDE])
        yield lien


class Instantane:
    """Everything that is read in one transaction, which sees the database as it was at its beginning."""

    def __init__(self, lien: "psycopg.Connection[Any]") -> None:
        self.lien = lien
        self.nom: str = self._valeur("SELECT pg_export_snapshot()")

    def _valeur(self, ordre: str) -> Any:
        (valeur,) = self.lien.execute(ordre).fetchone() or (None,)
        return valeur

    def lignes(self) -> dict[str, int]:
        return compter(self.lien)

    def ruptures(self) -> int:
        return sum(1 for _ in suivre(map(Lu._make, self.parcourir(LIRE))))

    def parcourir(self, ordre: str) -> Iterator[tuple[Any, ...]]:
        """The rows of a query, however many they are."""
        with self.lien.cursor(name="sauvegarde") as curseur:
            curseur.execute(ordre)
            yield from curseur


@contextmanager
def instantane(lien: "psycopg.Connection[Any]") -> Iterator[Instantane]:
    with lien.transaction():
        lien.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield Instantane(lien)


def compter(lien: "psycopg.Connection[Any]") -> dict[str, int]:
    """How many rows each table has."""
    comptes = {}
    for schema, table in lien.execute(TABLES).fetchall():
        ordre = psycopg.sql.SQL("SELECT count(*) FROM {}.{}").format(
            psycopg.sql.Identifier(schema), psycopg.sql.Identifier(table)
        )
        (comptes[f"{schema}.{table}"],) = lien.execute(ordre).fetchone() or (0,)
    return comptes


# --- PostgreSQL's own tools


def outil(nom: str, version: int) -> tuple[Path, int]:
    """`pg_dump` or `pg_restore` of this major version, else of a newer one, with its version.

    Looked for in the packages of Debian, in the PATH, and beside the embedded server.
    """
    trouves: dict[int, Path] = {}
    for chemin in _candidats(nom):
        trouves.setdefault(_version_de(chemin), chemin)
    convenables = sorted(v for v in trouves if v >= version)
    if not convenables:
        raise SauvegardeImpossible(
            f"la base est un PostgreSQL {version} et aucun « {nom} » de cette version, ni d'une plus récente, n'est "
            f"installé ici (sous Debian : « apt install postgresql-client-{version} »)."
        )
    return trouves[convenables[0]], convenables[0]


def _candidats(nom: str) -> Iterator[Path]:
    yield from sorted(_DEBIAN.glob(f"*/bin/{nom}"))
    if dans_le_path := shutil.which(nom):
        yield Path(dans_le_path)
    try:
        embarque = dossier_des_binaires(Compte()) / nom
    except LanceurErreur:
        return
    if embarque.exists():
        yield embarque


def _version_de(chemin: Path) -> int:
    dit = subprocess.run([chemin, "--version"], capture_output=True, text=True, check=False)
    lu = re.search(r"\) (\d+)", dit.stdout)
    return int(lu[1]) if lu else 0


def _environnement() -> dict[str, str]:
    return os.environ | {_VARIABLES[nom]: valeur for nom, valeur in _parametres().items()}


def extraire(pg_dump: Path, instantane: str) -> Iterator[bytes]:
    """The dump of that snapshot, in PostgreSQL's custom format. Raises SauvegardeImpossible."""
    commande = [str(pg_dump), "--format=custom", "--no-owner", "--no-privileges", f"--snapshot={instantane}"]
    with subprocess.Popen(
        commande, env=_environnement(), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as processus:
        sortie = cast(IO[bytes], processus.stdout)
        while bloc := sortie.read(TRANCHE):
            yield bloc
        _, erreurs = processus.communicate()
    if processus.returncode:
        raise SauvegardeImpossible(f"« pg_dump » échoue : {dire_erreur(erreurs)}")


def reprendre(pg_restore: Path, flux: IO[bytes]) -> None:
    """Restore a dump into the database, all of it or nothing. Raises SauvegardeImpossible."""
    commande = [str(pg_restore), "--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges"]
    commande.append(f"--dbname={_parametres()['dbname']}")
    with subprocess.Popen(
        commande, env=_environnement(), stdin=subprocess.PIPE, stderr=subprocess.PIPE
    ) as processus:
        with suppress(BrokenPipeError):  # it says why itself
            shutil.copyfileobj(flux, cast(IO[bytes], processus.stdin), TRANCHE)
        _, erreurs = processus.communicate()
    if processus.returncode:
        raise SauvegardeImpossible(f"« pg_restore » échoue : {dire_erreur(erreurs)}")


def est_vide(lien: "psycopg.Connection[Any]") -> bool:
    return not lien.execute(TABLES).fetchall()


def exiger_le_proprietaire(lien: "psycopg.Connection[Any]") -> None:
    """Raises SauvegardeImpossible for a role that owns nothing, as the one that serves the pages: it makes no table."""
    role, peut = lien.execute(
        "SELECT current_user, coalesce(has_schema_privilege(to_regnamespace('public'), 'CREATE'), true)"
    ).fetchone() or ("", False)
    if not peut:
        raise SauvegardeImpossible(
            f"le rôle « {role} » ne peut pas créer les tables : donnez par DATABASE_URL l'adresse du rôle propriétaire "
            "de la base."
        )


def vider(lien: "psycopg.Connection[Any]") -> None:
    """Leave the schema as a new database has it. Raises SauvegardeImpossible while anything else is connected."""
    (autres,) = lien.execute(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() "
        "AND backend_type = 'client backend'"
    ).fetchone() or (0,)
    if autres:
        ouvertes = en_nombre(autres, "connexion à la base est ouverte", "connexions à la base sont ouvertes")
        raise SauvegardeImpossible(
            f"{ouvertes} : arrêtez le portail (web et ouvriers) avant de remplacer sa base."
        )
    with lien.transaction():
        lien.execute("DROP SCHEMA public CASCADE")
        lien.execute("CREATE SCHEMA public AUTHORIZATION pg_database_owner")
        lien.execute("GRANT USAGE ON SCHEMA public TO PUBLIC")
