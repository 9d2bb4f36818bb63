"""Every list of the portal, for whoever may open it: filter, sort, pages, nothing found, all of it without scripts."""

import html
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from listes import Listes, montree, peupler_les_listes, trouver
from monde import Monde, adresse_de, client_de
from pytest_django.plugin import DjangoDbBlocker

from segurnum.essais.partage import fait_une_fois
from segurnum.kits import tableau
from segurnum.kits.tableau import Affiche, Colonne, Entete

pytestmark = [pytest.mark.django_db, pytest.mark.long]


@pytest.fixture(scope="module")
def monde(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Monde]:
    with fait_une_fois(django_db_blocker, peupler_les_listes) as fait:
        yield fait


@pytest.fixture(scope="module")
def listes(monde: Monde, django_db_blocker: DjangoDbBlocker) -> Listes:
    with django_db_blocker.unblock():
        return trouver(monde)


def ouvrir(client: Client, adresse: str, **parametres: str) -> tuple[Affiche, str]:
    reponse = client.get(adresse, parametres)
    assert reponse.status_code == 200, (adresse, parametres)
    affiche = montree(reponse)
    assert affiche is not None
    return affiche, html.unescape(reponse.content.decode())


def entieres(
    monde: Monde, listes: Listes, *, pour_tous: bool = False
) -> Iterator[tuple[Client, str, Affiche, str]]:
    """Each list as it opens, for the first of its profiles or for all."""
    for nom, permis in listes.items():
        for profil in permis if pour_tous else permis[:1]:
            client, adresse = client_de(monde, profil), adresse_de(nom, monde)
            yield client, adresse, *ouvrir(client, adresse)


def colonnes(affiche: Affiche) -> list[Colonne]:
    return [entete.colonne for entete in affiche.entetes]


def rangees(page: str) -> list[list[str]]:
    """The cells of the list's rows; the table is the one that pages are turned of."""
    corps = page[page.index('class="portail-tableau') :].partition("<tbody")[2].partition("</tbody>")[0]
    return [
        re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", rangee, re.DOTALL)
        for rangee in re.findall(r"<tr[^>]*>(.*?)</tr>", corps, re.DOTALL)
    ]


def mot(page: str, rang: int) -> str:
    """The first word that the first row shows in a column: neither what is below it, nor what only some hear."""
    cellule = rangees(page)[0][rang]
    seule = re.sub(r'<(span|a) class="(fr-hint-text|fr-sr-only)".*?</\1>', "", cellule, flags=re.DOTALL)
    return re.split(r"[\s,…]", re.sub(r"<[^>]+>", " ", seule).strip())[0]


def test_les_listes_se_trouvent_en_ouvrant_les_pages(listes: Listes) -> None:
    assert {"fournisseur:demandes", "gestion:demandes", "gestion:paiements"} <= set(listes)


@pytest.mark.exigence("FRM-027")
def test_une_liste_se_filtre_par_ce_que_ses_colonnes_montrent(monde: Monde, listes: Listes) -> None:
    for client, adresse, entiere, page in entieres(monde, listes, pour_tous=True):
        for rang, colonne in enumerate(colonnes(entiere)):
            if not colonne.filtrable:
                continue
            rien, dite = ouvrir(client, adresse, **{colonne.parametre: "zzz introuvable"})
            assert rien.nombre == 0, (adresse, colonne.cle)
            assert rien.vide in dite
            assert 'value="zzz introuvable"' in dite
            if entiere.lignes and (vu := mot(page, rang)):
                retrouvee, dite = ouvrir(client, adresse, **{colonne.parametre: vu})
                assert retrouvee.nombre >= 1, (adresse, colonne.cle, vu)
                assert vu in dite.partition('<tbody id="resultats">')[2]


@pytest.mark.exigence("FRM-027")
def test_une_liste_se_trie_par_ses_fleches_sans_perdre_de_ligne(monde: Monde, listes: Listes) -> None:
    for client, adresse, entiere, _ in entieres(monde, listes):
        for colonne in filter(lambda colonne: colonne.tri, colonnes(entiere)):
            for demande, sens in ((colonne.cle, "ascending"), (f"-{colonne.cle}", "descending")):
                triee, page = ouvrir(client, adresse, tri=demande)
                assert triee.nombre == entiere.nombre
                dites = [entete.colonne.cle for entete in triee.entetes if entete.sens == sens]
                assert dites == [colonne.cle], (adresse, demande)
                assert page.count(f'aria-sort="{sens}"') == 1


def test_les_pages_d_une_liste_montrent_chaque_ligne_une_fois(
    monde: Monde, listes: Listes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tableau, "PAR_PAGE", 1)
    seules = set(listes)
    for nom, permis in listes.items():
        for profil in permis:
            client, adresse = client_de(monde, profil), adresse_de(nom, monde)
            premiere, page = ouvrir(client, adresse)
            if premiere.nombre < 2:
                continue
            seules.discard(nom)
            assert 'rel="next"' in page, adresse
            vues: list[Any] = []
            for rang in range(1, premiere.nombre + 1):
                affiche, page = ouvrir(client, adresse, page=str(rang))
                assert affiche.page is not None
                vues += [getattr(cle, "pk", cle) for cle in affiche.page.object_list]
            assert len(set(vues)) == premiere.nombre, adresse
            assert 'rel="prev"' in page
    assert not seules, "une liste que ce monde ne remplit pas n'est pas tournée : listes.peupler_les_listes"


@pytest.mark.parametrize("demande", ["2", "999", "0", "-1", "abc", ""])
def test_une_page_qui_n_existe_pas_montre_la_plus_proche(demande: str, monde: Monde, listes: Listes) -> None:
    for nom, permis in listes.items():
        affiche, page = ouvrir(client_de(monde, permis[0]), adresse_de(nom, monde), page=demande)
        assert affiche.page is not None
        assert 1 <= affiche.page.number <= affiche.page.paginator.num_pages
        assert 'aria-label="Pagination' in page


def test_une_liste_se_filtre_et_se_trie_sans_script(monde: Monde, listes: Listes) -> None:
    """The fields are in a form that the browser sends by itself, and the arrows are links."""

    def est_offerte(entete: Entete, formulaire: str) -> bool:
        return not entete.colonne.filtrable or f'name="{entete.colonne.parametre}"' in formulaire

    for _, adresse, affiche, page in entieres(monde, listes):
        if not affiche.filtrable:
            continue
        formulaire = re.search(r'<form method="get".*?</form>', page, re.DOTALL)
        assert formulaire is not None, adresse
        assert re.search(r'type="submit"[^>]*>\s*(Filtrer|Rechercher|Appliquer)', formulaire[0]), adresse
        assert all(est_offerte(entete, formulaire[0]) for entete in affiche.entetes), adresse
        assert formulaire[0].count('class="portail-tri ') == sum(bool(c.tri) for c in colonnes(affiche))


def test_chaque_cellule_a_le_titre_que_sa_fiche_dira_sur_un_ecran_etroit(
    monde: Monde, listes: Listes
) -> None:
    """There the head is hidden, and each cell says its column's name."""
    for _, adresse, affiche, page in entieres(monde, listes):
        if affiche.lignes:
            assert {len(rangee) for rangee in rangees(page)} == {len(affiche.entetes)}, adresse
            assert all(colonne.libelle.strip() for colonne in colonnes(affiche)), adresse
