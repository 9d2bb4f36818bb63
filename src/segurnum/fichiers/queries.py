"""Finding a stored file; proving that every row has its file, and every file its row."""

from dataclasses import dataclass, field
from datetime import datetime

from django.core.files.storage import default_storage
from django.db.models import Exists, ForeignObjectRel, OuterRef, QuerySet
from django.db.models.functions import Collate

from segurnum.fichiers.models import Fichier
from segurnum.fichiers.services import empreinte_de, ouvrir
from segurnum.fichiers.stockage import inventaire

LOT = 1000


@dataclass
class Rapprochement:
    """What differs between the rows and the store. `orphelins` are harmless: a crash between the two writes."""

    lignes: int = 0
    perdus: list[str] = field(default_factory=list)
    alteres: list[str] = field(default_factory=list)
    orphelins: list[str] = field(default_factory=list)

    @property
    def intact(self) -> bool:
        """True when nothing that a row promises is missing or changed."""
        return not self.perdus and not self.alteres


def par_cle(cle: int) -> Fichier | None:
    return Fichier.objects.filter(pk=cle).first()


def sans_proprietaire(*, avant: datetime) -> QuerySet[Fichier]:
    """The files stored before this instant that no document points to, whatever the domain of the documents."""
    lignes = Fichier.objects.filter(cree_le__lt=avant).order_by("pk")
    for relation in Fichier._meta.get_fields(include_hidden=True):
        if isinstance(relation, ForeignObjectRel):
            documents = relation.related_model._base_manager.filter(**{relation.field.name: OuterRef("pk")})
            lignes = lignes.exclude(Exists(documents))
    return lignes


def rapprocher(*, relire: bool = False) -> Rapprochement:
    """Compare the rows with the store. `relire` computes each digest again, which reads every octet.

    Both are read in the order of the keys, side by side, so that memory does not grow with them. What seems to be
    missing is looked at once more: it may have come, or gone, meanwhile.
    """
    resultat = Rapprochement()
    stocke = inventaire(default_storage)
    present = next(stocke, None)
    # The order of a store's listing, whatever the language of the database.
    for fichier in Fichier.objects.order_by(Collate("empreinte", "C")).iterator(LOT):
        resultat.lignes += 1
        while present is not None and present[0] < fichier.cle:
            resultat.orphelins.append(present[0])
            present = next(stocke, None)
        taille = None
        if present is not None and present[0] == fichier.cle:
            taille = present[1]
            present = next(stocke, None)
        _juger(fichier, taille, resultat, relire)
    while present is not None:
        resultat.orphelins.append(present[0])
        present = next(stocke, None)
    return resultat


def _juger(fichier: Fichier, taille: int | None, resultat: Rapprochement, relire: bool) -> None:
    """Sort one row, whose bytes had this size in the listing (None: they were not there)."""
    if taille == fichier.taille and not relire:
        return
    if not default_storage.exists(fichier.cle):
        if Fichier.objects.filter(pk=fichier.pk).exists():
            resultat.perdus.append(fichier.empreinte)
    elif not _est_intact(fichier, relire):
        resultat.alteres.append(fichier.empreinte)


def _est_intact(fichier: Fichier, relire: bool) -> bool:
    if not relire:
        return default_storage.size(fichier.cle) == fichier.taille
    with ouvrir(fichier) as flux:
        return empreinte_de(flux) == (fichier.empreinte, fichier.taille)
