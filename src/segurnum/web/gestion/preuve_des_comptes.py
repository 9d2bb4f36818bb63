"""What settled a solde: its numbers, the extract and the domains that they come from, the addresses behind them."""

from dataclasses import replace

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

from segurnum.annuaire_sante.arretes import adresses_arretees, arrete_de
from segurnum.annuaire_sante.models import ArreteComptes, TypeBAL
from segurnum.demandes.models import Demande
from segurnum.fichiers.documents import Document, Genre
from segurnum.kits.criteres import Critere, Filtre, egal
from segurnum.kits.export import exporter
from segurnum.seuil.acces import Requete, bouton_de, lecteurs_des_comptages, page_de
from segurnum.seuil.limites import HEURE, PERSONNE, limite
from segurnum.seuil.telechargements import envoyer, sert
from segurnum.web.gestion.annuaire_sante import ADRESSES
from segurnum.web.gestion.demandes import trouver

ARRETEES = replace(ADRESSES, legende="Adresses gardées avec les nombres de ce solde")


def _arrete(numero: str) -> tuple[Demande, ArreteComptes]:
    demande = trouver(numero)
    arrete = arrete_de(demande.pk)
    if arrete is None:
        raise Http404
    return demande, arrete


def _filtre(requete: Requete) -> Filtre:
    return Filtre.lire(
        requete.GET, Critere("type", "Type", "", [("", "Tous"), *TypeBAL.choices], restreindre=egal("type"))
    )


@page_de(lecteurs_des_comptages)
@limite("exports", PERSONNE, 60, HEURE, quoi="exports", lectures=True)
def montrer(requete: Requete, numero: str) -> HttpResponse:
    demande, arrete = _arrete(numero)
    filtre = _filtre(requete)
    contexte = {
        "titre": f"Boîtes arrêtées de la demande {demande.numero}",
        "retour": reverse("gestion:demande", args=[numero]),
        "demande": demande,
        "arrete": arrete,
        "criteres": filtre.criteres,
        "affiche": ARRETEES.lire(filtre.restreindre(adresses_arretees(arrete)), requete.GET),
        "export": reverse("gestion:exporter_boites_arretees", args=[numero]),
    }
    return render(requete, "gestion/annuaire_sante/preuve.html", contexte)


@bouton_de(lecteurs_des_comptages)
@limite("exports", PERSONNE, 60, HEURE, quoi="exports")
@sert(Genre.ADRESSES)
def exporter_les_boites(requete: Requete, numero: str) -> HttpResponseBase:
    demande, arrete = _arrete(numero)
    lignes = _filtre(requete).restreindre(adresses_arretees(arrete))
    nom = f"boites-arretees-{demande.numero}.csv"
    document = Document(genre=Genre.ADRESSES, objet=demande.objet, sujet=demande.numero, nom=nom)
    return envoyer(requete, document, exporter(ARRETEES, lignes, requete.GET))
