"""The ZIP of pieces against what the JSON announces (JSN-034 to JSN-043): every problem at once, one pass."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from segurnum.controles.archive import TAILLE_MAX, Archive, ArchiveRefusee
from segurnum.controles.attendues import PieceAttendue
from segurnum.controles.catalogue import ERREUR, declarer
from segurnum.controles.entrees import Entree, cle_de_nom
from segurnum.controles.fichiers import PIECE_ZIP, verifier_fichier, verifier_nom, verifier_taille
from segurnum.controles.problemes import Probleme, lisible, probleme
from segurnum.controles.rapport import Anomalie
from segurnum.couloirs.declaration import Couloir
from segurnum.couloirs.nomenclature import CODES_PIECES, EXTENSIONS, lire_nom, nom_piece

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


@dataclass(frozen=True, slots=True)
class LignePiece:
    """One row of the result table: `statut` is « OK » or the sentences of all that is wrong (JSN-042)."""

    nom: str
    statut: str
    code: str | None = None
    piece: PieceAttendue | None = None
    sha256: str | None = None
    taille: int | None = None

    @property
    def ok(self) -> bool:
        """True when the piece is accepted."""
        return self.code is None

    def en_dict(self) -> dict[str, Any]:
        """The row as JSON values."""
        piece = self.piece
        return {
            "nom": self.nom,
            "statut": self.statut,
            "code": self.code,
            "sha256": self.sha256,
            "taille": self.taille,
            "piece": piece
            and {
                "nom": piece.nom,
                "format": piece.format,
                "type": piece.type,
                "index": piece.index,
                "numero_editeur": piece.numero_editeur,
            },
        }

    @classmethod
    def lire(cls, donnees: Mapping[str, Any]) -> LignePiece:
        """The row that `en_dict` wrote."""
        piece = donnees["piece"]
        return cls(**{**donnees, "piece": PieceAttendue(**piece) if piece else None})


@dataclass(frozen=True, slots=True)
class RapportPieces:
    """What is said of one archive. `demandes_completes` are ranks (from 0) in the JSON file.

    `lignes` has one row per file of the archive, then one per announced piece that is missing; it is empty
    when the archive as a whole is refused, and `anomalies` then says why. `ignores` are files that a program left
    in the archive: the paths of the first ones, and how many there are.
    """

    lignes: list[LignePiece]
    anomalies: list[Anomalie]
    demandes_completes: list[int] = field(default_factory=list)
    ignores: list[str] = field(default_factory=list)
    nombre_ignores: int = 0

    @property
    def phrase_des_ignores(self) -> str:
        """« 2 fichiers ignorés, … : a, b. »; empty when nothing was ignored."""
        if not self.nombre_ignores:
            return ""
        pluriel = "s" if self.nombre_ignores > 1 else ""
        suite = ", …" if self.nombre_ignores > len(self.ignores) else ""
        return (
            f"{self.nombre_ignores} fichier{pluriel} ignoré{pluriel}, laissé{pluriel} là par un logiciel : "
            f"{', '.join(self.ignores)}{suite}."
        )

    @property
    def conforme(self) -> bool:
        """True when every file of the archive is accepted and no announced piece is missing (JSN-043)."""
        return not self.anomalies

    def en_dict(self) -> dict[str, Any]:
        """The report as JSON values."""
        return {
            "conforme": self.conforme,
            "lignes": [ligne.en_dict() for ligne in self.lignes],
            "anomalies": [{**a.en_dict(), "demande": a.demande} for a in self.anomalies],
            "demandes_completes": list(self.demandes_completes),
            "ignores": list(self.ignores),
            "nombre_ignores": self.nombre_ignores,
        }

    @classmethod
    def lire(cls, donnees: Mapping[str, Any]) -> RapportPieces:
        """The report that `en_dict` wrote."""
        return cls(
            lignes=[LignePiece.lire(ligne) for ligne in donnees["lignes"]],
            anomalies=[Anomalie(**{**a, "severite": ERREUR}) for a in donnees["anomalies"]],
            demandes_completes=list(donnees["demandes_completes"]),
            # Reports kept before they were counted say nothing of them.
            ignores=list(donnees.get("ignores", [])),
            nombre_ignores=donnees.get("nombre_ignores", 0),
        )


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
            return _Verification(attendues, couloir, consommer, progression).executer(flux)
    return _Verification(attendues, couloir, consommer, progression).executer(archive)


class _Verification:
    """One run over one archive."""

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
        self.ignores: list[str] = []
        self.presentes: set[str] = set()
        self.recherches = 0

    def executer(self, flux: BinaryIO) -> RapportPieces:
        flux.seek(0, 2)
        taille = flux.tell()
        try:
            archive = Archive(flux, taille, TAILLE_MAX)
        except ArchiveRefusee as refus:
            return RapportPieces([], [Anomalie(code, ERREUR, phrase) for code, phrase in refus.problemes])
        self.ignores = archive.ignores
        self.presentes = {cle_de_nom(entree.nom) for entree in archive.entrees}
        total = sum(entree.compressee for entree in archive.entrees)
        fait = 0
        for entree in archive.entrees:
            self._verifier_entree(archive, entree)
            fait += entree.compressee
            if self.progression:
                self.progression(fait, total)
        for piece in self._absentes():
            self._signaler_absence(piece)
        return RapportPieces(
            self.lignes,
            self.anomalies,
            self._demandes_completes(),
            ignores=[lisible(chemin) for chemin in self.ignores[:IGNORES_CITES]],
            nombre_ignores=len(self.ignores),
        )

    def _verifier_entree(self, archive: Archive, entree: Entree) -> None:
        piece = self.par_nom.get(cle_de_nom(entree.nom))
        problemes = _problemes_visibles(entree)
        contenu = None
        if not problemes:
            try:
                contenu = archive.lire(entree)
                problemes = verifier_fichier(contenu.flux, entree.nom, contenu.taille, PIECE_ZIP)
            except ArchiveRefusee as refus:
                problemes = refus.problemes
        problemes = [*self._problemes_d_annonce(entree.nom, piece), *problemes]
        sha256 = contenu.sha256 if contenu else None
        self._noter(lisible(entree.nom), problemes, piece, sha256, entree.taille)
        if contenu and piece and not problemes and self.consommer:
            contenu.flux.seek(0)
            self.consommer(piece, contenu.flux, contenu.sha256, contenu.taille)

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


def _problemes_visibles(entree: Entree) -> list[Probleme]:
    """What is wrong before reading the entry; when something is, its bytes are not read at all."""
    if entree.problemes:
        return list(entree.problemes)
    return verifier_nom(entree.nom, PIECE_ZIP) + verifier_taille(entree.nom, entree.taille, PIECE_ZIP)


def _autre_nom_attendu(piece: PieceAttendue, couloir: Couloir) -> str | None:
    """The name that the nomenclature gives, when the announced one does not follow it (JSN-040)."""
    if piece.type not in CODES_PIECES or piece.format not in EXTENSIONS:
        return None
    lu = lire_nom(piece.nom)
    attendu = (couloir.code, couloir.vague, CODES_PIECES[piece.type])
    if lu and (lu.code_couloir, lu.vague, lu.code) == attendu and lu.porte(piece.numero_editeur):
        return None
    return nom_piece(couloir.code, couloir.vague, piece.type, piece.numero_editeur, piece.format)
