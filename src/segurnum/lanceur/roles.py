"""The two roles of the embedded database, as in any installation: one owns the tables, the other serves the portal.

The owner is the cluster's own superuser. A cluster made when there was one role for all (« segurnum ») is given the
second: the former becomes the owner, and whoever serves the portal keeps its name and password, without its powers.
"""

from collections.abc import Callable
from typing import Any

import psycopg
from psycopg import sql

PORTAIL = BASE = "segurnum"
PROPRIETAIRE = "segurnum_proprietaire"
_DE_PASSAGE = "segurnum_passage"  # renames the former role, which cannot rename itself
Connecter = Callable[[str, str], "psycopg.Connection[Any]"]  # role, base

_DROITS = f"""
GRANT CONNECT, TEMPORARY ON DATABASE {BASE} TO {PORTAIL};
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {PORTAIL};
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {PORTAIL};
ALTER DEFAULT PRIVILEGES FOR ROLE {PROPRIETAIRE} GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {PORTAIL};
ALTER DEFAULT PRIVILEGES FOR ROLE {PROPRIETAIRE} GRANT USAGE, SELECT ON SEQUENCES TO {PORTAIL};
DO $$ DECLARE registre text;
BEGIN
    FOREACH registre IN ARRAY ARRAY['public.journal_evenement', 'public.grand_livre_ecriture'] LOOP
        IF to_regclass(registre) IS NOT NULL THEN
            EXECUTE format('REVOKE UPDATE, DELETE, TRUNCATE ON %s FROM {PORTAIL}', registre);
        END IF;
    END LOOP;
END $$
"""  # noqa: S608 - ours


def preparer(connecter: Connecter, *, portail: str, proprietaire: str, lance: bool) -> None:
    """Make what is not there: roles, database, rights. `portail`, `proprietaire`: their passwords.

    `lance`: the server was started just now, so that nobody else is giving rights at the same time.
    """
    try:
        connexion = connecter(PROPRIETAIRE, "postgres")
    except psycopg.OperationalError as refus:
        if "authentication failed" not in str(refus):
            raise  # not started yet
        _separer(connecter, portail=portail, proprietaire=proprietaire)
        connexion, lance = connecter(PROPRIETAIRE, "postgres"), True
    with connexion:
        neuve = not _existe(connexion, "SELECT 1 FROM pg_database WHERE datname = %s", BASE)
        if not (neuve or lance):
            return
        connexion.execute(f"DROP ROLE IF EXISTS {_DE_PASSAGE}")
        if not _existe(connexion, "SELECT 1 FROM pg_roles WHERE rolname = %s", PORTAIL):
            connexion.execute(_avec("CREATE ROLE {} LOGIN PASSWORD {}", PORTAIL, portail))
        if neuve:
            connexion.execute(f"CREATE DATABASE {BASE}")
    with connecter(PROPRIETAIRE, BASE) as connexion:
        connexion.execute(_DROITS)


def _separer(connecter: Connecter, *, portail: str, proprietaire: str) -> None:
    """One role becomes two. Interrupted anywhere, it is begun again: the second step is done or not."""
    with connecter(PORTAIL, "postgres") as ancien:
        ancien.execute(f"DROP ROLE IF EXISTS {_DE_PASSAGE}")
        ancien.execute(_avec("CREATE ROLE {} SUPERUSER LOGIN PASSWORD {}", _DE_PASSAGE, proprietaire))
    with connecter(_DE_PASSAGE, "postgres") as passage, passage.transaction():
        passage.execute(f"ALTER ROLE {PORTAIL} RENAME TO {PROPRIETAIRE}")
        passage.execute(_avec("ALTER ROLE {} PASSWORD {}", PROPRIETAIRE, proprietaire))
        passage.execute(_avec("CREATE ROLE {} LOGIN PASSWORD {}", PORTAIL, portail))


def _existe(connexion: "psycopg.Connection[Any]", requete: str, nom: str) -> bool:
    return connexion.execute(requete, [nom]).fetchone() is not None


def _avec(ordre: str, role: str, mot_de_passe: str) -> sql.Composed:
    return sql.SQL(ordre).format(sql.Identifier(role), sql.Literal(mot_de_passe))
