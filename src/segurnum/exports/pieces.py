"""All the pieces of some requests, in one ZIP that is written as it is sent: folders by dossier, and their digests."""

import hashlib
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any

from segurnum.comptes.models import Entreprise
from segurnum.controles.problemes import en_nombre
from segurnum.demandes.models import PieceJustificative
from segurnum.demandes.queries import de_l_entreprise, pieces_de
from segurnum.editique.tableur import en_octets
from segurnum.fichiers.services import TRANCHE, ouvrir
from segurnum.regles.cycles import TypeDemande
from segurnum.regles.erreurs import GesteImpossible
from segurnum.regles.textes import nom_de_fichier

DEMANDES_MAX = 500
MANIFESTE = "manifeste.csv"
EMPREINTES = "empreintes.sha256"  # as « sha256sum --check » reads it
TITRES = (
    "Dossier",
    "Demande",
    "Type",
    "Fichier de ce ZIP",
    "Nom déposé",
    "Type de pièce",
    "Déposée le",
    "Taille (octets)",
    "SHA-256",
    "Remarque",
)
ALTEREE = "ce fichier n'est plus celui qui a été déposé : signalez-le à l'assistance"


class _Sortie:
    """What a ZIP is written into: nothing is kept of what was taken."""

    def __init__(self) -> None:
        self.lots: list[bytes] = []

    def write(self, octets: bytes) -> int:
        self.lots.append(bytes(octets))
        return len(octets)

    def flush(self) -> None:
        """Nothing waits here."""

    def prendre(self) -> bytes:
        octets, self.lots = b"".join(self.lots), []
        return octets


@dataclass
class _Noms:
    """One name for each piece, which no system takes for another's."""

    pris: set[str] = field(default_factory=set)

    def donner(self, piece: PieceJustificative) -> str:
        demande = piece.demande
        dossier = demande.dossier.numero
        genre = TypeDemande(demande.type).libelle
        # A letter's type is in its name already.
        dit = piece.nom if piece.nom.startswith(piece.type) else f"{piece.type} - {piece.nom}"
        voulu = PurePosixPath(nom_de_fichier(dit))
        rang, nom = 1, ""
        while not nom or nom.casefold() in self.pris:
            suite = f" ({rang})" if rang > 1 else ""
            nom = f"{dossier}/{genre} {demande.numero}/{voulu.stem}{suite}{voulu.suffix}"
            rang += 1
        self.pris.add(nom.casefold())
        return nom


def zip_des_pieces(entreprise: Entreprise, cles: Sequence[int]) -> Iterator[bytes]:
    """The ZIP of the pieces of these requests of the company, piece after piece, a megabyte at a time.

    What nobody may open, or did not come yet, is named in the manifest with its reason. Raises GesteImpossible beyond
    500 requests, and when there is no piece at all.
    """
    if len(cles) > DEMANDES_MAX:
        raise GesteImpossible(
            f"Un ZIP porte les pièces de {en_nombre(DEMANDES_MAX, 'demande')} au plus : cochez-en moins, ou filtrez."
        )
    lignes = pieces_de(de_l_entreprise(entreprise).filter(pk__in=cles)).select_related("demande__dossier")
    pieces = list(lignes.order_by("demande__numero", "demande", "pk"))
    if not pieces:
        raise GesteImpossible("Ces demandes n'ont aucune pièce.")
    return _ecrire(pieces)


def _ecrire(pieces: Sequence[PieceJustificative]) -> Iterator[bytes]:
    sortie, noms = _Sortie(), _Noms()
    lignes: list[list[Any]] = []
    # Stored as they are: PDF and images are compressed already.
    with zipfile.ZipFile(sortie, "w", zipfile.ZIP_STORED) as archive:  # type: ignore[call-overload]
        for piece in pieces:
            nom, empreinte, remarque = "", "", _absente(piece)
            if piece.fichier is not None and not remarque:
                nom, calcul = noms.donner(piece), hashlib.sha256()
                grande = piece.fichier.taille > zipfile.ZIP64_LIMIT // 2
                entree_zip = _entree(nom, piece)
                with (
                    archive.open(entree_zip, "w", force_zip64=grande) as entree,
                    ouvrir(piece.fichier) as flux,
                ):
                    while tranche := flux.read(TRANCHE):
                        calcul.update(tranche)
                        entree.write(tranche)
                        yield sortie.prendre()
                empreinte = calcul.hexdigest()
                remarque = "" if empreinte == piece.fichier.empreinte else ALTEREE
            lignes.append(_ligne(piece, nom, empreinte, remarque))
        archive.writestr(MANIFESTE, b"".join(en_octets(TITRES, lignes)))
        archive.writestr(EMPREINTES, "".join(f"{ligne[8]}  {ligne[3]}\n" for ligne in lignes if ligne[8]))
    yield sortie.prendre()


def _absente(piece: PieceJustificative) -> str:
    if piece.fichier is None:
        return "absente : elle n'est pas encore déposée"
    return f"absente : {piece.fichier.retenu}" if piece.fichier.retenu else ""


def _entree(nom: str, piece: PieceJustificative) -> zipfile.ZipInfo:
    """Dated from its deposit, so that the same pieces make the same ZIP."""
    jour = piece.depose_le
    return zipfile.ZipInfo(nom, jour.timetuple()[:6] if jour else (1980, 1, 1, 0, 0, 0))


def _ligne(piece: PieceJustificative, nom: str, empreinte: str, remarque: str) -> list[Any]:
    demande = piece.demande
    return [
        demande.dossier.numero,
        demande.numero,
        TypeDemande(demande.type).libelle,
        nom,
        piece.nom,
        piece.type,
        piece.depose_le,
        str(piece.fichier.taille) if piece.fichier else "",
        empreinte,
        remarque,
    ]
