"""What an answer of the mail server means for the mail that was handed over: refused, later, or nobody's fault."""

import re
import smtplib
from dataclasses import dataclass
from enum import Enum

from segurnum.pannes import CourrielIndisponible

_PRECISION = re.compile(r"\A[\s-]*([245]\.\d{1,3}\.\d{1,3})\b")
FERMETURE = 421  # the server closes the connection: it would say so of any mail


class Sort(Enum):
    """What becomes of the mail."""

    REFUSE = "refusé"
    PLUS_TARD = "plus tard"
    PANNE = "panne"


@dataclass(frozen=True)
class Verdict:
    """`erreur`: class and codes of the answer (« SMTPRecipientsRefused 550 5.1.1 »), never its text, which may name."""

    sort: Sort
    erreur: str


def juger(erreur: Exception) -> Verdict:
    """Read what was raised while one mail was handed over (RFC 5321, 3463)."""
    if isinstance(erreur, CourrielIndisponible):
        return Verdict(Sort.PANNE, str(erreur))
    code, texte = _reponse(erreur)
    precision = _PRECISION.match(texte)
    dite = " ".join(filter(None, (type(erreur).__name__, str(code or ""), precision and precision[1])))
    return Verdict(_sort(erreur, code), dite)


def _sort(erreur: Exception, code: int) -> Sort:
    if isinstance(erreur, smtplib.SMTPRecipientsRefused | smtplib.SMTPDataError) and code != FERMETURE:
        return Sort.REFUSE if code >= 500 else Sort.PLUS_TARD
    # An address that this server, or the program, cannot write down.
    if isinstance(erreur, smtplib.SMTPNotSupportedError | ValueError):
        return Sort.REFUSE
    return Sort.PANNE if isinstance(erreur, OSError) else Sort.PLUS_TARD


def _reponse(erreur: Exception) -> tuple[int, str]:
    texte: bytes | str
    if isinstance(erreur, smtplib.SMTPRecipientsRefused):
        code, texte = next(iter(erreur.recipients.values()), (0, b""))
    elif isinstance(erreur, smtplib.SMTPResponseException):
        code, texte = erreur.smtp_code, erreur.smtp_error
    else:
        return 0, ""
    return code, texte.decode("ascii", "replace") if isinstance(texte, bytes) else str(texte)
