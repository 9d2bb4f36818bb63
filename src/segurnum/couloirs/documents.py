"""The model documents of a couloir, that the administration looks at before the requests of a wave (EXP-018)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from segurnum.couloirs.registre import tous

# What a request of any couloir is justified by, and how a supplier's own model of it is called.
DOCUMENTS = {"BDC": "bon de commande", "VA": "VA", "MOM": "MOM"}


@dataclass(frozen=True, slots=True)
class TypeModele:
    """The model of one document for one couloir: « MODELE_BDC_HOP », « Modèle de VA couloir Hôpital » (EXP-010)."""

    document: str
    couloir: str

    @property
    def code(self) -> str:
        return f"MODELE_{self.document}_{self.couloir}"

    @property
    def libelle(self) -> str:
        return f"Modèle de {DOCUMENTS[self.document]} couloir {rubrique(self.couloir)}"

    @classmethod
    def lire(cls, code: str) -> TypeModele:
        """The type of « MODELE_BDC_HOP »."""
        _, document, couloir = code.split("_", 2)
        return cls(document, couloir)


def rubrique(couloir: str) -> str:
    """What the declarations call « HOP »; the code itself for a couloir that the portal does not process yet."""
    return next((declare.rubrique for declare in tous() if declare.couloir == couloir), couloir)


def types_de_modeles(dsr: Iterable[str]) -> tuple[TypeModele, ...]:
    """The models to show for these DSR: the same for every software and wave of a couloir."""
    codes = dict.fromkeys(code.split("-")[1] for code in dsr)
    return tuple(TypeModele(document, couloir) for couloir in codes for document in DOCUMENTS)
