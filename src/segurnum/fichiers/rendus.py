"""The pages of stored documents as pictures, and the few that were looked at last (decision record 23).

Nothing is left on a disk: what is kept is a few pictures in the memory of the process, the least recently seen going
first, so that turning back a page draws nothing again.
"""

from collections import OrderedDict
from threading import Lock

from segurnum.controles.fichiers import extension
from segurnum.controles.rendu import Page, rendre
from segurnum.fichiers import services
from segurnum.fichiers.documents import Document
from segurnum.fichiers.models import Fichier
from segurnum.isolement import EPUISEMENTS, ControleImpossible, TropDeTravail, executer

RESERVE_MAX = 16 * 1024 * 1024  # octets, in each process
LIGNE = 1024  # octets that any page counts for, drawn or not
TEXTE_MAX = 64 * 1024  # octets of a text that a page shows
TROP_DE_TRAVAIL = "Le dessin de cette page demande trop de travail."
PERDU = "Le fichier de ce document est introuvable."

_Cle = tuple[str, str, int, int]


class Reserve:
    """The last pictures, within `RESERVE_MAX` octets."""

    def __init__(self) -> None:
        self.pages: OrderedDict[_Cle, Page] = OrderedDict()
        self.octets = 0
        self.verrou = Lock()

    def retrouver(self, cle: _Cle) -> Page | None:
        with self.verrou:
            if cle in self.pages:
                self.pages.move_to_end(cle)
            return self.pages.get(cle)

    def garder(self, cle: _Cle, page: Page) -> None:
        with self.verrou:
            ancienne = self.pages.pop(cle, None)
            self.octets += _poids(page) - (_poids(ancienne) if ancienne else 0)
            self.pages[cle] = page
            while self.octets > RESERVE_MAX:
                _, oubliee = self.pages.popitem(last=False)
                self.octets -= _poids(oubliee)


def _poids(page: Page) -> int:
    return LIGNE + len(page.octets)


_reserve = Reserve()


def page(document: Document, *, numero: int, largeur: int) -> Page:
    """The page `numero` (from 1) of a document, `largeur` pixels wide: drawn in a child, held to its limits."""
    if document.fichier is None or document.retenu or not document.dessinable:
        return Page(echec="Ce document ne se montre pas.")
    cle = (document.fichier.empreinte, extension(document.nom), numero, largeur)
    vue = _reserve.retrouver(cle)
    if vue is None:
        vue, tient = _dessiner(document.fichier, *cle[1:])
        if tient:
            _reserve.garder(cle, vue)
    return vue


def _dessiner(fichier: Fichier, suffixe: str, numero: int, largeur: int) -> tuple[Page, bool]:
    """The picture, and whether another try would end alike: a costly page costs once, not at each look."""
    try:
        with services.ouvrir(fichier) as flux:
            return executer(rendre, suffixe, numero, largeur, flux=flux), True
    except TropDeTravail as refus:
        return Page(echec=TROP_DE_TRAVAIL), refus.cause in EPUISEMENTS
    except ControleImpossible:
        return Page(echec=TROP_DE_TRAVAIL), False
    except FileNotFoundError:
        return Page(echec=PERDU), False


def texte(document: Document) -> str:
    """The beginning of a text, in the letters that it is written in; empty when the store lost it."""
    if document.fichier is None or document.retenu:
        return ""
    try:
        with services.ouvrir(document.fichier) as flux:
            debut = flux.read(TEXTE_MAX)
    except FileNotFoundError:
        return ""
    return debut.decode(services.jeu_de(debut), "replace")
