"""The mailbox that receives what comes back: read by IMAP, each message once."""

import imaplib
import logging
import ssl
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from django.conf import settings

from segurnum.courriels.lecture import ECHEC, RETARD, lire_avis
from segurnum.courriels.message import Remise, remise_de
from segurnum.courriels.retours import Retour, noter_retour
from segurnum.isolement import ControleImpossible, ControleOccupe, executer

journal = logging.getLogger(__name__)
OCTETS_MAX = 256 * 1024  # of one message: a report comes first, whatever was joined to it
PAR_RELEVE = 200  # messages; the others wait for the next time
PORT_TLS, PORT = 993, 143
DELAI = 30.0  # seconds that an answer is waited for
_LUE, _A_VOIR = r"(\Seen)", r"(\Flagged)"


@dataclass
class Releve:
    """What was in the mailbox: reports noted or of no interest, and messages left there for a person to read."""

    lus: int = 0
    incompris: int = 0


def relever() -> Releve:
    """Note the returns of the mailbox (SEGURNUM_RETOURS_URL). Nothing without one.

    A message that is understood is marked as seen, once it is noted; another one stays unseen, with a flag.
    Raises OSError or imaplib.IMAP4.error when the mailbox does not answer: the next time will do.
    """
    releve = Releve()
    if not settings.RETOURS_URL:
        return releve
    boite = _joindre(settings.RETOURS_URL)
    try:
        _entrer(boite, settings.RETOURS_URL)
        for numero in _nouveaux(boite):
            compris = _noter(_octets(boite, numero))
            boite.uid("STORE", numero, "+FLAGS", _LUE if compris else _A_VOIR)
            releve.lus += compris
            releve.incompris += not compris
    finally:
        with suppress(OSError, imaplib.IMAP4.error):
            boite.logout()
    if releve.incompris:
        journal.warning("%s message(s) incompris dans la boîte des retours.", releve.incompris)
    return releve


def _joindre(adresse: str) -> imaplib.IMAP4:
    lue = urlsplit(adresse)
    hote = lue.hostname or ""
    if lue.scheme == "imaps":
        tls = ssl.create_default_context()
        return imaplib.IMAP4_SSL(hote, lue.port or PORT_TLS, ssl_context=tls, timeout=DELAI)
    return imaplib.IMAP4(hote, lue.port or PORT, timeout=DELAI)


def _entrer(boite: imaplib.IMAP4, adresse: str) -> None:
    lue = urlsplit(adresse)
    boite.login(unquote(lue.username or ""), unquote(lue.password or ""))
    etat, _ = boite.select(f'"{unquote(lue.path.strip("/")) or "INBOX"}"')
    if etat != "OK":
        raise imaplib.IMAP4.error("cette boîte n'existe pas")


def _nouveaux(boite: imaplib.IMAP4) -> list[str]:
    _, (numeros, *_reste) = boite.uid("SEARCH", "UNSEEN", "UNFLAGGED")
    return [numero.decode("ascii") for numero in (numeros or b"").split()[:PAR_RELEVE]]


def _octets(boite: imaplib.IMAP4, numero: str) -> bytes:
    """The beginning of a message, left unseen until it is noted."""
    _, morceaux = boite.uid("FETCH", numero, f"(BODY.PEEK[]<0.{OCTETS_MAX}>)")
    return next((bytes(morceau[1]) for morceau in morceaux if isinstance(morceau, tuple)), b"")[:OCTETS_MAX]


def _noter(octets: bytes) -> bool:
    """True when the message is a report about a mail of ours. Raises ControleOccupe when it could not be read now."""
    try:
        avis = executer(lire_avis, octets)
    except ControleOccupe:
        raise
    except ControleImpossible:
        return False
    remise = _remise(avis.textes)
    if remise is None or not avis.action:
        return False
    if avis.action in (ECHEC, RETARD):  # the other words say that it arrived, or that others carry it
        definitif = avis.action == ECHEC
        statut = avis.statut or ("5.0.0" if definitif else "4.0.0")
        noter_retour(Retour(remise, statut, definitif))
    return True


def _remise(textes: list[str]) -> Remise | None:
    return next((trouvee for texte in textes if (trouvee := remise_de(texte))), None)
