"""Who signs what the portal gives: the keys are drawn from SEGURNUM_SIGNATURE_CLES, the newest first (record 49)."""

from functools import lru_cache

from django.conf import settings

from segurnum.editique.signature import Signataire, signataire


def signataires() -> list[Signataire]:
    """The one that signs, then the former ones, whose documents are still checked."""
    return [_signataire(secret, settings.NOM_PORTAIL) for secret in settings.SIGNATURE_CLES]


_signataire = lru_cache(maxsize=16)(signataire)


def certificats() -> str:
    """What is published: the certificate of each, as one PEM file."""
    return "".join(qui.pem for qui in signataires())
