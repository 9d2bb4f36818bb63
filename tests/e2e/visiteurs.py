"""People in front of their browser: they sign in, fill forms, read; and what is watched on each page they meet."""

import re
from dataclasses import dataclass, field
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from django.conf import settings
from django.test import Client
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    FilePayload,
    Locator,
    Page,
    ViewportSize,
    expect,
)

from segurnum.comptes.models import Utilisateur
from segurnum.depots import pieces
from segurnum.depots.models import Archive

ORDINATEUR: ViewportSize = {"width": 1280, "height": 900}
ZOOM_400: ViewportSize = {
    "width": 320,
    "height": 256,
}  # a screen of 1280 × 1024 enlarged four times (WCAG 1.4.10)
PIECES_BONNES = "Toutes les pièces jointes peuvent être importées correctement"
DELAI = 20_000  # milliseconds: a busy machine is slow, not faulty
ACCUEILS = re.compile(r"/(accueil|gestion/)$")
expect.set_options(timeout=DELAI)
# What loads styles of other origins and looks into frames, of which the portal has none.
_AXE: dict[str, Any] = {"resultTypes": ["violations"], "preload": False, "iframes": False}
# What depends on colours and on width, for a page whose structure is judged already.
COULEURS = ("color-contrast", "link-in-text-block", "scrollable-region-focusable")
# What the rules judge of a page: its elements and attributes as they stand, what is ticked, the room that they have;
# whatever they say, wherever they lead, and whichever object they are about. Rows alike are one.
_STRUCTURE = r"""() => {
    const page = document.documentElement.outerHTML
        .replace(/<(script|style|svg)[^]*?<\/\1>/g, "")
        .replace(/ (href|src|srcset|action|value|content|nonce|hx-[a-z-]+)="[^"]*"/g, " $1")
        .replace(/>[^<]*[^<\s][^<]*(?=<)/g, ">.")
        .replace(/>\s+</g, "><")
        .replace(/\d{2,}/g, "0");
    const rangs = page.split("<tr").filter((rang, n, tous) => rang !== tous[n - 1]);
    const choix = [...document.querySelectorAll("input, option")].map((un) => +Boolean(un.checked || un.selected));
    const sombre = matchMedia("(prefers-color-scheme: dark)").matches;
    return [innerWidth, sombre, choix.join(""), ...rangs].join("<tr");
}"""
# What takes the focus, one after the other as the Tab key does: whether it is seen, under nothing, and shows it.
_FOCUS = r"""() => {
    const dite = e => (e.outerHTML.match(/<[^>]*>/) || [""])[0].replace(/\s+/g, " ").slice(0, 160);
    const cerne = e => [null, "::before", "::after"].some(partie => {
        const style = getComputedStyle(e, partie);
        return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
    });
    const fautes = [];
    const atteints = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']";
    for (const e of document.querySelectorAll(atteints)) {
        if (e.disabled || e.tabIndex < 0 || !e.checkVisibility({visibilityProperty: true})) continue;
        if (e.tabIndex > 0) fautes.push(`le focus ne suit pas la page : ${dite(e)}`);
        e.focus();
        if (document.activeElement !== e) continue;
        const montres = [e, ...(e.labels || [])];
        const toutes = montres.flatMap(un => [...un.getClientRects()]);
        const boites = toutes.filter(boite => boite.width > 1 && boite.height > 1);
        const vue = boites.some(boite => {
            const [gauche, droite] = [Math.max(0, boite.left), Math.min(innerWidth, boite.right)];
            const [haut, bas] = [Math.max(0, boite.top), Math.min(innerHeight, boite.bottom)];
            if (droite <= gauche || bas <= haut) return false;
            const dessus = document.elementFromPoint((gauche + droite) / 2, (haut + bas) / 2);
            return dessus && montres.some(un => un.contains(dessus) || dessus.contains(un));
        });
        if (!vue) fautes.push(`le focus se perd de vue sur ${dite(e)}`);
        if (!montres.some(cerne)) fautes.push(`rien ne montre le focus sur ${dite(e)}`);
    }
    return fautes;
}"""
# Those, with the rules, that this process found right: they are not looked at a second time.
_JUSTES: set[tuple[int, tuple[str, ...]]] = set()


@dataclass
class Surveillance:
    """Everything wrong seen on the pages, told together at the end."""

    problemes: list[str] = field(default_factory=list)

    def suivre(self, page: Page) -> None:
        """Listen to what the browser itself complains of."""
        page.on("console", self._noter)
        page.on("pageerror", lambda erreur: self.problemes.append(f"{page.url} : {erreur}"))

    def _noter(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.problemes.append(f"{message.location.get('url')} : console, {message.text}")

    def regarder(self, page: Page, *regles: str) -> None:
        """The page as it stands: accessibility rules – all of them, or these –, and nothing wider than the screen.

        A click has led to its address before the document is there: the page is looked at once it is.
        """
        page.wait_for_load_state()
        page.locator("h1").first.wait_for(state="attached")
        ou = f"{page.title()} ({page.url})"
        structure = hash(page.evaluate(_STRUCTURE))
        if not _JUSTES & {(structure, ()), (structure, regles)}:
            fautes = self._juger(page, regles)
            self.problemes += [f"{ou} : axe, {faute}" for faute in fautes]
            if not fautes:
                _JUSTES.add((structure, regles))
        largeur, ecran = page.evaluate(
            "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"
        )
        if largeur > ecran:
            self.problemes.append(f"{ou} : {largeur} px de large sur un écran de {ecran} px")

    def suivre_le_focus(self, page: Page) -> None:
        """All that the keyboard reaches is in view once it has the focus, under no bar that stays, and shows it."""
        fautes = page.evaluate(_FOCUS)
        self.problemes += [f"{page.title()} ({page.url}) : {faute}" for faute in fautes]

    def _juger(self, page: Page, regles: tuple[str, ...]) -> list[str]:
        if not page.evaluate("'axe' in window"):
            page.evaluate(AXE_SCRIPT)
        choix = _AXE | ({"runOnly": list(regles)} if regles else {})
        fautes = page.evaluate("choix => axe.run(choix).then(resultat => resultat.violations)", choix)
        return [
            f"{faute['id']} ({faute['help']}) sur {', '.join(str(noeud['target']) for noeud in faute['nodes'])}"
            for faute in fautes
        ]

    def conclure(self) -> None:
        assert not self.problemes, "\n".join(["", *self.problemes])


@dataclass
class Portail:
    """The portal in a browser, without any session."""

    navigateur: Browser
    adresse: str
    mot_de_passe: str

    def visiteur(self, ecran: ViewportSize = ORDINATEUR, **options: Any) -> "Visiteur":
        """Somebody with a browser of their own."""
        contexte = self.navigateur.new_context(
            viewport=ecran, base_url=self.adresse, locale="fr-FR", **options
        )
        contexte.set_default_timeout(DELAI)
        return Visiteur(self, contexte, contexte.new_page())

    def entrer(self, personne: Utilisateur, ecran: ViewportSize = ORDINATEUR, **options: Any) -> "Visiteur":
        """Somebody who has signed in already: signing in is what few walks are about, and costs as much as a page."""
        visiteur = self.visiteur(ecran, **options)
        visiteur.reprendre_sa_session(personne)
        return visiteur


@dataclass
class Visiteur:
    portail: Portail
    contexte: BrowserContext
    page: Page

    def reprendre_sa_session(self, personne: Utilisateur) -> None:
        client = Client()
        client.force_login(personne)
        nom = settings.SESSION_COOKIE_NAME
        temoin = {"name": nom, "value": client.cookies[nom].value, "url": self.portail.adresse}
        self.contexte.add_cookies([temoin])  # type: ignore[list-item]
        self.page.goto("/segurnums/")
        self.page.wait_for_url(ACCUEILS)

    def se_connecter(self, personne: Utilisateur) -> None:
        self.page.goto("/segurnums/")
        self.page.get_by_label("Votre identifiant").fill(personne.username)
        self.page.get_by_label("Votre mot de passe").fill(self.portail.mot_de_passe)
        self.bouton("Valider").click()
        self.page.wait_for_url(ACCUEILS)

    def bouton(self, nom: str, *, exact: bool = True) -> Locator:
        return self.page.get_by_role("button", name=nom, exact=exact)

    def lien(self, nom: str, *, exact: bool = True) -> Locator:
        return self.page.get_by_role("link", name=nom, exact=exact).first

    def lire(self, *phrases: str) -> None:
        """Each sentence is on the page, visible."""
        for phrase in phrases:
            expect(self.page.get_by_text(phrase).filter(visible=True).first).to_be_visible()

    def simuler(self, octets: bytes, type_demande: str = "Avance") -> None:
        self.page.goto("/segurnums/importation")
        self.page.get_by_label("Type de demande").select_option(label=type_demande)
        self.page.get_by_label("Choisissez le fichier").set_input_files(fichier_json(octets))
        self.bouton("Simuler").click()
        self.lire("Résultat de la simulation")

    def importer(self, octets: bytes, type_demande: str = "Avance") -> int:
        """Simulate then import; answers the number of the deposit."""
        self.simuler(octets, type_demande)
        self.bouton("Importer").click()
        self.lire("Compte rendu de l'import")
        return int(self.page.url.rpartition("/")[2])

    def envoyer_zip(self, octets: bytes) -> None:
        """From the page of the pieces: choose the ZIP and send it."""
        self.page.get_by_label("Importer un fichier zip").set_input_files(fichier_zip(octets))
        self.bouton("Importer").click()
        self.page.wait_for_url("**/pieces?archive=*")

    def telecharger(self, lien: Locator) -> bytes:
        with self.page.expect_download() as attendu:
            lien.click()
        return attendu.value.path().read_bytes()

    def derouler(self, titre: str) -> None:
        """Open an accordion unless it is open already; its script runs once the page is there."""
        self.page.wait_for_load_state()
        entete = self.page.get_by_role("button", name=re.compile(titre, re.IGNORECASE)).first
        if entete.get_attribute("aria-expanded") == "false":
            entete.click()
        expect(entete).to_have_attribute("aria-expanded", "true")


def cocher(visiteur: Visiteur) -> None:
    """The captcha, by the keyboard, as whoever has no mouse."""
    case = visiteur.page.get_by_role("checkbox", name="Je ne suis pas un robot")
    case.focus()
    visiteur.page.keyboard.press("Space")
    expect(visiteur.page.locator("altcha-widget").get_by_text("Vérifié", exact=True)).to_be_visible(
        timeout=30_000
    )


def fichier_json(octets: bytes) -> FilePayload:
    return {"name": "MS1 - AVANCE - Ok.json", "mimeType": "application/json", "buffer": octets}


def fichier_zip(octets: bytes) -> FilePayload:
    return {"name": "PJ-Avance - Ok.zip", "mimeType": "application/zip", "buffer": octets}


def l_ouvrier_passe() -> None:
    """What the worker does with the ZIPs that wait (a real one is killed and started again in tests/processus)."""
    for cle in Archive.objects.filter(etat=Archive.Etat.RECUE).values_list("pk", flat=True):
        pieces.controler(archive=cle)
