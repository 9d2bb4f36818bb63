"""What keeps the database from rewriting the journal and the ledger: who may not, and whether its triggers stand."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection


@dataclass(frozen=True)
class Registre:
    """A table that is only added to. `declencheurs`: each trigger, the function that it calls, and a word without which
    that function refuses or numbers nothing.
    """

    table: str
    dit: str  # « du journal »
    declencheurs: Mapping[str, tuple[str, str]]


JOURNAL = Registre(
    "journal_evenement",
    "du journal",
    {
        "journal_enchainer": ("journal_enchainer", "NEW.empreinte := journal_empreinte(NEW)"),
        "journal_sans_retouche": ("journal_refuser", "RAISE EXCEPTION"),
        "journal_sans_vidage": ("journal_refuser", "RAISE EXCEPTION"),
    },
)
GRAND_LIVRE = Registre(
    "grand_livre_ecriture",
    "du grand livre",
    {
        "grand_livre_sans_retouche": ("grand_livre_refuser", "RAISE EXCEPTION"),
        "grand_livre_sans_vidage": ("grand_livre_refuser", "RAISE EXCEPTION"),
    },
)
REGISTRES = (JOURNAL, GRAND_LIVRE)
# Whoever the tables were opened to may add to them and read them; their owner alone could do more.
RESERVER = """
DO $$ DECLARE lecteur record;
BEGIN
    FOR lecteur IN SELECT DISTINCT grantee FROM information_schema.role_table_grants
        WHERE table_schema = current_schema() AND table_name = '{table}' AND grantee <> current_user
    LOOP
        EXECUTE format('REVOKE UPDATE, DELETE, TRUNCATE, TRIGGER ON {table} FROM %s',
            CASE lecteur.grantee WHEN 'PUBLIC' THEN 'PUBLIC' ELSE quote_ident(lecteur.grantee) END);
    END LOOP;
END $$
"""


def reserver(**_: Any) -> None:
    """After the migrations, made by the owner: nobody else keeps the right to rewrite them."""
    with connection.cursor() as curseur:
        for registre in REGISTRES:
            curseur.execute(
                "SELECT pg_get_userbyid(relowner) = current_user FROM pg_class WHERE oid = to_regclass(%s)",
                [registre.table],
            )
            if curseur.fetchone() == (True,):
                curseur.execute(RESERVER.format(table=registre.table))


def levees(registre: Registre) -> Iterator[str]:
    """Each guard that is gone, switched off or emptied, as a sentence."""
    with connection.cursor() as curseur:
        curseur.execute(
            "SELECT tgname, tgenabled IN ('O', 'A'), proname, prosrc FROM pg_trigger "
            "JOIN pg_proc ON pg_proc.oid = tgfoid WHERE tgrelid = to_regclass(%s) AND NOT tgisinternal",
            [registre.table],
        )
        trouves = {nom: (actif, fonction, texte) for nom, actif, fonction, texte in curseur.fetchall()}
    for nom, (fonction, mot) in registre.declencheurs.items():
        actif, appelee, texte = trouves.get(nom, (None, "", ""))
        if actif is None:
            yield f"Le déclencheur {nom} {registre.dit} a été supprimé."
        elif not actif:
            yield f"Le déclencheur {nom} {registre.dit} est désactivé."
        elif appelee != fonction or mot not in texte:
            yield f"Le déclencheur {nom} {registre.dit} ne fait plus ce qu'il doit."
