"""The octets of an archive of pieces, file by file. Nothing is known here of what was announced."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from segurnum.controles.archive import TAILLE_MAX, Archive, ArchiveRefusee
from segurnum.controles.entrees import Entree
from segurnum.controles.fichiers import PIECE_ZIP, verifier_fichier, verifier_nom, verifier_taille
from segurnum.controles.problemes import Probleme
from segurnum.couloirs.nomenclature import cle_de_nom


@dataclass(frozen=True, slots=True)
class Annonce:
    """One file that an archive says it holds: its base name, its sizes in octets."""

    nom: str
    taille: int
    compressee: int


@dataclass(frozen=True, slots=True)
class Sommaire:
    """The files of an archive, in order, and the leftovers that are ignored; or why it is refused whole."""

    entrees: list[Annonce]
    refus: list[Probleme]
    ignores: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class EntreeLue:
    """One file of an archive, read. `contenu`: its octets, where they are wanted and nothing is wrong with them."""

    nom: str
    problemes: list[Probleme]
    taille: int
    sha256: str | None = None
    contenu: bytes | None = None


def lire_archive(
    flux: BinaryIO,
    *,
    depuis: int = 0,
    gardees: Collection[str] = (),
    avant_chacune: Callable[[], None] = lambda: None,
) -> Iterator[Sommaire | EntreeLue]:
    """The octets of an archive: its table, then each of its files from the rank `depuis` on.

    `gardees`: keys of the names whose contents are wanted. Nothing is known here of what was announced.
    """
    flux.seek(0, 2)
    try:
        archive = Archive(flux, flux.tell(), TAILLE_MAX)
    except ArchiveRefusee as refus:
        yield Sommaire([], refus.problemes)
        return
    yield Sommaire([Annonce(e.nom, e.taille, e.compressee) for e in archive.entrees], [], archive.ignores)
    for entree in archive.entrees[depuis:]:
        avant_chacune()
        yield _lire_entree(archive, entree, garder=cle_de_nom(entree.nom) in gardees)


def _lire_entree(archive: Archive, entree: Entree, *, garder: bool) -> EntreeLue:
    problemes = _problemes_visibles(entree)
    if problemes:
        return EntreeLue(entree.nom, problemes, entree.taille)
    try:
        contenu = archive.lire(entree)
        problemes = verifier_fichier(contenu.flux, entree.nom, contenu.taille, PIECE_ZIP)
    except ArchiveRefusee as refus:
        return EntreeLue(entree.nom, refus.problemes, entree.taille)
    octets = contenu.flux.getvalue() if garder and not problemes else None
    return EntreeLue(entree.nom, problemes, entree.taille, contenu.sha256, octets)


def _problemes_visibles(entree: Entree) -> list[Probleme]:
    """What is wrong before reading the entry; when something is, its bytes are not read at all."""
    if entree.problemes:
        return list(entree.problemes)
    return verifier_nom(entree.nom, PIECE_ZIP) + verifier_taille(entree.nom, entree.taille, PIECE_ZIP)
