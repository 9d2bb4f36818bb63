"""Pieces, read page by page as pictures that the portal draws. The original is saved on purpose."""

import base64
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from django.http.response import HttpResponseBase

from segurnum.controles.rendu import Page
from segurnum.fichiers import lectures, rendus
from segurnum.fichiers.documents import Document
from segurnum.fichiers.permissions import Usage, peut_ouvrir
from segurnum.kits.navigation import Onglet
from segurnum.pannes import StockageIndisponible
from segurnum.pannes.annonce import annoncer
from segurnum.seuil.acces import Requete
from segurnum.seuil.iban import noter_la_lecture
from segurnum.seuil.pannes import PAROLES
from segurnum.seuil.telechargements import Offre, offrir, servir

# What the address says of the reading: which piece, which page of it, how large.
PIECE, PAGE, ZOOM = "piece", "page_piece", "zoom"
ANCRE = "#pieces-a-lire"
ZOOMS = {"100": 1_000, "150": 1_500, "200": 2_000}  # per cent of the width of the column -> pixels
ZOOM_USUEL = "100"
ORIGINAL = "Téléchargez l'original pour le lire avec un logiciel de votre poste."
Adresse = Callable[..., str]


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
class Vue:
    """The piece that is shown. `image` is empty when it cannot be (`echec` says why and what to do), and before its
    reading is noted.
    """

    nom: str
    afficher: str
    offre: Offre
    zoom: str
    image: str = ""
    texte: str = ""
    echec: str = ""
    a_noter: bool = False
    numero: int = 1
    pages: int = 1
    precedente: str = ""
    suivante: str = ""
    zooms: tuple[Onglet, ...] = ()
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


def visionneuse(requete: Requete, pieces: Sequence[Piece], page: str) -> Visionneuse:
    """What this person may see of the pieces, on the page of this address."""

    def adresse(**valeurs: object) -> str:
        """The page itself, with another piece, page or size."""
        copie = requete.GET.copy()
        for nom, valeur in valeurs.items():
            copie[nom] = str(valeur)
        return f"{page}?{copie.urlencode()}{ANCRE}"

    montrables = [piece for piece in pieces if _montrable(requete, piece)]
    ouvertes = lectures.ouvertes(requete.user, [piece.document for piece in montrables])
    courante = _courante(requete.GET.get(PIECE, ""), montrables, ouvertes)
    lignes = tuple(
        Lisible(
            libelle=piece.libelle,
            adresse=adresse(**{PIECE: piece.cle, PAGE: 1}) if piece in montrables else "",
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


def _vue(requete: Requete, piece: Piece, adresse: Adresse, *, notee: bool) -> Vue:
    zoom = requete.GET.get(ZOOM, "")
    vide = Vue(
        nom=piece.libelle,
        afficher=piece.adresse,
        offre=offrir(requete, piece.document, piece.adresse),
        zoom=zoom if zoom in ZOOMS else ZOOM_USUEL,
        suite=adresse(**{PIECE: piece.cle}),
    )
    if not notee:
        return replace(vide, a_noter=True)
    try:
        return _lue(requete, piece, adresse, vide)
    except StockageIndisponible as panne:  # the data, the amounts and the gestures do without
        annoncer(panne.partie, panne)
        return replace(
            vide, echec=f"{PAROLES[panne.partie].lire} : rechargez cette page dans quelques minutes."
        )


def _lue(requete: Requete, piece: Piece, adresse: Adresse, vide: Vue) -> Vue:
    """What it shows, read in the store. Raises StockageIndisponible."""
    if piece.document.en_texte:
        lu = rendus.texte(piece.document)
        return replace(vide, texte=lu, echec="" if lu else f"{rendus.PERDU} {ORIGINAL}")
    page = rendus.page(piece.document, numero=_numero(requete.GET.get(PAGE, "")), largeur=ZOOMS[vide.zoom])
    if page.echec:
        return replace(vide, echec=f"{page.echec} {ORIGINAL}")
    return _dessinee(vide, page, piece.cle, adresse)


def _dessinee(vide: Vue, page: Page, cle: int, adresse: Adresse) -> Vue:
    """The picture, and where its neighbours are."""

    def vers(numero: int, zoom: str = vide.zoom) -> str:
        return adresse(**{PIECE: cle, PAGE: numero, ZOOM: zoom})

    return replace(
        vide,
        image=f"data:{page.type_mime};base64,{base64.b64encode(page.octets).decode()}",
        numero=page.numero,
        pages=page.pages,
        precedente=vers(page.numero - 1) if page.numero > 1 else "",
        suivante=vers(page.numero + 1) if page.numero < page.pages else "",
        zooms=tuple(
            Onglet(f"{taux} %", vers(page.numero, taux), courant=taux == vide.zoom) for taux in ZOOMS
        ),
    )


def _numero(texte: str) -> int:
    """The page that the address asks for; the first when it makes no sense."""
    return int(texte) if texte.isascii() and texte.isdigit() and len(texte) < 6 else 1


def ouvrir(requete: Requete, document: Document, page: str) -> HttpResponseBase:
    """A piece, saved; or, asked by « Afficher la pièce », noted then shown on the page of this address."""
    if requete.method == "POST" and requete.POST.get("usage") == Usage.VOIR:
        return noter_la_lecture(requete, document, page)
    return servir(requete, document)
