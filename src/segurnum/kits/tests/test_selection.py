"""Rows that are ticked, on a bare list: what the page offers, what the server understands of it."""

from dataclasses import replace
from typing import Any

import pytest
from django.http import HttpRequest
from django.template import Context, Engine
from django.test import RequestFactory

from segurnum.editorial.models import Actualite
from segurnum.kits.selection import cochees
from segurnum.kits.tableau import PAR_PAGE, Affiche, Choix
from segurnum.kits.tests.test_tableau import TABLEAU as SANS_CASES
from segurnum.kits.tests.test_tableau import dessiner, publier
from segurnum.regles.erreurs import GesteImpossible

pytestmark = pytest.mark.django_db

TABLEAU = replace(
    SANS_CASES, choix=Choix("actualite", lambda a: a.pk, lambda a: f"« {a.titre} »", "une actualité")
)


def lire(**parametres: str) -> Affiche:
    return TABLEAU.lire(Actualite.objects.all(), RequestFactory().get("/liste", parametres).GET)


def envoi(adresse: str = "/faire", **saisie: Any) -> HttpRequest:
    return RequestFactory().post(adresse, saisie)


def envoyees(requete: HttpRequest) -> list[str]:
    cles = cochees(TABLEAU, Actualite.objects.all(), requete)
    return sorted(Actualite.objects.filter(pk__in=cles).values_list("titre", flat=True))


def test_chaque_ligne_a_sa_case_qui_la_nomme_et_la_premiere_colonne_le_dit() -> None:
    publier("Ouverture")
    page = dessiner(lire())
    cle = Actualite.objects.get().pk
    assert f'id="case-{cle}" name="actualite" value="{cle}" form="selection"' in page
    assert "Choisir « Ouverture »" in page
    assert 'name="f_choisir"' not in page
    assert [entete.colonne.libelle for entete in lire().entetes][:2] == ["Choisir", "Titre"]


def test_une_liste_vide_n_a_rien_a_cocher() -> None:
    assert "Tout sélectionner" not in dessiner(lire())


def test_toute_la_page_se_coche_sans_script_et_se_decoche() -> None:
    publier("Ouverture", "Clôture")
    avant = dessiner(lire(tri="titre"), tri="titre")
    assert "checked" not in avant
    assert 'href="?tri=titre&cocher=page#cocher"' in avant
    assert "Tout sélectionner sur cette page (2 lignes)" in avant
    apres = dessiner(lire(tri="titre", cocher="page"), tri="titre", cocher="page")
    assert apres.count("checked") == 3  # both rows, and the box that says all
    assert 'href="?tri=titre#cocher"' in apres
    # Another order, another page: what is read then is not ticked.
    assert 'href="?tri=-titre"' in apres


def test_le_resultat_entier_n_est_propose_que_s_il_a_plusieurs_pages() -> None:
    publier("Ouverture", "Clôture")
    assert 'name="toutes"' not in dessiner(lire())
    publier(*(f"{rang:02}" for rang in range(PAR_PAGE)))
    page = dessiner(lire())
    assert f'name="toutes" value="{PAR_PAGE + 2}"' in page
    assert f"Sélectionner les {PAR_PAGE + 2} lignes du résultat" in page
    deborde = replace(TABLEAU, seuil=PAR_PAGE).lire(
        Actualite.objects.all(), RequestFactory().get("/liste").GET
    )
    assert 'name="toutes"' not in dessiner(deborde)


def test_ce_qui_est_coche_est_compris_et_rien_de_coche_se_dit() -> None:
    publier("Ouverture", "Clôture", "Réouverture")
    cles = list(Actualite.objects.exclude(titre="Clôture").values_list("pk", flat=True))
    assert envoyees(envoi(actualite=[*cles, "x", "9" * 40])) == ["Ouverture", "Réouverture"]
    for rien in (envoi(), envoi(actualite=["x"])):
        with pytest.raises(GesteImpossible, match="Cochez au moins une actualité"):
            envoyees(rien)


def test_le_resultat_entier_est_celui_des_filtres_et_seulement_s_il_est_celui_qui_fut_compte() -> None:
    publier("Ouverture", "Clôture", "Réouverture")
    assert envoyees(envoi("/faire?f_titre=ouv", toutes="2")) == ["Ouverture", "Réouverture"]
    assert envoyees(envoi(toutes="3")) == ["Clôture", "Ouverture", "Réouverture"]
    for comptees in ("2", "4", "", "x"):
        with pytest.raises(GesteImpossible, match=r"elle a maintenant 3 lignes\. Rien n'a été fait"):
            envoyees(envoi(toutes=comptees))


def test_les_boutons_emportent_les_filtres_de_la_liste() -> None:
    publier("Ouverture")
    gabarit = Engine.get_default().from_string(
        '{% selection "gestion:geste_courriels" "renvoyer" etat=sorte %}<button>Faire</button>{% endselection %}'
    )
    requete = RequestFactory().get("/liste", {"f_titre": "ouv"})
    page = gabarit.render(Context({"request": requete, "affiche": lire(), "sorte": "<revenus>"}))
    assert 'courriels/renvoyer?f_titre=ouv"' in page
    assert 'name="etat" value="&lt;revenus&gt;"' in page
    assert "<button>Faire</button>" in page
    Actualite.objects.all().delete()
    assert "<button>" not in gabarit.render(
        Context({"request": requete, "affiche": lire(), "sorte": "<revenus>"})
    )
