"""A browser that an account knows: it has signed in before, and its cookie, signed, says so for half a year.

While strangers guess at the account, it is let in as ever. It opens nothing by itself.
"""

import hashlib
import secrets
from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from segurnum.comptes.queries import par_identifiant
from segurnum.limites.adresses import adresse_client, empreinte_reseau
from segurnum.limites.connexion import Tentative, empreinte

DUREE = timedelta(days=180)
COMPTES = 5  # accounts that one browser is known of
_SEL = "segurnum.appareil"


def appareil_connu(requete: HttpRequest, identifiant: str) -> str:
    """What names this browser for an account that knows it; « » for one that does not."""
    jeton, comptes = _lire(requete)
    compte = empreinte(identifiant)
    if compte not in comptes:
        return ""
    return hashlib.sha256(f"{jeton}:{compte}".encode()).hexdigest()[:32]


def tentative(requete: HttpRequest, tape: str) -> Tentative | None:
    """The try to sign in that this browser makes; None while no identifier is typed."""
    if not tape.strip() or not tape.isprintable():
        return None
    connu = par_identifiant(tape)
    saisi = connu.username if connu else tape.strip()
    return Tentative(saisi, empreinte_reseau(adresse_client(requete)), appareil_connu(requete, saisi))


def jeton_du_navigateur(requete: HttpRequest) -> str:
    """The secret that this browser keeps, a new one for a browser that has none."""
    return _lire(requete)[0]


def retenir(requete: HttpRequest, reponse: HttpResponse, jeton: str, identifiant: str) -> None:
    """From now on the account knows this browser, by this secret of its own."""
    comptes = _lire(requete)[1]
    compte = empreinte(identifiant)
    connus = [compte, *(autre for autre in comptes if autre != compte)][:COMPTES]
    reponse.set_cookie(
        settings.NAVIGATEUR_COOKIE_NAME,
        signing.dumps([jeton, connus], salt=_SEL),
        max_age=DUREE,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _lire(requete: HttpRequest) -> tuple[str, list[str]]:
    try:
        temoin = requete.COOKIES.get(settings.NAVIGATEUR_COOKIE_NAME, "")
        jeton, comptes = signing.loads(temoin, salt=_SEL, max_age=DUREE)
    except (signing.BadSignature, ValueError):
        return secrets.token_urlsafe(12), []
    return jeton, comptes
