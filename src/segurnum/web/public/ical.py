"""The windows as a calendar to subscribe to (RFC 5545), from the rows that judge the deposits (PUB-010)."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from segurnum.couloirs import CouloirInconnu, par_dsr
from segurnum.fichiers.documents import Genre
from segurnum.referentiel.models import FenetreDepot
from segurnum.referentiel.queries import calendrier
from segurnum.regles.calendrier import instant_long, maintenant
from segurnum.regles.cycles import TypeDemande
from segurnum.seuil.documents import publie
from segurnum.seuil.telechargements import envoyer, sert

OCTETS_PAR_LIGNE = 75


@login_not_required
@require_safe
@sert(Genre.PUBLIE)
def flux(requete: HttpRequest) -> HttpResponseBase:
    texte = en_ical(calendrier(), requete.get_host(), maintenant())
    return envoyer(requete, publie("calendrier-segur.ics"), texte, ouvrir=True)


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
    type_demande = TypeDemande(fenetre.type)
    objet = f"{type_demande.libelle} – {_libelle(fenetre.dsr)}"
    for nom, titre, quand in (
        ("ouverture", "Ouverture des dépôts", fenetre.ouverture),
        ("limite", "Date limite de dépôt", fenetre.reportee or fenetre.affichee),
    ):
        yield "BEGIN:VEVENT"
        yield f"UID:{fenetre.dsr}-{type_demande.value}-{nom}@{hote}"
        yield f"DTSTAMP:{_utc(instant)}"
        yield f"DTSTART:{_utc(quand)}"
        yield f"SUMMARY:{_texte(f'{titre} : {objet}')}"
        dit = f"{fenetre.dsr}. Le {instant_long(quand)}, heure de Paris."
        if nom == "limite" and fenetre.report:
            dit += f" {fenetre.report.capitalize()}."
        yield f"DESCRIPTION:{_texte(dit)}"
        yield "END:VEVENT"


def _libelle(dsr: str) -> str:
    try:
        return par_dsr(dsr).libelle
    except CouloirInconnu:
        return dsr


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
