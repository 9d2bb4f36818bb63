"""Pages of stored documents: drawn apart, kept a little, never of what may not be read."""

from typing import Any

import pytest

from segurnum import isolement
from segurnum.controles.rendu import Page
from segurnum.controles.tests import fabrique_pieces
from segurnum.essais import usines
from segurnum.fichiers import rendus
from segurnum.fichiers.documents import Document, Genre
from segurnum.fichiers.models import Analyse
from segurnum.isolement import ControleImpossible, ControleOccupe, TropDeTravail

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def reserve(monkeypatch: pytest.MonkeyPatch) -> rendus.Reserve:
    vide = rendus.Reserve()
    monkeypatch.setattr(rendus, "_reserve", vide)
    return vide


def _document(nom: str = "a.pdf", octets: bytes = b"") -> Document:
    fichier = usines.fichier(octets or fabrique_pieces.pdf(2))
    return Document(genre=Genre.PIECE_DEMANDE, objet="piece:1", nom=nom, fichier=fichier)


def test_une_page_se_dessine_dans_l_enfant_et_ne_se_redessine_pas(monkeypatch: pytest.MonkeyPatch):
    appels: list[Any] = []

    def compter(*arguments: Any, **options: Any) -> Any:
        appels.append(arguments)
        return isolement.executer(*arguments, **options)

    monkeypatch.setattr(rendus, "executer", compter)
    document = _document()
    premiere = rendus.page(document, numero=2, largeur=100)
    assert (premiere.numero, premiere.pages, premiere.echec) == (2, 2, "")
    assert rendus.page(document, numero=2, largeur=100) == premiere
    assert len(appels) == 1
    rendus.page(document, numero=1, largeur=100)
    assert len(appels) == 2


@pytest.mark.parametrize(
    ("refus", "essais"),
    [
        (TropDeTravail("processeur"), 1),  # the file's own doing: it costs its seconds once, not at each look
        (TropDeTravail("mémoire"), 1),
        (TropDeTravail("délai"), 2),  # the machine was busy: another look may show it
        (ControleOccupe(), 2),
    ],
)
def test_un_dessin_trop_long_se_dit_et_ne_se_paie_qu_une_fois(
    monkeypatch: pytest.MonkeyPatch, refus: ControleImpossible, essais: int
):
    appels: list[Any] = []

    def epuise(*arguments: Any, **_: Any) -> Page:
        appels.append(arguments)
        raise refus

    monkeypatch.setattr(rendus, "executer", epuise)
    document = _document()
    for _ in range(2):
        assert rendus.page(document, numero=1, largeur=100).echec == rendus.TROP_DE_TRAVAIL
    assert len(appels) == essais


def test_ce_qui_est_garde_reste_borne(monkeypatch: pytest.MonkeyPatch, reserve: rendus.Reserve):
    monkeypatch.setattr(rendus, "RESERVE_MAX", 2 * (rendus.LIGNE + 100) + 50)
    for rang in range(4):
        reserve.garder((str(rang), "pdf", 1, 100), Page(octets=b"x" * 100))
    assert [cle[0] for cle in reserve.pages] == ["2", "3"]
    assert reserve.octets == 2 * (rendus.LIGNE + 100)
    reserve.retrouver(("2", "pdf", 1, 100))
    reserve.garder(("4", "pdf", 1, 100), Page(octets=b"x" * 100))
    assert [cle[0] for cle in reserve.pages] == ["2", "4"], "la moins regardée part la première"


@pytest.mark.exigence("XCT-005")
def test_ce_qui_est_infecte_perdu_ou_d_un_autre_type_ne_se_dessine_pas():
    infecte = _document()
    assert infecte.fichier is not None
    assert rendus.page(infecte, numero=1, largeur=100).octets
    infecte.fichier.analyse = Analyse.INFECTE
    assert "ne se montre pas" in rendus.page(infecte, numero=1, largeur=100).echec
    assert "ne se montre pas" in rendus.page(_document("a.zip"), numero=1, largeur=100).echec
    perdu = _document(octets=fabrique_pieces.pdf(3))
    assert perdu.fichier is not None
    perdu.fichier.empreinte = "0" * 64
    assert rendus.page(perdu, numero=1, largeur=100).echec == rendus.PERDU
    assert rendus.texte(perdu) == ""
