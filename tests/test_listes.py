"""Every list of the portal, for whoever may open it: filter, sort, pages, nothing found, all of it without scripts."""

import html
import re
from typing import Any

import pytest
from acces import ACCES
from django.test import Client
from test_routes import REGARDABLES, Monde, _adresse, _client, monde  # noqa: F401 (« monde » is a fixture)

from segurnum.comptes.models import Profil
from segurnum.web.kits.tableau import Affiche, Entete

pytestmark = pytest.mark.django_db

# The pages that are one list. A new one that is not said here fails the first test; the addresses of an operator have
# theirs in test_gestion_annuaire.py, for want of an extract here.
LISTES = [
    "fournisseur:demandes",
    "fournisseur:enrolements",
    "fournisseur:importations",
    "fournisseur:modeles",
    "gestion:annuaire_extraits",
    "gestion:annuaire_sante",
    "gestion:controles",
    "gestion:courriels",
    "gestion:demandes",
    "gestion:enrolements",
    "gestion:lectures",
    "gestion:modeles",
    "gestion:modifications",
    "gestion:paiements",
    "gestion:publications",
    "gestion:referencements",
    "gestion:tickets",
]
VITRINE = "gestion:composants"  # shows a list that is not one


def profils(nom: str) -> list[Profil]:
    return sorted(ACCES[nom] or ())


def montree(reponse: Any) -> Affiche | None:
    contexte = getattr(reponse, "context", None)
    affiche = contexte.get("affiche") if contexte else None
    return affiche if isinstance(affiche, Affiche) and affiche.page is not None else None


def ouvrir(client: Client, adresse: str, **parametres: str) -> tuple[Affiche, str]:
    reponse = client.get(adresse, parametres)
    assert reponse.status_code == 200, (adresse, parametres)
    affiche = montree(reponse)
    assert affiche is not None
    return affiche, html.unescape(reponse.content.decode())


def mot(page: str, rang: int) -> str:
    """The first word that the first row shows in a column: neither what is below it, nor what only some hear."""
    corps = page.partition('<tbody id="resultats">')[2].partition("</tbody>")[0]
    ligne = re.findall(r"<tr[^>]*>(.*?)</tr>", corps, re.DOTALL)[0]
    cellule = re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", ligne, re.DOTALL)[rang]
    seule = re.sub(r'<(span|a) class="(fr-hint-text|fr-sr-only)".*?</\1>', "", cellule, flags=re.DOTALL)
    return re.split(r"[\s,…]", re.sub(r"<[^>]+>", " ", seule).strip())[0]


def test_chaque_liste_du_portail_est_ici(monde: Monde) -> None:  # noqa: F811
    trouvees = set()
    for nom in REGARDABLES:
        if not (permis := profils(nom)):
            continue
        reponse = _client(monde, permis[0]).get(_adresse(nom, monde))
        if reponse.streaming:  # a file, closed once it is read
            b"".join(reponse.streaming_content)
        elif montree(reponse):
            trouvees.add(nom)
    assert trouvees == {*LISTES, VITRINE}


@pytest.mark.exigence("FRM-027")
@pytest.mark.parametrize("nom", LISTES)
def test_une_liste_se_filtre_par_ce_que_ses_colonnes_montrent(nom: str, monde: Monde) -> None:  # noqa: F811
    adresse = _adresse(nom, monde)
    for profil in profils(nom):
        client = _client(monde, profil)
        entiere, page = ouvrir(client, adresse)
        for rang, entete in enumerate(entiere.entetes):
            colonne = entete.colonne
            if not colonne.filtrable:
                continue
            rien, dite = ouvrir(client, adresse, **{colonne.parametre: "zzz introuvable"})
            assert rien.nombre == 0, colonne.cle
            assert rien.vide in dite
            assert 'value="zzz introuvable"' in dite
            if entiere.lignes and (vu := mot(page, rang)):
                retrouvee, dite = ouvrir(client, adresse, **{colonne.parametre: vu})
                assert retrouvee.nombre >= 1, (colonne.cle, vu)
                assert vu in dite.partition('<tbody id="resultats">')[2]


@pytest.mark.exigence("FRM-027")
@pytest.mark.parametrize("nom", LISTES)
def test_une_liste_se_trie_par_ses_fleches_sans_perdre_de_ligne(nom: str, monde: Monde) -> None:  # noqa: F811
    adresse = _adresse(nom, monde)
    for profil in profils(nom):
        client = _client(monde, profil)
        entiere, _ = ouvrir(client, adresse)
        for entete in entiere.entetes:
            if not entete.colonne.tri:
                continue
            for demande, sens in (
                (entete.colonne.cle, "ascending"),
                (f"-{entete.colonne.cle}", "descending"),
            ):
                triee, page = ouvrir(client, adresse, tri=demande)
                assert triee.nombre == entiere.nombre
                assert [dite.colonne.cle for dite in triee.entetes if dite.sens == sens] == [
                    entete.colonne.cle
                ]
                assert page.count(f'aria-sort="{sens}"') == 1


@pytest.mark.parametrize("nom", LISTES)
@pytest.mark.parametrize("demande", ["2", "999", "0", "-1", "abc", ""])
def test_une_page_qui_n_existe_pas_montre_la_plus_proche(nom: str, demande: str, monde: Monde) -> None:  # noqa: F811
    client, adresse = _client(monde, profils(nom)[0]), _adresse(nom, monde)
    affiche, page = ouvrir(client, adresse, page=demande)
    assert affiche.page is not None
    assert 1 <= affiche.page.number <= affiche.page.paginator.num_pages
    assert 'aria-label="Pagination' in page


@pytest.mark.parametrize("nom", LISTES)
def test_une_liste_se_filtre_et_se_trie_sans_script(nom: str, monde: Monde) -> None:  # noqa: F811
    """The fields are in a form that the browser sends by itself, and the arrows are links."""
    affiche, page = ouvrir(_client(monde, profils(nom)[0]), _adresse(nom, monde))
    if not affiche.filtrable:
        return
    formulaire = re.search(r'<form method="get".*?</form>', page, re.DOTALL)
    assert formulaire is not None
    assert re.search(r'type="submit"[^>]*>\s*(Filtrer|Rechercher|Appliquer)', formulaire[0])

    def est_offerte(entete: Entete) -> bool:
        return not entete.colonne.filtrable or f'name="{entete.colonne.parametre}"' in formulaire[0]

    assert all(est_offerte(entete) for entete in affiche.entetes)
    assert formulaire[0].count('class="portail-tri ') == sum(
        bool(entete.colonne.tri) for entete in affiche.entetes
    )
