"""Short written forms that the tables of the portal share."""

from datetime import date

from segurnum.regles.calendrier import date_fr


def date_courte(jour: date | None) -> str:
    """« 02/01/24 », as the tables of payments and mails show it (REQ-067); nothing without a date."""
    if jour is None:
        return ""
    texte = date_fr(jour)
    return f"{texte[:6]}{texte[8:]}"


def tronquer(texte: str, longueur: int) -> str:
    """The beginning of a text, with « … » where it was cut."""
    return texte if len(texte) <= longueur else f"{texte[: longueur - 1].rstrip()}…"
