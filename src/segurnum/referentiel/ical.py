"""The windows as a calendar to subscribe to (RFC 5545), from the rows that judge the deposits (PUB-010)."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from segurnum.referentiel.models import FenetreDepot
from segurnum.regles.calendrier import instant_long

OCTETS_PAR_LIGNE = 75


def en_ical(fenetres: Iterable[FenetreDepot], hote: str, instant: datetime) -> str:
    """Two events per window: its opening, and the deadline that is announced."""
    lignes = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Portail SEGUR Numérique//Calendrier des dépôts//FR",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        "X-WR-CALNAME:Dépôts du Ségur numérique",
    ]
    for fenetre in fenetres:
        lignes += _evenements(fenetre, hote, instant)
    lignes.append("END:VCALENDAR")
    return "".join(f"{morceau}\r\n" for ligne in lignes for morceau in _plier(ligne))


def _evenements(fenetre: FenetreDepot, hote: str, instant: datetime) -> Iterator[str]:
    objet = f"{fenetre.type.libelle} – {fenetre.libelle_couloir}"
    for nom, titre, quand in (
        ("ouverture", "Ouverture des dépôts", fenetre.ouverture),
        ("limite", "Date limite de dépôt", fenetre.reportee or fenetre.affichee),
    ):
        yield "BEGIN:VEVENT"
        yield f"UID:{fenetre.dsr}-{fenetre.type.value}-{nom}@{hote}"
        yield f"DTSTAMP:{_utc(instant)}"
        yield f"DTSTART:{_utc(quand)}"
        yield f"SUMMARY:{_texte(f'{titre} : {objet}')}"
        dit = f"{fenetre.dsr}. Le {instant_long(quand)}, heure de Paris."
        if nom == "limite" and fenetre.report:
            dit += f" {fenetre.report.capitalize()}."
        yield f"DESCRIPTION:{_texte(dit)}"
        yield "END:VEVENT"


def _utc(instant: datetime) -> str:
    return f"{instant.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _texte(texte: str) -> str:
    """Commas, semicolons and backslashes have a meaning in the format."""
    return texte.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def _plier(ligne: str) -> Iterator[str]:
    """Lines of 75 octets at most; the following ones start with a space, and no character is cut."""
    morceau = ""
    for signe in ligne:
        if len((morceau + signe).encode()) > OCTETS_PAR_LIGNE:
            yield morceau
            morceau = " "
        morceau += signe
    yield morceau
