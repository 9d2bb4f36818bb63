"""The successive versions of a request, and what changed from one to the next, in the couloir's own words."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from segurnum.couloirs.champs import Montant, Objet, Tableau, Type
from segurnum.demandes.models import Demande, VersionDemande
from segurnum.journal.chronologie import Moment
from segurnum.regles.argent import en_euros

ABSENT = "(vide)"


@dataclass(frozen=True)
class Difference:
    """A field whose value changed; `champ` reads « Bénéficiaire(s) › Nom du médecin »."""

    champ: str
    avant: str
    apres: str


@dataclass(frozen=True)
class VersionAffichee:
    """A version, and what it changed in the one before (nothing for the deposit).

    `pieces`: those that came or went on the way to it, told by the journal (`demandes.historique`).
    """

    version: VersionDemande
    courante: bool
    differences: tuple[Difference, ...]
    pieces: tuple[Moment, ...] = ()


def version(demande: Demande, rang: int) -> VersionDemande:
    """Of a request read by `queries.avec_tout`. Raises LookupError for a version that does not exist."""
    for lue in demande.versions.all():
        if lue.rang == rang:
            return lue
    raise LookupError(f"La demande {demande.numero} n'a pas de version {rang}.")


def version_actuelle(demande: Demande) -> VersionDemande:
    return version(demande, demande.version_courante)


def historique(demande: Demande) -> list[VersionAffichee]:
    """Every version of a request read by `demandes.queries.avec_tout`, newest first (REQ-035)."""
    versions = sorted(demande.versions.all(), key=lambda version: -version.rang)
    avants = [*versions[1:], None]
    return [
        VersionAffichee(
            version=version,
            courante=version.rang == demande.version_courante,
            differences=tuple(
                differences(demande.format(version.cree_le).forme, avant.donnees, version.donnees)
            )
            if avant
            else (),
        )
        for version, avant in zip(versions, avants, strict=True)
    ]


def differences(forme: Objet, avant: dict[str, Any], apres: dict[str, Any]) -> Iterator[Difference]:
    """What changed between two normal forms of one shape, in the order of the shape."""
    yield from _comparer(forme, avant, apres, ())


def _comparer(type_: Type, avant: Any, apres: Any, chemin: tuple[str, ...]) -> Iterator[Difference]:
    if avant == apres:
        return
    if isinstance(type_, Objet) and isinstance(avant or {}, dict) and isinstance(apres or {}, dict):
        avant, apres = avant or {}, apres or {}
        for champ in type_.champs:
            yield from _comparer(
                champ.type, avant.get(champ.nom), apres.get(champ.nom), (*chemin, champ.libelle)
            )
    elif isinstance(type_, Tableau) and isinstance(avant or [], list) and isinstance(apres or [], list):
        yield from _comparer_listes(type_, avant or [], apres or [], chemin)
    else:
        yield Difference(" › ".join(chemin), _ecrire(type_, avant), _ecrire(type_, apres))


def _comparer_listes(
    type_: Tableau, avant: list[Any], apres: list[Any], chemin: tuple[str, ...]
) -> Iterator[Difference]:
    debut, nom = chemin[:-1], chemin[-1]
    if _est_une_liste_de_pieces(type_):
        for piece in apres[len(avant) :]:
            yield Difference(nom, ABSENT, f"{piece['nomFichier']} ({piece['typeFichier']})")
        apres = apres[: len(avant)]
    for rang in range(max(len(avant), len(apres))):
        ancien = avant[rang] if rang < len(avant) else None
        nouveau = apres[rang] if rang < len(apres) else None
        yield from _comparer(type_.element, ancien, nouveau, (*debut, f"{nom} n° {rang + 1}"))


def _est_une_liste_de_pieces(type_: Tableau) -> bool:
    """Pieces are only added: each reads on one line."""
    return isinstance(type_.element, Objet) and type_.element.champ("nomFichier") is not None


def _ecrire(type_: Type, valeur: Any) -> str:
    if valeur is None or valeur == "":
        return ABSENT
    if isinstance(valeur, bool):
        return "Oui" if valeur else "Non"
    if isinstance(type_, Montant):
        return en_euros(Decimal(str(valeur)))
    return str(valeur)
