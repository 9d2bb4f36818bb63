"""Signing in is required everywhere; a form sent after the session's end leads back to the page that it was on."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.contrib import messages
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponseRedirect

from segurnum.seuil.entrees import adresse_du_portail
from segurnum.seuil.lecture_seule import SANS_JETON
from segurnum.seuil.version_saisie import sans_page

RIEN_D_ENVOYE = (
    "Votre session était terminée : rien n'a été envoyé. Connectez-vous pour revenir à la page du formulaire."
)


class Connexion(LoginRequiredMiddleware):
    def handle_no_permission(
        self, request: HttpRequest, view_func: Callable[..., Any]
    ) -> HttpResponseRedirect:
        venue_de = adresse_du_portail(request, request.headers.get("Referer", ""), complete=True)
        if request.method in SANS_JETON or sans_page(request) or not venue_de:
            return super().handle_no_permission(request, view_func)
        messages.warning(request, RIEN_D_ENVOYE)
        page = urlsplit(venue_de)._replace(scheme="", netloc="").geturl()
        return redirect_to_login(page, self.get_login_url(view_func), self.get_redirect_field_name(view_func))
