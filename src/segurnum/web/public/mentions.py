"""Pages that the law asks for: who publishes the site, and how accessible it is."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe


@login_not_required
@require_safe
def mentions_legales(requete: HttpRequest) -> HttpResponse:
    return render(requete, "public/mentions_legales.html", {"mentions": settings.MENTIONS_LEGALES})


@login_not_required
@require_safe
def accessibilite(requete: HttpRequest) -> HttpResponse:
    return render(requete, "public/accessibilite.html", {"mentions": settings.MENTIONS_LEGALES})
