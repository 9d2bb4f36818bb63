"""The watch over the pages sees what it is there to see."""

import pytest

from e2e.visiteurs import Portail, Surveillance

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


def test_une_page_fautive_est_vue(portail: Portail):
    vigie, visiteur = Surveillance(), portail.visiteur()
    vigie.suivre(visiteur.page)
    visiteur.page.goto("/segurnums/")
    vigie.regarder(visiteur.page)
    vigie.conclure()
    visiteur.page.evaluate(
        """() => {
            document.querySelectorAll("label").forEach(libelle => libelle.remove());
            document.querySelector("h2").style.width = "3000px";
            console.error("une faute");
            document.body.insertAdjacentHTML("beforeend", "<p style='color: red'>style refusé</p>");
        }"""
    )
    vigie.regarder(visiteur.page)
    for attendu in ("axe, label", "px de large", "console, une faute", "Content Security Policy"):
        assert any(attendu in probleme for probleme in vigie.problemes), attendu


def test_un_focus_cache_muet_ou_hors_de_l_ordre_est_vu(portail: Portail):
    vigie, visiteur = Surveillance(), portail.visiteur()
    visiteur.page.goto("/segurnums/")
    vigie.suivre_le_focus(visiteur.page)
    vigie.conclure()
    visiteur.page.evaluate(
        """() => {
            const champ = document.querySelector("input[name=identifiant], main input:not([type=hidden])");
            champ.tabIndex = 1;
            champ.style.outline = "none";
            const barre = document.createElement("div");
            Object.assign(barre.style, {position: "fixed", inset: "0", zIndex: "9999"});
            document.body.append(barre);
        }"""
    )
    vigie.suivre_le_focus(visiteur.page)
    for attendu in ("se perd de vue", "rien ne montre le focus", "ne suit pas la page"):
        assert any(attendu in probleme for probleme in vigie.problemes), attendu
