"""What a supplier does with the report of a simulation: save it, have the file corrected."""

from collections.abc import Callable
from pathlib import PurePath
from typing import TypeVar

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from segurnum.comptes.auteurs import auteur
from segurnum.comptes.models import Profil
from segurnum.controles import Correction, Rapport
from segurnum.controles.phrases_rapport import COLONNES, tableau
from segurnum.controles.presentation import RapportPresente
from segurnum.controles.separation import Separation
from segurnum.demandes.permissions import peut_deposer
from segurnum.depots import services
from segurnum.depots.models import Simulation
from segurnum.depots.queries import simulations_de
from segurnum.editique.tableur import en_octets
from segurnum.fichiers import services as fichiers
from segurnum.fichiers.documents import Document, Genre
from segurnum.kits.geste import faire
from segurnum.seuil.acces import Requete, deposants
from segurnum.seuil.arrivee import recu_le
from segurnum.seuil.limites import ENTREPRISE, HEURE, PERSONNE, limite
from segurnum.seuil.telechargements import envoyer, sert
from segurnum.web.commun.tableur import Suite
from segurnum.web.fournisseur.acces import consultation, geste, trouver

Jugee = TypeVar("Jugee", Correction, Separation)
REPRISE = "titre-reprise"  # where, on the page of the report, the corrected file is dropped

simulation_de = trouver(simulations_de)


def suites(simulation: Simulation, rapport: RapportPresente) -> list[Suite]:
    """What can be done with this report."""

    def adresse(nom: str) -> str:
        return reverse(f"fournisseur:{nom}", args=[simulation.pk])

    if not rapport.anomalies:
        return []
    proposees = []
    if not rapport.conforme:
        proposees.append(Suite("Déposer le fichier corrigé", f"#{REPRISE}"))
    if rapport.corrigeable:
        proposees.append(Suite("Corriger ce qui est sûr", adresse("correction")))
    if rapport.separable:
        proposees.append(Suite("Écarter les demandes en erreur", adresse("separation")))
    formats = [Suite(f"Rapport ({genre.upper()})", adresse(f"rapport_{genre}")) for genre in ("csv", "json")]
    return [*proposees, *formats]


@consultation(profil=Profil.FOURNISSEUR)
@limite("rapports", PERSONNE, 60, HEURE, quoi="rapports", lectures=True)
@sert(Genre.IMPORT)
def rapport(requete: Requete, simulation: int, forme: str) -> HttpResponseBase:
    """The report of today, as a file."""
    ligne = simulation_de(requete, simulation)
    juge = services.rejouer(ligne, recu_le=recu_le(requete))
    return envoyer(requete, _document(ligne, "rapport", forme), _ecrire(juge, forme))


@consultation(profil=Profil.FOURNISSEUR)
def correction(requete: Requete, simulation: int) -> HttpResponse:
    """What « Corriger » changes, before the file is saved."""

    def page(ligne: Simulation, faite: Correction) -> HttpResponse:
        contexte = {"etape": "simulation", "simulation": ligne, "correction": faite}
        return render(requete, "fournisseur/correction.html", contexte)

    return _faire_de(requete, simulation, services.corriger, page)


@consultation(profil=Profil.FOURNISSEUR)
@sert(Genre.IMPORT)
def fichier_corrige(requete: Requete, simulation: int) -> HttpResponse:
    """The corrected file; the very file when there is nothing to correct."""

    def fichier(ligne: Simulation, faite: Correction) -> HttpResponseBase:
        octets = faite.octets or fichiers.lire(ligne.fichier)
        return envoyer(requete, _document(ligne, "corrige", "json"), octets)

    return _faire_de(requete, simulation, services.corriger, fichier)


def _faire_de(
    requete: Requete,
    cle: int,
    juger: Callable[..., Jugee],
    montrer: Callable[[Simulation, Jugee], HttpResponseBase],
) -> HttpResponse:
    """What is made of a file judged anew; the report again, and why, where nothing can be."""
    ligne = simulation_de(requete, cle)

    def agir() -> HttpResponseBase:
        return montrer(ligne, juger(ligne, recu_le=recu_le(requete)))

    return faire(requete, agir, reverse("fournisseur:simulation", args=[ligne.pk]))


@consultation(profil=Profil.FOURNISSEUR)
def separation(requete: Requete, simulation: int) -> HttpResponse:
    """« Écarter les demandes en erreur »: which they are, before anything is simulated without them."""

    def page(ligne: Simulation, faite: Separation) -> HttpResponse:
        contexte = {
            "etape": "simulation",
            "simulation": ligne,
            "ecartees": faite.pourquoi,
            "peut_simuler": peut_deposer(requete.user),
        }
        return render(requete, "fournisseur/separation.html", contexte)

    return _faire_de(requete, simulation, services.separer, page)


@consultation(profil=Profil.FOURNISSEUR)
@sert(Genre.IMPORT)
def demandes_ecartees(requete: Requete, simulation: int) -> HttpResponse:
    """The file of the requests that were set aside, to be put right later."""

    def fichier(ligne: Simulation, faite: Separation) -> HttpResponseBase:
        return envoyer(requete, _document(ligne, "ecartees", "json"), faite.ecartees)

    return _faire_de(requete, simulation, services.separer, fichier)


@geste(deposants, profil=Profil.FOURNISSEUR)
@limite("simulations", ENTREPRISE, 300, HEURE, quoi="simulations")
def simuler_sans(requete: Requete, simulation: int) -> HttpResponse:
    """The requests that are right, simulated at once under the same choices."""
    ligne = simulation_de(requete, simulation)

    def agir() -> HttpResponse:
        faite = services.simuler_sans_les_fautives(
            simulation=ligne, auteur=auteur(requete.user), recu_le=recu_le(requete)
        )
        messages.success(requete, "Les demandes en erreur sont écartées : voici le rapport des autres.")
        return redirect("fournisseur:simulation", faite.pk)

    return faire(requete, agir, reverse("fournisseur:simulation", args=[ligne.pk]))


def _ecrire(juge: Rapport, forme: str) -> bytes:
    return b"".join(en_octets(COLONNES, tableau(juge))) if forme == "csv" else juge.en_json().encode()


def _document(ligne: Simulation, quoi: str, forme: str) -> Document:
    radical = PurePath(ligne.nom_fichier).stem
    return Document(
        genre=Genre.IMPORT,
        objet=f"simulation:{ligne.pk}:{quoi}",
        nom=f"{radical}-{quoi}.{forme}",
        entreprise=ligne.entreprise_id,
    )
