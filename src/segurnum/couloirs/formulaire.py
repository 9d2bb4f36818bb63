"""What a couloir deposited by web form asks: typed fields in groups, fields that the portal fills, a zone per piece.

The shape of the request, its screens, its checks and what may be modified later derive from it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from segurnum.couloirs.champs import Champ, Objet, Tableau, Texte
from segurnum.couloirs.edition import ChampModifiable
from segurnum.couloirs.formats import Format, Groupe, ZonePiece
from segurnum.couloirs.nomenclature import AUTRE_PIECE, LIBELLES_PIECES, NOM_MAX, PIECES
from segurnum.regles.cycles import StatutDemande, TypeDemande

__all__ = ["PIECES", "Formulaire", "Groupe", "ZonePiece"]


@dataclass(frozen=True, eq=False)
class Formulaire(Format):
    """The form of one type of request. `comptes`: what the portal counts at the closing date, read-only."""

    groupes: tuple[Groupe, ...]
    zones: tuple[ZonePiece, ...] = ()
    comptes: tuple[Champ, ...] = ()

    statut_initial = StatutDemande.EN_COURS  # its pieces come with it

    @property
    def champs(self) -> tuple[Champ, ...]:
        """What is typed: also what a modification may change (MOD-012)."""
        return tuple(champ for groupe in self.groupes for champ in groupe.champs)

    @cached_property
    def forme(self) -> Objet:
        """What was typed, what was counted, the pieces."""
        return Objet((*self.champs, *self.comptes, _PIECES))

    @property
    def codes_blocs(self) -> tuple[str, ...]:
        return ("formulaire", "coordonnees", "pieces", "courriels", "suivi")

    def champs_modifiables(self, donnees: Mapping[str, Any]) -> list[ChampModifiable]:
        return [
            ChampModifiable((champ.nom,), champ, groupe.titre, donnees.get(champ.nom))
            for groupe in self.groupes
            for champ in groupe.champs
        ]

    def types_ajoutables(self, type_demande: TypeDemande) -> dict[str, str]:
        zones = {zone.type: zone.libelle for zone in self.zones}
        return zones | {f"{AUTRE_PIECE}_{type_demande[0]}": LIBELLES_PIECES[AUTRE_PIECE]}

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
