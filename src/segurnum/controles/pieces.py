"""The ZIP of pieces against what the JSON announces (JSN-034 to JSN-043): every problem at once, one pass."""

from __future__ import annotations

import difflib
import hashlib
from collections.abc import Callable, Iterable, Iterator
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from segurnum.controles.attendues import PieceAttendue
from segurnum.controles.catalogue import ERREUR, declarer
from segurnum.controles.lecture_pieces import Annonce, EntreeLue, Sommaire, lire_archive
from segurnum.controles.problemes import Probleme, lisible, probleme
from segurnum.controles.rapport import Anomalie
from segurnum.controles.rapport_pieces import LignePiece, RapportPieces, borner
from segurnum.couloirs.declaration import Couloir
from segurnum.couloirs.nomenclature import CODES_PIECES, EXTENSIONS, cle_de_nom, lire_nom, nom_piece

OK = "OK"
RECHERCHES_MAX = 50
IGNORES_CITES = 20

NON_ANNONCEE = declarer(
    "4141",
    "Pièce non annoncée",
    ERREUR,
    "Le nom du fichier ne figure pas dans les pièces annoncées par le fichier JSON.",
    "Renommez le fichier comme annoncé, ou retirez-le de l'archive.",
)
ABSENTE = declarer(
    "4142",
    "Pièce annoncée absente",
    ERREUR,
    "Une pièce annoncée dans le fichier JSON n'est pas dans l'archive.",
    "Ajoutez la pièce à l'archive, sous le nom annoncé.",
)
HORS_NOMENCLATURE = declarer(
    "4143",
    "Nom hors nomenclature",
    ERREUR,
    "Le nom ne suit pas <couloir>-<logiciel>-va<vague>-<pièce>-<numéro éditeur>.<extension>.",
    "Renommez la pièce, dans l'archive et dans le fichier JSON.",
)

Consommer = Callable[[PieceAttendue, BinaryIO, str, int], None]
Progression = Callable[[int, int], None]


def verifier_pieces(
    archive: Path | BinaryIO,
    attendues: Iterable[PieceAttendue],
    *,
    couloir: Couloir | None,
    consommer: Consommer | None = None,
    progression: Progression | None = None,
) -> RapportPieces:
    """Check every file of a ZIP and every announced piece; memory does not grow with the archive.

    `consommer(piece, flux, sha256, taille)` receives each accepted piece once, as it is read.
    `progression(fait, total)` counts compressed octets. Without `couloir` the nomenclature is not checked.
    """
    if isinstance(archive, Path):
        with archive.open("rb") as flux:
            return verifier_pieces(
                flux, attendues, couloir=couloir, consommer=consommer, progression=progression
            )
    verification = Verification(attendues, couloir, consommer, progression)
    for lu in lire_archive(archive, gardees=verification.gardees):
        verification.recevoir(lu)
    return verification.conclure()


class Verification:
    """One archive against what was announced, file by file. Wherever the octets are read, it is the same."""

    def __init__(
        self,
        attendues: Iterable[PieceAttendue],
        couloir: Couloir | None,
        consommer: Consommer | None,
        progression: Progression | None,
    ) -> None:
        self.attendues = list(attendues)
        self.par_nom = {cle_de_nom(piece.nom): piece for piece in self.attendues}
        self.couloir = couloir
        self.consommer = consommer
        self.progression = progression
        self.lignes: list[LignePiece] = []
        self.anomalies: list[Anomalie] = []
        self.entrees: list[Annonce] = []
        self.refus: list[Probleme] = []
        self.ignores: list[str] = []
        self.presentes: set[str] = set()
        self.recherches = 0
        self.lues = 0
        self.fait = 0

    @property
    def gardees(self) -> list[str]:
        """Keys of the names whose contents are wanted."""
        return list(self.par_nom) if self.consommer else []

    def recevoir(self, lu: Sommaire | EntreeLue) -> None:
        """What was read, in order. A table that comes again says nothing new."""
        if isinstance(lu, EntreeLue):
            self._recevoir_entree(lu)
        elif not self.entrees:
            self.entrees, self.refus, self.ignores = lu.entrees, lu.refus, lu.ignores
            self.presentes = {cle_de_nom(entree.nom) for entree in lu.entrees}

    def conclure(self) -> RapportPieces:
        """The report, once all is read."""
        if self.refus:
            return RapportPieces([], [Anomalie(code, ERREUR, phrase) for code, phrase in self.refus])
        for piece in self._absentes():
            self._signaler_absence(piece)
        return borner(
            RapportPieces(
                self.lignes,
                self.anomalies,
                self._demandes_completes(),
                ignores=[lisible(chemin) for chemin in self.ignores[:IGNORES_CITES]],
                nombre_ignores=len(self.ignores),
            )
        )

    def _recevoir_entree(self, lue: EntreeLue) -> None:
        piece = self.par_nom.get(cle_de_nom(lue.nom))
        problemes = [*self._problemes_d_annonce(lue.nom, piece), *lue.problemes]
        # The store names its files by this digest: it is never taken from who read them.
        sha256 = lue.sha256 if lue.contenu is None else hashlib.sha256(lue.contenu).hexdigest()
        self._noter(lisible(lue.nom), problemes, piece, sha256, lue.taille)
        if lue.contenu is not None and sha256 and piece and not problemes and self.consommer:
            self.consommer(piece, BytesIO(lue.contenu), sha256, len(lue.contenu))
        self.fait += self.entrees[self.lues].compressee if self.lues < len(self.entrees) else 0
        self.lues += 1
        if self.progression:
            self.progression(self.fait, sum(entree.compressee for entree in self.entrees))

    def _problemes_d_annonce(self, nom: str, piece: PieceAttendue | None) -> Iterator[Probleme]:
        if piece is None:
            yield probleme(NON_ANNONCEE, self._phrase_non_annoncee(nom))
        elif self.couloir is not None and (attendu := _autre_nom_attendu(piece, self.couloir)):
            yield probleme(
                HORS_NOMENCLATURE,
                f"le nom « {nom} » ne suit pas la nomenclature ; « {attendu} » est attendu.",
            )

    def _phrase_non_annoncee(self, nom: str) -> str:
        phrase = f"le fichier « {lisible(nom)} » n'est pas annoncé dans le fichier JSON"
        proche = self._annoncee_proche(nom)
        if proche:
            return f"{phrase} ; vouliez-vous dire « {proche} » ?"
        return f"{phrase} ; retirez-le de l'archive ou annoncez-le."

    def _annoncee_proche(self, nom: str) -> str | None:
        """The nearest announced name that no file bears; looked for a few times only, as it is slow."""
        self.recherches += 1
        if self.recherches > RECHERCHES_MAX:
            return None
        noms = {cle: piece.nom for cle, piece in self.par_nom.items() if cle not in self.presentes}
        proches = difflib.get_close_matches(cle_de_nom(nom)[:200], noms, n=1, cutoff=0.85)
        return noms[proches[0]] if proches else None

    def _absentes(self) -> list[PieceAttendue]:
        return [piece for piece in self.attendues if cle_de_nom(piece.nom) not in self.presentes]

    def _signaler_absence(self, piece: PieceAttendue) -> None:
        phrase = (
            f"la pièce « {piece.nom} », annoncée par la demande n° éditeur {piece.numero_editeur}, "
            "est absente de l'archive ; ajoutez-la."
        )
        self._noter(piece.nom, [probleme(ABSENTE, phrase)], piece, None, None)

    def _noter(
        self,
        nom: str,
        problemes: list[Probleme],
        piece: PieceAttendue | None,
        sha256: str | None,
        taille: int | None,
    ) -> None:
        statut = " ".join(phrase for _, phrase in problemes) or OK
        code = problemes[0][0] if problemes else None
        self.lignes.append(LignePiece(nom, statut, code, piece, sha256, taille))
        self.anomalies += [
            Anomalie(
                code,
                ERREUR,
                phrase,
                chemin=nom,
                numeroEditeur=piece.numero_editeur if piece else None,
                demande=piece.index if piece else None,
            )
            for code, phrase in problemes
        ]

    def _demandes_completes(self) -> list[int]:
        rejetees = {ligne.piece.index for ligne in self.lignes if ligne.piece and not ligne.ok}
        return sorted({piece.index for piece in self.attendues} - rejetees)


def _autre_nom_attendu(piece: PieceAttendue, couloir: Couloir) -> str | None:
    """The name that the nomenclature gives, when the announced one does not follow it (JSN-040)."""
    if piece.type not in CODES_PIECES or piece.format not in EXTENSIONS:
        return None
    lu = lire_nom(piece.nom)
    attendu = (couloir.code, couloir.vague, CODES_PIECES[piece.type])
    if lu and (lu.code_couloir, lu.vague, lu.code) == attendu and lu.porte(piece.numero_editeur):
        return None
    return nom_piece(couloir.code, couloir.vague, piece.type, piece.numero_editeur, piece.format)
