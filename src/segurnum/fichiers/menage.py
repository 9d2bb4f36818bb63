"""Erasing what nobody owns any more: the file of a form that was never sent, of a piece that was removed."""

from datetime import datetime, timedelta

from django.conf import settings

from segurnum.fichiers.queries import sans_proprietaire
from segurnum.fichiers.services import oublier


def effacer_les_fichiers_sans_proprietaire(*, instant: datetime) -> int:
    """Erase the files older than `GARDE_FICHIERS` days that no document points to. Returns how many."""
    limite = instant - timedelta(days=settings.GARDE_FICHIERS)
    return sum(oublier(fichier) for fichier in sans_proprietaire(avant=limite).iterator(1000))
