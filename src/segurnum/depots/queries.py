"""Reading deposits. Every read starts from the company that deposited."""

from django.db.models import QuerySet

from segurnum.comptes.models import Entreprise
from segurnum.demandes.models import Demande
from segurnum.depots.models import Depot, Simulation


def simulations_de(entreprise: Entreprise) -> QuerySet[Simulation]:
    return Simulation.objects.filter(entreprise=entreprise).select_related(
        "enrolement__referencement", "enrolement__entreprise", "fichier"
    )


def depots_de(entreprise: Entreprise) -> QuerySet[Depot]:
    return Depot.objects.filter(entreprise=entreprise).select_related(
        "enrolement__referencement", "entree", "sortie"
    )


def depot_issu_de(simulation: Simulation) -> Depot | None:
    """The import that was made of a simulation, if it was imported."""
    return Depot.objects.filter(simulation=simulation).first()


def demandes_du_depot(depot: Depot) -> QuerySet[Demande]:
    """The requests that the import created, in the file's order."""
    return Demande.objects.filter(ligne_depot__depot=depot).order_by("ligne_depot__rang")
