"""Addresses that programs look for by themselves: security.txt, the page that changes a password, robots.txt."""

from datetime import UTC, datetime, time, timedelta

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from segurnum.regles.calendrier import jour_de_paris, maintenant

TEXTE = "text/plain; charset=utf-8"


@login_not_required
@require_safe
def securite(_requete: HttpRequest) -> HttpResponse:
    """Whom to tell about a weakness (RFC 9116). It expires, and renews itself each day."""
    contacts = settings.CONTACT_SECURITE or [f"{settings.ADRESSE_PORTAIL}{reverse('public:assistance')}"]
    minuit = datetime.combine(jour_de_paris(maintenant()), time(), UTC)
    lignes = [f"Contact: {contact}" for contact in contacts]
    lignes += [
        f"Expires: {minuit + timedelta(days=settings.SECURITE_JOURS):%Y-%m-%dT%H:%M:%SZ}",
        f"Preferred-Languages: {settings.SECURITE_LANGUES}",
        f"Canonical: {settings.ADRESSE_PORTAIL}{reverse('securite_txt')}",
    ]
    return HttpResponse("\n".join(lignes) + "\n", content_type=TEXTE)


@login_not_required
@require_safe
def changer_mot_de_passe(_requete: HttpRequest) -> HttpResponse:
    return redirect("fournisseur:changer_mot_de_passe")


@login_not_required
@require_safe
def robots(_requete: HttpRequest) -> HttpResponse:
    """Search engines read the public site; a demonstration is not to be found by them."""
    fermees = (
        ["/"]
        if settings.DEMONSTRATION
        else ["/segurnums/", "/sante", "/pret", "/vivant", "/segurnum/enrolement_de_logiciel/"]
    )
    lignes = ["User-agent: *", *(f"Disallow: {adresse}" for adresse in fermees)]
    return HttpResponse("\n".join(lignes) + "\n", content_type=TEXTE)
