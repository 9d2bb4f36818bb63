"""What narrows a list before its table: a form that is read from the address, and travels in it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.forms import DateField
from django.http import QueryDict

from segurnum.regles.cycles import EnumLibelle

TOUS = "TOUS"
Restriction = Callable[[QuerySet[Any], str], QuerySet[Any]]


def egal(champ: str) -> Restriction:
    """The rows whose field – « statut », « depose_le__date__gte » – is what was chosen."""
    return lambda lignes, valeur: lignes.filter(**{champ: valeur})


@dataclass(frozen=True)
class Critere:
    """A field of the form. With `choix`, one of these; else a text, or what `genre` says (« date »).

    `valeur`: what is chosen, `sinon` when it is none of the choices; `restreindre`: how it narrows the rows, which
    neither an empty value nor TOUS does.
    """

    nom: str
    libelle: str
    valeur: str = ""
    choix: Iterable[tuple[str, str]] = field(default=())
    genre: str = "search"
    longueur: int = 100
    restreindre: Restriction | None = None
    sinon: str = ""

    def lire(self, parametres: QueryDict) -> "Critere":
        """As an address says it; a value that does not exist narrows nothing."""
        dite = parametres.get(self.nom, self.valeur)
        if self.choix:
            return replace(self, valeur=dite if dite in dict(self.choix) else self.sinon)
        if self.genre == "date":
            return replace(self, valeur=_jour(dite))
        return replace(self, valeur=dite.replace("\0", "").strip()[: self.longueur])


@dataclass(frozen=True)
class Filtre:
    """The criteria of a list as they are chosen; they travel in the addresses, so that one comes back to the same."""

    criteres: Sequence[Critere]

    @classmethod
    def lire(cls, parametres: QueryDict, *declares: Critere) -> "Filtre":
        return cls([declare.lire(parametres) for declare in declares])

    def valeur(self, nom: str) -> str:
        return next(critere.valeur for critere in self.criteres if critere.nom == nom)

    @property
    def adresse(self) -> str:
        """The query string that says it."""
        return urlencode({critere.nom: critere.valeur for critere in self.criteres if critere.valeur})

    @property
    def cherche(self) -> "Filtre | None":
        """The texts alone that are looked for, whatever else narrows the list; None where nothing else does."""
        textes = [un for un in self.criteres if not un.choix and un.genre == "search" and un.valeur]
        autres = [un for un in self.criteres if un not in textes and un.valeur not in ("", TOUS)]
        if not (textes and autres):
            return None
        larges = [replace(un, valeur=TOUS if TOUS in dict(un.choix) else "") for un in autres]
        return Filtre([*textes, *larges])

    def restreindre(self, lignes: QuerySet[Any]) -> QuerySet[Any]:
        for critere in self.criteres:
            if critere.restreindre and critere.valeur not in ("", TOUS):
                lignes = critere.restreindre(lignes, critere.valeur)
        return lignes


def critere_de_statut(
    statut: str,
    statuts: Iterable[EnumLibelle],
    *autres: tuple[str, str],
    restreindre: Restriction | None = None,
) -> Critere:
    """One status among these, or all; `autres`: choices of its own, said first."""
    choix = [*autres, (TOUS, "Tous les statuts"), *((s.value, s.libelle) for s in statuts)]
    return Critere("statut", "Statut", statut, choix, restreindre=restreindre or egal("statut"), sinon=TOUS)


def _jour(valeur: str) -> str:
    """A day as `<input type="date">` sends it; nothing when it is none."""
    try:
        return str(DateField(input_formats=["%Y-%m-%d"]).clean(valeur).isoformat())
    except ValidationError:
        return ""
