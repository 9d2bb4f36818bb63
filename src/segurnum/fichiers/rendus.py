"""The pages of stored documents as pictures, and the few that were looked at last.

Nothing is left on a disk: what is kept is a few pictures in the memory of the process, the least recently seen going
first, so that turning back a page draws nothing again.
"""

from collections import OrderedDict
from threading import Lock

from segurnum.controles.fichiers import extension
from segurnum.controles.rendu import Page, RenduImpossible, rendre
from segurnum.fichiers import services
from segurnum.fichiers.documents import Document

RESERVE_MAX = 16 * 1024 * 1024  # octets, in each process

_Cle = tuple[str, str, int, int]
_reserve: "OrderedDict[_Cle, Page]" = OrderedDict()
_verrou = Lock()
_dessin = Lock()  # PDFium draws one page at a time


def page(document: Document, *, numero: int, largeur: int) -> Page:
    """The page `numero` (from 1) of a document, `largeur` pixels wide. Raises RenduImpossible, with a sentence."""
    fichier = document.fichier
    if fichier is None or document.infecte or not document.montrable:
        raise RenduImpossible("Ce document ne se montre pas.")
    cle = (fichier.empreinte, extension(document.nom), numero, largeur)
    vue = _retrouver(cle)
    if vue is None:
        vue = _dessiner(document, numero, largeur)
        _garder(cle, vue)
    return vue


def _dessiner(document: Document, numero: int, largeur: int) -> Page:
    if document.fichier is None:
        raise AssertionError("un document montrable a un fichier")
    try:
        with services.ouvrir(document.fichier) as flux, _dessin:
            return rendre(flux, extension(document.nom), numero=numero, largeur=largeur)
    except FileNotFoundError as perdu:
        raise RenduImpossible("Le fichier de ce document est introuvable.") from perdu


def _retrouver(cle: _Cle) -> Page | None:
    with _verrou:
        if cle in _reserve:
            _reserve.move_to_end(cle)
        return _reserve.get(cle)


def _garder(cle: _Cle, vue: Page) -> None:
    with _verrou:
        _reserve[cle] = vue
        while sum(len(gardee.octets) for gardee in _reserve.values()) > RESERVE_MAX:
            _reserve.popitem(last=False)
