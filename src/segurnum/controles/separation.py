"""« Écarter »: a file parted in two, the requests that are right and those that are not, each as it was written."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from segurnum.controles.contexte import Contexte
from segurnum.controles.moteur import verifier
from segurnum.controles.positions import Positions, fin_de_valeur
from segurnum.controles.rapport import Anomalie, Rapport


@dataclass(frozen=True, slots=True)
class Separation:
    """The file of what is right, the file of what is not, and the first error of each request that is not."""

    justes: bytes
    ecartees: bytes
    pourquoi: list[Anomalie]


def separable(rapport: Rapport) -> bool:
    """True when some requests are right and the others alone keep the file from being imported."""
    return not rapport.erreurs_fichier() and 0 < len(rapport.demandes_rejetees()) < rapport.demandes


def separer(octets: bytes, contexte: Contexte | None = None) -> Separation | None:
    """Part the file; None where there is nothing to part. Which request is right is judged on the file as it is."""
    rapport = verifier(octets, contexte)
    if not separable(rapport):
        return None
    rejetees = rapport.demandes_rejetees()
    elements = _elements(rapport)
    return Separation(
        _garder(rapport.texte, elements, set(range(rapport.demandes)) - rejetees),
        _garder(rapport.texte, elements, rejetees),
        [anomalie for _, anomalie in sorted(rapport.codes_par_demande().items())],
    )


def _elements(rapport: Rapport) -> list[tuple[int, int]]:
    """Where each request begins and ends in the text."""
    places = Positions(rapport.texte).places(("lignesImport", rang) for rang in range(rapport.demandes))
    return [(place.valeur, fin_de_valeur(rapport.texte, place.valeur)) for place in places]


def _garder(texte: str, elements: list[tuple[int, int]], rangs: Collection[int]) -> bytes:
    """The text with these requests only, parted as the first two are."""
    entre = texte[elements[0][1] : elements[1][0]]
    gardes = [texte[debut:fin] for rang, (debut, fin) in enumerate(elements) if rang in rangs]
    return "".join([texte[: elements[0][0]], entre.join(gardes), texte[elements[-1][1] :]]).encode()
