"""A browser for the browser tests: the system's, else Debian's package (root), else Playwright's own download."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

CHEMIN = "SEGURNUM_CHROMIUM"  # variable: the browser to use
SANS_NAVIGATEUR = "SEGURNUM_SANS_NAVIGATEUR"  # variable: why there is none
NOMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def trouver() -> str | None:
    """Path of a Chromium that can be started, or None."""
    impose = os.environ.get(CHEMIN)
    if impose:
        return impose
    installes = (shutil.which(nom) for nom in NOMS)
    return next((chemin for chemin in installes if chemin), None) or _celui_de_playwright()


def installer(dire: Callable[[str], None]) -> str | None:
    """Path of a Chromium, installed if needed; None when this machine cannot have one."""
    chemin = trouver()
    if chemin is not None:
        return chemin
    if os.geteuid() == 0 and (apt := shutil.which("apt-get")):
        dire("Installation du navigateur Chromium par apt-get (une minute environ)…")
        environnement = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        for commande in (["update"], ["install", "--yes", "--no-install-recommends", "chromium"]):
            subprocess.run([apt, "-qq", *commande], env=environnement, capture_output=True, check=False)
    if trouver() is None:
        dire("Téléchargement du navigateur Chromium par Playwright (une minute environ)…")
        commande = [sys.executable, "-m", "playwright", "install", "chromium"]
        subprocess.run(commande, capture_output=True, check=False)
    return trouver()


def _celui_de_playwright() -> str | None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chemin = playwright.chromium.executable_path
    return chemin if Path(chemin).exists() else None
