"""Who may act, among those who may look."""

from functools import wraps
from typing import Any, ParamSpec

from django.core.exceptions import PermissionDenied
from django.http.response import HttpResponseBase

from segurnum.demandes.permissions import peut_deposer
from segurnum.web.commun.acces import Vue, VueGardee

P = ParamSpec("P")


def deposants(vue: Vue[P]) -> VueGardee[P]:
    """Readers look at the pages and send nothing."""

    @wraps(vue)
    def gardee(requete: Any, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if requete.method == "POST" and not peut_deposer(requete.user):
            raise PermissionDenied(
                "Votre rôle de lecteur ne permet pas cette action : demandez-la à un administrateur ou à un "
                "déposant de votre entreprise."
            )
        return vue(requete, *args, **kwargs)

    return gardee
