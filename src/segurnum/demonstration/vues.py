"""What a demonstration shows, that a real portal never would: the mails that nobody receives."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from segurnum.courriels.models import Courriel

NOMBRE = 50


@login_not_required
@require_safe
def courriels(requete: HttpRequest) -> HttpResponse:
    """The last mails, links included, so that an enrolment can be walked to its end without a mail server."""
    return render(
        requete, "demonstration/courriels.html", {"courriels": Courriel.objects.order_by("-pk")[:NOMBRE]}
    )
