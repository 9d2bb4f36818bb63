"""What every block is given, and the shapes that several blocks share."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator

from segurnum.comptes.models import CoordonneesBancaires
from segurnum.couloirs import Couloir
from segurnum.demandes.models import Demande, PieceJustificative, VersionDemande
from segurnum.paiements.models import Versement
from segurnum.regles.cycles import TypeDemande
from segurnum.web.commun.iban import IbanLu

LIGNES_PAR_PAGE = 10

T = TypeVar("T")


@dataclass(frozen=True)
class Adresses:
    """Where a face serves the files of a request."""

    piece: Callable[[PieceJustificative], str]
    avis: Callable[[Versement], str]


def masque(compte: CoordonneesBancaires) -> IbanLu:
    """For who needs to recognise the account, and no more."""
    return IbanLu(compte.iban_masque)


@dataclass(frozen=True)
class Consultee:
    """One consultation: the request, the version read, where its files are, which pages of its tables.

    `iban`: how the reader sees an account, by its mask or whole.
    """

    demande: Demande
    version: VersionDemande
    adresses: Adresses
    parametres: Mapping[str, str]
    iban: Callable[[CoordonneesBancaires], IbanLu] = masque

    @property
    def couloir(self) -> Couloir:
        return self.demande.couloir

    @property
    def donnees(self) -> dict[str, Any]:
        declare: dict[str, Any] = self.version.donnees
        return declare

    @property
    def type(self) -> TypeDemande:
        return self.demande.type

    def tableau(self, parametre: str, lignes: Sequence[T]) -> "Tableau[T]":
        """The page of a table that the address asks for; its pages turn without moving the other tables."""
        page = Paginator(lignes, LIGNES_PAR_PAGE).get_page(self.parametres.get(parametre))
        return Tableau(parametre, page, self.parametres)


@dataclass(frozen=True)
class Tableau(Generic[T]):
    """A page of a table, and the addresses of its neighbours; `parametre` names the table in the address."""

    parametre: str
    page: "Page[T]"
    parametres: Mapping[str, str]

    @property
    def precedent(self) -> str:
        return self._adresse(self.page.previous_page_number())

    @property
    def suivant(self) -> str:
        return self._adresse(self.page.next_page_number())

    def _adresse(self, numero: int) -> str:
        return "?" + urlencode(dict(self.parametres.items()) | {self.parametre: numero})


@dataclass(frozen=True)
class Coche:
    """A declared yes or no; `verifiee` when the portal checked it against the referencing (REQ-056)."""

    libelle: str
    oui: bool
    verifiee: bool = False


def valeurs(valeur: Any, chemin: Sequence[str]) -> list[Any]:
    """Every value at a dotted path, lists crossed silently."""
    if isinstance(valeur, list):
        return [trouve for element in valeur for trouve in valeurs(element, chemin)]
    if not chemin:
        return [valeur]
    return valeurs(valeur[chemin[0]], chemin[1:]) if isinstance(valeur, dict) and chemin[0] in valeur else []
