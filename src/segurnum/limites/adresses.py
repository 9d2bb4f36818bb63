"""Whose network a request comes from: the one function that the limits, the captcha and the journal ask.

A proxy adds the address of its client at the right of X-Forwarded-For; whatever stands further left may have been
typed by anybody. So the list is read from the right, and only as long as who wrote it is one of our proxies.
"""

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

from django.conf import settings
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

Adresse = IPv4Address | IPv6Address
_SEL = "segurnum.limites.reseau"
PREFIXE_IPV6 = 64  # what one subscriber has
INCONNUE = ""


def adresse_client(requete: HttpRequest) -> str:
    """The visitor's address, « » when nothing tells it (a Unix socket without any proxy)."""
    pair = _lire(requete.META.get("REMOTE_ADDR", ""))
    if not _de_confiance(pair):
        return str(pair or INCONNUE)
    suite = requete.META.get("HTTP_X_FORWARDED_FOR", "")
    for texte in reversed(suite.split(",")):
        adresse = _lire(texte)
        if adresse is None:  # our proxy wrote something else than an address: nothing further left is known
            break
        pair = adresse
        if not _de_confiance(adresse):
            break
    return str(pair or INCONNUE)


def vient_d_un_mandataire(requete: HttpRequest) -> bool:
    """True when the peer of this connection is one of the installation's own proxies."""
    return _de_confiance(_lire(requete.META.get("REMOTE_ADDR", "")))


def reseau(adresse: str) -> str:
    """What counts as one visitor: an IPv4 address, the /64 of an IPv6 one."""
    lue = _lire(adresse)
    if isinstance(lue, IPv6Address):
        return str(IPv6Network((lue, PREFIXE_IPV6), strict=False))
    return str(lue or INCONNUE)


def empreinte_reseau(adresse: str) -> str:
    """A keyed digest of the network, which is what the database keeps: never an address."""
    return salted_hmac(_SEL, reseau(adresse), algorithm="sha256").hexdigest()[:32]


def _lire(texte: str) -> Adresse | None:
    """An address as proxies write them: with a port or not, in brackets or not, IPv4 mapped in IPv6."""
    propre = texte.strip()
    if propre.startswith("["):
        propre = propre[1:].partition("]")[0]
    elif propre.count(":") == 1:
        propre = propre.partition(":")[0]
    try:
        adresse = ip_address(propre.partition("%")[0])
    except ValueError:
        return None
    return getattr(adresse, "ipv4_mapped", None) or adresse


def _de_confiance(adresse: Adresse | None) -> bool:
    """True for one of our proxies. Nobody but a local proxy speaks through a Unix socket, which has no address."""
    if not settings.MANDATAIRES:
        return False
    return adresse is None or any(adresse in connu for connu in settings.MANDATAIRES)
