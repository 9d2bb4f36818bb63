"""« Importer mes demandes »: simulate a file, import it, read what became of each request (JSN-001 to JSN-015)."""

from functools import partial
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from segurnum.comptes.auteurs import auteur
from segurnum.comptes.models import Profil
from segurnum.controles import Rapport
from segurnum.demandes.permissions import peut_deposer
from segurnum.depots import services
from segurnum.depots.models import Depot, Simulation
from segurnum.depots.queries import depot_issu_de, depots_de, simulations_de
from segurnum.enrolements.queries import qui_deposent_en_json
from segurnum.fichiers.documents import Document, Genre
from segurnum.regles.cycles import TypeDemande
from segurnum.web.commun.acces import Requete, entreprise_de, reserve_a
from segurnum.web.commun.arrivee import recu_le
from segurnum.web.commun.documents import json_de_sortie, json_depose
from segurnum.web.commun.exemples import source
from segurnum.web.commun.limites import ENTREPRISE, HEURE, limite
from segurnum.web.commun.presentation_rapport import presenter
from segurnum.web.commun.telechargements import envoyer, sert, servir
from segurnum.web.fournisseur import presentation
from segurnum.web.fournisseur.acces import deposants
from segurnum.web.fournisseur.formulaires import FormulaireImport
from segurnum.web.kits.geste import faire
from segurnum.web.kits.tableau import PAR_PAGE
from segurnum.web.kits.televersement import JSON, Televersement

FICHIER = Televersement(
    "fichier", JSON, "partagez les demandes entre plusieurs fichiers, de 200 demandes au plus", garde=False
)


@reserve_a(Profil.FOURNISSEUR)
@FICHIER.recoit
@deposants
@limite("simulations", ENTREPRISE, 300, HEURE, quoi="simulations")
@require_http_methods(["GET", "HEAD", "POST"])
def importer(requete: Requete) -> HttpResponse:
    """The four fields, and « Simuler »."""
    enrolements = list(qui_deposent_en_json(entreprise_de(requete)))

    def simuler(form: FormulaireImport) -> HttpResponse:
        saisie = form.cleaned_data
        resultat = services.simuler(
            enrolement=saisie["enrolement"],
            auteur=auteur(requete.user),
            type_demande=TypeDemande(saisie["type_demande"]),
            taux_tva=saisie["taux_tva"],
            nom_fichier=saisie["fichier"].name,
            octets=saisie["fichier"].read(),
            recu_le=recu_le(requete),
        )
        return redirect("fournisseur:simulation", resultat.simulation.pk)

    def page(form: FormulaireImport, statut: int) -> HttpResponse:
        exemples = source()
        contexte = {
            "form": form,
            "etape": "simulation",
            "entreprise": entreprise_de(requete),
            "fenetres": presentation.fenetres(enrolements, recu_le(requete)),
            "peut_deposer": peut_deposer(requete.user),
            "exemples": exemples.catalogue(entreprise_de(requete)) if exemples and enrolements else [],
        }
        return render(requete, "fournisseur/importation.html", contexte, status=statut)

    return FICHIER.servir(requete, partial(FormulaireImport, enrolements), simuler, page)


@reserve_a(Profil.FOURNISSEUR)
@require_safe
def simulation(requete: Requete, simulation: int) -> HttpResponse:
    """The report, on the state of today; « Importer » takes this very file."""
    ligne = get_object_or_404(simulations_de(entreprise_de(requete)), pk=simulation)
    depot = depot_issu_de(ligne)
    contexte: dict[str, Any] = {
        "etape": "simulation",
        "entreprise": entreprise_de(requete),
        "simulation": ligne,
        "type_demande": TypeDemande(ligne.type),
        "depot": depot,
        "peut_importer": False,
    }
    if depot is None:
        contexte |= _etat_du_jour(requete, ligne, services.rejouer(ligne, recu_le=recu_le(requete)))
    return render(requete, "fournisseur/simulation.html", contexte)


def _etat_du_jour(requete: Requete, ligne: Simulation, rapport: Rapport) -> dict[str, Any]:
    conforme = rapport.conforme
    dsr = ligne.enrolement.referencement.dsr
    return {
        "rapport": presenter(rapport),
        "conforme": conforme,
        "recap": presentation.recap(rapport, TypeDemande(ligne.type), dsr) if conforme else None,
        "rejets": len(rapport.demandes_rejetees()),
        # The file was right, and something happened since: what is still right may be imported.
        "change": ligne.conforme != conforme,
        "peut_importer": ligne.conforme and not rapport.erreurs_fichier() and peut_deposer(requete.user),
    }


@reserve_a(Profil.FOURNISSEUR)
@deposants
@limite("imports", ENTREPRISE, 100, HEURE, quoi="imports")
@require_POST
def importer_simulation(requete: Requete, simulation: int) -> HttpResponse:
    ligne = get_object_or_404(simulations_de(entreprise_de(requete)), pk=simulation)

    def agir() -> HttpResponse:
        depot = services.importer(simulation=ligne.pk, auteur=auteur(requete.user), recu_le=recu_le(requete))
        return redirect("fournisseur:depot", depot.pk)

    return faire(requete, agir, reverse("fournisseur:simulation", args=[ligne.pk]))


@reserve_a(Profil.FOURNISSEUR)
@require_safe
def depot(requete: Requete, depot: int) -> HttpResponse:
    """« Compte rendu de l'import » (JSN-013, JSN-014)."""
    ligne = depot_de(requete, depot)
    contexte = {
        "etape": "importation",
        "entreprise": entreprise_de(requete),
        "depot": ligne,
        "page": Paginator(presentation.resultats(ligne), PAR_PAGE).get_page(requete.GET.get("page")),
    }
    return render(requete, "fournisseur/depot.html", contexte)


def depot_de(requete: Requete, cle: int) -> Depot:
    """An import of this company; 404 for another's as for none."""
    return get_object_or_404(depots_de(entreprise_de(requete)), pk=cle)


@reserve_a(Profil.FOURNISSEUR)
@require_safe
@sert(Genre.IMPORT)
def sortie(requete: Requete, depot: int) -> HttpResponseBase:
    """The output file, with the number of each request (JSN-053)."""
    return servir(requete, json_de_sortie(depot_de(requete, depot)))


@reserve_a(Profil.FOURNISSEUR)
@require_safe
@sert(Genre.IMPORT)
def entree(requete: Requete, depot: int) -> HttpResponseBase:
    """The file as it was deposited, byte for byte."""
    return servir(requete, json_depose(depot_de(requete, depot)))


@reserve_a(Profil.FOURNISSEUR)
@require_safe
@sert(Genre.EXEMPLE)
def exemple(requete: Requete, nom: str) -> HttpResponseBase:
    """A sample of the demonstration, ready to be deposited by this company."""
    exemples = source()
    if exemples is None:
        raise Http404
    try:
        octets, _ = exemples.lire(nom, entreprise_de(requete))
    except KeyError as inconnu:
        raise Http404 from inconnu
    return envoyer(requete, Document(genre=Genre.EXEMPLE, objet=f"exemple:{nom}", nom=nom), octets)
