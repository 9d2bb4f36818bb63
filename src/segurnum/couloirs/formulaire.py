"""What a couloir deposited by web form asks: typed fields in groups, fields that the portal fills, a zone per piece.

The shape of the request, its screens, its checks and what may be modified later derive from it.
"""

from __future__ import annotations

from dataclasses import dataclass

from segurnum.couloirs.champs import Champ, Objet, Tableau, Texte
from segurnum.couloirs.nomenclature import NOM_MAX

IMAGES_ET_PDF = ("png", "jpg", "jpeg", "pdf")
# Where the normal form keeps the pieces, whatever the way of the deposit.
PIECES = "piecesJustificatives"


@dataclass(frozen=True)
class ZonePiece:
    """A deposit zone of its own (MSS-017). `profils`: the operator profiles it is for; empty, everybody."""

    type: str
    libelle: str
    formats: tuple[str, ...] = IMAGES_ET_PDF
    profils: frozenset[str] = frozenset()
    obligatoire: bool = True

    @property
    def formats_ecrits(self) -> str:
        """« .png, .jpg, .jpeg ou .pdf », in the order of the declaration."""
        *debut, fin = (f".{suffixe}" for suffixe in self.formats)
        return f"{', '.join(debut)} ou {fin}" if debut else fin

    @property
    def cle(self) -> str:
        """The name of its field."""
        return f"piece_{self.type.lower()}"


@dataclass(frozen=True)
class Groupe:
    """Fields under one title."""

    titre: str
    champs: tuple[Champ, ...]


@dataclass(frozen=True)
class Formulaire:
    """The form of one type of request. `comptes`: what the portal counts at the closing date, read-only."""

    groupes: tuple[Groupe, ...]
    zones: tuple[ZonePiece, ...] = ()
    comptes: tuple[Champ, ...] = ()

    @property
    def champs(self) -> tuple[Champ, ...]:
        """What is typed: also what a modification may change (MOD-012)."""
        return tuple(champ for groupe in self.groupes for champ in groupe.champs)

    @property
    def forme(self) -> Objet:
        """The normal form of a request: what was typed, what was counted, the pieces."""
        return Objet((*self.champs, *self.comptes, _PIECES))

    def zones_de(self, profil: str) -> tuple[ZonePiece, ...]:
        """The zones shown to an operator of this profile (MSS-018)."""
        return tuple(zone for zone in self.zones if not zone.profils or profil in zone.profils)


_PIECES = Champ(
    PIECES,
    Tableau(
        Objet(
            (
                Champ("nomFichier", Texte(NOM_MAX), "Nom du fichier"),
                Champ("formatFichier", Texte(5), "Format"),
                Champ("typeFichier", Texte(60), "Type de pièce"),
            )
        )
    ),
    "Pièces justificatives",
)
