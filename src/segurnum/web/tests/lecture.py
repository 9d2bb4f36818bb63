"""Reading a page as a person does: its words, without the tags that carry them."""

import html
import re
from typing import Any

from django.http import HttpResponse

_BALISES = re.compile(r"<[^>]*>")


def mots(reponse: HttpResponse | Any) -> str:
    """The text of a page, every run of blanks told as one space."""
    return " ".join(html.unescape(_BALISES.sub(" ", reponse.content.decode())).split())


def titres(reponse: HttpResponse | Any, niveau: int) -> list[str]:
    """Its headings of this level."""
    trouves = re.findall(rf"<h{niveau}[^>]*>(.*?)</h{niveau}>", reponse.content.decode(), re.DOTALL)
    return [" ".join(html.unescape(_BALISES.sub(" ", titre)).split()) for titre in trouves]


def lien(reponse: HttpResponse | Any, libelle: str) -> str:
    """The address behind a label. Fails when no link has it."""
    for attributs, texte in re.findall(r"<a\b([^>]*)>(.*?)</a>", reponse.content.decode(), re.DOTALL):
        if " ".join(html.unescape(_BALISES.sub(" ", texte)).split()) == libelle:
            adresse = re.search(r'href="([^"]*)"', attributs)
            assert adresse, f"Le lien « {libelle} » ne mène nulle part."
            return html.unescape(adresse[1])
    raise AssertionError(f"Aucun lien « {libelle} » dans la page.")
