"""Finding a stored file; proving that every row has its file, and every file its row."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from django.core.files.storage import default_storage
from django.db.models import Exists, ForeignObjectRel, OuterRef, QuerySet

from segurnum.fichiers.models import Fichier
from segurnum.fichiers.services import empreinte_de, ouvrir

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
    """Compare the rows with the store. `relire` computes each digest again, which reads every octet."""
    resultat = Rapprochement()
    connues = set()
    for fichier in Fichier.objects.order_by("pk").iterator(LOT):
        resultat.lignes += 1
        connues.add(fichier.cle)
        if not default_storage.exists(fichier.cle):
            resultat.perdus.append(fichier.empreinte)
        elif not _est_intact(fichier, relire):
            resultat.alteres.append(fichier.empreinte)
    resultat.orphelins = [cle for cle in _cles_du_stockage() if cle not in connues]
    return resultat


def _est_intact(fichier: Fichier, relire: bool) -> bool:
    if not relire:
        return default_storage.size(fichier.cle) == fichier.taille
    with ouvrir(fichier) as flux:
        return empreinte_de(flux) == (fichier.empreinte, fichier.taille)


def _cles_du_stockage(dossier: str = "") -> Iterator[str]:
    try:
        dossiers, fichiers = default_storage.listdir(dossier)
    except FileNotFoundError:
        return
    prefixe = f"{dossier}/" if dossier else ""
    yield from (f"{prefixe}{nom}" for nom in sorted(fichiers))
    for nom in sorted(dossiers):
        yield from _cles_du_stockage(f"{prefixe}{nom}")
