"""Rows of the domains as the documents that people open: their kind, their name, whose they are."""

from segurnum.comptes.models import CoordonneesBancaires
from segurnum.coordonnees.models import ModificationBancaire, PieceModification
from segurnum.coordonnees.personnes import TypePiece as TypePersonnes
from segurnum.demandes.models import PieceJustificative
from segurnum.depots.models import Depot
from segurnum.editorial.models import Actualite, DocumentUtile, Ticket
from segurnum.enrolements.models import Enrolement, PieceEnrolement
from segurnum.enrolements.pieces import IDENTITES, TypePiece
from segurnum.fichiers.documents import Document, Genre
from segurnum.modeles.models import ModeleDocument
from segurnum.paiements.models import Versement


def piece_de_demande(piece: PieceJustificative) -> Document:
    de_l_agence = piece.origine == PieceJustificative.Origine.AGENCE
    return Document(
        genre=Genre.LETTRE if de_l_agence else Genre.PIECE_DEMANDE,
        objet=f"piece:{piece.pk}",
        sujet=piece.demande.numero,
        nom=piece.nom,
        fichier=piece.fichier,
        entreprise=piece.demande.entreprise_id,
    )


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


def piece_d_enrolement(piece: PieceEnrolement) -> Document:
    return Document(
        genre=_genre(TypePiece(piece.type)),
        objet=f"piece-enrolement:{piece.pk}",
        sujet=piece.enrolement.numero,
        nom=piece.nom,
        fichier=piece.fichier,
        entreprise=piece.enrolement.entreprise_id,
    )


def _genre(type_piece: TypePiece) -> Genre:
    if type_piece in IDENTITES:
        return Genre.IDENTITE
    return Genre.RIB if type_piece is TypePiece.RIB else Genre.PIECE_ENROLEMENT


def iban_declare(enrolement: Enrolement) -> Document:
    """The account that an enrolment declares, before it is anybody's active account."""
    return Document(
        genre=Genre.IBAN,
        objet=f"iban-enrolement:{enrolement.pk}",
        sujet=enrolement.numero,
        entreprise=enrolement.entreprise_id,
    )


def iban_du_compte(compte: CoordonneesBancaires) -> Document:
    return Document(
        genre=Genre.IBAN,
        objet=f"compte-bancaire:{compte.pk}",
        sujet=compte.entreprise.siret,
        entreprise=compte.entreprise_id,
    )


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
    identite = piece.type == TypePersonnes.IDENTITE
    return Document(
        genre=Genre.IDENTITE if identite else Genre.PIECE_PERSONNES,
        objet=f"piece-personnes:{piece.pk}",
        sujet=piece.modification.entreprise.siret,
        nom=piece.nom,
        fichier=piece.fichier,
        entreprise=piece.modification.entreprise_id,
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
    return Document(
        genre=Genre.IMPORT,
        objet=f"depot:{depot.pk}:entree",
        nom=_en_json(depot.nom_fichier),
        fichier=depot.entree,
        entreprise=depot.entreprise_id,
    )


def json_de_sortie(depot: Depot) -> Document:
    return Document(
        genre=Genre.IMPORT,
        objet=f"depot:{depot.pk}:sortie",
        nom=_en_json(f"sortie-{depot.pk}-{depot.nom_fichier}"),
        fichier=depot.sortie,
        entreprise=depot.entreprise_id,
    )


def _en_json(nom: str) -> str:
    """It was read as JSON, whatever its sender called it."""
    return nom if nom.lower().endswith(".json") else f"{nom}.json"


def piece_de_message(ticket: Ticket) -> Document:
    return Document(
        genre=Genre.MESSAGE,
        objet=f"ticket:{ticket.pk}",
        sujet=ticket.numero,
        nom=ticket.nom_fichier,
        fichier=ticket.fichier,
    )


def piece_d_actualite(actualite: Actualite) -> Document:
    return Document(
        genre=Genre.ACTUALITE,
        objet=f"actualite:{actualite.pk}",
        nom=actualite.nom_fichier,
        fichier=actualite.fichier,
    )


def document_utile(ligne: DocumentUtile) -> Document:
    return Document(
        genre=Genre.PUBLIE, objet=f"document:{ligne.pk}", nom=ligne.nom_fichier, fichier=ligne.fichier
    )


def publie(nom: str) -> Document:
    """What the portal makes for everybody: models, schemas, guides, the calendar."""
    return Document(genre=Genre.PUBLIE, objet=f"publie:{nom}", nom=nom)
