"""What Django and the counters of sign-ins announce, written down where the accounts keep it."""

from typing import Any

from django.contrib.auth.signals import user_logged_in, user_login_failed
from django.dispatch import receiver
from django.http import HttpRequest

from segurnum.comptes.connexions import echouer, origine
from segurnum.comptes.sessions import marquer_l_ouverture
from segurnum.limites.connexion import connexion_suspendue


@receiver(user_logged_in)
def une_session_s_ouvre(request: HttpRequest, **_: Any) -> None:
    marquer_l_ouverture(request.session)


@receiver(user_login_failed)
def une_connexion_echoue(credentials: dict[str, Any], request: HttpRequest | None = None, **_: Any) -> None:
    if request is not None:
        echouer(identifiant=str(credentials.get("username", "")), reseau=origine(request).reseau)


@receiver(connexion_suspendue)
def une_connexion_est_suspendue(request: HttpRequest, username: str, **_: Any) -> None:
    echouer(identifiant=username, reseau=origine(request).reseau, geste="SUSPENDRE_CONNEXION")
