"""What a couloir deposited by web form asks: typed fields in groups, fields that the portal fills, a zone per piece.

The shape of the request, its screens, its checks and what may be modified later derive from it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from segurnum.couloirs.champs import Champ, DateFr, Objet, Tableau, Texte
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

    @property
    def jours_suivis(self) -> dict[str, str]:
        """The days of this form of a solde that may not precede one of its avance, each with that one."""
        types = {champ.nom: champ.type for champ in self.champs}
        return {nom: type_.apres for nom, type_ in types.items() if isinstance(type_, DateFr) and type_.apres}

    def face_a(self, avance: Formulaire, donnees: Mapping[str, Any]) -> Formulaire:
        """This form of a solde, its days held to those that its avance declares."""
        return replace(
            self,
            groupes=tuple(
                replace(groupe, champs=tuple(_borner(champ, avance, donnees) for champ in groupe.champs))
                for groupe in self.groupes
            ),
        )

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


def _borner(champ: Champ, avance: Formulaire, donnees: Mapping[str, Any]) -> Champ:
    if not isinstance(champ.type, DateFr) or not champ.type.apres:
        return champ
    (suivi,) = (autre for autre in avance.champs if autre.nom == champ.type.apres)
    jour = donnees.get(suivi.nom)
    return replace(champ, type=replace(champ.type, plancher=(suivi.libelle, jour))) if jour else champ


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
