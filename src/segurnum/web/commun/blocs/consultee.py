"""What every block is given, and the shapes that several blocks share."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from segurnum.couloirs import Couloir, Format
from segurnum.demandes.historique import Montants, montants_de_la_version, montants_du_jour
from segurnum.demandes.models import Demande, PieceJustificative, VersionDemande
from segurnum.kits.tableau import Affiche, Tableau
from segurnum.paiements.models import Versement
from segurnum.recouvrements.models import Recouvrement
from segurnum.regles.argent import Calcul
from segurnum.regles.cycles import TypeDemande
from segurnum.seuil.acces import Requete

LIGNES_PAR_PAGE = 10


@dataclass(frozen=True)
class Adresses:
    """Where a face serves the files of a request, and shows an account whole, by its key."""

    piece: Callable[[PieceJustificative], str]
    avis: Callable[[Versement], str]
    iban: Callable[[int], str]
    titre: Callable[[Recouvrement], str]


@dataclass(frozen=True)
class Consultee:
    """One consultation: the request, the version read, where its files are; who reads it, which pages of its tables."""

    demande: Demande
    version: VersionDemande
    adresses: Adresses
    requete: Requete

    @property
    def couloir(self) -> Couloir:
        return self.demande.couloir

    @property
    def format(self) -> Format:
        """That which the version shown was written in."""
        return self.demande.format(self.version.cree_le)

    @property
    def donnees(self) -> dict[str, Any]:
        declare: dict[str, Any] = self.version.donnees
        return declare

    @property
    def ancienne(self) -> bool:
        return self.version.rang != self.demande.version_courante

    @cached_property
    def montants(self) -> Montants:
        """The amounts of the version shown: an older one is never told with those of today."""
        if not self.ancienne:
            return montants_du_jour(self.demande)
        lus = montants_de_la_version(self.demande, self.version.rang)
        return lus or Montants(None, self.demande.taux_tva, ())

    @property
    def calcul(self) -> Calcul | None:
        """How its amounts were reached: kept for those of today only."""
        if self.ancienne or not self.demande.instruite:
            return None
        return self.demande.calcul_retenu

    @property
    def type(self) -> TypeDemande:
        return self.demande.type

    def tableau(self, declare: Tableau, lignes: Sequence[Any]) -> Affiche:
        """The page of a table that the address asks for; its pages turn without moving the other tables."""
        return declare.tourner(lignes, self.requete.GET, declare.cle, LIGNES_PAR_PAGE)


@dataclass(frozen=True)
class Coche:
    """A declared yes or no."""

    libelle: str
    oui: bool


def valeurs(valeur: Any, chemin: Sequence[str]) -> list[Any]:
    """Every value at a dotted path, lists crossed silently."""
    if isinstance(valeur, list):
        return [trouve for element in valeur for trouve in valeurs(element, chemin)]
    if not chemin:
        return [valeur]
    return valeurs(valeur[chemin[0]], chemin[1:]) if isinstance(valeur, dict) and chemin[0] in valeur else []
