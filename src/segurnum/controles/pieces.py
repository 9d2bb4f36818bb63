"""The ZIP of pieces against what the JSON announces (JSN-034 to JSN-043): every problem at once, one pass."""

from __future__ import annotations

import difflib
import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

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
Suspendre = Callable[[str, BinaryIO, str, int], None]
Progression = Callable[[int, int], None]


def verifier_pieces(
    archive: Path | BinaryIO,
    attendues: Iterable[PieceAttendue],
    *,
    couloir: Couloir | None,
    consommer: Consommer | None = None,
    progression: Progression | None = None,
    **options: Any,
) -> RapportPieces:
    """Check every file of a ZIP and every announced piece; memory does not grow with the archive.

    `consommer(piece, flux, sha256, taille)` receives each accepted piece once, as it is read.
    `progression(fait, total)` counts compressed octets. Without `couloir`, here or of the piece, the nomenclature is
    not checked. `options`: those of Verification.
    """
    if isinstance(archive, Path):
        with archive.open("rb") as flux:
            return verifier_pieces(
                flux, attendues, couloir=couloir, consommer=consommer, progression=progression, **options
            )
    verification = Verification(attendues, couloir, consommer, progression, **options)
    for lu in lire_archive(archive, gardees=verification.gardees):
        verification.recevoir(lu)
    return verification.conclure()


class Reconnaissance:
    """Which announced pieces a file may be: those of its exact name first, else those that are to be named so."""

    def __init__(self, attendues: Iterable[PieceAttendue]) -> None:
        self.par_nom: defaultdict[str, list[PieceAttendue]] = defaultdict(list)
        self.par_nomenclature: defaultdict[str, list[PieceAttendue]] = defaultdict(list)
        for piece in attendues:
            self.par_nom[cle_de_nom(piece.nom)].append(piece)
            if nom := nom_attendu(piece):
                self.par_nomenclature[cle_de_nom(nom)].append(piece)

    @property
    def cles(self) -> list[str]:
        """Keys of all the names that are recognised."""
        return list(self.par_nom | self.par_nomenclature)

    def candidates(self, nom: str) -> Sequence[PieceAttendue]:
        cle = cle_de_nom(nom)
        return self.par_nom.get(cle) or self.par_nomenclature.get(cle) or ()


class Verification:
    """One archive against what was announced, file by file. Wherever the octets are read, it is the same.

    `ecartees`: by key of its name, why a file is set aside, which is no mistake of the archive.
    `suspendre(nom, flux, sha256, taille)` receives each file that is right and that several requests wait for.
    """

    def __init__(
        self,
        attendues: Iterable[PieceAttendue],
        couloir: Couloir | None,
        consommer: Consommer | None,
        progression: Progression | None,
        *,
        ecartees: Mapping[str, str] | None = None,
        suspendre: Suspendre | None = None,
    ) -> None:
        self.attendues = [replace(piece, couloir=piece.couloir or couloir) for piece in attendues]
        self.reconnaissance = Reconnaissance(self.attendues)
        self.consommer = consommer
        self.progression = progression
        self.ecartees = ecartees or {}
        self.suspendre = suspendre
        self.lignes: list[LignePiece] = []
        self.anomalies: list[Anomalie] = []
        self.entrees: list[Annonce] = []
        self.refus: list[Probleme] = []
        self.ignores: list[str] = []
        self.presentes: set[PieceAttendue] = set()
        self.recherches = 0
        self.lues = 0
        self.fait = 0

    @property
    def gardees(self) -> list[str]:
        """Keys of the names whose contents are wanted."""
        return self.reconnaissance.cles if self.consommer else []

    def recevoir(self, lu: Sommaire | EntreeLue) -> None:
        """What was read, in order. A table that comes again says nothing new."""
        if isinstance(lu, EntreeLue):
            self._recevoir_entree(lu)
        elif not self.entrees:
            self.entrees, self.refus, self.ignores = lu.entrees, lu.refus, lu.ignores
            self.presentes = {
                piece for entree in lu.entrees for piece in self.reconnaissance.candidates(entree.nom)
            }

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
        # The store names its files by this digest: it is never taken from who read them.
        sha256 = lue.sha256 if lue.contenu is None else hashlib.sha256(lue.contenu).hexdigest()
        candidates = self.reconnaissance.candidates(lue.nom)
        if len(candidates) > 1:
            self._recevoir_une_ambigue(lue, candidates, sha256)
        elif not candidates and cle_de_nom(lue.nom) in self.ecartees:
            self._ligne(lue, f"mise à part : {self.ecartees[cle_de_nom(lue.nom)]}", sha256)
        else:
            self._recevoir_une_piece(lue, candidates[0] if candidates else None, sha256)
        self.fait += self.entrees[self.lues].compressee if self.lues < len(self.entrees) else 0
        self.lues += 1
        if self.progression:
            self.progression(self.fait, sum(entree.compressee for entree in self.entrees))

    def _recevoir_une_piece(self, lue: EntreeLue, piece: PieceAttendue | None, sha256: str | None) -> None:
        problemes = [*self._problemes_d_annonce(lue.nom, piece), *lue.problemes]
        self._noter(lisible(lue.nom), problemes, piece, sha256, lue.taille)
        if lue.contenu is not None and sha256 and piece and not problemes and self.consommer:
            self.consommer(piece, BytesIO(lue.contenu), sha256, len(lue.contenu))

    def _recevoir_une_ambigue(
        self, lue: EntreeLue, candidates: Sequence[PieceAttendue], sha256: str | None
    ) -> None:
        """Several requests wait for a piece of this name: which one is asked, never guessed."""
        if lue.problemes:
            self._noter(lisible(lue.nom), lue.problemes, None, sha256, lue.taille)
            return
        lesquelles = ", ".join(piece.demande or f"n° éditeur {piece.numero_editeur}" for piece in candidates)
        self._ligne(lue, f"à attribuer : les demandes {lesquelles} attendent une pièce de ce nom.", sha256)
        if lue.contenu is not None and sha256 and self.suspendre:
            self.suspendre(lue.nom, BytesIO(lue.contenu), sha256, len(lue.contenu))

    def _ligne(self, lue: EntreeLue, statut: str, sha256: str | None) -> None:
        """A row that tells something and is no mistake."""
        self.lignes.append(LignePiece(lisible(lue.nom), statut, None, None, sha256, lue.taille))

    def _problemes_d_annonce(self, nom: str, piece: PieceAttendue | None) -> Iterator[Probleme]:
        if piece is None:
            yield probleme(NON_ANNONCEE, self._phrase_non_annoncee(nom))
            return
        attendu = nom_attendu(piece)
        if attendu and cle_de_nom(nom) != cle_de_nom(attendu) and not _suit_la_nomenclature(piece):
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
        noms = {cle_de_nom(p.nom): p.nom for p in self.attendues if p not in self.presentes}
        proches = difflib.get_close_matches(cle_de_nom(nom)[:200], noms, n=1, cutoff=0.85)
        return noms[proches[0]] if proches else None

    def _absentes(self) -> list[PieceAttendue]:
        return [piece for piece in self.attendues if piece.requise and piece not in self.presentes]

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


def nom_attendu(piece: PieceAttendue) -> str | None:
    """The name that the nomenclature of its couloir gives to a piece; None where it gives none."""
    couloir = piece.couloir
    if couloir is None or piece.type not in CODES_PIECES or piece.format not in EXTENSIONS:
        return None
    return nom_piece(couloir.code, couloir.vague, piece.type, piece.numero_editeur, piece.format)


def _suit_la_nomenclature(piece: PieceAttendue) -> bool:
    """Whether the announced name is one that the nomenclature gives, whatever its extension (JSN-040)."""
    lu, couloir = lire_nom(piece.nom), piece.couloir
    if lu is None or couloir is None:
        return False
    attendu = (couloir.code, couloir.vague, CODES_PIECES[piece.type])
    return (lu.code_couloir, lu.vague, lu.code) == attendu and lu.porte(piece.numero_editeur)
