"""Erasing what nobody owns any more: the file of a form that was never sent, of a piece that was removed."""

import re
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.core.files.storage import default_storage

from segurnum.fichiers.queries import sans_proprietaire
from segurnum.fichiers.services import effacer_octets, oublier

_CLE = re.compile(r"[0-9a-f]{2}/[0-9a-f]{2}/[0-9a-f]{64}")


def effacer_les_fichiers_sans_proprietaire(*, instant: datetime) -> int:
    """Erase the files older than `GARDE_FICHIERS` days that no document points to. Returns how many."""
    return sum(oublier(fichier) for fichier in sans_proprietaire(avant=_limite(instant)).iterator(1000))


def effacer_les_octets_sans_ligne(orphelins: Iterable[str], *, instant: datetime) -> int:
    """Erase the bytes as old that no row names: those of a transaction that failed. Returns how many."""
    anciens = (
        cle
        for cle in orphelins
        if _CLE.fullmatch(cle) and default_storage.get_modified_time(cle) < _limite(instant)
    )
    return sum(effacer_octets(cle) for cle in anciens)


def _limite(instant: datetime) -> datetime:
    return instant - timedelta(days=settings.GARDE_FICHIERS)
