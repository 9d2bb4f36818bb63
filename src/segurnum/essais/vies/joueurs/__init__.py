"""The players of each life cycle, which say themselves in `gestes.JOUEURS`."""

from segurnum.essais.vies.joueurs import argent, comptes, contestations, demandes, recouvrements

__all__ = ["argent", "comptes", "contestations", "demandes", "recouvrements"]
