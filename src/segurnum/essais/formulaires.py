"""What a page lets a person do, read as a browser reads it: its links, its forms and their fields."""

from collections import defaultdict
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit


@dataclass
class Formulaire:
    """Where it is sent, what its fields hold as the page shows it, and which of them take a file."""

    champs: dict[str, str] = field(default_factory=dict)
    fichiers: set[str] = field(default_factory=set)
    envoie: bool = False


class Page(HTMLParser):
    """`formulaires` by address (path); `liens`: the paths that the page leads to, inside the portal."""

    def __init__(self, html: str, ici: str) -> None:
        super().__init__()
        self.ici = ici
        self.liens: set[str] = set()
        self.formulaires: dict[str, Formulaire] = defaultdict(Formulaire)
        self._formulaire: Formulaire | None = None
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        lus = {nom: valeur or "" for nom, valeur in attrs}
        if tag == "a":
            self._suivre(lus.get("href", ""))
        elif tag == "form":
            self._formulaire = self.formulaires[self._chemin(lus.get("action", "")) or self.ici]
            self._formulaire.envoie |= lus.get("method", "").lower() == "post"
        elif (
            self._formulaire is not None
            and lus.get("name")
            and tag in ("input", "select", "textarea", "button")
        ):
            if lus.get("type") == "file":
                self._formulaire.fichiers.add(lus["name"])
            elif lus["name"] != "csrfmiddlewaretoken":
                self._formulaire.champs.setdefault(lus["name"], lus.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._formulaire = None

    def _suivre(self, adresse: str) -> None:
        chemin = self._chemin(adresse)
        if chemin:
            self.liens.add(chemin)

    def _chemin(self, adresse: str) -> str:
        lue = urlsplit(urljoin(self.ici, adresse))
        return "" if lue.netloc or lue.scheme not in ("", "http") else lue.path
