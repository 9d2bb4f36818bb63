"""Exports asked for, prepared, forgotten; and the bytes of one, whoever makes it."""

import logging
import tempfile
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import BinaryIO

from django.conf import settings
from django.db import transaction
from procrastinate.contrib.django import app

from segurnum.comptes.auteurs import Auteur
from segurnum.comptes.droits import reserve
from segurnum.comptes.models import Entreprise, Utilisateur
from segurnum.editique.classeur import ecrire_classeur
from segurnum.exports.listes import Liste, liste_de
from segurnum.exports.models import Contenu, EtatExport, Export, Forme
from segurnum.fichiers.services import TRANCHE, deposer, oublier
from segurnum.pannes import partie_en_panne
from segurnum.regles.calendrier import maintenant
from segurnum.regles.erreurs import GesteImpossible
from segurnum.regles.gestes import GesteEntreprise

journal = logging.getLogger(__name__)

TACHE = "exports.preparer"
IMMEDIATES = 10_000  # rows that are sent at once: beyond, the worker prepares them
GARDE = timedelta(hours=24)
ENSEMBLE = 5  # exports of a person in preparation together


def composer(
    liste: Liste, entreprise: Entreprise, cles: Sequence[int], ordre: Sequence[str], forme: Forme
) -> Iterator[bytes]:
    """The file of these requests, piece after piece: a lot of rows is held in memory, however many there are."""
    if forme is Forme.CSV:
        yield from liste.en_csv(entreprise, cles, ordre)
        return
    with _passage() as flux:
        rangees = liste.rangees(entreprise, cles, ordre)
        ecrire_classeur(flux, liste.titres, rangees, dossier=str(settings.FILE_UPLOAD_TEMP_DIR))
        flux.seek(0)
        while tranche := flux.read(TRANCHE):
            yield tranche


def _passage() -> BinaryIO:
    """A file that has no name, and goes with who holds it."""
    return tempfile.TemporaryFile(dir=settings.FILE_UPLOAD_TEMP_DIR)


@reserve(GesteEntreprise.EXPORTER)
@transaction.atomic
def demander(
    *,
    auteur: Auteur,
    entreprise: Entreprise,
    contenu: Contenu,
    forme: Forme,
    nom: str,
    cles: Sequence[int],
    ordre: Sequence[str],
    dsr: str = "",
) -> Export:
    """Queue an export of these requests. Raises GesteImpossible when the person waits for five already."""
    Utilisateur.objects.select_for_update(no_key=True).get(pk=auteur.personne)
    attendus = Export.objects.filter(personne=auteur.personne, etat=EtatExport.EN_PREPARATION)
    if attendus.count() >= ENSEMBLE:
        raise GesteImpossible(
            f"{ENSEMBLE} de vos exports sont déjà en préparation : attendez que l'un d'eux soit prêt."
        )
    export = Export.objects.create(
        entreprise=entreprise,
        personne_id=auteur.personne,
        contenu=contenu,
        forme=forme,
        dsr=dsr,
        nom=nom,
        cles=list(cles),
        ordre=list(ordre),
        total=len(cles),
        demande_le=maintenant(),
    )
    app.configure_task(TACHE, queue="exports", lock=f"export:{export.pk}").defer(export=export.pk)
    return export


def preparer(*, export: int) -> None:
    """Write the file of an export and offer it for a day. Begun again from its first row by another worker.

    What is not an outage makes it fail, once: who asked for it reads so.
    """
    ligne = Export.objects.filter(pk=export, etat=EtatExport.EN_PREPARATION).select_related("entreprise")
    a_faire = ligne.first()
    if a_faire is None:
        return
    try:
        _preparer(a_faire)
    except Exception as erreur:
        if partie_en_panne(erreur) is not None:
            raise
        journal.exception("L'export %s n'a pas été préparé.", export)
        Export.objects.filter(pk=export).update(etat=EtatExport.ECHOUE)


def _preparer(export: Export) -> None:
    liste = liste_de(export.contenu, export.dsr)
    suivie = _Suivie(export.cles, lambda faites: Export.objects.filter(pk=export.pk).update(faites=faites))
    with _passage() as flux:
        for octets in composer(liste, export.entreprise, suivie, export.ordre, export.forme):
            flux.write(octets)
        with transaction.atomic():
            fichier = deposer(flux=flux)
            Export.objects.filter(pk=export.pk, etat=EtatExport.EN_PREPARATION).update(
                etat=EtatExport.PRET,
                faites=export.total,
                fichier=fichier,
                expire_le=maintenant() + GARDE,
                cles=[],
            )


class _Suivie(Sequence[int]):
    """Keys that tell how many of them have been asked for."""

    def __init__(self, cles: Sequence[int], dire: Callable[[int], object]) -> None:
        self.cles, self.dire = cles, dire

    def __len__(self) -> int:
        return len(self.cles)

    def __getitem__(self, rang: int | slice) -> Sequence[int]:  # type: ignore[override]
        if isinstance(rang, slice):
            self.dire(rang.start or 0)
            return self.cles[rang]
        return self.cles[rang]  # type: ignore[return-value]


def purger(*, instant: datetime) -> int:
    """Forget the exports whose day is over, with their files, and those that never came. Returns how many."""
    perimes = Export.objects.filter(demande_le__lt=instant - GARDE).exclude(expire_le__gt=instant)
    faits = 0
    for export in perimes.select_related("fichier"):
        with transaction.atomic():
            export.delete()
            if export.fichier is not None:
                oublier(export.fichier)
        faits += 1
    return faits
