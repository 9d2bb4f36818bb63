"""The secret that a mailed link carries. The portal keeps its digest: enough to know it again, not to make the link."""

import hashlib
import secrets
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Secret:
    """What the link says, to write once and forget. Its text is shown by no trace of an error."""

    texte: str = field(repr=False)

    @property
    def empreinte(self) -> str:
        return empreinte(self.texte)


def nouveau() -> Secret:
    """A secret that nobody guesses."""
    return Secret(secrets.token_urlsafe(32))


def empreinte(texte: str) -> str:
    """The digest by which a secret that comes back is found."""
    return hashlib.sha256(texte.encode()).hexdigest()
