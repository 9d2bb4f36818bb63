"""`segurnum captures`: the pictures of docs/composants.md, taken anew from the page that shows every component."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from segurnum.cli.communs import RACINE, outil_absent
from segurnum.comptes.demonstration import MOT_DE_PASSE

if TYPE_CHECKING:
    from playwright.sync_api import FloatRect, Page

LARGEUR = 1280  # CSS pixels
ECHEC = 1
THEMES = {"clair": "light", "sombre": "dark"}
# From one heading of second level to the next: what a picture shows.
_RUBRIQUES = """() => {
  const MARGE = 16;
  const titres = [...document.querySelectorAll('main h2:not([class])')].filter(titre => titre.offsetParent);
  const fin = document.querySelector('main').getBoundingClientRect().bottom;
  return titres.map((titre, rang) => {
    const haut = titre.getBoundingClientRect().top - MARGE;
    const bas = rang + 1 < titres.length ? titres[rang + 1].getBoundingClientRect().top - MARGE : fin;
    return {y: haut + scrollY, height: bas - haut};
  });
}"""


def ajouter(sous_commandes: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    analyseur = sous_commandes.add_parser(
        "captures",
        help="reprend les images de docs/composants.md sur une démonstration ouverte",
        description="Ouvre la page des composants d'une démonstration lancée par « segurnum demo » et enregistre "
        "chacune de ses rubriques, en clair et en sombre, dans docs/images.",
    )
    analyseur.add_argument(
        "--adresse",
        default="http://localhost:8000",
        help="celle de la démonstration (par défaut : http://localhost:8000)",
    )
    analyseur.set_defaults(executer=executer)


def executer(arguments: argparse.Namespace) -> int:
    if outil_absent("playwright"):
        return 2
    from playwright.sync_api import Error, sync_playwright

    from segurnum.lanceur import navigateur as navigateurs

    chemin = navigateurs.trouver()
    if chemin is None:
        print("segurnum : aucun navigateur ; lancez « ./segurnum test », qui l'installe.", file=sys.stderr)
        return 2
    try:
        with sync_playwright() as playwright:
            navigateur = playwright.chromium.launch(executable_path=chemin, args=["--no-sandbox"])
            page = navigateur.new_page(
                viewport={"width": LARGEUR, "height": 900}, locale="fr-FR", base_url=arguments.adresse
            )
            _entrer(page)
            nombre = sum(_prendre(page, theme) for theme in THEMES)
            navigateur.close()
    except Error as erreur:
        print(f"segurnum : la démonstration ne s'est pas laissé prendre : {erreur.message}", file=sys.stderr)
        return ECHEC
    print(f"{nombre} images enregistrées dans docs/images.")
    return 0


def _entrer(page: Page) -> None:
    page.goto("/segurnums/")
    page.get_by_label("Votre identifiant").fill("demo-gestionnaire")
    page.get_by_label("Votre mot de passe").fill(MOT_DE_PASSE)
    page.get_by_role("button", name="Valider", exact=True).click()
    page.wait_for_url("**/gestion/")


def _prendre(page: Page, theme: str) -> int:
    """Save every part of the page in this theme; their number."""
    page.goto("/segurnums/gestion/composants")
    page.evaluate("theme => document.documentElement.setAttribute('data-fr-scheme', theme)", THEMES[theme])
    page.wait_for_function("theme => document.documentElement.dataset.frTheme === theme", arg=THEMES[theme])
    rubriques = page.evaluate(_RUBRIQUES)
    for rang, rubrique in enumerate(rubriques, 1):
        page.screenshot(path=_image(rang, theme), clip=_cadre(rubrique), full_page=True)
    return len(rubriques)


def _cadre(rubrique: dict[str, float]) -> FloatRect:
    return {"x": 0, "width": LARGEUR, "y": rubrique["y"], "height": rubrique["height"]}


def _image(rang: int, theme: str) -> Path:
    return RACINE / "docs" / "images" / f"composants-{rang}-{theme}.png"
