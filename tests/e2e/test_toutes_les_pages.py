"""Every page of every role: nothing to say against it in light nor in dark, wide nor narrow, and one title.

A page that another role is shown alike is looked at once: what matters is its structure, not its data.
"""

import re
from collections.abc import Iterator

import pytest
from acces import ACCES, ENTREPRISES
from django.conf import settings
from django.test import Client
from listes import peupler_les_listes
from monde import REGARDABLES, Monde, adresse_de, client_de
from playwright.sync_api import BrowserContext, Page

from e2e.visiteurs import COULEURS, ORDINATEUR, ZOOM_400, Portail, Surveillance
from segurnum.comptes.models import Profil

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True), pytest.mark.exigence("XCT-011")]

MAISONS = {
    "entreprises": (None, *(profil for profil in Profil if profil in ENTREPRISES)),
    "agents": tuple(profil for profil in Profil if profil not in ENTREPRISES),
}


def pages(monde: Monde, client: Client, profil: Profil | None) -> Iterator[tuple[str, str]]:
    """The addresses that show a page to this role, each with what its content is made of."""
    for nom in REGARDABLES:
        permis = ACCES[nom]
        if (profil is None) is not (permis is None) or (permis and profil not in permis):
            continue
        adresse = adresse_de(nom, monde)
        reponse = client.get(adresse)
        if reponse.streaming:
            b"".join(reponse.streaming_content)
            continue
        contenu = re.search(rb"<main.*</main>", reponse.content, re.DOTALL)
        if reponse.status_code == 200 and contenu:
            yield adresse, ossature(contenu[0].decode())


def ossature(html: str) -> str:
    """Elements and classes, without what they say."""
    balises = re.findall(r"<(/?\w+)(?:[^>]*?class=\"([^\"]*)\")?[^>]*>", html)
    return " ".join(f"{nom}.{classes}" for nom, classes in balises)


def ouvrir(portail: Portail, client: Client) -> Page:
    """A browser in the place of this person."""
    contexte: BrowserContext = portail.visiteur(ORDINATEUR).contexte
    temoin = settings.SESSION_COOKIE_NAME
    if temoin in client.cookies:
        contexte.add_cookies(
            [{"name": temoin, "value": client.cookies[temoin].value, "url": portail.adresse}]
        )
    return contexte.pages[0]


# A long table is as well judged on its first rows.
ABREGER = "document.querySelectorAll('tbody').forEach(corps => [...corps.rows].slice(12).forEach(une => une.remove()))"


def regarder(page: Page, adresse: str, vigie: Surveillance) -> None:
    page.set_viewport_size(ORDINATEUR)
    page.goto(adresse)
    page.evaluate(ABREGER)
    vigie.regarder(page)
    vigie.suivre_le_focus(page)
    if (titres := page.locator("h1").count()) != 1:
        vigie.problemes.append(f"{adresse} : {titres} titres de premier niveau")
    page.evaluate("document.documentElement.dataset.frTheme = 'dark'")
    page.set_viewport_size(ZOOM_400)
    vigie.regarder(page, *COULEURS)
    vigie.suivre_le_focus(page)


@pytest.mark.parametrize("maison", MAISONS)
def test_chaque_page_de_chaque_role_se_lit_dans_les_deux_themes(
    maison: str, portail: Portail, surveillance: Surveillance
) -> None:
    monde, vues = peupler_les_listes(), set[str]()
    for profil in MAISONS[maison]:
        client = client_de(monde, profil) if profil else Client()
        page = ouvrir(portail, client)
        surveillance.suivre(page)
        for adresse, faite_de in list(pages(monde, client, profil)):
            if faite_de not in vues:
                vues.add(faite_de)
                regarder(page, adresse, surveillance)
        page.context.close()
