"""The terms of use, by version: each is a text named by the day it comes into force, and stays readable for ever."""

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from django.conf import settings
from markdown_it import MarkdownIt

from segurnum.regles.calendrier import jour_de_paris, maintenant


@dataclass(frozen=True)
class Version:
    """`code`: its day, « 2026-01-01 », which an enrolment keeps."""

    code: str
    texte: str

    @property
    def jour(self) -> date:
        return date.fromisoformat(self.code)

    @property
    def html(self) -> str:
        """Its text, without the title. The texts are the installation's own, so they are trusted."""
        return str(MarkdownIt("commonmark").render(self.texte.split("\n", 1)[1]))


def versions() -> list[Version]:
    """All of them, the last first."""
    return _lues(settings.CGU)


def en_vigueur() -> Version:
    """The one that is accepted today. Raises LookupError where the installation has none."""
    jour = jour_de_paris(maintenant())
    for version in versions():
        if version.jour <= jour:
            return version
    raise LookupError("aucune version des CGU n'est en vigueur")


def version(code: str) -> Version | None:
    return next((lue for lue in versions() if lue.code == code), None)


@cache
def _lues(dossier: Path) -> list[Version]:
    lues = [Version(fichier.stem, fichier.read_text("utf-8")) for fichier in dossier.glob("????-??-??.md")]
    return sorted(lues, key=lambda lue: lue.code, reverse=True)
