"""Addresses of the public site: no account is needed."""

from django.urls import path, register_converter

from segurnum.web.public import accueil, documentation, guides, simulateur
from segurnum.web.public.convertisseurs import ConvertisseurCouloir, ConvertisseurType

register_converter(ConvertisseurCouloir, "couloir")
register_converter(ConvertisseurType, "type")

app_name = "public"
urlpatterns = [
    path("", accueil.accueil, name="accueil"),
    path("contacter-assistance", accueil.assistance, name="assistance"),
    path("aide/deposer", guides.guide, {"nom": "deposer"}, name="guide_deposer"),
    path("aide/instruire", guides.guide, {"nom": "instruire"}, name="guide_instruire"),
    path("simulateur", simulateur.simulateur, name="simulateur"),
    path("documentation", documentation.sommaire, name="documentation"),
    path("documentation/anomalies", documentation.anomalies, name="anomalies"),
    path("documentation/<couloir:couloir>", documentation.couloir, name="documentation_couloir"),
    path(
        "documentation/<couloir:couloir>/<type:type_demande>/schema.json", documentation.schema, name="schema"
    ),
    path(
        "documentation/<couloir:couloir>/<type:type_demande>/<slug:nom>.json",
        documentation.modele,
        name="modele",
    ),
]
