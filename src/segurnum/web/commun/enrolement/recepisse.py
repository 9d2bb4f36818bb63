"""What the page after « Terminer » says: the number to keep, and when the request was received (ENR-059, ENR-079)."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest

from segurnum.enrolements.models import Enrolement


def garder(requete: HttpRequest, cle: str, enrolement: Enrolement) -> None:
    """Remember the last request of this browser."""
    requete.session[cle] = [f"{enrolement.numero}M0", enrolement.depose_le.isoformat()]


def montrer(requete: HttpRequest, cle: str) -> dict[str, Any] | None:
    """The values of the page; None where nothing was sent."""
    garde = requete.session.get(cle)
    if not garde:
        return None
    numero, recu_le = garde
    return {"numero": numero, "recu_le": datetime.fromisoformat(recu_le)}
