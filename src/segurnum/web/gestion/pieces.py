"""The pieces beside the data, page by page, as pictures that the portal draws. The original is saved on purpose."""

import base64
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import chain

from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse

from segurnum.controles.rendu import Page
from segurnum.demandes.queries import pieces_de, visibles_des_agents
from segurnum.fichiers import lectures, rendus
from segurnum.fichiers.documents import Document, Genre
from segurnum.fichiers.permissions import Usage, peut_ouvrir
from segurnum.paiements.queries import versements_de
from segurnum.pannes import StockageIndisponible
from segurnum.pannes.annonce import annoncer
from segurnum.web.commun.acces import Requete, agents
from segurnum.web.commun.documents import avis_de_paiement, piece_de_demande
from segurnum.web.commun.iban import noter_la_lecture
from segurnum.web.commun.pannes import PAROLES
from segurnum.web.commun.telechargements import Offre, offrir, sert, servir

# What the address says of the reading: which piece, which page of it, how large.
PIECE, PAGE, ZOOM = "piece", "page_piece", "zoom"
ANCRE = "#pieces-a-lire"
ZOOMS = {"100": 1_000, "150": 1_500, "200": 2_000}  # per cent of the width of the column -> pixels
ZOOM_USUEL = "100"


@dataclass(frozen=True)
class Piece:
    """A piece to show. `cle` names it in the address of the page; `adresse` serves the original."""

    cle: int
    libelle: str
    document: Document
    adresse: str


@dataclass(frozen=True)
class Lisible:
    """A line of the list: `adresse` shows it beside the data, `offre` saves it, `empechement` says why neither."""

    libelle: str
    adresse: str
    offre: Offre
    empechement: str
    courante: bool


@dataclass(frozen=True)
class Choix:
    libelle: str
    adresse: str
    courant: bool


@dataclass(frozen=True)
class Vue:
    """The piece that is shown. `image` is empty when it cannot be drawn (`echec`), while the store does not answer
    (`attente`), and before its reading is noted.
    """

    nom: str
    afficher: str
    offre: Offre
    zoom: str
    image: str = ""
    texte: str = ""
    echec: str = ""
    attente: str = ""
    a_noter: bool = False
    numero: int = 1
    pages: int = 1
    precedente: str = ""
    suivante: str = ""
    zooms: tuple[Choix, ...] = ()
    suite: str = ""

    @property
    def alternative(self) -> str:
        """What is said to who does not see the picture."""
        return f"{self.nom}, page {self.numero} sur {self.pages}"


@dataclass(frozen=True)
class Visionneuse:
    """The reading column: every piece, and the one that is shown."""

    pieces: tuple[Lisible, ...]
    vue: Vue | None


class _Adresse:
    """The page itself, with another piece, page or size."""

    def __init__(self, requete: Requete, page: str) -> None:
        self.parametres, self.page = requete.GET, page

    def avec(self, **valeurs: object) -> str:
        copie = self.parametres.copy()
        for nom, valeur in valeurs.items():
            copie[nom] = str(valeur)
        return f"{self.page}?{copie.urlencode()}{ANCRE}"


def visionneuse(requete: Requete, pieces: Sequence[Piece], page: str) -> Visionneuse:
    """What this person may see of the pieces, on the page of this address."""
    adresse = _Adresse(requete, page)
    montrables = [piece for piece in pieces if _montrable(requete, piece)]
    ouvertes = lectures.ouvertes(requete.user, [piece.document for piece in montrables])
    courante = _courante(requete.GET.get(PIECE, ""), montrables, ouvertes)
    lignes = tuple(
        Lisible(
            libelle=piece.libelle,
            adresse=adresse.avec(**{PIECE: piece.cle, PAGE: 1}) if piece in montrables else "",
            offre=offrir(requete, piece.document, piece.adresse),
            empechement=_empechement(requete, piece.document),
            courante=piece is courante,
        )
        for piece in pieces
    )
    if courante is None:
        return Visionneuse(lignes, None)
    return Visionneuse(lignes, _vue(requete, courante, adresse, notee=courante.document.objet in ouvertes))


def _montrable(requete: Requete, piece: Piece) -> bool:
    return piece.document.montrable and peut_ouvrir(requete.user, piece.document, Usage.VOIR)


def _courante(voulue: str, montrables: Sequence[Piece], ouvertes: frozenset[str]) -> Piece | None:
    """The piece that is asked for; else the first that shows without a gesture; else the first."""
    demandee = (piece for piece in montrables if str(piece.cle) == voulue)
    libre = (piece for piece in montrables if piece.document.objet in ouvertes)
    return next(chain(demandee, libre, montrables), None)


def _empechement(requete: Requete, document: Document) -> str:
    if document.fichier is None:
        return "Annoncée, pas encore déposée"
    if document.retenu:
        return f"Bloquée : {document.retenu}"
    if not peut_ouvrir(requete.user, document, Usage.TELECHARGER):
        return "Réservée à d'autres profils que le vôtre"
    return ""


def _vue(requete: Requete, piece: Piece, adresse: _Adresse, *, notee: bool) -> Vue:
    zoom = requete.GET.get(ZOOM, "")
    vide = Vue(
        nom=piece.libelle,
        afficher=piece.adresse,
        offre=offrir(requete, piece.document, piece.adresse),
        zoom=zoom if zoom in ZOOMS else ZOOM_USUEL,
        suite=adresse.avec(**{PIECE: piece.cle}),
    )
    if not notee:
        return replace(vide, a_noter=True)
    try:
        return _lue(requete, piece, adresse, vide)
    except StockageIndisponible as panne:  # the data, the amounts and the gestures do without
        annoncer(panne.partie, panne)
        return replace(
            vide, attente=f"{PAROLES[panne.partie].lire} : rechargez cette page dans quelques minutes."
        )


def _lue(requete: Requete, piece: Piece, adresse: _Adresse, vide: Vue) -> Vue:
    """What it shows, read in the store. Raises StockageIndisponible."""
    if piece.document.en_texte:
        lu = rendus.texte(piece.document)
        return replace(vide, texte=lu, echec="" if lu else rendus.PERDU)
    page = rendus.page(piece.document, numero=_numero(requete.GET.get(PAGE, "")), largeur=ZOOMS[vide.zoom])
    return replace(vide, echec=page.echec) if page.echec else _dessinee(vide, page, piece.cle, adresse)


def _dessinee(vide: Vue, page: Page, cle: int, adresse: _Adresse) -> Vue:
    """The picture, and where its neighbours are."""

    def vers(numero: int, zoom: str = vide.zoom) -> str:
        return adresse.avec(**{PIECE: cle, PAGE: numero, ZOOM: zoom})

    return replace(
        vide,
        image=f"data:{page.type_mime};base64,{base64.b64encode(page.octets).decode()}",
        numero=page.numero,
        pages=page.pages,
        precedente=vers(page.numero - 1) if page.numero > 1 else "",
        suivante=vers(page.numero + 1) if page.numero < page.pages else "",
        zooms=tuple(Choix(f"{taux} %", vers(page.numero, taux), courant=taux == vide.zoom) for taux in ZOOMS),
    )


def _numero(texte: str) -> int:
    """The page that the address asks for; the first when it makes no sense."""
    return int(texte) if texte.isascii() and texte.isdigit() and len(texte) < 6 else 1


def ouvrir(requete: Requete, document: Document, page: str) -> HttpResponseBase:
    """A piece, saved; or, asked by « Afficher la pièce », noted then shown on the page of this address."""
    if requete.method == "POST" and requete.POST.get("usage") == Usage.VOIR:
        return noter_la_lecture(requete, document, page)
    return servir(requete, document)


@agents
@sert(Genre.PIECE_DEMANDE, Genre.LETTRE)
def piece(requete: Requete, numero: str, piece: int) -> HttpResponseBase:
    """A piece of a request that officers may see, as a file to save."""
    ligne = get_object_or_404(pieces_de(visibles_des_agents()), pk=piece, demande__numero=numero)
    return ouvrir(requete, piece_de_demande(ligne), reverse("gestion:demande", args=[numero]))


@agents
@sert(Genre.LETTRE)
def avis(requete: Requete, versement: int) -> HttpResponseBase:
    """The notice of a payment that was made."""
    ligne = get_object_or_404(versements_de(visibles_des_agents()), pk=versement)
    return servir(requete, avis_de_paiement(ligne))
