"""How the settings of the limits are written. Read by config/settings.py, so nothing of Django here."""

from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_network

MO = 1024 * 1024
Reseau = IPv4Network | IPv6Network


@dataclass(frozen=True)
class Quota:
    """What may be kept in a day: files, and octets."""

    fichiers: int
    octets: int

    @classmethod
    def lire(cls, texte: str) -> "Quota":
        """« 40/60 »: forty files, sixty Mo. Raises ValueError."""
        fichiers, barre, mo = texte.partition("/")
        if not barre:
            raise ValueError(f"« {texte} » : un nombre de fichiers et de Mo est attendu, par exemple 40/60.")
        return cls(int(fichiers), int(mo) * MO)


def lire_mandataires(textes: list[str]) -> tuple[Reseau, ...] | None:
    """SEGURNUM_MANDATAIRES: None when not given, no network for « aucun ». Raises ValueError."""
    if not textes:
        return None
    if textes == ["aucun"]:
        return ()
    return tuple(ip_network(texte.strip(), strict=False) for texte in textes)
