"""Addresses of the back office. A request is named by its number, with its suffix."""

from django.urls import path

from segurnum.web.gestion import (
    accueil,
    assistance,
    demandes,
    enrolements,
    gestes,
    import_referentiel,
    modeles,
    modifications,
    paiements,
    pieces,
    publications,
    referentiel,
)

app_name = "gestion"
urlpatterns = [
    path("", accueil.accueil, name="accueil"),
    path("demandes", demandes.file_d_attente, name="demandes"),
    path("demandes/<slug:numero>", demandes.consultation, name="demande"),
    path("demandes/<slug:numero>/journal", demandes.journal, name="journal"),
    path("demandes/<slug:numero>/pieces/<int:piece>", pieces.piece, name="piece"),
    path("demandes/<slug:numero>/<slug:geste>", gestes.faire, name="geste"),
    path("enrolements", enrolements.file_d_attente, name="enrolements"),
    path("enrolements/<slug:enrolement>", enrolements.consultation, name="enrolement"),
    path("enrolements/<slug:enrolement>/pieces/<int:piece>", enrolements.piece, name="piece_enrolement"),
    path("enrolements/<slug:enrolement>/<slug:geste>", enrolements.faire, name="geste_enrolement"),
    path("modifications", modifications.liste, name="modifications"),
    path("modifications/<slug:genre>/<int:modification>", modifications.consultation, name="modification"),
    path(
        "modifications/<slug:genre>/<int:modification>/pieces/<int:piece>",
        modifications.piece,
        name="piece_modification",
    ),
    path(
        "modifications/<slug:genre>/<int:modification>/<slug:geste>",
        modifications.faire,
        name="geste_modification",
    ),
    path("modeles", modeles.liste, name="modeles"),
    path("modeles/<int:modele>", modeles.consultation, name="modele"),
    path("modeles/<int:modele>/piece", modeles.piece, name="piece_modele"),
    path("modeles/<int:modele>/<slug:geste>", modeles.faire, name="geste_modele"),
    path("assistance", assistance.liste, name="tickets"),
    path("assistance/<int:ticket>", assistance.ticket, name="ticket"),
    path("assistance/<int:ticket>/piece", assistance.piece_ticket, name="piece_ticket"),
    path("assistance/<int:ticket>/<slug:geste>", assistance.geste_ticket, name="geste_ticket"),
    path("publications", publications.sommaire, name="sommaire_publications"),
    path("publications/<slug:categorie>", publications.liste, name="publications"),
    path("publications/<slug:categorie>/nouvelle", publications.nouvelle, name="publication_nouvelle"),
    path("publications/<slug:categorie>/<int:publication>", publications.publication, name="publication"),
    path(
        "publications/<slug:categorie>/<int:publication>/retirer",
        publications.retirer,
        name="publication_retirer",
    ),
    path("paiements", paiements.liste, name="paiements"),
    path("paiements/<int:versement>/avis", pieces.avis, name="avis"),
    path("paiements/<int:versement>/<slug:geste>", paiements.faire, name="versement"),
    path("referencements", referentiel.liste, name="referencements"),
    path("referencements.csv", referentiel.export, name="exporter_referencements"),
    path("referencements/nouveau", referentiel.nouveau, name="nouveau_referencement"),
    path("referencements/importation", import_referentiel.importer, name="importer_referencements"),
    path(
        "referencements/importations/<int:importation>",
        import_referentiel.rapport,
        name="import_referencements",
    ),
    path("referencements/<slug:numero_ans>", referentiel.consultation, name="referencement"),
]
