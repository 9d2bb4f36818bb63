"""What keeps the database from rewriting the journal: who may not, and whether the triggers are still there."""

from collections.abc import Iterator
from typing import Any

from django.db import connection

TABLE = "journal_evenement"
# Each trigger, the function that it calls, and a word without which that function refuses or numbers nothing.
DECLENCHEURS = {
    "journal_enchainer": ("journal_enchainer", "NEW.empreinte := journal_empreinte(NEW)"),
    "journal_sans_retouche": ("journal_refuser", "RAISE EXCEPTION"),
    "journal_sans_vidage": ("journal_refuser", "RAISE EXCEPTION"),
}
# Whoever the tables were opened to may add to the journal and read it; its owner alone could do more.
RESERVER = f"""
DO $$ DECLARE lecteur record;
BEGIN
    FOR lecteur IN SELECT DISTINCT grantee FROM information_schema.role_table_grants
        WHERE table_schema = current_schema() AND table_name = '{TABLE}' AND grantee <> current_user
    LOOP
        EXECUTE format('REVOKE UPDATE, DELETE, TRUNCATE, TRIGGER ON {TABLE} FROM %s',
            CASE lecteur.grantee WHEN 'PUBLIC' THEN 'PUBLIC' ELSE quote_ident(lecteur.grantee) END);
    END LOOP;
END $$
"""  # noqa: S608 - ours


def reserver(**_: Any) -> None:
    """After the migrations, made by the owner: nobody else keeps the right to rewrite the journal."""
    with connection.cursor() as curseur:
        curseur.execute(
            "SELECT pg_get_userbyid(relowner) = current_user FROM pg_class WHERE oid = to_regclass(%s)",
            [TABLE],
        )
        if curseur.fetchone() == (True,):
            curseur.execute(RESERVER)


def levees() -> Iterator[str]:
    """Each guard that is gone, switched off or emptied, as a sentence."""
    with connection.cursor() as curseur:
        curseur.execute(
            "SELECT tgname, tgenabled IN ('O', 'A'), proname, prosrc FROM pg_trigger "
            "JOIN pg_proc ON pg_proc.oid = tgfoid WHERE tgrelid = to_regclass(%s) AND NOT tgisinternal",
            [TABLE],
        )
        trouves = {nom: (actif, fonction, texte) for nom, actif, fonction, texte in curseur.fetchall()}
    for nom, (fonction, mot) in DECLENCHEURS.items():
        actif, appelee, texte = trouves.get(nom, (None, "", ""))
        if actif is None:
            yield f"Le déclencheur {nom} du journal a été supprimé."
        elif not actif:
            yield f"Le déclencheur {nom} du journal est désactivé."
        elif appelee != fonction or mot not in texte:
            yield f"Le déclencheur {nom} du journal ne fait plus ce qu'il doit."
