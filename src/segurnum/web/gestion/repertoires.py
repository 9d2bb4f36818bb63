"""« Répertoires »: the snapshots of FINESS and RPPS, and what was held for somebody to look at."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from segurnum.comptes.auteurs import auteur
from segurnum.controles.problemes import en_nombre
from segurnum.kits.geste import faire
from segurnum.kits.tableau import Colonne, Tableau
from segurnum.regles.gestes import GesteReference
from segurnum.repertoires import queries, services
from segurnum.seuil.acces import Requete, bouton_de, page_de, reserve_a

RELEVES = Tableau(
    "liste-releves",
    "Relevés chargés, le dernier d'abord",
    (
        Colonne("releve", "Relevé", cellule="designation", titre=True, insecable=True),
        Colonne("statut", "Statut", cellule="get_statut_display"),
        Colonne("nombre", "Numéros", cellule="nombre|entier", nombre=True),
        Colonne("fermes", "Dont fermés", cellule="fermes|entier", nombre=True),
        Colonne("fichier", "Fichier", cellule="nom"),
        Colonne("empreinte", "Empreinte", cellule="gestion/cellules/empreinte.html"),
        Colonne("charge", "Chargé le", cellule="charge_le|instant", precision='auteur|default:""'),
        Colonne("gestes", "À faire", cellule="gestion/cellules/releve_retenu.html"),
    ),
)
COMMANDES = (
    "segurnum repertoires finess finess-structures.json.gz",
    "segurnum repertoires rpps PS_LibreAcces_Personne_activite_AAAAMMJJhhmm.txt",
)


@page_de(reserve_a(GesteReference.TENIR_REPERTOIRES))
def releves(requete: Requete) -> HttpResponse:
    contexte = {
        "titre": "Répertoires FINESS et RPPS",
        "resume": "Les simulations disent quels numéros ces répertoires ne connaissent pas, ou disent fermés. Un "
        "relevé qui a perdu un dixième de ses numéros attend d'être confirmé.",
        "affiche": RELEVES.tourner(queries.releves(), requete.GET),
        "commandes": COMMANDES,
    }
    return render(requete, "gestion/repertoires.html", contexte)


@bouton_de(reserve_a(GesteReference.TENIR_REPERTOIRES))
def confirmer(requete: Requete, releve: int) -> HttpResponse:
    def agir() -> str:
        tenu: Any = services.confirmer(releve=releve, auteur=auteur(requete.user))
        return f"{tenu} : en vigueur, {en_nombre(tenu.nombre, 'numéro')}."

    return faire(requete, agir, reverse("gestion:repertoires"))


@bouton_de(reserve_a(GesteReference.TENIR_REPERTOIRES))
def ecarter(requete: Requete, releve: int) -> HttpResponse:
    def agir() -> str:
        ecarte = services.ecarter(releve=releve, auteur=auteur(requete.user))
        return f"{ecarte} : écarté, celui d'avant reste en vigueur."

    return faire(requete, agir, reverse("gestion:repertoires"))
