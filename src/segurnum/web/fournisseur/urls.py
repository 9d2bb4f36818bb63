"""Addresses of the supplier's private portal."""

from django.urls import URLPattern, URLResolver, include, path

from segurnum.seuil import convertisseurs  # noqa: F401 (its import declares « type »)
from segurnum.web.fournisseur import (
    accueil,
    compte,
    contestations,
    coordonnees,
    demandes,
    enrolements,
    envois,
    importation,
    incompletes,
    ma_demande,
    modeles,
    modification,
    mon_compte,
    rapport_simulation,
    recherches,
    second_facteur,
)

app_name = "fournisseur"
INVITATION = [
    path("renvoyer", mon_compte.renvoyer_invitation, name="renvoyer_invitation"),
    path("retirer", mon_compte.retirer_invitation, name="retirer_invitation"),
]
UTILISATEURS: list[URLPattern | URLResolver] = [
    path("inviter", mon_compte.inviter, name="inviter"),
    path("invitations/<int:invitation>/", include(INVITATION)),
    path("<int:personne>/role", mon_compte.changer_role, name="changer_role"),
    path("<int:personne>/retirer", mon_compte.retirer_acces, name="retirer_acces"),
    path("<int:personne>/rouvrir", mon_compte.rouvrir_acces, name="rouvrir_acces"),
]
COMPTE: list[URLPattern | URLResolver] = [
    path("mot-de-passe", mon_compte.changer_mot_de_passe, name="changer_mot_de_passe"),
    path("connexions", mon_compte.connexions, name="connexions"),
    path("identite/delier", mon_compte.delier_identite, name="delier_identite"),
    path("invitations/<int:invitation>", mon_compte.repondre_invitation, name="repondre_invitation"),
    path("cles-d-acces/ajouter", second_facteur.ajouter_cle, name="ajouter_cle"),
    path("cles-d-acces/<int:cle>/renommer", second_facteur.renommer_cle, name="renommer_cle"),
    path("cles-d-acces/<int:cle>/retirer", second_facteur.retirer_cle, name="retirer_cle"),
    path("session/fermer", mon_compte.fermer_session, name="fermer_session"),
    path("sessions/fermer", mon_compte.fermer_sessions, name="fermer_sessions"),
    path("entreprise", mon_compte.choisir_entreprise, name="choisir_entreprise"),
    path("second-facteur", second_facteur.activer_second_facteur, name="activer_second_facteur"),
    path("second-facteur/codes", second_facteur.renouveler_codes, name="renouveler_codes"),
    path("second-facteur/retirer", second_facteur.retirer_second_facteur, name="retirer_second_facteur"),
    path("utilisateurs", mon_compte.utilisateurs, name="utilisateurs"),
    path("utilisateurs/", include(UTILISATEURS)),
]
ENROLEMENT = [
    path("pieces/<int:piece>", enrolements.piece, name="piece_enrolement"),
    path("iban", enrolements.afficher_iban, name="afficher_iban_enrolement"),
    path("depot", enrolements.deposer, name="deposer_pieces_enrolement"),
    path("depot/<int:piece>/retirer", enrolements.retirer_piece, name="retirer_piece_enrolement"),
    path("depot/terminer", enrolements.terminer, name="terminer_depot_enrolement"),
    path("recommencer", enrolements.recommencer, name="enrolement_recommencer"),
]
PIECES = [
    path("etat", envois.archive_etat, name="archive_etat"),
    path("<int:archive>/recontroler", envois.recontroler, name="recontroler"),
]
INCOMPLETES = [
    path("supprimer", incompletes.supprimer, name="supprimer_incompletes"),
    path("terminer", incompletes.terminer, name="incompletes_terminer"),
    path("pieces", envois.deposer_pour_toutes, name="incompletes_pieces"),
    path("pieces/etat", envois.archive_etat_de_toutes, name="incompletes_archive_etat"),
    path("pieces/<int:en_suspens>/attribuer", envois.attribuer, name="attribuer"),
    path(
        "pieces/zip/<int:archive>/recontroler",
        envois.recontroler_pour_toutes,
        name="incompletes_recontroler",
    ),
    path("<slug:numero>", incompletes.completer, name="completer"),
    path("<slug:numero>/terminer", incompletes.transmettre, name="transmettre"),
    path("<slug:numero>/remplacer", incompletes.remplacer, name="remplacer"),
]
urlpatterns = [
    path("", compte.connexion, name="connexion"),
    path(
        "contacter-assistance", compte.assistance, name="contacter_assistance"
    ),  # where the guides of the ASP lead
    path("deconnexion", compte.deconnexion, name="deconnexion"),
    path("identifiant-oublie", second_facteur.identifiant_oublie, name="identifiant_oublie"),
    path("mot-de-passe/oublie", second_facteur.mot_de_passe_oublie, name="mot_de_passe_oublie"),
    path("mot-de-passe/nouveau", second_facteur.nouveau_mot_de_passe, name="nouveau_mot_de_passe"),
    path("code", second_facteur.second_facteur, name="second_facteur"),
    path("cle-d-acces", compte.cle_acces, name="cle_acces"),
    path("invitation", mon_compte.invitation, name="invitation"),
    path("oidc", compte.oidc_partir, name="oidc"),
    path("oidc/retour", compte.oidc_revenir, name="oidc_retour"),
    path("compte", mon_compte.compte, name="compte"),
    path("compte/", include(COMPTE)),
    path("accueil", accueil.accueil, name="accueil"),
    path("actualites", accueil.actualites, name="actualites"),
    path("actualites/<int:actualite>", accueil.actualite, name="actualite"),
    path("actualites/<int:actualite>/piece-jointe", accueil.piece_jointe, name="piece_actualite"),
    path("enrolements", enrolements.enrolements, name="enrolements"),
    path("enrolements/complementaire", enrolements.complementaire, name="enrolement_complementaire"),
    path("enrolements/complementaire/quitter", enrolements.quitter, name="complementaire_quitter"),
    path("enrolements/complementaire/enregistree", enrolements.enregistre, name="enrolement_enregistre"),
    path("enrolements/<slug:enrolement>", enrolements.enrolement, name="enrolement"),
    path("enrolements/<slug:enrolement>/", include(ENROLEMENT)),
    path("coordonnees-bancaires", coordonnees.comptes, name="comptes_bancaires"),
    path("coordonnees-bancaires/ajout", coordonnees.ajouter, name="ajouter_compte"),
    path("coordonnees-bancaires/<int:modification>/rib", coordonnees.rib, name="rib"),
    path("coordonnees-bancaires/<int:modification>/annuler", coordonnees.annuler, name="annuler_compte"),
    path(
        "coordonnees-bancaires/<int:modification>/renvoyer",
        coordonnees.renvoyer,
        name="renvoyer_confirmation",
    ),
    path("coordonnees-bancaires/comptes/<int:compte>/iban", coordonnees.afficher_iban, name="afficher_iban"),
    path("personnes-physiques", coordonnees.personnes, name="personnes_physiques"),
    path("personnes-physiques/modification", coordonnees.modifier, name="modifier_personnes"),
    path("personnes-physiques/pieces/<int:piece>", coordonnees.piece, name="piece_personne"),
    path("exports/demandes", recherches.exporter_demandes, name="exporter_demandes"),
    path("exports/demandes.csv", recherches.demandes_csv, name="demandes_csv"),
    path("exports/beneficiaires", recherches.exporter_beneficiaires, name="exporter_beneficiaires"),
    path("exports/beneficiaires.csv", recherches.beneficiaires_csv, name="beneficiaires_csv"),
    path("modeles", modeles.modeles, name="modeles"),
    path("modeles/valider", modeles.valider, name="valider_modeles"),
    path("modeles/<int:modele>", modeles.modele, name="modele"),
    path("modeles/<int:modele>/fichier", modeles.fichier, name="fichier_modele"),
    path("modeles/<int:modele>/supprimer", modeles.supprimer, name="supprimer_modele"),
    path("importation", importation.importer, name="importer"),
    path("importation/<int:simulation>", importation.simulation, name="simulation"),
    path("importation/<int:simulation>/correction", rapport_simulation.correction, name="correction"),
    path(
        "importation/<int:simulation>/fichier-corrige",
        rapport_simulation.fichier_corrige,
        name="fichier_corrige",
    ),
    *(
        path(
            f"importation/<int:simulation>/rapport.{forme}",
            rapport_simulation.rapport,
            {"forme": forme},
            name=f"rapport_{forme}",
        )
        for forme in ("csv", "json")
    ),
    path(
        "importation/<int:simulation>/importer", importation.importer_simulation, name="importer_simulation"
    ),
    path("importation/exemples/<str:nom>", importation.exemple, name="exemple"),
    path("importations", recherches.importations, name="importations"),
    path("importations/<int:depot>", importation.depot, name="depot"),
    path("importations/<int:depot>/sortie.json", importation.sortie, name="sortie"),
    path("importations/<int:depot>/entree.json", importation.entree, name="entree"),
    path("importations/<int:depot>/pieces", envois.deposer_pieces, name="pieces"),
    path("importations/<int:depot>/pieces/", include(PIECES)),
    path("importations/<int:depot>/terminer", envois.terminer, name="terminer"),
    path("importations/<int:depot>/supprimees", incompletes.supprimees, name="supprimees"),
    path("importations/<int:depot>/importer-de-nouveau", incompletes.reimporter, name="reimporter"),
    path("incompletes", incompletes.toutes, name="incompletes"),
    path("incompletes/", include(INCOMPLETES)),
    path("demandes", recherches.demandes, name="demandes"),
    path("demandes/<slug:numero>", demandes.demande, name="demande"),
    path("demandes/<slug:numero>/historique", demandes.historique, name="historique"),
    path("demandes/<slug:numero>/pieces/<int:piece>", demandes.piece, name="piece"),
    path("demandes/<slug:numero>/avis/<int:versement>", demandes.avis, name="avis"),
    path("demandes/<slug:numero>/titre/<int:recouvrement>", demandes.titre_recette, name="titre_de_recette"),
    path("demandes/<slug:numero>/ajout", demandes.ajouter_pieces, name="ajouter_pieces"),
    path("demandes/<slug:numero>/ajout/<int:piece>/retirer", demandes.retirer_piece, name="retirer_piece"),
    path("demandes/<slug:numero>/ajout/valider", demandes.valider_ajout, name="valider_ajout"),
    path("demandes/<slug:numero>/modification", modification.modifier, name="modifier"),
    path("demandes/<slug:numero>/message", demandes.signaler, name="signaler"),
    path("contestations/<int:partie>", contestations.contestation, name="contestation"),
    path("contestations/<int:partie>/pieces/<int:jointe>", contestations.piece, name="piece_contestation"),
    path("ma-demande", ma_demande.ma_demande, name="ma_demande"),
    path("ma-demande/<slug:numero_enrole>/<type:type_demande>", ma_demande.etape, name="ma_demande_etape"),
]
