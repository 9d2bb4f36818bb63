"""What a message found in the mailbox of returns says (RFC 3464). Run in a child: anybody may have written it.

Servers differ: Postfix and Exchange join the whole message, Exim its headers, some no more than the envelope's mark.
So the mail's mark is looked for wherever one of them puts it; the caller knows which of these texts is a mark.
"""

import email
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import Message
from itertools import islice

PARTIES_MAX = 50
TEXTE_MAX = 2_000  # signs of one header
ECHEC, RETARD = "failed", "delayed"
# Where servers write what names the mail, or the address that it was sent from.
_NOMMENT = (
    "Message-ID", "In-Reply-To", "References", "Return-Path", "To", "Delivered-To", "X-Original-To", "Envelope-To",
)  # fmt: skip
_STATUT = re.compile(r"\s*([245]\.\d{1,3}\.\d{1,3})(?!\d)")


@dataclass(frozen=True)
class Avis:
    """`action`: « failed », « delayed », another word of RFC 3464, or empty when the message is no such report."""

    action: str = ""
    statut: str = ""
    textes: list[str] = field(default_factory=list)


def lire_avis(octets: bytes) -> Avis:
    """Never raises for what the octets are."""
    try:
        return _lire(email.message_from_bytes(octets))
    except Exception:
        # The parser of the library is not meant for hostile octets: whatever it stumbles on is no report.
        return Avis()


def _lire(message: Message) -> Avis:
    parties = list(islice(message.walk(), PARTIES_MAX))
    rapports = [p for p in parties if p.get_content_type() == "message/delivery-status" and p.is_multipart()]
    blocs = [bloc for rapport in rapports for bloc in _sous_parties(rapport)]
    juge = min((b for b in blocs if b["Action"]), key=_gravite, default=None)
    if juge is None:
        return Avis()
    statut = _STATUT.match(_texte(juge["Status"]))
    textes = [_texte(bloc["Original-Envelope-Id"]) for bloc in blocs]
    textes += [texte for partie in parties for texte in _noms(partie)]
    return Avis(_action(juge), statut[1] if statut else "", [texte for texte in textes if texte])


def _sous_parties(partie: Message) -> list[Message]:
    charge = partie.get_payload()
    return [p for p in charge if isinstance(p, Message)][:PARTIES_MAX] if isinstance(charge, list) else []


def _noms(partie: Message) -> Iterator[str]:
    yield from (_texte(valeur) for nom in _NOMMENT for valeur in (partie.get_all(nom) or [])[:5])
    if partie.get_content_type() in ("text/rfc822-headers", "message/global-headers"):
        charge = partie.get_payload(decode=True)
        entetes = email.message_from_bytes(charge if isinstance(charge, bytes) else b"")
        yield from (_texte(valeur) for nom in _NOMMENT for valeur in (entetes.get_all(nom) or [])[:5])


def _gravite(bloc: Message) -> int:
    return {ECHEC: 0, RETARD: 1}.get(_action(bloc), 2)


def _action(bloc: Message) -> str:
    return _texte(bloc["Action"]).strip().lower()[:20]


def _texte(valeur: object) -> str:
    return str(valeur or "")[:TEXTE_MAX]
