"""Addresses of the public site: no account is needed."""

from django.urls import URLPattern, URLResolver, include, path

from segurnum.editorial.documents import GUIDES
from segurnum.seuil import convertisseurs  # noqa: F401 (its import declares « couloir » and « type »)
from segurnum.web.public import (
    documentation,
    enrolement,
    informations,
    par_lien,
    recepisses,
    saisies,
    suivi,
    tableurs,
)

app_name = "public"
SUIVI: list[URLPattern] = [
    path("demande", suivi.demande, name="suivi_demande"),
    path("recommencer", suivi.recommencer, name="suivi_recommencer"),
    path("lien-de-depot", suivi.lien_de_depot, name="suivi_lien_de_depot"),
    path("<str:secret>", suivi.ouvrir, name="ouvrir_suivi"),
]
ENROLEMENT: list[URLPattern | URLResolver] = [
    path("", enrolement.enrolement, name="enrolement"),
    path("quitter", enrolement.quitter, name="enrolement_quitter"),
    path("enregistree", enrolement.enregistre, name="enrolement_enregistre"),
    path("communes", enrolement.communes, name="communes"),
    path("domiciliation", enrolement.domiciliation, name="domiciliation"),
    path("reprendre", saisies.lien, name="enrolement_lien"),
    path("reprendre/<str:secret>", saisies.reprendre, name="enrolement_reprise"),
    path("saisies", saisies.lister, name="enrolement_saisies"),
    path("saisies/nouvelle", saisies.nouvelle, name="enrolement_nouvelle"),
    path("saisies/<int:saisie>", saisies.choisir, name="enrolement_choisir"),
    path("piece/<slug:type_piece>", saisies.piece, name="enrolement_piece"),
    path("suivi", suivi.demander, name="suivi"),
    path("suivi/", include(SUIVI)),
    path("<slug:etape>", enrolement.etape, name="enrolement_etape"),
]
PIECES_PAR_LIEN = [
    path("terminer", par_lien.terminer, name="terminer_depot_pieces"),
    path("nouveau-lien", par_lien.nouveau_lien, name="nouveau_lien_pieces"),
    path("retirer/<int:piece>", par_lien.retirer, name="retirer_piece"),
    path("<str:secret>", par_lien.ouvrir, name="ouvrir_depot_pieces"),
]
FORMAT = [
    path("schema.json", documentation.schema, name="schema"),
    path("modele.xlsx", tableurs.modele, name="modele_tableur"),
    path("<slug:nom>.json", documentation.modele, name="modele"),
]
PAGES = (
    ("contacter-assistance/envoye", "assistance_recue"),
    ("mentions-legales", "mentions_legales"),
    ("accessibilite", "accessibilite"),
)
urlpatterns = [
    path("", informations.accueil, name="accueil"),
    path("calendrier.ics", informations.flux, name="calendrier"),
    path("foires-aux-questions", informations.questions, name="faq"),
    path("contacter-assistance", informations.contact, name="assistance"),
    path("confirmer-coordonnees-bancaires", par_lien.confirmer, name="confirmer_compte"),
    path("verification", informations.defi, name="defi"),
    path("documents-utiles", informations.documents_utiles, name="documents"),
    path("documents-utiles/<int:document>", informations.document, name="document"),
    path("documents-utiles/modeles/<str:fichier>", informations.modele, name="document_modele"),
    path("cgu", informations.cgu, name="cgu"),
    path("cgu/<str:version>", informations.cgu, name="cgu_version"),
    path("recepisses", recepisses.verifier, name="recepisses"),
    path("recepisses/certificats.pem", recepisses.certificats, name="certificats"),
    path("recepisses/<str:confirmation>", recepisses.confirmer, name="recepisse"),
    path("affichage", informations.affichage, name="affichage"),
    *(
        path(adresse, informations.page, {"gabarit": f"public/{nom}.html"}, name=nom)
        for adresse, nom in PAGES
    ),
    *(
        path(f"aide/{nom}", informations.guide, {"nom": nom}, name=f"guide_{nom}")
        for nom in (*GUIDES, "instruire", "controler")
    ),
    path("enrolement_de_logiciel/deposer-pieces", par_lien.deposer, name="deposer_pieces"),
    path("enrolement_de_logiciel/deposer-pieces/", include(PIECES_PAR_LIEN)),
    path("enrolement_de_logiciel/", include(ENROLEMENT)),
    path("simulateur", documentation.simulateur, name="simulateur"),
    path("convertisseur", tableurs.convertir, name="convertir"),
    path("documentation", documentation.sommaire, name="documentation"),
    path("documentation/anomalies", documentation.anomalies, name="anomalies"),
    path("documentation/<couloir:couloir>", documentation.couloir, name="documentation_couloir"),
    path("documentation/<couloir:couloir>/modeles.zip", documentation.modeles, name="modeles_du_couloir"),
    path("documentation/<couloir:couloir>/<type:type_demande>/", include(FORMAT)),
]
