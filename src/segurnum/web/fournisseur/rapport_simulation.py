"""What a supplier does with the report of a simulation: save it, have the file corrected."""

from collections.abc import Callable
from pathlib import PurePath

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

from segurnum.comptes.models import Profil
from segurnum.controles import Correction, Rapport
from segurnum.controles.phrases_rapport import COLONNES, tableau
from segurnum.controles.presentation import RapportPresente
from segurnum.depots import services
from segurnum.depots.models import Simulation
from segurnum.depots.queries import simulations_de
from segurnum.editique.tableur import en_octets
from segurnum.fichiers import services as fichiers
from segurnum.fichiers.documents import Document, Genre
from segurnum.kits.geste import faire
from segurnum.seuil.acces import Requete
from segurnum.seuil.arrivee import recu_le
from segurnum.seuil.limites import HEURE, PERSONNE, limite
from segurnum.seuil.telechargements import envoyer, sert
from segurnum.web.commun.tableur import Suite
from segurnum.web.fournisseur.acces import consultation, trouver

simulation_de = trouver(simulations_de)


def suites(simulation: Simulation, rapport: RapportPresente) -> list[Suite]:
    """What can be done with this report."""

    def adresse(nom: str) -> str:
        return reverse(f"fournisseur:{nom}", args=[simulation.pk])

    proposees = [Suite("Corriger ce qui est sûr", adresse("correction"))] if rapport.corrigeable else []
    if not rapport.anomalies:
        return proposees
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

    return _corriger(requete, simulation, page)


@consultation(profil=Profil.FOURNISSEUR)
@sert(Genre.IMPORT)
def fichier_corrige(requete: Requete, simulation: int) -> HttpResponse:
    """The corrected file; the very file when there is nothing to correct."""

    def fichier(ligne: Simulation, faite: Correction) -> HttpResponseBase:
        octets = faite.octets or fichiers.lire(ligne.fichier)
        return envoyer(requete, _document(ligne, "corrige", "json"), octets)

    return _corriger(requete, simulation, fichier)


def _corriger(
    requete: Requete, cle: int, montrer: Callable[[Simulation, Correction], HttpResponseBase]
) -> HttpResponse:
    """What is made of the correction; the report again, and why, when the file cannot be corrected."""
    ligne = simulation_de(requete, cle)

    def agir() -> HttpResponseBase:
        return montrer(ligne, services.corriger(ligne, recu_le=recu_le(requete)))

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
