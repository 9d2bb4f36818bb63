"""Addresses of the back office. A request is named by its number, with its suffix."""

from django.urls import path

from segurnum.web.gestion import accueil, demandes, gestes, paiements, pieces

app_name = "gestion"
urlpatterns = [
    path("", accueil.accueil, name="accueil"),
    path("demandes", demandes.file_d_attente, name="demandes"),
    path("demandes/<slug:numero>", demandes.consultation, name="demande"),
    path("demandes/<slug:numero>/journal", demandes.journal, name="journal"),
    path("demandes/<slug:numero>/pieces/<int:piece>", pieces.piece, name="piece"),
    path("demandes/<slug:numero>/<slug:geste>", gestes.faire, name="geste"),
    path("paiements", paiements.liste, name="paiements"),
    path("paiements/<int:versement>/avis", pieces.avis, name="avis"),
    path("paiements/<int:versement>/<slug:geste>", paiements.faire, name="versement"),
]
