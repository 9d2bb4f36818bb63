"""What one type of request is made of, in one version: the same questions are asked of a file's and of a form's."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, ClassVar

from segurnum.couloirs.champs import Champ, Objet
from segurnum.couloirs.edition import ChampModifiable, champs_du_fichier, listes_du_fichier
from segurnum.couloirs.nomenclature import LIBELLES_PIECES, TYPES_AJOUTABLES
from segurnum.couloirs.places import Places, situer
from segurnum.couloirs.repetitions import Repetition
from segurnum.regles.cycles import StatutDemande, TypeDemande

IMAGES_ET_PDF = ("png", "jpg", "jpeg", "pdf")


@dataclass(frozen=True)
class Bloc:
    """One accordion of the consultation screen."""

    code: str
    titre: str


BLOCS = {
    "informations": Bloc("informations", "Informations de la demande"),
    "formulaire": Bloc("formulaire", "Informations de la demande"),
    "coordonnees": Bloc("coordonnees", "Coordonnées bancaires"),
    "beneficiaires": Bloc("beneficiaires", "Bénéficiaire(s)"),
    "administrateurs": Bloc("administrateurs", "Informations sur le(s) administrateur(s) technique(s)"),
    "pieces": Bloc("pieces", "Pièces justificatives"),
    "scenario": Bloc("scenario", "Scénario d'installation"),
    "courriels": Bloc("courriels", "Courriels automatiques envoyés"),
    "suivi": Bloc("suivi", "Suivi Financier"),
}


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


class Format(ABC):
    """The shape of one type of request. `depuis`: it is that of what is deposited from this instant on.

    `zones`: where pieces are deposited one by one. `comptes`: what the portal counts itself. A file has neither.
    """

    depuis: datetime | None = None
    groupes: tuple[Groupe, ...] = ()
    zones: tuple[ZonePiece, ...] = ()
    comptes: tuple[Champ, ...] = ()
    statut_initial: ClassVar[StatutDemande]

    @property
    @abstractmethod
    def forme(self) -> Objet:
        """The normal form of a request."""

    @property
    @abstractmethod
    def codes_blocs(self) -> tuple[str, ...]:
        """The accordions of the consultation screen, in order (REQ-036 to REQ-038)."""

    @abstractmethod
    def champs_modifiables(self, donnees: Mapping[str, Any]) -> list[ChampModifiable]:
        """Every field that may be corrected, in the order of the form or of the file (MOD-012, MOD-028)."""

    def listes_modifiables(self, donnees: Mapping[str, Any]) -> list[Repetition]:
        """Every list whose elements may be added and taken away: a form has none."""
        del donnees
        return []

    @abstractmethod
    def types_ajoutables(self, type_demande: TypeDemande) -> dict[str, str]:
        """The types of the pieces that may be added on screen, and their labels."""

    @cached_property
    def places(self) -> Places:
        """Where everything stands in it. Raises CouloirMalDeclare, while the couloir is being built."""
        return situer(self.forme)

    @property
    def blocs(self) -> tuple[Bloc, ...]:
        return tuple(BLOCS[code] for code in self.codes_blocs)

    def zone(self, type_piece: str) -> ZonePiece | None:
        """The zone of a type of piece, which the dossier's number may follow (MSS-025)."""
        return next((z for z in self.zones if f"{type_piece}_".startswith(f"{z.type}_")), None)


@dataclass(frozen=True, eq=False)
class FormatFichier(Format):
    """The shape of the requests of a file."""

    objet: Objet
    depuis: datetime | None = None

    statut_initial = StatutDemande.NON_COMPLETEE  # until the ZIP of its pieces is there

    @property
    def forme(self) -> Objet:
        return self.objet

    @property
    def codes_blocs(self) -> tuple[str, ...]:
        presents = {"administrateurs": self.places.administrateurs, "scenario": self.places.scenario}
        codes = ("informations", "coordonnees", "beneficiaires", "administrateurs", "pieces", "scenario")
        return (*(code for code in codes if presents.get(code, True)), "courriels", "suivi")

    def champs_modifiables(self, donnees: Mapping[str, Any]) -> list[ChampModifiable]:
        return list(champs_du_fichier(self.forme, donnees))

    def listes_modifiables(self, donnees: Mapping[str, Any]) -> list[Repetition]:
        return list(listes_du_fichier(self.forme, donnees))

    def types_ajoutables(self, type_demande: TypeDemande) -> dict[str, str]:
        return {code: LIBELLES_PIECES[code] for code in TYPES_AJOUTABLES[type_demande]}
