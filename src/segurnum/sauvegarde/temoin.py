"""The witness of the last successful back-up: a file of the installation, for who judges how old it is."""

import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from django.conf import settings

from segurnum.regles import calendrier
from segurnum.sauvegarde.ecriture import ecrire


@dataclass(frozen=True)
class Temoin:
    """`instant`: what the back-up holds is as of then; `verifiee_le`: when it was proved elsewhere. ISO 8601."""

    instant: str
    dossier: str
    chiffree: bool
    fichiers: int
    octets: int
    verifiee_le: str | None = None


def lire(fichier: Path) -> Temoin | None:
    """None before the first success, and for a witness that says nothing that can be read."""
    try:
        return Temoin(**json.loads(fichier.read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def temoigner(temoin: Temoin) -> None:
    _ecrire(settings.TEMOIN_SAUVEGARDE, temoin)


def temoigner_de_la_verification(fichier: Path, dossier: Path) -> None:
    """Note that this back-up was proved, where it is the one that the witness tells of."""
    temoin = lire(fichier)
    if temoin is not None and temoin.dossier == str(dossier):
        _ecrire(fichier, replace(temoin, verifiee_le=calendrier.maintenant().isoformat()))


def _ecrire(fichier: Path, temoin: Temoin) -> None:
    texte = json.dumps(asdict(temoin), ensure_ascii=False, indent=2) + "\n"
    ecrire([texte.encode()], fichier)
