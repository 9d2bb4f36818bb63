"""Signing in through an OpenID Connect provider: ProConnect, or any other, by settings alone.

Authorization code with PKCE, state and nonce; the identity token is checked against the provider's published keys.
The provider proves who somebody is, and the portal looks for the account of that identity: none is created here. The
first time only, the address that the provider has verified finds it.
"""

import logging
from typing import Any

from authlib.common.errors import AuthlibBaseError
from authlib.integrations.django_client import OAuth
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from requests import RequestException

from segurnum.comptes import connexions
from segurnum.comptes.identites import reconnaitre
from segurnum.courriels.adresses import adresse_de
from segurnum.seuil.limites import ADRESSE, HEURE, limite, sans_ecriture
from segurnum.web.fournisseur.entree import entrer, suite_demandee

journal = logging.getLogger(__name__)
_SUITE = "suite_oidc"
DELAI = 10  # seconds given to the provider to answer
SUJET_MAXIMUM = 255  # characters, says OpenID Connect
PANNES = (AuthlibBaseError, JoseError, RequestException, ValueError, KeyError)


@login_not_required
@never_cache
@limite("oidc", ADRESSE, 300, HEURE, quoi="connexions", lectures=True)
@require_safe
def partir(requete: HttpRequest) -> HttpResponse:
    """Send the browser to the provider. A link and not a form: the content policy keeps forms on the portal."""
    if not settings.OIDC_EMETTEUR:
        return redirect("fournisseur:connexion")
    requete.session[_SUITE] = suite_demandee(requete)
    try:
        # Who is signed in already comes to prove it again: the provider is not to answer without asking.
        redemander = {"prompt": "login"} if requete.user.is_authenticated else {}
        reponse: HttpResponse = _client().authorize_redirect(requete, _adresse_de_retour(), **redemander)
    except PANNES as erreur:
        return _echec(requete, erreur)
    return reponse


@login_not_required
@never_cache
@sans_ecriture
@limite("oidc", ADRESSE, 300, HEURE, quoi="connexions")
@require_http_methods(["GET", "HEAD", "POST"])
def revenir(requete: HttpRequest) -> HttpResponse:
    """Where the provider sends the browser back. Opening the session writes: it is done by a form, sent at once."""
    if not settings.OIDC_EMETTEUR:
        return redirect("fournisseur:connexion")
    client = _client()
    if requete.method != "POST":
        if "code" not in requete.GET or "state" not in requete.GET:
            return _echec(requete, requete.GET.get("error", "retour sans code"))
        return render(requete, "fournisseur/compte/retour_oidc.html", {"retour": requete.GET})
    try:
        sujet, courriel = _identite_prouvee(client, requete)
    except PANNES as erreur:
        return _echec(requete, erreur)
    personne = reconnaitre(emetteur=settings.OIDC_EMETTEUR, sujet=sujet, courriel=courriel)
    if personne is None:
        connexions.echouer(identifiant="", reseau=connexions.origine(requete).reseau)
        messages.error(
            requete,
            f"{settings.OIDC_LIBELLE} vous a reconnu, mais aucun compte du portail n'a votre adresse électronique, ou "
            "il s'ouvre par une autre identité. Connectez-vous avec votre identifiant, ou contactez l'assistance.",
        )
        return redirect("fournisseur:connexion")
    return entrer(requete, personne, requete.session.pop(_SUITE, ""), moyen=settings.OIDC_LIBELLE)


def _client() -> Any:
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


def _adresse_de_retour() -> str:
    return adresse_de("fournisseur:oidc_retour")


def _identite_prouvee(client: Any, requete: HttpRequest) -> tuple[str, str]:
    """The subject of who comes back, and their verified address; empty when the provider vouches for none."""
    exigees = {
        "iss": {"essential": True, "value": settings.OIDC_EMETTEUR},
        "aud": {"essential": True, "value": settings.OIDC_CLIENT},
    }
    jetons = client.authorize_access_token(requete, claims_options=exigees)
    identite = dict(jetons["userinfo"])
    if "email" not in identite:
        identite |= _renseignements(client, jetons, identite["sub"])
    sujet = str(identite["sub"])
    if len(sujet) > SUJET_MAXIMUM or not sujet.isprintable():
        raise ValueError("le sujet n'est pas de ceux que la norme admet")
    verifie = identite.get("email_verified") in (True, "true") or settings.OIDC_COURRIEL_GARANTI
    return sujet, str(identite.get("email", "")) if verifie else ""


def _renseignements(client: Any, jetons: Any, sujet: str) -> dict[str, Any]:
    """What the provider says of the person beside the token; ProConnect signs it. Raises ValueError for another's."""
    reponse = client.get(
        client.load_server_metadata()["userinfo_endpoint"],
        withhold_token=True,  # the library refuses to send a token with less than a minute left, which some all have
        headers={"Authorization": f"Bearer {jetons['access_token']}"},
    )
    reponse.raise_for_status()
    if reponse.headers.get("Content-Type", "").startswith("application/jwt"):
        cles = KeySet.import_key_set(client.fetch_jwk_set())
        renseignements = dict(jwt.decode(reponse.text, cles, algorithms=["RS256", "ES256"]).claims)
    else:
        renseignements = dict(reponse.json())
    if renseignements.get("sub") != sujet:
        raise ValueError("les renseignements sont ceux d'une autre personne")
    return renseignements


def _echec(requete: HttpRequest, cause: object) -> HttpResponse:
    journal.warning("Connexion par %s refusée : %s", settings.OIDC_LIBELLE, cause)
    messages.error(
        requete,
        f"La connexion par {settings.OIDC_LIBELLE} n'a pas abouti. Recommencez, ou connectez-vous avec votre "
        "identifiant et votre mot de passe.",
    )
    return redirect("fournisseur:connexion")
