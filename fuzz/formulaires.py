"""The pages themselves: each form of the portal, found by walking it, sent with what no browser sends."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from random import Random
from typing import Any
from urllib.parse import quote

from django.core.signals import got_request_exception
from django.db import transaction
from django.test import Client
from django.test.client import BOUNDARY

from bench.base import fermer
from fuzz import mutations
from fuzz.genres import fichiers
from segurnum.comptes.models import Utilisateur
from segurnum.essais.formulaires import Page

GENS = ("", "demo-fournisseur", "demo-operateur", "demo-gestionnaire", "demo-comptable", "demo-admin")
DEPARTS = ("/segurnum/", "/segurnums/", "/segurnums/gestion/")
PAGES_PAR_PERSONNE = 60
# What ends the walk, or is the demonstration's own.
HORS_SUJET = ("/demonstration/", "/statique/", "deconnexion")
ENTETES = (
    "HTTP_REFERER",
    "HTTP_USER_AGENT",
    "HTTP_HX_CURRENT_URL",
    "HTTP_IF_MODIFIED_SINCE",
    "HTTP_ACCEPT",
    "HTTP_ORIGIN",
)
URLENCODE = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Cible:
    """Something that a person may send or open. `champs`: as the page shows them."""

    qui: str
    adresse: str
    envoie: bool
    champs: dict[str, str]
    fichiers: tuple[str, ...]


class Formulaires:
    """One request: a form with spoilt values, a page with spoilt parameters, or a file field with a spoilt file."""

    nom = "formulaire"

    def __init__(self) -> None:
        self._fichiers: Sequence[Any] = fichiers()

    @cached_property
    def cibles(self) -> list[Cible]:
        trouvees = [cible for qui in GENS for cible in _parcourir(qui)]
        fermer()  # each case is tried in a child, which takes a connection of its own
        return sorted(trouvees, key=lambda c: (c.qui, c.adresse, c.envoie, sorted(c.champs)))

    def engendrer(self, alea: Random) -> bytes:
        cible = alea.choice(self.cibles)
        champs = dict(cible.champs)
        for nom in sorted(champs):
            if alea.random() < 0.4:
                champs[nom] = self._valeur(alea)
        if alea.random() < 0.2:
            champs[alea.choice(("page", "tri", "version", "a\x00", "x" * 3_000, "geste"))] = self._valeur(
                alea
            )
        requete: dict[str, Any] = {
            "qui": cible.qui,
            "adresse": cible.adresse,
            "envoie": cible.envoie,
            "champs": champs,
        }
        if cible.fichiers:
            requete["fichiers"] = [self._fichier(alea, nom) for nom in cible.fichiers]
        if alea.random() < 0.1:
            requete["entetes"] = {alea.choice(ENTETES): self._valeur(alea)[:5_000]}
        return json.dumps(requete).encode()

    def _valeur(self, alea: Random) -> str:
        return alea.choice((*mutations.TEXTES, "oui", "1", "01/01/2024", "x" * alea.randrange(300)))

    def _fichier(self, alea: Random, champ: str) -> list[str]:
        genre = alea.choice(self._fichiers)
        nom = alea.choice(
            (
                "piece.pdf",
                "piece.png",
                "piece.jpg",
                "demandes.json",
                "pieces.zip",
                "é\u202e.pdf",
                "x" * 5_000 + ".pdf",
            )
        )
        return [champ, nom, genre.engendrer(alea).decode("latin-1")]

    def eprouver(self, octets: bytes) -> int:
        """In a transaction that is undone: each case finds the same portal. Raises what a view has raised."""
        with transaction.atomic():
            try:
                return _envoyer(json.loads(octets))
            finally:
                transaction.set_rollback(True)


def _client(qui: str) -> Client:
    client = Client(raise_request_exception=False, SERVER_NAME="localhost")
    if qui:
        client.force_login(Utilisateur.objects.get(username=qui))
    return client


def _envoyer(requete: dict[str, Any]) -> int:
    fautes: list[BaseException] = []

    def noter(**_: Any) -> None:
        import sys

        fautes.append(sys.exc_info()[1] or RuntimeError("sans raison"))

    got_request_exception.connect(noter)
    client, entetes = _client(requete["qui"]), requete.get("entetes", {})
    saisie = "&".join(f"{_coder(nom)}={_coder(valeur)}" for nom, valeur in requete["champs"].items())
    if not requete["envoie"]:
        reponse = client.get(f"{requete['adresse']}?{saisie}", **entetes)
    elif requete.get("fichiers"):
        corps = _multipart(requete)
        reponse = client.generic(
            "POST", requete["adresse"], corps, f"multipart/form-data; boundary={BOUNDARY}", **entetes
        )
    else:
        reponse = client.generic("POST", requete["adresse"], saisie.encode(), URLENCODE, **entetes)
    contenu = b"".join(reponse.streaming_content) if reponse.streaming else reponse.content  # type: ignore[attr-defined]
    if fautes:
        raise fautes[0]
    if reponse.status_code >= 500:
        raise RuntimeError(f"réponse {reponse.status_code}")
    return len(contenu)


def _coder(texte: str) -> str:
    return quote(texte.encode("utf-8", "surrogatepass"))


def _multipart(requete: dict[str, Any]) -> bytes:
    parties = [
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{_cite(nom)}"\r\n\r\n{valeur}\r\n'.encode(
            "utf-8", "surrogatepass"
        )
        for nom, valeur in requete["champs"].items()
    ]
    for champ, nom, contenu in requete["fichiers"]:
        entete = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{champ}"; filename="{nom}"\r\n\r\n'
        parties.append(entete.encode("utf-8", "surrogatepass") + contenu.encode("latin-1") + b"\r\n")
    return b"".join(parties) + f"--{BOUNDARY}--\r\n".encode()


def _cite(nom: str) -> str:
    return nom.replace('"', "%22").replace("\r", "").replace("\n", "")


def _parcourir(qui: str) -> list[Cible]:
    """The pages that a person reaches by links, and the forms that they show."""
    client, vues, a_voir = _client(qui), set[str](), list(DEPARTS)
    cibles: dict[tuple[str, bool], Cible] = {}
    while a_voir and len(vues) < PAGES_PAR_PERSONNE:
        adresse = a_voir.pop(0)
        if adresse in vues or any(mot in adresse for mot in HORS_SUJET):
            continue
        vues.add(adresse)
        reponse = client.get(adresse)
        cibles[adresse, False] = Cible(qui, adresse, False, {"page": "1"}, ())
        if reponse.status_code == 302:
            a_voir.append(reponse["Location"].partition("?")[0])
        if reponse.streaming or reponse.status_code != 200 or "html" not in reponse["Content-Type"]:
            continue
        page = Page(reponse.content.decode(), adresse)
        a_voir += sorted(page.liens)
        for action, formulaire in page.formulaires.items():
            if not any(mot in action for mot in HORS_SUJET):
                cibles[action, formulaire.envoie] = Cible(
                    qui,
                    action,
                    formulaire.envoie,
                    dict(formulaire.champs),
                    tuple(sorted(formulaire.fichiers)),
                )
    return list(cibles.values())
