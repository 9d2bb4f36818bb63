"""Reading deposits. Every read of a supplier starts from the company that deposited."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from segurnum.comptes.models import Entreprise, Utilisateur
from segurnum.demandes.models import Demande
from segurnum.demandes.recherche import deposees_entre
from segurnum.depots.models import ATTENDUES, RETARD, Archive, Depot, PieceEnSuspens, Simulation
from segurnum.recepisses.models import Recepisse
from segurnum.recepisses.queries import recepisses_citant
from segurnum.regles.cycles import StatutDemande


def sujets_de(demande: Demande) -> tuple[str, ...]:
    """How the mails name a request, and the deposit that brought it with others."""
    depot = Depot.objects.filter(lignes__demande=demande).first()
    return (demande.objet, depot.sujet) if depot else (demande.objet,)


def recepisses_de_la_demande(demande: Demande) -> QuerySet[Recepisse]:
    """Those that speak of it: what an import attests of its other requests is not for its page."""
    sujets = sujets_de(demande)
    return recepisses_citant(
        demande.entreprise,
        sujets[0],
        sujets[-1],
        nom=f"Demande {demande.numero}",
        detail=f"n° éditeur {demande.numero_editeur}",
    )


def simulations_de(entreprise: Entreprise) -> QuerySet[Simulation]:
    return Simulation.objects.filter(entreprise=entreprise).select_related(
        "enrolement__referencement", "enrolement__entreprise", "fichier"
    )


def derniere_simulation(entreprise: Entreprise, personne: Utilisateur) -> Simulation | None:
    """The last file that this person simulated for this company: what was chosen then is proposed again."""
    return simulations_de(entreprise).filter(auteur=personne).order_by("-pk").first()


def depots_de(entreprise: Entreprise) -> QuerySet[Depot]:
    return Depot.objects.filter(entreprise=entreprise).select_related(
        "enrolement__referencement", "entree", "sortie"
    )


def depots_selon(entreprise: Entreprise, criteres: Mapping[str, Any]) -> QuerySet[Depot]:
    """The company's imports that the search criteria keep (JSN-047)."""
    lignes = depots_de(entreprise)
    if numero := criteres.get("numero_ans", "").strip():
        lignes = lignes.filter(enrolement__referencement__numero_ans__icontains=numero)
    if type_demande := criteres.get("type_demande"):
        lignes = lignes.filter(type=type_demande)
    return deposees_entre(lignes, criteres.get("du"), criteres.get("au"))


def depot_issu_de(simulation: Simulation) -> Depot | None:
    """The import that was made of a simulation, if it was imported."""
    return Depot.objects.filter(simulation=simulation).first()


def demandes_du_depot(depot: Depot) -> QuerySet[Demande]:
    """The requests that the import created, in the file's order."""
    return Demande.objects.filter(ligne_depot__depot=depot).order_by("ligne_depot__rang")


def controles_a_suivre(instant: datetime) -> QuerySet[Archive]:
    """The ZIPs whose check is late or was given up, while their requests still wait for it; the oldest first."""
    en_retard = Q(etat__in=ATTENDUES) & (Q(panne_depuis__isnull=False) | Q(avance_le__lt=instant - RETARD))
    incomplete = Demande.objects.filter(statut=StatutDemande.NON_COMPLETEE)
    attendent = Exists(incomplete.filter(ligne_depot__depot=OuterRef("depot"))) | Q(
        Exists(incomplete.filter(entreprise=OuterRef("entreprise"))), depot__isnull=True
    )
    remplacee = Archive.objects.filter(
        Q(depot=OuterRef("depot")) | Q(depot__isnull=True, recue_le__gt=OuterRef("recue_le")),
        entreprise=OuterRef("entreprise"),
        etat=Archive.Etat.CONFORME,
    )
    return (
        Archive.objects.filter(en_retard | Q(etat=Archive.Etat.ILLISIBLE), depot__termine_le=None)
        .filter(attendent)
        .exclude(Exists(remplacee))
        .select_related("entreprise", "depot", "fichier")
        .order_by("recue_le", "pk")
    )


def archives_pour_toutes(entreprise: Entreprise) -> QuerySet[Archive]:
    """The ZIPs that a company sent for all its incomplete requests, the last first."""
    return (
        Archive.objects.filter(entreprise=entreprise, depot__isnull=True)
        .select_related("fichier")
        .order_by("-pk")
    )


def en_suspens(entreprise: Entreprise) -> QuerySet[PieceEnSuspens]:
    """The files whose request is still to be said."""
    return (
        PieceEnSuspens.objects.filter(archive__entreprise=entreprise).select_related("archive").order_by("pk")
    )


def archive_par_cle(cle: int) -> Archive | None:
    return Archive.objects.filter(pk=cle).first()
