"""How the pieces of a request are typed and named: the nomenclature published to suppliers (JSN-040)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from segurnum.regles.cycles import TypeDemande

NOM_MAX = 100
# Where the normal form keeps the pieces, whatever the way of the deposit.
PIECES = "piecesJustificatives"
AUTRE_PIECE = "AUTRE"
PV_PILOTE = "PV_PILOTE"

CODES_PIECES = {
    "BON_COMMANDE": "bdc",
    "PREUVE_HT": "ht",
    "FACTURE": "fac",
    "VA": "va",
    "MOM": "mom",
    "PV_PILOTE": "pvp",
    "AUTRE": "aut",
}
LIBELLES_PIECES = {
    "BON_COMMANDE": "Bon de commande",
    "PREUVE_HT": "Justificatif du régime hors taxe",
    "FACTURE": "Facture",
    "VA": "Vérification d'aptitude",
    "MOM": "Mise en ordre de marche",
    "PV_PILOTE": "Procès-verbal de site pilote",
    "AUTRE": "Autre pièce",
}
# What may be added to a request on screen.
TYPES_AJOUTABLES = {
    TypeDemande.AVANCE: ("BON_COMMANDE", "PREUVE_HT", "AUTRE"),
    TypeDemande.SOLDE: ("FACTURE", "VA", "MOM", "PV_PILOTE", "PREUVE_HT", "AUTRE"),
}
EXTENSIONS = {"PDF": "pdf", "JPG": "jpg", "PNG": "png"}

# In each group, one piece at least is expected.
_REQUISES: dict[TypeDemande, tuple[tuple[str, ...], ...]] = {
    TypeDemande.AVANCE: (("BON_COMMANDE",),),
    TypeDemande.SOLDE: (("FACTURE",), ("VA", "MOM")),
}

_LONGUEUR_MAX = 255
_NOM = re.compile(
    r"(?P<couloir>[A-Z][A-Z0-9]{1,2})[-_](?P<logiciel>[A-Z]+(?:[-_][A-Z]+)*?)[-_]VA(?P<vague>[0-9])"
    r"[-_](?P<code>[A-Z]+)[-_](?P<numero>[A-Z0-9_-]+)\.(?P<extension>[A-Z]+)",
    re.ASCII | re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class NomPiece:
    """A piece name taken apart. Codes are in capitals, `code` and `extension` in small letters."""

    code_couloir: str
    vague: int
    code: str
    numero_editeur: str
    extension: str

    @property
    def dsr(self) -> str:
        """The DSR that the name tells."""
        return f"DSR-{self.code_couloir}-Va{self.vague}"

    def porte(self, numero_editeur: str) -> bool:
        """True when the name bears this number: letter case is free, and - and _ are alike, as between its parts."""
        return _sans_casse_ni_tiret(self.numero_editeur) == _sans_casse_ni_tiret(numero_editeur)


def lire_nom(nom: str) -> NomPiece | None:
    """Take a name apart, None when it does not follow the nomenclature; letter case and - or _ are free."""
    return _lire_nom(nom) if len(nom) <= _LONGUEUR_MAX else None


@lru_cache(maxsize=4096)  # of short names only: what is remembered is bounded too
def _lire_nom(nom: str) -> NomPiece | None:
    lu = _NOM.fullmatch(nom)
    if lu is None:
        return None
    couloir, logiciel, vague, code, numero, extension = lu.groups()
    code_couloir = f"{couloir}-{logiciel}".upper().replace("_", "-")
    return NomPiece(code_couloir, int(vague), code.lower(), numero, extension.lower())


def _sans_casse_ni_tiret(numero: str) -> str:
    return numero.casefold().replace("_", "-")


def nom_piece(
    code_couloir: str, vague: int, type_piece: str, numero_editeur: str, format_: str = "PDF"
) -> str:
    """The name that the nomenclature gives: `MS1-DUI-va1-bdc-00001.pdf`."""
    return f"{code_couloir}-va{vague}-{CODES_PIECES[type_piece]}-{numero_editeur}.{EXTENSIONS[format_]}"


def pieces_requises(type_demande: TypeDemande, regime_tva: str | None) -> tuple[tuple[str, ...], ...]:
    """Groups of piece types of which one is expected (JSN-030): the VAT proof only under regime HT."""
    preuve = (("PREUVE_HT",),) if regime_tva == "HT" else ()
    return _REQUISES[type_demande] + preuve
