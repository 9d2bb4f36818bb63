"""The receipts that a company was given: the list of them, and each as a signed PDF."""

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

from segurnum.fichiers.documents import Genre
from segurnum.kits import colonnes
from segurnum.kits.tableau import Colonne, Tableau
from segurnum.recepisses.documents import pdf_de
from segurnum.recepisses.models import Nature
from segurnum.recepisses.queries import recepisses_de
from segurnum.seuil.acces import Requete, entreprise_de
from segurnum.seuil.documents import recepisse as document_de
from segurnum.seuil.limites import HEURE, PERSONNE, limite
from segurnum.seuil.telechargements import envoyer, sert
from segurnum.web.fournisseur.acces import consultation, trouver

RECEPISSES = Tableau(
    "liste-recepisses",
    "Récépissés de ce que le portail a reçu de vous",
    (
        Colonne(
            "numero",
            "Récépissé",
            tri=("pk",),
            titre=True,
            lien=lambda ligne: reverse("fournisseur:recepisse", args=[ligne.pk]),
        ),
        colonnes.choix("nature", "Objet", "nature", lambda: Nature.choices, "get_nature_display"),
        colonnes.jour("recu", "Reçu le", "recu_le"),
        Colonne(
            "verifier",
            "Page publique",
            cellule="fournisseur/cellules/verifier_recepisse.html",
        ),
    ),
    ordre=("-pk",),
    vide="Le portail n'a encore rien reçu de vous : chaque dépôt, modification ou envoi de pièces a son récépissé ici.",
)


@consultation()
def recepisses(requete: Requete) -> HttpResponse:
    lignes = recepisses_de(entreprise_de(requete)).defer("contenu")
    contexte = {
        "titre": "Mes récépissés",
        "fil": "Mes récépissés",
        "affiche": RECEPISSES.lire(lignes, requete.GET),
    }
    return render(requete, "fournisseur/recepisses.html", contexte)


_recepisse_de = trouver(recepisses_de)


@consultation()
@limite("recepisses", PERSONNE, 300, HEURE, quoi="récépissés", lectures=True)
@sert(Genre.RECEPISSE)
def recepisse(requete: Requete, recepisse: int) -> HttpResponseBase:
    """Made and signed anew each time: what it attests is kept, and does not change."""
    ligne = _recepisse_de(requete, recepisse)
    return envoyer(requete, document_de(ligne), pdf_de(ligne))
