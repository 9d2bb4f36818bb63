"""Whose a database is, before the demonstration touches it. Without Django: its tables may be older, or another's."""

import psycopg

REFUS = (
    "Cette base n'est pas celle d'une démonstration : elle a des comptes, et ne porte pas la marque qu'une "
    "démonstration laisse dans la sienne. Rien n'y a été changé. Retirez DATABASE_URL, et donnez par --donnees un "
    "dossier vide ou celui d'une démonstration."
)


class BaseDAutrui(RuntimeError):
    """The base holds something else than a demonstration."""

    def __init__(self) -> None:
        super().__init__(REFUS)


def verifier(adresse: str) -> None:
    """Let pass a base of this address that is empty, has no account, or is a demonstration. Raises BaseDAutrui."""
    with psycopg.connect(adresse) as connexion:
        if _compte(connexion, "comptes_utilisateur", "true") and not _marquee(connexion):
            raise BaseDAutrui


def _marquee(connexion: "psycopg.Connection[tuple[object, ...]]") -> bool:
    """By its own mark or, when it is older than marks are, by the account that only a demonstration has."""
    if _existe(connexion, "installation_temoin"):
        return _compte(connexion, "installation_temoin", "nom = 'DEMONSTRATION'")
    return _compte(connexion, "comptes_utilisateur", "email = 'demo-fournisseur@segurnum.example'")


def _existe(connexion: "psycopg.Connection[tuple[object, ...]]", table: str) -> bool:
    ligne = connexion.execute("SELECT to_regclass(%s) IS NOT NULL", [table]).fetchone()
    return bool(ligne and ligne[0])


def _compte(connexion: "psycopg.Connection[tuple[object, ...]]", table: str, ou: str) -> bool:
    """Whether such a row exists, in a table that may not."""
    if not _existe(connexion, table):
        return False
    ligne = connexion.execute(f"SELECT EXISTS (SELECT 1 FROM {table} WHERE {ou})").fetchone()  # noqa: S608 - both are this module's
    return bool(ligne and ligne[0])
