"""What somebody with every power on the database could do to the journal, and to the tables beside it."""

from importlib import import_module

from django.db import connection

# Numbered and sealed anew from end to end: the chain says nothing any more of what was done to it.
_RECHAINER = """
DO $$ DECLARE e journal_evenement; precedente text := ''; numero int := 0;
BEGIN
    FOR e IN SELECT * FROM journal_evenement WHERE chaine = '{chaine}' ORDER BY rang LOOP
        numero := numero + 1;
        e.rang := numero; e.empreinte_precedente := precedente; e.empreinte := journal_empreinte(e);
        UPDATE journal_evenement SET rang = e.rang, empreinte_precedente = precedente, empreinte = e.empreinte
            WHERE id = e.id;
        precedente := e.empreinte;
    END LOOP;
END $$
"""
_ESPACER = "UPDATE journal_evenement SET rang = 100000 + rang * 10 WHERE chaine = '{chaine}'"
_COLONNES = "chaine, instant, acteur_id, role, objet, geste, avant, apres, motif, details, "
_COLONNES += "empreinte_precedente, empreinte"


def de_force(*ordres: str) -> None:
    """With the guards off."""
    with connection.cursor() as curseur:
        curseur.execute("SET CONSTRAINTS ALL IMMEDIATE")
        curseur.execute("SET LOCAL session_replication_role = replica")
        for ordre in ordres:
            curseur.execute(ordre)
        curseur.execute("SET LOCAL session_replication_role = origin")


def constater() -> None:
    """Tell in the journal what factories made without a gesture, as an update tells what was there before."""
    for migration in ("0003_constat", "0005_constat_des_lignes"):
        with connection.cursor() as curseur:
            curseur.execute(import_module(f"segurnum.journal.migrations.{migration}").CONSTATER)


def _recoudre(chaine: str, ordre: str) -> None:
    de_force(_ESPACER.format(chaine=chaine), ordre, _RECHAINER.format(chaine=chaine))


def supprimer_la_chaine(chaine: str, _rang: int = 0) -> None:
    de_force(f"DELETE FROM journal_evenement WHERE chaine = '{chaine}'")


def supprimer_la_fin(chaine: str, _rang: int = 0) -> None:
    de_force(
        f"DELETE FROM journal_evenement WHERE chaine = '{chaine}' AND rang = "
        f"(SELECT max(rang) FROM journal_evenement WHERE chaine = '{chaine}')"
    )


def retoucher(chaine: str, rang: int) -> None:
    """Without hiding it."""
    de_force(f"UPDATE journal_evenement SET motif = 'faux' WHERE chaine = '{chaine}' AND rang = {rang}")


def reecrire(chaine: str, rang: int) -> None:
    retoucher(chaine, rang)
    de_force(_RECHAINER.format(chaine=chaine))


def oter(chaine: str, rang: int) -> None:
    _recoudre(
        chaine, f"DELETE FROM journal_evenement WHERE chaine = '{chaine}' AND rang = {100_000 + rang * 10}"
    )


def deplacer(chaine: str, rang: int) -> None:
    """After the one that follows it; the last one, before the one that precedes it."""
    de_force(_ESPACER.format(chaine=chaine))
    ou = 100_000 + rang * 10
    vers = (
        f"(SELECT CASE WHEN max(rang) > {ou} THEN {ou + 15} ELSE {ou - 15} END FROM journal_evenement "
        f"WHERE chaine = '{chaine}')"
    )
    de_force(
        f"UPDATE journal_evenement SET rang = {vers} WHERE chaine = '{chaine}' AND rang = {ou}",
        _RECHAINER.format(chaine=chaine),
    )


def inserer(chaine: str, rang: int) -> None:
    """A false event right after this one."""
    ou = 100_000 + rang * 10
    _recoudre(
        chaine,
        "INSERT INTO journal_evenement "
        f"(rang, {_COLONNES}) SELECT {ou + 5}, {_COLONNES.replace('motif', repr('faux'))} "
        f"FROM journal_evenement WHERE chaine = '{chaine}' AND rang = {ou}",
    )


TOUTES = (supprimer_la_chaine, supprimer_la_fin, retoucher, reecrire, oter, deplacer, inserer)
