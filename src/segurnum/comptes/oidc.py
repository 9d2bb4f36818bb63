"""The protocol spoken with an OpenID Connect provider: ProConnect, or any other, by settings alone.

Authorization code with PKCE, state and nonce; the identity token is checked against the provider's published keys.
"""

from typing import Any

from authlib.common.errors import AuthlibBaseError
from authlib.integrations.django_client import OAuth
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from requests import RequestException

from segurnum.courriels.adresses import adresse_de

DELAI = 10  # seconds given to the provider to answer
SUJET_MAXIMUM = 255  # characters, says OpenID Connect
PANNES = (AuthlibBaseError, JoseError, RequestException, ValueError, KeyError)


def partir(requete: HttpRequest) -> HttpResponse:
    """Where the browser is sent. Raises one of PANNES."""
    # Who is signed in already comes to prove it again: the provider is not to answer without asking.
    redemander = {"prompt": "login"} if requete.user.is_authenticated else {}
    reponse: HttpResponse = client().authorize_redirect(requete, adresse_de_retour(), **redemander)
    return reponse


def client() -> Any:
    """The provider of the settings. Its addresses and keys are read when they are needed."""
    return OAuth().register(
        "oidc",
        client_id=settings.OIDC_CLIENT,
        client_secret=settings.OIDC_SECRET,
        server_metadata_url=f"{settings.OIDC_EMETTEUR.rstrip('/')}/.well-known/openid-configuration",
        client_kwargs={
            "scope": settings.OIDC_PORTEE,
            "code_challenge_method": "S256",
            "default_timeout": DELAI,
        },
    )


def adresse_de_retour() -> str:
    return adresse_de("fournisseur:oidc_retour")


def identite_prouvee(requete: HttpRequest) -> tuple[str, str]:
    """The subject of who comes back, and their verified address; empty when the provider vouches for none."""
    exigees = {
        "iss": {"essential": True, "value": settings.OIDC_EMETTEUR},
        "aud": {"essential": True, "value": settings.OIDC_CLIENT},
    }
    fournisseur = client()
    jetons = fournisseur.authorize_access_token(requete, claims_options=exigees)
    identite = dict(jetons["userinfo"])
    if "email" not in identite:
        identite |= _renseignements(fournisseur, jetons, identite["sub"])
    sujet = str(identite["sub"])
    if len(sujet) > SUJET_MAXIMUM or not sujet.isprintable():
        raise ValueError("le sujet n'est pas de ceux que la norme admet")
    verifie = identite.get("email_verified") in (True, "true") or settings.OIDC_COURRIEL_GARANTI
    return sujet, str(identite.get("email", "")) if verifie else ""


def _renseignements(fournisseur: Any, jetons: Any, sujet: str) -> dict[str, Any]:
    """What the provider says of the person beside the token; ProConnect signs it. Raises ValueError for another's."""
    reponse = fournisseur.get(
        fournisseur.load_server_metadata()["userinfo_endpoint"],
        withhold_token=True,  # the library refuses to send a token with less than a minute left, which some all have
        headers={"Authorization": f"Bearer {jetons['access_token']}"},
    )
    reponse.raise_for_status()
    if reponse.headers.get("Content-Type", "").startswith("application/jwt"):
        cles = KeySet.import_key_set(fournisseur.fetch_jwk_set())
        renseignements = dict(jwt.decode(reponse.text, cles, algorithms=["RS256", "ES256"]).claims)
    else:
        renseignements = dict(reponse.json())
    if renseignements.get("sub") != sujet:
        raise ValueError("les renseignements sont ceux d'une autre personne")
    return renseignements
