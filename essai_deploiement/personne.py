"""Somebody at a browser, who reads, types and sends; every answer that is not the awaited one is kept, and told."""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from urllib.parse import urlsplit

import requests

DELAI = 120.0  # seconds of patience, for one step
PAS = 0.3  # seconds between two looks at a page
TITRE = re.compile(r"<h1[^>]*>(.*?)</h1>", re.S)
JETON = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


class PasServi(AssertionError):
    """What was awaited did not come; the message is a French sentence."""


def titre(reponse: requests.Response) -> str:
    """What the page says at its head."""
    lu = TITRE.search(reponse.text)
    return " ".join(unescape(re.sub(r"<[^>]+>", "", lu[1])).split()) if lu else reponse.reason


@dataclass
class Personne:
    """`vu`: what the portal answered instead of what was awaited; `renvois`: what had to be sent more than once."""

    adresse: str
    certificat: Path
    vu: list[str] = field(default_factory=list)
    renvois: int = 0

    def __post_init__(self) -> None:
        self.navigateur = requests.Session()
        self.navigateur.verify = str(self.certificat)
        self.navigateur.trust_env = False

    def lire(self, chemin: str) -> requests.Response:
        """A page, asked again until it is served."""
        return self._jusqu_a(lambda: self._demander("GET", chemin))

    def voir(self, chemin: str, texte: str) -> requests.Response:
        """A page, read again until it says this."""

        def regarder() -> requests.Response | None:
            page = self._demander("GET", chemin)
            return page if page is not None and texte in " ".join(unescape(page.text).split()) else None

        return self._jusqu_a(regarder, f"« {texte} » n'est pas apparu")

    def envoyer(
        self,
        page: str,
        champs: dict[str, str],
        *,
        vers: str = "",
        fichiers: dict[str, tuple[str, bytes]] | None = None,
    ) -> requests.Response:
        """What is typed on a page, sent to `vers` (the page itself by default), and the page that it leads to.

        Sent again where the portal said that it could not take it, which `renvois` counts.
        """
        essais = 0

        def envoyer() -> requests.Response | None:
            nonlocal essais
            jeton = JETON.search(self.lire(page).text)
            essais += 1
            champs_envoyes = champs | {"csrfmiddlewaretoken": jeton[1] if jeton else ""}
            return self._demander("POST", vers or page, data=champs_envoyes, files=fichiers)

        reponse = self._jusqu_a(envoyer)
        self.renvois += essais - 1
        # What was taken is not sent again for a page that comes late.
        suite = urlsplit(reponse.headers.get("Location", page))
        return self.lire(suite._replace(scheme="", netloc="").geturl())

    def _demander(self, methode: str, chemin: str, **corps: object) -> requests.Response | None:
        """None, and what was seen is kept, for an error of the portal or of its proxies."""
        try:
            reponse = self.navigateur.request(
                methode,
                self.adresse + chemin,
                headers={"Referer": self.adresse + chemin},
                timeout=DELAI,
                allow_redirects=methode == "GET",
                **corps,  # type: ignore[arg-type]
            )
        except requests.RequestException as erreur:
            self._noter(f"aucune réponse ({type(erreur).__name__})")
            return None
        if reponse.status_code >= 400:
            self._noter(f"{reponse.status_code} « {titre(reponse)} »")
        return reponse if reponse.status_code < 400 else None

    def _noter(self, phrase: str) -> None:
        if not self.vu or self.vu[-1] != phrase:
            self.vu.append(phrase)

    def _jusqu_a(
        self, geste: Callable[[], requests.Response | None], sinon: str = "la page n'a pas été servie"
    ) -> requests.Response:
        fin = time.monotonic() + DELAI
        while (reponse := geste()) is None:
            if time.monotonic() > fin:
                raise PasServi(f"{sinon} en {DELAI:.0f} secondes ({' ; '.join(self.vu) or 'sans erreur'}).")
            time.sleep(PAS)
        return reponse
