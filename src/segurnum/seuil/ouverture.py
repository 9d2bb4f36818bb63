"""Letting somebody in: what was proved first, the second proof that is awaited, and the session that then opens."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url

from segurnum.comptes import cles_acces, connexions, queries
from segurnum.comptes.models import Utilisateur
from segurnum.comptes.queries import a_un_second_facteur, ouvert
from segurnum.comptes.sessions import marquer_l_origine
from segurnum.regles.calendrier import maintenant
from segurnum.seuil.appareil import jeton_du_navigateur, retenir
from segurnum.seuil.entrees import adresse_du_portail
from segurnum.seuil.presence import SECOND_FACTEUR_VERIFIE

MOTEUR = "django.contrib.auth.backends.ModelBackend"
DELAI = timedelta(minutes=5)  # between the password and the code
MOT_DE_PASSE, CLE_ACCES = "Mot de passe", "Clé d'accès"
_ATTENTE = "attente_du_code"


@dataclass(frozen=True)
class Attente:
    """Who is between the first proof (`moyen`) and the second, and where they were going."""

    personne: Utilisateur
    suite: str
    moyen: str


def accueil_de(utilisateur: Utilisateur) -> str:
    """The private home page of the person's profile (PUB-036)."""
    return "gestion:accueil" if utilisateur.est_agent else "fournisseur:accueil"


def suite_demandee(requete: HttpRequest) -> str:
    """The page that asked for signing in, if it is one of the portal's."""
    return adresse_du_portail(requete, requete.POST.get("next", requete.GET.get("next", "")))


def entrer(requete: HttpRequest, personne: Utilisateur, suite: str, *, moyen: str) -> HttpResponse:
    """Let a person in who has shown a password, or whom the OIDC provider vouches for; or ask for the code first."""
    if not a_un_second_facteur(personne):
        return ouvrir(requete, Attente(personne, suite, moyen))
    requete.session[_ATTENTE] = {
        "personne": personne.pk,
        "suite": suite,
        "moyen": moyen,
        "depuis": maintenant().isoformat(),
    }
    return redirect("fournisseur:second_facteur")


def attendu(requete: HttpRequest) -> Attente | None:
    """Who is awaited for a second proof; None when nobody is, or for too long."""
    attente = requete.session.get(_ATTENTE)
    if attente is None or maintenant() - datetime.fromisoformat(attente["depuis"]) > DELAI:
        return None
    personne = ouvert(attente["personne"])
    if personne is None or not a_un_second_facteur(personne):
        return None
    return Attente(personne, attente["suite"], attente["moyen"])


def ouvrir(requete: HttpRequest, attente: Attente, *, second: str = "") -> HttpResponse:
    """Open the session, under a new key. `second`: what proved it a second time, empty for nothing."""
    requete.session.pop(_ATTENTE, None)
    login(requete, attente.personne, backend=MOTEUR)
    navigateur = jeton_du_navigateur(requete)
    origine = connexions.origine(requete, navigateur)
    marquer_l_origine(requete.session, origine.appareil, origine.reseau)
    requete.session[SECOND_FACTEUR_VERIFIE] = bool(second)
    moyen = f"{attente.moyen} et {second[:1].lower()}{second[1:]}" if second else attente.moyen
    connexions.ouvrir(personne=attente.personne, moyen=moyen, origine=origine)
    reponse = redirect(attente.suite or resolve_url(accueil_de(attente.personne)))
    retenir(requete, reponse, navigateur, attente.personne.username)
    return reponse


def defier(requete: HttpRequest, defi: str, personne: Utilisateur | None) -> str:
    """What a browser is to ask a passkey of; nothing for who has none. The session keeps the question under `defi`.

    Without a person, the passkey says who it is.
    """
    if personne is not None and not queries.cles_acces(personne).exists():
        return ""
    demande = cles_acces.demander(personne)
    requete.session[defi] = demande.defi
    return demande.options
