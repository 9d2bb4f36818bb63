"""A browser without a screen: cookies, forms, files, and the two nodes that a proxy would choose among."""

import http.client
import secrets
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http.cookiejar import CookieJar
from random import Random
from typing import Any
from urllib.parse import urlencode, urlsplit

from endurance.bilan import Bilan
from segurnum.essais.formulaires import Page
from segurnum.lanceur.reseau import LOCAL

DELAI = 60.0  # seconds without an octet, after which a person gives up
Fichiers = Mapping[str, tuple[str, bytes]]


class Coupure(Exception):
    """No answer: nobody knows what was done."""


@dataclass(frozen=True)
class Reponse:
    """`vers`: where an accepted form leads (path and query)."""

    statut: int
    chemin: str
    octets: bytes
    vers: str = ""

    @property
    def texte(self) -> str:
        return self.octets.decode("utf-8", "replace")

    @property
    def page(self) -> Page:
        return Page(self.texte, self.chemin)


class _SansSuite(urllib.request.HTTPRedirectHandler):
    """An accepted form is known by its 302, whatever becomes of the page that it leads to."""

    def redirect_request(self, *_arguments: Any) -> None:
        return None


class Navigateur:
    """One person's. A node that refuses the connection is left for the other: nothing was sent to it."""

    def __init__(self, ports: Sequence[int], bilan: Bilan, alea: Random) -> None:
        self.ports, self.bilan, self.alea = list(ports), bilan, alea
        self.temoins = CookieJar()
        self._ouvreur = urllib.request.build_opener(
            urllib.request.ProxyHandler({}),
            urllib.request.HTTPCookieProcessor(self.temoins),
            _SansSuite,
        )

    def lire(self, chemin: str) -> Reponse:
        """One page. Raises Coupure."""
        return self._demander(chemin, None, {})

    def envoyer(self, chemin: str, champs: Mapping[str, str], fichiers: Fichiers | None = None) -> Reponse:
        """One form, with the token of the page that it was on. Raises Coupure."""
        jeton = next((t.value or "" for t in self.temoins if t.name == "csrftoken"), "")
        complets = {**champs, "csrfmiddlewaretoken": jeton}
        if fichiers is None:
            return self._demander(chemin, urlencode(complets).encode(), {})
        corps, genre = _en_parties(complets, fichiers)
        return self._demander(chemin, corps, {"Content-Type": genre})

    def _demander(self, chemin: str, corps: bytes | None, entetes: dict[str, str]) -> Reponse:
        noeuds = self.alea.sample(self.ports, len(self.ports))
        for port in noeuds:
            requete = urllib.request.Request(f"http://{LOCAL}:{port}{chemin}", corps, entetes)
            try:
                return self._noter(self._ouvrir(requete, chemin))
            except urllib.error.URLError as refus:
                if not isinstance(refus.reason, ConnectionRefusedError):
                    break
            except (OSError, http.client.HTTPException):
                break
        self.bilan.coupure()
        raise Coupure(chemin)

    def _ouvrir(self, requete: urllib.request.Request, chemin: str) -> Reponse:
        try:
            with self._ouvreur.open(requete, timeout=DELAI) as reponse:
                return Reponse(reponse.status, chemin, reponse.read())
        except urllib.error.HTTPError as erreur:
            with erreur:
                vers = urlsplit(erreur.headers.get("Location", ""))
                suite = vers.path + (f"?{vers.query}" if vers.query else "")
                return Reponse(erreur.code, chemin, erreur.read(), suite)

    def _noter(self, reponse: Reponse) -> Reponse:
        self.bilan.page(reponse.statut, reponse.chemin)
        return reponse


def _en_parties(champs: Mapping[str, str], fichiers: Fichiers) -> tuple[bytes, str]:
    """The body of a form with files, and its type."""
    frontiere = secrets.token_hex(16)
    corps = b""
    for nom, valeur in champs.items():
        corps += f'--{frontiere}\r\nContent-Disposition: form-data; name="{nom}"\r\n\r\n{valeur}\r\n'.encode()
    for nom, (nom_fichier, octets) in fichiers.items():
        corps += (
            f'--{frontiere}\r\nContent-Disposition: form-data; name="{nom}"; filename="{nom_fichier}"\r\n'
            "Content-Type: application/octet-stream\r\n\r\n"
        ).encode()
        corps += octets + b"\r\n"
    return corps + f"--{frontiere}--\r\n".encode(), f"multipart/form-data; boundary={frontiere}"
