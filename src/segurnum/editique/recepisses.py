"""The receipt of what a company sent: what was received, when, with which digests, what was kept of it and what not."""

import datetime
import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from .donnees import Emetteur
from .lettres import compiler


@dataclass(frozen=True)
class Element:
    """One thing received: `detail` says more of it, or why it is rejected; `empreinte`: SHA-256 of its octets."""

    nom: str
    detail: str = ""
    empreinte: str = ""


@dataclass(frozen=True)
class Contenu:
    """What was received: facts under their labels, then what was kept and what was rejected."""

    faits: tuple[tuple[str, str], ...]
    retenus: tuple[Element, ...] = ()
    rejetes: tuple[Element, ...] = ()

    def en_dict(self) -> dict[str, Any]:
        """As JSON values."""
        return asdict(self)

    @classmethod
    def lire(cls, donnees: Mapping[str, Any]) -> "Contenu":
        """What `en_dict` wrote."""
        return cls(
            tuple((nom, valeur) for nom, valeur in donnees["faits"]),
            tuple(Element(**element) for element in donnees["retenus"]),
            tuple(Element(**element) for element in donnees["rejetes"]),
        )


@dataclass(frozen=True)
class Recepisse:
    """A receipt, ready to print. `date`: the day in Paris of the instant that `recu_le` writes to the second;
    `adresse`: the page that confirms it, also as `qr` (SVG); `certificat`: the digest of what checks its signature.
    """

    emetteur: Emetteur
    numero: str
    nature: str
    recu_le: str
    date: datetime.date
    denomination: str
    siret: str
    contenu: Contenu
    adresse: str
    qr: str
    certificat: str

    @property
    def empreinte(self) -> str:
        return empreinte(self.numero, self.nature, self.recu_le, self.siret, self.contenu)


def empreinte(numero: str, nature: str, recu_le: str, siret: str, contenu: Contenu) -> str:
    """What the public page shows of a receipt, which tells nothing of it to who does not hold it."""
    dit = json.dumps([numero, nature, recu_le, siret, contenu.en_dict()], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(dit.encode()).hexdigest()


def recepisse(donnees: Recepisse) -> bytes:
    """The receipt as PDF/A-2a + PDF/UA-1, not signed yet."""
    return compiler("recepisse.typ", asdict(donnees) | {"empreinte": donnees.empreinte}, donnees.date)
