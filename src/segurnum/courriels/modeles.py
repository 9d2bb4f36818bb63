"""The mails of the portal, word for word. One class of values per mail, one text file each."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string

OBJETS = {
    "M09": "Votre demande de financement {numero} est à modifier",
    "M10": "Rappel : votre demande de financement {numero} est à modifier",
    "M11": "Une pièce complémentaire est attendue pour votre demande de financement {numero}",
    "M12": (
        "Acceptation de votre demande de financement dans le cadre du financement {couloir} {dossier} "
        "déposé le {depose_le} pour le SIRET {siret}."
    ),
    "M13": "Rejet de votre demande de financement {numero}",
}


@dataclass(frozen=True)
class Texte:
    objet: str
    corps: str


def rediger(code: str, **valeurs: Any) -> Texte:
    """The subject and the body of a mail. Raises KeyError for an unknown code or a value that its subject lacks."""
    commun = {"portail": settings.ADRESSE_PORTAIL, "agence": settings.NOM_AGENCE}
    corps = render_to_string(f"courriels/{code}.txt", valeurs | commun).strip() + "\n"
    return Texte(objet=OBJETS[code].format(**valeurs), corps=corps)
