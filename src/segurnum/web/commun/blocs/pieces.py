"""« Pièces justificatives »: what was deposited, added, and what the agency joined."""

from dataclasses import dataclass

from segurnum.demandes.models import PieceJustificative
from segurnum.demandes.queries import lettres_de_l_avance
from segurnum.regles.calendrier import date_fr
from segurnum.regles.cycles import TypeDemande
from segurnum.web.commun.blocs.consultee import Consultee, Tableau


@dataclass(frozen=True)
class LignePiece:
    """`adresse` is empty while there is nothing to download; `empechement` then says why."""

    cle: int
    nom: str
    type: str
    libelle: str
    depose_le: str
    adresse: str
    empechement: str


def pieces(consultee: Consultee) -> Tableau[LignePiece]:
    """The pieces deposited, added, and those of the agency (REQ-050, REQ-051)."""
    demande = consultee.demande
    de_l_avance = lettres_de_l_avance(demande) if consultee.type is TypeDemande.SOLDE else ()
    lignes = [_ligne_piece(piece, consultee) for piece in (*demande.pieces.all(), *de_l_avance)]
    return consultee.tableau("pieces", lignes)


def _ligne_piece(piece: PieceJustificative, consultee: Consultee) -> LignePiece:
    empechement = ""
    if piece.fichier is None:
        empechement = "Annoncée, pas encore déposée"
    elif piece.fichier.retenu:
        empechement = f"Téléchargement bloqué : {piece.fichier.retenu}"
    return LignePiece(
        cle=piece.pk,
        nom=piece.nom,
        type=piece.type,
        libelle=consultee.couloir.libelle_piece(piece.type),
        depose_le=date_fr(piece.depose_le) if piece.depose_le else "",
        adresse="" if empechement else consultee.adresses.piece(piece),
        empechement=empechement,
    )
