"""What is said of an archive of pieces: a row for each file, and the anomalies (JSN-042, JSN-043)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from segurnum.controles.attendues import PieceAttendue
from segurnum.controles.bornes import OCTETS_D_UN_SIGNE, OCTETS_DES_NOMS, RAPPORT_MAX, premiers
from segurnum.controles.catalogue import ERREUR, declarer
from segurnum.controles.problemes import nombre_fr
from segurnum.controles.rapport import Anomalie

RAPPORT_COUPE = declarer(
    "4144",
    "Rapport coupé",
    ERREUR,
    "Le récit de ce qui ne va pas dépasse 3 Mo : seules les premières lignes sont montrées.",
    "Corrigez-les, puis envoyez de nouveau l'archive.",
)


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

    @property
    def poids_au_plus(self) -> int:
        """Octets that it cannot exceed as JSON."""
        piece = len(self.piece.nom) + len(self.piece.numero_editeur) if self.piece else 0
        return OCTETS_DES_NOMS + OCTETS_D_UN_SIGNE * (len(self.nom) + len(self.statut) + piece)

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


def borner(rapport: RapportPieces) -> RapportPieces:
    """Thousands of files, or of announced pieces that are missing, are told up to a weight."""
    if rapport.conforme:
        return rapport
    lignes = premiers(rapport.lignes, RAPPORT_MAX // 2)
    anomalies = premiers(rapport.anomalies, RAPPORT_MAX // 2)
    if (len(lignes), len(anomalies)) == (len(rapport.lignes), len(rapport.anomalies)):
        return rapport
    phrase = (
        f"Le rapport compte plus de lignes que les {nombre_fr(len(lignes))} premières, seules montrées : corrigez "
        "celles-ci puis envoyez de nouveau l'archive."
    )
    coupure = Anomalie(RAPPORT_COUPE.code, ERREUR, phrase)
    return replace(rapport, lignes=lignes, anomalies=[coupure, *anomalies])
