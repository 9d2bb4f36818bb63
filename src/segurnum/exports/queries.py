"""Reading the exports that a company asked for."""

from datetime import datetime

from django.db.models import Q, QuerySet

from segurnum.comptes.models import Entreprise
from segurnum.exports.models import Export
from segurnum.exports.services import GARDE
from segurnum.fichiers.documents import Document, Genre


def de_l_entreprise(entreprise: Entreprise, instant: datetime) -> QuerySet[Export]:
    """Those that are still to come or to be opened, the last asked for first."""
    vivants = Q(expire_le__gt=instant) | Q(expire_le=None, demande_le__gt=instant - GARDE)
    siens = Export.objects.filter(vivants, entreprise=entreprise)
    return siens.select_related("fichier", "personne", "entreprise").defer("cles").order_by("-pk")


def document(export: Export) -> Document:
    return Document(
        genre=Genre.EXPORT,
        objet=f"export:{export.pk}",
        sujet=export.nom,
        nom=export.nom,
        fichier=export.fichier,
        entreprise=export.entreprise_id,
    )
