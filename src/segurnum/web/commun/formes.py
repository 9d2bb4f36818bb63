"""Short written forms that the tables of the portal share."""


def tronquer(texte: str, longueur: int) -> str:
    """The beginning of a text, with « … » where it was cut."""
    return texte if len(texte) <= longueur else f"{texte[: longueur - 1].rstrip()}…"
