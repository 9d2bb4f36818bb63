"""From a spreadsheet to the file that is deposited, and back: the models to fill in, and their converter."""

from pathlib import PurePath
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from segurnum.controles.presentation import presenter
from segurnum.couloirs import Couloir
from segurnum.fichiers import formats
from segurnum.fichiers.documents import Genre
from segurnum.limites.models import Interrupteur
from segurnum.regles.cycles import TypeDemande
from segurnum.seuil.acces import formulaire_public, page_publique
from segurnum.seuil.documents import publie
from segurnum.seuil.limites import ferme_par, sans_ecriture
from segurnum.seuil.telechargements import envoyer, proteger, sert
from segurnum.tableurs import classeur_du_rapport, plan_de
from segurnum.tableurs import modele as modele_vierge
from segurnum.web.commun.tableur import FICHIER, FormulaireDemandes, lire, suites_tenues


@page_publique
@sert(Genre.PUBLIE)
def modele(requete: HttpRequest, couloir: Couloir, type_demande: TypeDemande) -> HttpResponseBase:
    """The workbook to fill in."""
    nom = f"{couloir.dsr}-{type_demande.value.lower()}-modele.xlsx"
    return envoyer(requete, publie(nom), modele_vierge(plan_de(couloir, type_demande)))


@formulaire_public("convertisseur", 100, quoi="conversions")
@FICHIER.recoit
@sans_ecriture
@ferme_par(Interrupteur.Cle.SIMULATEUR)
def convertir(requete: HttpRequest) -> HttpResponse:
    """A spreadsheet comes back as JSON, a JSON file as a spreadsheet; or the report that says why not."""

    def page(form: FormulaireDemandes, statut: int, **rapport: Any) -> HttpResponse:
        return render(requete, "public/convertisseur.html", {"form": form, **rapport}, status=statut)

    def agir(form: FormulaireDemandes) -> HttpResponse:
        fichier = form.cleaned_data["fichier"]
        conversion, rapport = lire(fichier.name, fichier.read(), form.contexte)
        tronc = PurePath(fichier.name).stem
        if conversion is None and rapport.demandes_normalisees:
            return _rendre(f"{tronc}.xlsx", classeur_du_rapport(rapport))
        if conversion is not None and conversion.reussie:
            return _rendre(f"{tronc}.json", conversion.octets)
        gardes = suites_tenues(rapport, None, fichier.name)
        return page(FormulaireDemandes(), 422, nom=fichier.name, rapport=presenter(rapport), suites=gardes)

    return FICHIER.servir(requete, FormulaireDemandes, agir, page)


def _rendre(nom: str, octets: bytes) -> HttpResponse:
    """What the person sent, in its other form: nothing of it is kept."""
    return proteger(HttpResponse(octets, content_type=formats.type_de(nom)), nom)
