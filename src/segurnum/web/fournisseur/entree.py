"""The one door by which a person gets in, whatever proved who they are: the second factor is asked here."""

from datetime import datetime, timedelta

from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme

from segurnum.comptes.models import Utilisateur
from segurnum.comptes.queries import a_un_second_facteur, ouvert
from segurnum.comptes.sessions import marquer_l_ouverture
from segurnum.regles.calendrier import maintenant
from segurnum.web.commun.appareil import retenir
from segurnum.web.commun.presence import SECOND_FACTEUR_VERIFIE

MOTEUR = "django.contrib.auth.backends.ModelBackend"
DELAI = timedelta(minutes=5)  # between the password and the code
_ATTENTE = "attente_du_code"


def accueil_de(utilisateur: Utilisateur) -> str:
    """The private home page of the person's profile (PUB-036)."""
    return "gestion:accueil" if utilisateur.est_agent else "fournisseur:accueil"


def suite_demandee(requete: HttpRequest) -> str:
    """The page that asked for signing in, if it is one of the portal's."""
    suite = requete.POST.get("next", requete.GET.get("next", ""))
    sure = url_has_allowed_host_and_scheme(suite, {requete.get_host()}, require_https=requete.is_secure())
    return suite if sure else ""


def entrer(requete: HttpRequest, personne: Utilisateur, suite: str) -> HttpResponse:
    """Let a person in who has shown a password, or whom the OIDC provider vouches for; or ask for the code first."""
    if not a_un_second_facteur(personne):
        return ouvrir(requete, personne, suite)
    requete.session[_ATTENTE] = {"personne": personne.pk, "suite": suite, "depuis": maintenant().isoformat()}
    return redirect("fournisseur:second_facteur")


def attendu(requete: HttpRequest) -> tuple[Utilisateur, str] | None:
    """Who is between the password and the code, and where they were going; None when nobody is, or for too long."""
    attente = requete.session.get(_ATTENTE)
    if attente is None or maintenant() - datetime.fromisoformat(attente["depuis"]) > DELAI:
        return None
    personne = ouvert(attente["personne"])
    return (personne, attente["suite"]) if personne and a_un_second_facteur(personne) else None


def ouvrir(
    requete: HttpRequest, personne: Utilisateur, suite: str, *, avec_code: bool = False
) -> HttpResponse:
    """Open the session, under a new key."""
    requete.session.pop(_ATTENTE, None)
    login(requete, personne, backend=MOTEUR)
    marquer_l_ouverture(requete.session, requete.headers.get("User-Agent", ""))
    requete.session[SECOND_FACTEUR_VERIFIE] = avec_code
    reponse = redirect(suite or resolve_url(accueil_de(personne)))
    retenir(requete, reponse, personne.username)
    return reponse
