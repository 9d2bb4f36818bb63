"""Secrets that the portal must be able to read again are sealed: a copy of the database alone opens nothing.

Keys are derived from the texts of the setting CLES_SECRETS, the newest first: the first one seals, each one opens.
"""

import base64

from cryptography.fernet import Fernet, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

_USAGE = b"segurnum.secrets-au-repos"


def sceller(texte: str) -> str:
    return _serrures().encrypt(texte.encode()).decode()


def ouvrir(scelle: str) -> str:
    """The text that was sealed. Raises cryptography.fernet.InvalidToken when no key of the setting opens it."""
    return _serrures().decrypt(scelle.encode()).decode()


def resceller(scelle: str) -> str:
    """The same text under the newest key. Raises InvalidToken like `ouvrir`."""
    return _serrures().rotate(scelle.encode()).decode()


def _serrures() -> MultiFernet:
    return MultiFernet([Fernet(_cle(texte)) for texte in settings.CLES_SECRETS])


def _cle(texte: str) -> bytes:
    derivee = HKDF(algorithm=SHA256(), length=32, salt=None, info=_USAGE).derive(texte.encode())
    return base64.urlsafe_b64encode(derivee)
