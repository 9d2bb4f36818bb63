"""The table of every list, drawn bare: what its declaration says is what the page shows."""

import html
import re
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.template import Context, Engine
from django.test import RequestFactory

from segurnum.base.copies import jour_ecrit
from segurnum.editorial.models import Actualite
from segurnum.kits.colonnes import contient, ecrit
from segurnum.kits.tableau import PAR_PAGE, Affiche, Colonne, Tableau
from segurnum.regles.calendrier import date_fr, maintenant

pytestmark = pytest.mark.django_db

TABLEAU = Tableau(
    "titre-actualites",
    "Actualités",
    (
        Colonne(
            "titre",
            "Titre",
            contient("titre"),
            ("titre",),
            titre=True,
            lien=lambda actualite: f"/actualites/{actualite.titre}",
            precision="categorie",
        ),
        Colonne("jour", "Date", ecrit(jour_ecrit("publiee_le")), cellule="publiee_le|jour", insecable=True),
        Colonne("rang", "Rang", nombre=True, cellule="contenu"),
    ),
    ordre=("-publiee_le", "-pk"),
)


def publier(*titres: str, **champs: Any) -> None:
    """The first is the latest."""
    for age, titre in enumerate(titres):
        quand = maintenant() - timedelta(days=age)
        Actualite.objects.create(**{"titre": titre, "contenu": str(age), "publiee_le": quand} | champs)


def lire(tableau: Tableau = TABLEAU, **parametres: str) -> Affiche:
    return tableau.lire(Actualite.objects.all(), RequestFactory().get("/liste", parametres).GET)


def dessiner(affiche: Affiche, gabarit: str = "kits/liste.html", **parametres: str) -> str:
    requete = RequestFactory().get("/liste", parametres)
    rendu = (
        Engine.get_default().get_template(gabarit).render(Context({"request": requete, "affiche": affiche}))
    )
    return " ".join(html.unescape(rendu).split())


def titres(affiche: Affiche) -> list[str]:
    return [actualite.titre for actualite in affiche.lignes]


def test_un_tableau_montre_ses_lignes_dans_son_ordre_et_se_filtre_par_colonne() -> None:
    publier("Ouverture", "Clôture", "Réouverture")
    assert titres(lire()) == ["Ouverture", "Clôture", "Réouverture"]
    filtree = lire(f_titre=" ouver\x00 ")
    assert titres(filtree) == ["Ouverture", "Réouverture"]
    assert 'name="f_titre" value="ouver"' in dessiner(filtree)
    hier = date_fr(maintenant() - timedelta(days=1))
    assert titres(lire(f_jour=hier)) == ["Clôture"]
    assert titres(lire(f_titre="ouver", f_jour=hier)) == []


def test_une_colonne_sans_filtre_n_est_pas_cherchee() -> None:
    publier("Ouverture")
    assert titres(lire(f_rang="introuvable")) == ["Ouverture"]
    assert 'name="f_rang"' not in dessiner(lire())


def test_une_colonne_se_trie_dans_les_deux_sens_et_le_dit() -> None:
    publier("B", "C", "A")
    croissant = lire(tri="titre")
    assert titres(croissant) == ["A", "B", "C"]
    assert 'aria-sort="ascending"' in dessiner(croissant)
    assert 'href="?tri=-titre"' in dessiner(croissant)
    decroissant = lire(tri="-titre")
    assert titres(decroissant) == ["C", "B", "A"]
    assert 'aria-sort="descending"' in dessiner(decroissant)
    assert titres(lire(tri="contenu; drop table")) == ["B", "C", "A"]
    assert titres(lire(tri="rang")) == ["B", "C", "A"]


def test_trier_garde_le_filtre_et_filtrer_garde_le_tri() -> None:
    publier("Ouverture")
    page = dessiner(lire(f_titre="ouv", tri="titre"), f_titre="ouv", tri="titre")
    assert "?f_titre=ouv&tri=-titre" in page
    assert '<input type="hidden" name="tri" value="titre">' in page
    assert (
        lire(tri="titre", page="2").entetes[0].adresse_tri == "?tri=-titre"
    )  # the first page of the new order


def test_les_pages_se_tournent_et_une_page_qui_n_existe_pas_est_la_plus_proche() -> None:
    publier(*(f"{rang:02}" for rang in range(PAR_PAGE + 3)))
    assert titres(lire()) == [f"{rang:02}" for rang in range(PAR_PAGE)]
    seconde = lire(page="2")
    assert titres(seconde) == ["20", "21", "22"]
    assert titres(lire(page="2", tri="-titre")) == ["02", "01", "00"]
    assert titres(lire(page="99")) == titres(seconde)
    assert titres(lire(page="x")) == titres(lire())
    page = dessiner(lire(tri="titre"), tri="titre")
    assert "sur 2" in page
    assert 'href="?tri=titre&page=2"' in page


@pytest.mark.parametrize(
    ("vide", "parametres", "dit"),
    [
        ("", {}, "Aucune donnée disponible dans le tableau"),
        ("", {"f_titre": "x"}, "Aucune donnée disponible dans le tableau"),
        ("Rien n'est publié.", {}, "Rien n'est publié."),
        ("Rien n'est publié.", {"f_titre": "x"}, "Aucune ligne ne correspond à vos filtres."),
    ],
)
def test_un_tableau_vide_dit_pourquoi(vide: str, parametres: dict[str, str], dit: str) -> None:
    declare = replace(TABLEAU, vide=vide) if vide else TABLEAU
    page = dessiner(lire(declare, **parametres))
    assert f'<td colspan="3">{dit}</td>' in page
    assert "0 résultat" in page


def test_une_cellule_a_son_lien_sa_precision_son_genre_et_nomme_sa_ligne() -> None:
    publier("Ouverture", categorie="Calendrier")
    page = dessiner(lire(), "kits/tableau.html")
    assert (
        '<th scope="row"><a class="fr-link" href="/actualites/Ouverture">Ouverture</a>'
        '<span class="fr-hint-text">Calendrier</span></th>'
    ) in page
    assert re.search(r'<td class="portail-insecable">\d\d/\d\d/\d{4}</td>', page)
    assert '<td class="portail-nombre">0</td>' in page
    assert re.search(r'<th scope="col" *class="portail-nombre"> Rang </th>', page)


def test_ce_que_dit_une_ligne_n_est_jamais_du_html() -> None:
    publier("<script>alert(1)</script>", categorie="<b>")
    rendu = Engine.get_default().get_template("kits/tableau.html").render(Context({"affiche": lire()}))
    assert "<script>" not in rendu
    assert "<b>" not in rendu


def test_les_adresses_des_lignes_gardent_la_liste_d_ou_l_on_vient() -> None:
    publier("Ouverture")
    affiche = TABLEAU.lire(Actualite.objects.all(), RequestFactory().get("/liste").GET, suite="texte=a")
    assert 'href="/actualites/Ouverture?texte=a"' in dessiner(affiche)


def test_une_ligne_se_nomme_dans_la_page_quand_le_tableau_le_dit() -> None:
    publier("Ouverture")
    assert "<tr>" in dessiner(TABLEAU.montrer(Actualite.objects.all()), "kits/tableau.html")
    nommees = replace(TABLEAU, ancre=lambda actualite: f"actualite-{actualite.titre}")
    assert '<tr id="actualite-Ouverture">' in dessiner(
        nommees.montrer(Actualite.objects.all()), "kits/tableau.html"
    )


def test_au_dela_du_seuil_la_liste_s_arrete_et_le_dit() -> None:
    publier("A", "B", "C")
    affiche = lire(replace(TABLEAU, seuil=2))
    assert titres(affiche) == ["A", "B"]
    assert "Plus de 2 résultats" in dessiner(affiche)


def test_au_dela_du_seuil_une_liste_peut_ne_rien_montrer_sans_filtre() -> None:
    publier("A", "B", "C")
    etroit = replace(TABLEAU, seuil=2)

    def ouvrir(**parametres: str) -> Affiche:
        return etroit.lire(
            Actualite.objects.all(), RequestFactory().get("/", parametres).GET, tout_ou_rien=True
        )

    assert titres(ouvrir()) == []
    assert "appliquez au moins un critère" in dessiner(ouvrir())
    assert titres(ouvrir(f_titre="b")) == ["B"]
    assert titres(
        etroit.lire(Actualite.objects.all(), RequestFactory().get("/").GET, tout_ou_rien=True, criteres=True)
    ) == [
        "A",
        "B",
    ]


def test_une_liste_se_lit_en_deux_requetes_quel_que_soit_le_nombre_de_lignes(
    django_assert_num_queries: Any,
) -> None:
    publier(*(f"{rang:02}" for rang in range(PAR_PAGE + 3)))
    with django_assert_num_queries(2):
        lire(page="2", tri="titre", f_titre="0")


def test_la_legende_dite_par_un_titre_ne_se_lit_qu_a_l_oreille() -> None:
    assert '<caption id="titre-actualites">Actualités</caption>' in dessiner(lire())
    lue = replace(TABLEAU, legende_lue=True)
    assert '<caption id="titre-actualites" class="fr-sr-only">' in dessiner(lire(lue))


def test_un_tableau_ecrit_par_la_page_a_la_meme_forme() -> None:
    rendu = Engine.get_default().from_string(
        '{% tableau "Des lignes" "Type|Nombre #" %}'
        "{% for n in nombres %}<tr><td>{{ n }}</td></tr>{% endfor %}{% endtableau %}"
    )
    page = rendu.render(Context({"nombres": ["<1>"]}))
    assert "<td>&lt;1&gt;</td>" in page
    assert 'class="portail-nombre"' in page
    assert "Aucune donnée disponible" not in page
    assert "Aucune donnée disponible" in rendu.render(Context({"nombres": []}))


def test_un_tableau_court_dit_ses_colonnes_dans_la_page() -> None:
    rendu = Engine.get_default().from_string(
        '{% tableau_de lignes "Des lignes" "Nom * = nom | Montant # = montant|euros | Cellule = kits/abrege.html" %}'
    )
    ligne = {"nom": "<A>", "montant": Decimal("1074.99")}
    page = rendu.render(Context({"lignes": [ligne], "texte": "Bref", "longueur": 9}))
    assert '<th scope="row">&lt;A&gt;</th>' in page
    assert re.search(r'<td class="portail-nombre">1\s074,99\s€</td>', page)
    assert re.search(r"<td>\s*Bref\s*</td>", page)
    assert "Aucune donnée disponible" in rendu.render(Context({"lignes": []}))
