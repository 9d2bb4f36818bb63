"""A mail as it is handed over, and the mark by which it is known again when it comes back."""

import hmac
import re
from email.utils import format_datetime, parseaddr
from typing import NamedTuple

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils.crypto import salted_hmac

from segurnum.courriels.models import Courriel
from segurnum.recepisses.documents import nom_de, pdf_de
from segurnum.regles.calendrier import PARIS

_REPERE = re.compile(r"(?<![\w.])(\d{1,18})\.(\d{1,5})\.([0-9a-f]{20})(?![\w.])")


class Remise(NamedTuple):
    """A mail and how many times an officer had sent it again: what comes back is about one of these times."""

    courriel: int
    renvois: int


def repere(courriel: Courriel) -> str:
    """What stands for a mail outside, the same at each try. Signed: a stranger cannot say that a mail came back."""
    return _signer(courriel.pk, courriel.renvois)


def remise_de(texte: str) -> Remise | None:
    """The mail whose mark is somewhere in this text (a Message-ID, an address), None without a mark of ours."""
    for trouve in _REPERE.finditer(texte[:2_000]):
        cle, renvois = int(trouve[1]), int(trouve[2])
        if hmac.compare_digest(_signer(cle, renvois), trouve[0]):
            return Remise(cle, renvois)
    return None


def message_de(courriel: Courriel) -> EmailMessage:
    """Raises ValueError for an address that no message can carry."""
    domaine = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    marque = repere(courriel)
    message = EmailMessage(
        subject=courriel.objet,
        body=courriel.corps,
        from_email=settings.RETOURS_ADRESSE.replace("*", marque) or settings.DEFAULT_FROM_EMAIL,
        to=[courriel.destinataire],
        reply_to=settings.COURRIELS_REPONDRE_A or None,
        headers={
            "From": settings.DEFAULT_FROM_EMAIL,
            "Date": format_datetime(courriel.cree_le.astimezone(PARIS)),
            "Message-ID": f"<{marque}@{domaine}>",
            # Nobody's absence is to be answered to the portal (RFC 3834; the second one is read by Exchange).
            "Auto-Submitted": "auto-generated",
            "X-Auto-Response-Suppress": "All",
        },
    )
    if courriel.recepisse is not None:
        message.attach(nom_de(courriel.recepisse), pdf_de(courriel.recepisse), "application/pdf")
    return message


def _signer(cle: int, renvois: int) -> str:
    clair = f"{cle}.{renvois}"
    return f"{clair}.{salted_hmac('segurnum.courriels.repere', clair, algorithm='sha256').hexdigest()[:20]}"
