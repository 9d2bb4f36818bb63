"""Addresses of the public site: no account is needed."""

from django.urls import path

from segurnum.web.commun import convertisseurs  # noqa: F401 (its import declares « couloir » and « type »)
from segurnum.web.public import (
    accueil,
    affichage,
    assistance,
    confirmation_bancaire,
    depot_pieces,
    documentation,
    documents,
    enrolement,
    faq,
    guides,
    ical,
    mentions,
    simulateur,
)

app_name = "public"
urlpatterns = [
    path("", accueil.accueil, name="accueil"),
    path("calendrier.ics", ical.flux, name="calendrier"),
    path("foires-aux-questions", faq.questions, name="faq"),
    path("contacter-assistance", assistance.contact, name="assistance"),
    path("contacter-assistance/envoye", assistance.recue, name="assistance_recue"),
    path("confirmer-coordonnees-bancaires", confirmation_bancaire.confirmer, name="confirmer_compte"),
    path("verification", assistance.defi, name="defi"),
    path("documents-utiles", documents.liste, name="documents"),
    path("documents-utiles/<int:document>", documents.document, name="document"),
    path("documents-utiles/modeles/<str:fichier>", documents.modele, name="document_modele"),
    path("mentions-legales", mentions.mentions_legales, name="mentions_legales"),
    path("affichage", affichage.affichage, name="affichage"),
    path("accessibilite", mentions.accessibilite, name="accessibilite"),
    *(path(f"aide/{nom}", guides.guide, {"nom": nom}, name=f"guide_{nom}") for nom in guides.GUIDES),
    path("aide/instruire", guides.guide, {"nom": "instruire"}, name="guide_instruire"),
    path("enrolement_de_logiciel/", enrolement.enrolement, name="enrolement"),
    path("enrolement_de_logiciel/quitter", enrolement.quitter, name="enrolement_quitter"),
    path("enrolement_de_logiciel/enregistree", enrolement.enregistre, name="enrolement_enregistre"),
    path("enrolement_de_logiciel/communes", enrolement.communes, name="communes"),
    path("enrolement_de_logiciel/domiciliation", enrolement.domiciliation, name="domiciliation"),
    path("enrolement_de_logiciel/reprendre", enrolement.lien, name="enrolement_lien"),
    path("enrolement_de_logiciel/reprendre/<str:secret>", enrolement.reprendre, name="enrolement_reprise"),
    path("enrolement_de_logiciel/deposer-pieces", depot_pieces.deposer, name="deposer_pieces"),
    path(
        "enrolement_de_logiciel/deposer-pieces/terminer", depot_pieces.terminer, name="terminer_depot_pieces"
    ),
    path(
        "enrolement_de_logiciel/deposer-pieces/nouveau-lien",
        depot_pieces.nouveau_lien,
        name="nouveau_lien_pieces",
    ),
    path(
        "enrolement_de_logiciel/deposer-pieces/retirer/<int:piece>",
        depot_pieces.retirer,
        name="retirer_piece",
    ),
    path(
        "enrolement_de_logiciel/deposer-pieces/<str:secret>",
        depot_pieces.ouvrir,
        name="ouvrir_depot_pieces",
    ),
    path("enrolement_de_logiciel/<slug:etape>", enrolement.etape, name="enrolement_etape"),
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
