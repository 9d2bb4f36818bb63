"""Addresses of the supplier's private portal."""

from django.urls import path

from segurnum.web.fournisseur import (
    accueil,
    complements,
    compte,
    demandes,
    enrolements,
    importation,
    importations,
    pieces,
)

app_name = "fournisseur"
urlpatterns = [
    path("", compte.connexion, name="connexion"),
    path("deconnexion", compte.deconnexion, name="deconnexion"),
    path("identifiants-oublies", compte.identifiants_oublies, name="identifiants_oublies"),
    path("accueil", accueil.accueil, name="accueil"),
    path("enrolements", enrolements.enrolements, name="enrolements"),
    path("importation", importation.importer, name="importer"),
    path("importation/<int:simulation>", importation.simulation, name="simulation"),
    path(
        "importation/<int:simulation>/importer", importation.importer_simulation, name="importer_simulation"
    ),
    path("importation/exemples/<str:nom>", importation.exemple, name="exemple"),
    path("importations", importations.importations, name="importations"),
    path("importations/<int:depot>", importation.depot, name="depot"),
    path("importations/<int:depot>/sortie.json", importation.sortie, name="sortie"),
    path("importations/<int:depot>/entree.json", importation.entree, name="entree"),
    path("importations/<int:depot>/pieces", pieces.pieces, name="pieces"),
    path("importations/<int:depot>/pieces/etat", pieces.archive_etat, name="archive_etat"),
    path("importations/<int:depot>/terminer", pieces.terminer, name="terminer"),
    path("demandes", demandes.demandes, name="demandes"),
    path("demandes/<slug:numero>", demandes.demande, name="demande"),
    path("demandes/<slug:numero>/historique", demandes.historique, name="historique"),
    path("demandes/<slug:numero>/pieces/<int:piece>", demandes.piece, name="piece"),
    path("demandes/<slug:numero>/avis/<int:versement>", demandes.avis, name="avis"),
    path("demandes/<slug:numero>/ajout", complements.ajouter_pieces, name="ajouter_pieces"),
    path("demandes/<slug:numero>/ajout/<int:piece>/retirer", complements.retirer_piece, name="retirer_piece"),
    path("demandes/<slug:numero>/ajout/valider", complements.valider_ajout, name="valider_ajout"),
    path("demandes/<slug:numero>/ne-pas-modifier", complements.ne_pas_modifier, name="ne_pas_modifier"),
]
