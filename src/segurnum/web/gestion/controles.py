"""The checks of ZIPs that are late or were given up, so that a person looks at them and begins them again."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from segurnum.comptes.auteurs import auteur
from segurnum.demandes.queries import menaces_trop_tard
from segurnum.depots.queries import archive_par_cle, controles_a_suivre
from segurnum.depots.reprises import recontroler as recontroler_archive
from segurnum.regles.calendrier import maintenant
from segurnum.seuil.acces import Requete, bouton_de, instructeurs, page_de
from segurnum.web.kits.tableau import PAR_PAGE, Colonne, Tableau

PAGE = "gestion:controles"
TABLEAU = Tableau(
    "liste-controles",
    "Fichiers à suivre",
    (
        Colonne("recue", "Reçu le", cellule="recue_le|instant", insecable=True),
        Colonne("entreprise", "Entreprise", cellule="depot.entreprise.denomination"),
        Colonne("import", "Import", cellule="depot_id"),
        Colonne("fichier", "Fichier", cellule="nom_fichier"),
        Colonne("constat", "Ce qui se passe", cellule="gestion/cellules/controle.html"),
        Colonne("action", "Action", cellule="gestion/cellules/recontroler.html"),
    ),
)


@page_de(instructeurs)
def liste(requete: Requete) -> HttpResponse:
    contexte = {
        "titre": "Contrôles en retard ou en échec",
        "fil": "Contrôles",
        "resume": "Les fichiers ZIP de pièces dont le contrôle attend la fin d'une panne, n'avance pas, ou n'a pas "
        "abouti après trois essais. Un contrôle en retard reprend de lui-même. Un contrôle en échec attend un geste : "
        "le fournisseur en est prévenu par courriel et peut renvoyer son fichier ; vous pouvez aussi le recontrôler.",
        "affiche": TABLEAU.tourner(controles_a_suivre(maintenant()), requete.GET),
        "menaces": menaces_trop_tard()[:PAR_PAGE],
    }
    return render(requete, "gestion/controles.html", contexte)


@bouton_de(instructeurs)
def recontroler(requete: Requete, archive: int) -> HttpResponse:
    """« Recontrôler »."""
    ligne = archive_par_cle(archive)
    if ligne is None:
        raise Http404
    if recontroler_archive(archive=ligne.pk, auteur=auteur(requete.user)):
        messages.success(requete, f"Le contrôle de l'import {ligne.depot_id} recommence.")
    else:
        messages.info(
            requete,
            f"Le contrôle de l'import {ligne.depot_id} est fini, ou déjà dans la file : il commencera dès qu'un "
            "ouvrier le prendra. S'il n'avance pas, aucun ouvrier ne travaille : prévenez l'exploitation.",
        )
    return redirect(PAGE)
