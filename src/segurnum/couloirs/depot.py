"""How the requests of a couloir are deposited: by a file, whose format has dated versions, or on two forms.

Callers ask the same questions of both. A request is judged by the format in force at its deposit, and read by it for
ever after; one that is corrected may have to follow a later format, where that one says so.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from itertools import pairwise
from typing import ClassVar

from segurnum.couloirs.champs import Champ, DateFr, Objet, Tableau, Type
from segurnum.couloirs.erreurs import CouloirMalDeclare, connu
from segurnum.couloirs.formats import Format, FormatFichier
from segurnum.couloirs.formulaire import Formulaire
from segurnum.couloirs.nomenclature import AUTRE_PIECE, LIBELLES_PIECES
from segurnum.regles.calendrier import maintenant
from segurnum.regles.cycles import TypeDemande


class Depot(ABC):
    """The way of the deposit."""

    a_l_ecran: ClassVar[bool]
    """Typed by hand, one request at a time: its pages are other pages."""

    @abstractmethod
    def formats(self, type_demande: TypeDemande) -> tuple[Format, ...]:
        """Every version, the oldest first."""

    @abstractmethod
    def format(
        self, type_demande: TypeDemande, instant: datetime | None = None, corrige_le: datetime | None = None
    ) -> Format:
        """The version that judges what is deposited at `instant` (now, by default), or corrected since."""

    def libelle_piece(self, type_piece: str) -> str:
        """The French name of a type of piece; that of a form may carry the dossier's number (MSS-025)."""
        zones = (f.zone(type_piece) for type_ in TypeDemande for f in self.formats(type_))
        autres = {f"{AUTRE_PIECE}_{type_[0]}": LIBELLES_PIECES[AUTRE_PIECE] for type_ in TypeDemande}
        connus = LIBELLES_PIECES | autres
        return next((zone.libelle for zone in zones if zone), connus.get(type_piece, ""))


@dataclass(frozen=True, eq=False)
class Formulaires(Depot):
    """Two forms on screen."""

    avance: Formulaire
    solde: Formulaire

    a_l_ecran = True

    def __post_init__(self) -> None:
        """A day that follows one of the avance names a field of it."""
        noms = [champ.nom for champ in self.avance.champs if isinstance(champ.type, DateFr)]
        for nom, suivi in self.solde.jours_suivis.items():
            connu(suivi, noms, nom)

    def formats(self, type_demande: TypeDemande) -> tuple[Formulaire, ...]:
        return (self.avance,) if type_demande is TypeDemande.AVANCE else (self.solde,)

    def format(
        self,
        type_demande: TypeDemande,
        instant: datetime | None = None,  # noqa: ARG002
        corrige_le: datetime | None = None,  # noqa: ARG002
    ) -> Formulaire:
        return self.formats(type_demande)[0]


@dataclass(frozen=True, eq=False)
class Version:
    """The format of a file for what is deposited from `depuis` on; None: since ever.

    `aux_corrections`: a request deposited before, if it is sent back for correction, follows this format too.
    """

    avance: Objet
    solde: Objet
    depuis: datetime | None = None
    aux_corrections: bool = False

    def forme(self, type_demande: TypeDemande) -> Objet:
        return self.avance if type_demande is TypeDemande.AVANCE else self.solde


@dataclass(frozen=True, eq=False)
class Fichier(Depot):
    """A JSON file and the ZIP of its pieces; the versions of its format, the oldest first."""

    versions: tuple[Version, ...]

    a_l_ecran = False

    def formats(self, type_demande: TypeDemande) -> tuple[FormatFichier, ...]:
        return self._formats[type_demande]

    def format(
        self, type_demande: TypeDemande, instant: datetime | None = None, corrige_le: datetime | None = None
    ) -> FormatFichier:
        formats = self._formats[type_demande]
        if len(formats) == 1:
            return formats[0]
        rang = self._en_vigueur(instant or maintenant())
        if corrige_le is not None:
            suivantes = range(rang + 1, self._en_vigueur(corrige_le) + 1)
            rang = max((r for r in suivantes if self.versions[r].aux_corrections), default=rang)
        return formats[rang]

    def _en_vigueur(self, instant: datetime) -> int:
        """The rank of the version in force: the first one has always been."""
        rangs = (rang for rang, v in enumerate(self.versions) if v.depuis is None or v.depuis <= instant)
        return max(rangs)

    @cached_property
    def _formats(self) -> dict[TypeDemande, tuple[FormatFichier, ...]]:
        self._verifier_les_dates()
        return {type_demande: tuple(self._dates(type_demande)) for type_demande in TypeDemande}

    def _dates(self, type_demande: TypeDemande) -> Iterator[FormatFichier]:
        """Each version, whose fields say since when they are asked for where the one before did not ask for them."""
        premiere, *suivantes = (version.forme(type_demande) for version in self.versions)
        yield FormatFichier(premiere)
        avant = premiere
        for forme, version in zip(suivantes, self.versions[1:], strict=True):
            avant = _dater(forme, avant, version.depuis)
            yield FormatFichier(avant, version.depuis)

    def _verifier_les_dates(self) -> None:
        if not self.versions or self.versions[0].depuis is not None:
            raise CouloirMalDeclare(
                "la première version d'un format n'a pas de date : elle vaut depuis toujours."
            )
        dates = [version.depuis for version in self.versions[1:]]
        if None in dates or any(date.tzinfo is None for date in dates if date):
            raise CouloirMalDeclare("chaque version qui suit la première a une date d'effet, fuseau compris.")
        if any(avant >= apres for avant, apres in pairwise(date for date in dates if date)):
            raise CouloirMalDeclare(
                "les versions d'un format sont déclarées de la plus ancienne à la plus récente."
            )


def _dater(objet: Objet, avant: Objet, depuis: datetime | None) -> Objet:
    """The object, each field that must now be filled and did not have to marked with the instant since when."""
    return replace(
        objet, champs=tuple(_dater_champ(champ, avant.champ(champ.nom), depuis) for champ in objet.champs)
    )


def _dater_champ(champ: Champ, avant: Champ | None, depuis: datetime | None) -> Champ:
    exige = not champ.accepte_null and (avant is None or avant.accepte_null)
    return replace(
        champ,
        type=_dater_type(champ.type, avant.type, depuis) if avant else champ.type,
        depuis=depuis if exige else avant.depuis if avant else None,
    )


def _dater_type(type_: Type, avant: Type, depuis: datetime | None) -> Type:
    if isinstance(type_, Tableau) and isinstance(avant, Tableau):
        return replace(type_, element=_dater_type(type_.element, avant.element, depuis))
    return _dater(type_, avant, depuis) if isinstance(type_, Objet) and isinstance(avant, Objet) else type_
