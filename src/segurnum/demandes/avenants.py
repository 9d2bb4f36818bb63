"""Copying a request into a new avenant: what a cancellation leaves behind it."""

from django.db import models

from segurnum.demandes.models import Beneficiaire, Demande, PieceJustificative, VersionDemande
from segurnum.regles.cycles import StatutDemande


def nouvel_avenant(demande: Demande, *, statut: StatutDemande) -> Demande:
    """A request like this one, with all that belongs to it, in another status. The original is left as it is."""
    avenant = Demande.objects.get(pk=demande.pk)
    avenant.pk = None
    avenant._state.adding = True
    avenant.statut = statut
    avenant.save()
    for sorte in (VersionDemande, Beneficiaire, PieceJustificative):
        _copier(sorte, demande, avenant)
    return avenant


def _copier(sorte: type[models.Model], de: Demande, vers: Demande) -> None:
    copies = list(sorte._default_manager.filter(demande=de))
    for copie in copies:
        copie.pk = None
        copie._state.adding = True
        copie.demande = vers  # type: ignore[attr-defined]
    sorte._default_manager.bulk_create(copies)
