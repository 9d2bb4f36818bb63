"""Addresses: the public site, the private portal (suppliers), the back office, and the probes."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path
from django.views.decorators.http import require_safe
from django.views.generic import RedirectView

from segurnum.seuil import bien_connus
from segurnum.seuil.retours import retours
from segurnum.seuil.sante import details, pret, sante, vivant

urlpatterns = [
    path(
        "",
        login_not_required(require_safe(RedirectView.as_view(pattern_name="public:accueil"))),
        name="racine",
    ),
    path("vivant", vivant, name="vivant"),
    path("pret", pret, name="pret"),
    path("sante", sante, name="sante"),
    path("sante/details", details, name="sante_details"),
    path("courriels/retours", retours, name="retours"),
    path(".well-known/security.txt", bien_connus.securite, name="securite_txt"),
    path(".well-known/change-password", bien_connus.changer_mot_de_passe, name="changer_mot_de_passe"),
    path("robots.txt", bien_connus.robots, name="robots"),
    path("segurnum/", include("segurnum.web.public.urls")),
    path("segurnums/gestion/", include("segurnum.web.gestion.urls")),
    path("segurnums/", include("segurnum.web.fournisseur.urls")),
]

if settings.DEMONSTRATION:
    urlpatterns.append(path("demonstration/", include("segurnum.demonstration.urls")))

handler400 = "segurnum.seuil.erreurs.requete_incomprise"
handler403 = "segurnum.seuil.erreurs.acces_refuse"
handler404 = "segurnum.seuil.erreurs.introuvable"
handler500 = "segurnum.seuil.erreurs.panne"
