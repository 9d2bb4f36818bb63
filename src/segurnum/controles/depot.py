"""What a business rule is given: the requests in normal form and, asked once, what the portal knows of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, NamedTuple

from segurnum.controles.contexte import AvanceConnue, Contexte, DejaDemande
from segurnum.couloirs import Beneficiaire, Couloir, Format, bloc_montant
from segurnum.couloirs.champs import Chemin
from segurnum.couloirs.declaration import BlocMontant
from segurnum.couloirs.nomenclature import NomPiece, lire_nom
from segurnum.couloirs.places import Places
from segurnum.regles.calendrier import lire_date_fr
from segurnum.regles.cycles import TypeDemande
from segurnum.regles.numeros import NumeroDossier

Demande = dict[str, Any]


class SitesEtScenarios(NamedTuple):
    """One request: its rank, its sites (ordered set), those of its scenario and the field that names each."""

    rang: int
    sites: dict[str, None]
    decrits: list[str]
    cles: list[str]


class PieceAnnoncee(NamedTuple):
    """One piece as the JSON announces it: its path, the editor number of its request (None when that is itself wrong),
    its name taken apart (None out of the nomenclature).
    """

    chemin: Chemin
    piece: dict[str, Any]
    numero: str | None
    lu: NomPiece | None


@dataclass
class Depot:
    """One file, read. `demandes`: (rank, normal form) of the requests that could be visited.

    A value that could not be read is None: rules pass over it, the structure check has already spoken.
    `en_erreur`: paths of the normal form already reported.
    """

    couloir: Couloir
    type: TypeDemande
    entete: dict[str, Any]
    demandes: list[tuple[int, Demande]]
    contexte: Contexte
    en_erreur: frozenset[Chemin] = frozenset()

    def sans_erreur(self, rang: int, champ: str) -> bool:
        """True when nothing has been reported inside one field of a request."""
        return chemin(rang, champ) not in self._champs_en_erreur

    @cached_property
    def _champs_en_erreur(self) -> set[Chemin]:
        return {place[:3] for place in self.en_erreur}

    @cached_property
    def format(self) -> Format:
        """The format that judges these requests: in force at their deposit, or at their correction."""
        return self.couloir.format(self.type, self.contexte.instant, self.contexte.corrige_le)

    @property
    def places(self) -> Places:
        """Where everything stands in these requests."""
        return self.format.places

    @property
    def bloc(self) -> BlocMontant:
        """Names of the object, date and amount of this type of request."""
        return bloc_montant(self.type)

    @cached_property
    def pieces(self) -> list[PieceAnnoncee]:
        """Every piece that a request announces, in the file's order."""
        annoncees = []
        for rang, demande in self.demandes:
            numero = demande["numeroEditeur"] if self.sans_erreur(rang, "numeroEditeur") else None
            for indice, piece in enumerate(demande["piecesJustificatives"]):
                nom = piece["nomFichier"]
                place = ("lignesImport", rang, "piecesJustificatives", indice)
                annoncees.append(PieceAnnoncee(place, piece, numero, lire_nom(nom) if nom else None))
        return annoncees

    @cached_property
    def dates(self) -> list[tuple[Chemin, str, date]]:
        """Path, text and day of each order or invoice whose date can be read."""
        objet, champ = self.bloc.objet, self.bloc.date
        textes = [(rang, demande[objet][champ]) for rang, demande in self.demandes]
        return [
            (("lignesImport", rang, objet, champ), texte, lire_date_fr(texte))
            for rang, texte in textes
            if texte is not None
        ]

    @cached_property
    def porteurs(self) -> list[tuple[Chemin, Mapping[str, Any]]]:
        """Path and object of every place where a mandataire may be named."""
        if self.places.cle_mandataire is None:
            return []
        return [
            (("lignesImport", rang, *base), porteur)
            for rang, demande in self.demandes
            for base, porteur in self.places.porteurs(demande)
        ]

    @cached_property
    def beneficiaires(self) -> list[tuple[int, list[Beneficiaire]]]:
        """Beneficiaries of each request, by rank."""
        return [(rang, self.places.beneficiaires(demande)) for rang, demande in self.demandes]

    @cached_property
    def identifiants(self) -> list[tuple[Chemin, str]]:
        """Every identifier of a beneficiary with its path, in the file's order."""
        return [
            (("lignesImport", rang, *chemin), identifiant)
            for rang, beneficiaires in self.beneficiaires
            for beneficiaire in beneficiaires
            for identifiant, chemin in zip(beneficiaire.identifiants, beneficiaire.chemins, strict=True)
        ]

    @cached_property
    def sites_et_scenarios(self) -> list[SitesEtScenarios]:
        """Sites of each request beside those its scenario describes, when nothing there is in error."""
        cles = self.places.sites_scenario
        if not cles:
            return []
        lus = []
        for (rang, demande), (_, beneficiaires) in zip(self.demandes, self.beneficiaires, strict=True):
            sites = dict.fromkeys(identifiant for b in beneficiaires for identifiant in b.identifiants)
            nommes = [
                next((cle for cle in cles if ligne[cle] is not None), cles[0])
                for ligne in demande["scenarioInstallation"]
            ]
            decrits = [ligne[cle] for ligne, cle in zip(demande["scenarioInstallation"], nommes, strict=True)]
            if self.sans_erreur(rang, "beneficiaires") and self.sans_erreur(rang, "scenarioInstallation"):
                lus.append(SitesEtScenarios(rang, sites, decrits, nommes))
        return lus

    @cached_property
    def deja_finances(self) -> Mapping[str, DejaDemande]:
        """What the portal says of the identifiers, asked once for the whole file."""
        demander = self.contexte.beneficiaires_finances
        return demander({identifiant for _, identifiant in self.identifiants}) if demander else {}

    @cached_property
    def dossiers(self) -> list[tuple[int, Demande, str]]:
        """Rank, request and dossier number (without suffix) of each request that names one."""
        lus = [(rang, demande, numero_dossier(demande["numeroASP"])) for rang, demande in self.demandes]
        return [(rang, demande, numero) for rang, demande, numero in lus if numero is not None]

    @cached_property
    def avances(self) -> Mapping[str, AvanceConnue]:
        """What the portal knows of the advances named by the file, asked once."""
        demander = self.contexte.avances
        return demander({numero for _, _, numero in self.dossiers}) if demander else {}


def numero_dossier(texte: str | None) -> str | None:
    """A dossier number without its suffix; None when there is none or it cannot be read."""
    try:
        return str(NumeroDossier.lire(texte)) if texte else None
    except ValueError:
        return None


def chemin(rang: int, *pas: str | int) -> Chemin:
    """The path of something inside a request."""
    return ("lignesImport", rang, *pas)
