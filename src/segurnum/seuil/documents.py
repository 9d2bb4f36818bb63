"""Rows of the domains as the documents that people open: their kind, their name, whose they are."""

from segurnum.comptes.models import CoordonneesBancaires
from segurnum.coordonnees.models import ModificationBancaire, PieceModification
from segurnum.coordonnees.personnes import TypePiece as TypePersonnes
from segurnum.demandes.models import PieceJustificative
from segurnum.depots.models import Depot
from segurnum.editorial.models import Actualite, DocumentUtile, Ticket
from segurnum.enrolements.models import Enrolement, PieceBrouillon, PieceEnrolement
from segurnum.enrolements.pieces import IDENTITES, TypePiece
from segurnum.fichiers.documents import Document, Genre
from segurnum.fichiers.models import Fichier
from segurnum.financements.models import PiecePartie
from segurnum.modeles.models import ModeleDocument
from segurnum.paiements.models import Versement
from segurnum.recepisses.documents import nom_de
from segurnum.recepisses.models import Recepisse
from segurnum.recouvrements.models import Recouvrement


def piece_de_demande(piece: PieceJustificative) -> Document:
    de_l_agence = piece.origine == PieceJustificative.Origine.AGENCE
    genre = Genre.LETTRE if de_l_agence else Genre.PIECE_DEMANDE
    return _piece(piece, genre, "piece", piece.demande.numero, piece.demande.entreprise_id)


def piece_de_reponse(piece: PiecePartie) -> Document:
    """What a supplier joins to its answer on a contested beneficiary."""
    demande = piece.partie.demande
    return _piece(piece, Genre.REPONSE, "piece-reponse", demande.numero, demande.entreprise_id)


def avis_de_paiement(versement: Versement) -> Document:
    demande = versement.decision.demande
    return Document(
        genre=Genre.LETTRE,
        objet=f"avis:{versement.pk}",
        sujet=demande.numero,
        nom=f"avis_paiement_{demande.numero}.pdf",
        fichier=versement.avis,
        entreprise=demande.entreprise_id,
    )


def titre_de_recette(ligne: Recouvrement) -> Document:
    return Document(
        genre=Genre.LETTRE,
        objet=f"titre:{ligne.pk}",
        sujet=ligne.demande.numero,
        nom=f"titre_de_recette_{ligne.numero}.pdf",
        fichier=ligne.lettre,
        entreprise=ligne.entreprise_id,
    )


def piece_d_enrolement(piece: PieceEnrolement) -> Document:
    genre = _genre(TypePiece(piece.type))
    return _piece(piece, genre, "piece-enrolement", piece.enrolement.numero, piece.enrolement.entreprise_id)


def piece_de_brouillon(piece: PieceBrouillon) -> Document:
    """For who fills the draft in, and found it by its own session."""
    return Document(
        genre=Genre.BROUILLON, objet=f"brouillon:{piece.pk}", nom=piece.nom, fichier=piece.fichier
    )


def _genre(type_piece: TypePiece) -> Genre:
    if type_piece in IDENTITES:
        return Genre.IDENTITE
    return Genre.RIB if type_piece is TypePiece.RIB else Genre.PIECE_ENROLEMENT


def iban_declare(enrolement: Enrolement) -> Document:
    """The account that an enrolment declares, before it is anybody's active account."""
    return _iban(enrolement, "iban-enrolement", enrolement.numero)


def iban_du_compte(compte: CoordonneesBancaires) -> Document:
    return _iban(compte, "compte-bancaire", compte.entreprise.siret)


def _iban(ligne: Enrolement | CoordonneesBancaires, quoi: str, sujet: str) -> Document:
    return Document(genre=Genre.IBAN, objet=f"{quoi}:{ligne.pk}", sujet=sujet, entreprise=ligne.entreprise_id)


def rib_de(modification: ModificationBancaire) -> Document:
    return Document(
        genre=Genre.RIB,
        objet=f"rib:{modification.pk}",
        sujet=modification.entreprise.siret,
        nom=modification.nom_rib,
        fichier=modification.rib,
        entreprise=modification.entreprise_id,
    )


def piece_de_personnes(piece: PieceModification) -> Document:
    genre = Genre.IDENTITE if piece.type == TypePersonnes.IDENTITE else Genre.PIECE_PERSONNES
    societe = piece.modification.entreprise
    return _piece(piece, genre, "piece-personnes", societe.siret, piece.modification.entreprise_id)


def _piece(
    piece: PieceJustificative | PieceEnrolement | PieceModification | PiecePartie,
    genre: Genre,
    quoi: str,
    sujet: str,
    entreprise: int,
) -> Document:
    return Document(
        genre=genre,
        objet=f"{quoi}:{piece.pk}",
        sujet=sujet,
        nom=piece.nom,
        fichier=piece.fichier,
        entreprise=entreprise,
    )


def modele_de_piece(modele: ModeleDocument) -> Document:
    return Document(
        genre=Genre.MODELE,
        objet=modele.objet,
        sujet=modele.entreprise.siret,
        nom=modele.nom,
        fichier=modele.fichier,
        entreprise=modele.entreprise_id,
    )


def json_depose(depot: Depot) -> Document:
    return _json(depot, "entree", depot.nom_fichier, depot.entree)


def json_de_sortie(depot: Depot) -> Document:
    return _json(depot, "sortie", f"sortie-{depot.pk}-{depot.nom_fichier}", depot.sortie)


def _json(depot: Depot, cote: str, nom: str, fichier: Fichier) -> Document:
    """It was read as JSON, whatever its sender called it."""
    return Document(
        genre=Genre.IMPORT,
        objet=f"depot:{depot.pk}:{cote}",
        nom=nom if nom.lower().endswith(".json") else f"{nom}.json",
        fichier=fichier,
        entreprise=depot.entreprise_id,
    )


def piece_de_message(ticket: Ticket) -> Document:
    return _joint(ticket, Genre.MESSAGE, "ticket", ticket.numero)


def piece_d_actualite(actualite: Actualite) -> Document:
    return _joint(actualite, Genre.ACTUALITE, "actualite")


def document_utile(ligne: DocumentUtile) -> Document:
    return _joint(ligne, Genre.PUBLIE, "document")


def _joint(ligne: Ticket | Actualite | DocumentUtile, genre: Genre, quoi: str, sujet: str = "") -> Document:
    return Document(
        genre=genre,
        objet=f"{quoi}:{ligne.pk}",
        sujet=sujet,
        nom=ligne.nom_fichier,
        fichier=ligne.fichier,
    )


def recepisse(ligne: Recepisse) -> Document:
    return Document(
        genre=Genre.RECEPISSE,
        objet=f"recepisse:{ligne.pk}",
        sujet=ligne.numero,
        nom=nom_de(ligne),
        entreprise=ligne.entreprise_id,
    )


def publie(nom: str) -> Document:
    """What the portal makes for everybody: models, schemas, guides, the calendar."""
    return Document(genre=Genre.PUBLIE, objet=f"publie:{nom}", nom=nom)
