"""The two small files that the administration fills: which domains are whose, and applicative counts by domain.

UTF-8, semicolons, a line of titles. Every line at fault is said, and the file is then refused whole.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TypeVar

from segurnum.annuaire_sante.lecture import DOMAINE
from segurnum.controles.problemes import MO, en_nombre, lisible, nombre_fr
from segurnum.controles.refus import Fautes, FichierRefuse
from segurnum.isolement.tables import lignes_de_la_table
from segurnum.regles.calendrier import date_fr, jour_de_paris, lire_date_fr, maintenant

TAILLE_MAX = 2 * MO
LIGNES_MAX = 20_000
NOMBRE_MAX = 10_000_000
SOURCE_MAX = 200
COLONNES_DOMAINES = ("numero_ans", "domaine")
COLONNES_COMPTAGES = ("domaine", "nombre", "date", "source")

L = TypeVar("L")


@dataclass(frozen=True)
class LigneDomaine:
    numero_ans: str
    domaine: str


@dataclass(frozen=True)
class LigneComptage:
    domaine: str
    nombre: int
    date: date
    source: str

    @property
    def cellules(self) -> list[str]:
        """As its file has it."""
        return [self.domaine, str(self.nombre), date_fr(self.date), self.source]


def lire_domaine(texte: str) -> str:
    """A mail domain in small letters, its « @ » left out. Raises ValueError (French sentence)."""
    domaine = texte.strip().lower().removeprefix("@")
    if DOMAINE.fullmatch(domaine) is None:
        raise ValueError(
            f"« {lisible(texte.strip())} » n'est pas un domaine de messagerie : operateur.mssante.fr, par exemple, "
            "est attendu."
        )
    return domaine


def lire_domaines(
    chemin: Path, operateurs: Collection[str], tenus: Mapping[str, str]
) -> dict[int, LigneDomaine]:
    """The lines by rank. `operateurs`: numbers of the referential; `tenus`: who has each domain already.

    Raises FichierRefuse.
    """

    def ligne(numero: str, domaine: str) -> LigneDomaine:
        verifier_operateur(numero, operateurs)
        domaine = lire_domaine(domaine)
        verifier_libre(domaine, numero, tenus)
        return LigneDomaine(numero, domaine)

    return _lignes(chemin, COLONNES_DOMAINES, ligne, cle=lambda lue: lue.domaine)


def verifier_operateur(numero: str, operateurs: Collection[str]) -> None:
    if numero not in operateurs:
        raise ValueError(
            f"Le numéro ANS « {lisible(numero)} » n'est pas celui d'un opérateur MSSanté du référentiel : "
            "ajoutez-le d'abord aux numéros ANS, avec un DSR de messagerie (MSS)."
        )


def verifier_libre(domaine: str, numero: str, tenus: Mapping[str, str]) -> None:
    if tenus.get(domaine, numero) != numero:
        raise ValueError(
            f"Le domaine « {domaine} » est déjà celui du numéro ANS {tenus[domaine]} : retirez-le d'abord à ce numéro."
        )


def lire_comptages(chemin: Path, domaines: Collection[str]) -> dict[int, LigneComptage]:
    """The lines by rank. `domaines`: those that have an operator. Raises FichierRefuse."""
    return _lignes(
        chemin,
        COLONNES_COMPTAGES,
        lambda *cellules: lire_comptage(cellules, domaines),
        cle=lambda lue: f"{lue.domaine} au {date_fr(lue.date)}",
    )


def lire_comptage(cellules: Sequence[str], domaines: Collection[str]) -> LigneComptage:
    """One line of a file of counts. Raises ValueError (French sentence)."""
    domaine, nombre, jour, source = cellules
    domaine = lire_domaine(domaine)
    if domaine not in domaines:
        raise ValueError(
            f"Le domaine « {domaine} » n'est celui d'aucun opérateur : rattachez-le d'abord à un numéro ANS."
        )
    return LigneComptage(domaine, _nombre(nombre), _jour(jour), _source(source))


def _nombre(texte: str) -> int:
    if not (texte.isascii() and texte.isdigit()) or len(texte) > 8 or int(texte) > NOMBRE_MAX:
        raise ValueError(
            f"« {lisible(texte)} » n'est pas un nombre de boîtes : des chiffres seuls, au plus "
            f"{nombre_fr(NOMBRE_MAX)}, sont attendus."
        )
    return int(texte)


def _jour(texte: str) -> date:
    jour = lire_date_fr(texte)
    if jour > jour_de_paris(maintenant()):
        raise ValueError(f"Le {texte} n'est pas encore passé : la date du comptage est attendue.")
    return jour


def _source(texte: str) -> str:
    if not texte:
        raise ValueError("La source est vide : dites d'où vient ce nombre.")
    if len(texte) > SOURCE_MAX:
        raise ValueError(f"La source a {len(texte)} caractères : {SOURCE_MAX} au plus sont attendus.")
    return texte


def _lignes(
    chemin: Path, colonnes: tuple[str, ...], lire: Callable[..., L], *, cle: Callable[[L], str]
) -> dict[int, L]:
    fautes = Fautes()
    lues: dict[int, L] = {}
    rangs: dict[str, int] = {}
    for rang, cellules in _cellules(chemin, colonnes):
        try:
            if len(cellules) != len(colonnes):
                raise ValueError(f"{en_nombre(len(cellules), 'colonne')} ; {len(colonnes)} sont attendues.")
            lue = lire(*cellules)
            if (autre := rangs.setdefault(cle(lue), rang)) != rang:
                raise ValueError(
                    f"« {cle(lue)} » est déjà à la ligne {autre} : une seule ligne est attendue."
                )
        except ValueError as faute:
            fautes.signaler(rang, str(faute))
        else:
            lues[rang] = lue
    fautes.refuser()
    if not lues:
        raise FichierRefuse("Le fichier n'a aucune ligne sous ses titres : au moins une est attendue.")
    return lues


def _cellules(chemin: Path, colonnes: tuple[str, ...]) -> Iterator[tuple[int, list[str]]]:
    try:
        if chemin.stat().st_size > TAILLE_MAX:
            raise FichierRefuse(
                f"Le fichier dépasse {TAILLE_MAX // MO} Mo : partagez-le en plusieurs fichiers."
            )
        with chemin.open("rb") as flux:
            yield from lignes_de_la_table(flux, colonnes, LIGNES_MAX)
    except OSError as faute:
        raise FichierRefuse(f"« {chemin} » ne se lit pas : vérifiez son nom.") from faute
