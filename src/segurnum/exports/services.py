"""Exports asked for, prepared, given up, forgotten; and the bytes of one, whoever makes it."""

import logging
import tempfile
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, BinaryIO

from django.conf import settings
from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from segurnum.comptes.auteurs import Auteur
from segurnum.comptes.droits import reserve
from segurnum.comptes.models import Entreprise, Utilisateur
from segurnum.controles.problemes import nombre_fr
from segurnum.courriels.adresses import adresse_de
from segurnum.courriels.services import Envoi, envoyer
from segurnum.courriels.textes import rediger
from segurnum.editique.classeur import ecrire_classeur
from segurnum.entretien.balayages import un_par_un
from segurnum.exports.listes import Liste, liste_de
from segurnum.exports.models import Contenu, EtatExport, Export, Forme
from segurnum.fichiers.services import TRANCHE, deposer, oublier
from segurnum.notifications import services as notifications
from segurnum.notifications.queries import preferences_de
from segurnum.pannes import partie_en_panne
from segurnum.regles.calendrier import instant_fr, maintenant
from segurnum.regles.erreurs import GesteImpossible
from segurnum.regles.gestes import GesteEntreprise
from segurnum.regles.notifications import Famille, Mode, Page

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
    _exiger_une_place(auteur)
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
    _mettre_en_file(export)
    return export


def _exiger_une_place(auteur: Auteur) -> None:
    """Of two askings of one person at once, the second counts the first."""
    Utilisateur.objects.select_for_update(no_key=True).get(pk=auteur.personne)
    attendus = Export.objects.filter(personne=auteur.personne, etat=EtatExport.EN_PREPARATION)
    if attendus.count() >= ENSEMBLE:
        raise GesteImpossible(
            f"{ENSEMBLE} de vos exports sont déjà en préparation : attendez que l'un d'eux soit prêt."
        )


def _mettre_en_file(export: Export) -> None:
    app.configure_task(TACHE, queue="exports", lock=_verrou(export.pk)).defer(export=export.pk)


def _verrou(export: int) -> str:
    return f"export:{export}"


@reserve(GesteEntreprise.EXPORTER)
@transaction.atomic
def redemander(*, auteur: Auteur, entreprise: Entreprise, export: int) -> None:
    """Prepare again, for the person who asks now, what could not be. Raises GesteImpossible when it did not fail."""
    _exiger_une_place(auteur)
    ligne = _tenir(export, EtatExport.ECHOUE, entreprise=entreprise)
    if ligne is None:
        raise GesteImpossible("Cet export n'est plus à demander de nouveau : rechargez la page.")
    ligne.etat, ligne.faites, ligne.demande_le = EtatExport.EN_PREPARATION, 0, maintenant()
    ligne.personne_id = auteur.personne
    ligne.save(update_fields=["etat", "faites", "demande_le", "personne"])
    _mettre_en_file(ligne)


@reserve(GesteEntreprise.EXPORTER)
@transaction.atomic
def annuler(*, auteur: Auteur, entreprise: Entreprise, export: int) -> None:
    """Give up an export in preparation: its worker stops at its next lot.

    Raises GesteImpossible for somebody else than who asked for it, and once it is prepared.
    """
    ligne = _tenir(export, EtatExport.EN_PREPARATION, entreprise=entreprise)
    if ligne is None:
        raise GesteImpossible("Cet export n'est plus en préparation : rechargez la page.")
    if ligne.personne_id != auteur.personne:
        raise GesteImpossible("Seule la personne qui a demandé cet export peut l'annuler.")
    ligne.delete()


def _tenir(export: int, etat: EtatExport, **criteres: Any) -> Export | None:
    """The row in that state, held until the end of the transaction."""
    lignes = Export.objects.filter(pk=export, etat=etat, **criteres)
    return lignes.select_for_update(of=("self",)).select_related("entreprise", "personne").first()


class _Abandon(Exception):
    """The export was cancelled, or its day ended, while it was written."""


def preparer(*, export: int) -> None:
    """Write the file of an export and offer it for a day. Begun again from its first row by another worker.

    What is not an outage makes it fail, once: who asked for it is told.
    """
    ligne = Export.objects.filter(pk=export, etat=EtatExport.EN_PREPARATION).select_related("entreprise")
    a_faire = ligne.first()
    if a_faire is None:
        return
    try:
        _preparer(a_faire)
    except _Abandon:
        journal.info("L'export %s n'est plus attendu.", export)
    except Exception as erreur:
        if partie_en_panne(erreur) is not None:
            raise
        journal.exception("L'export %s n'a pas été préparé.", export)
        with transaction.atomic():
            _echouer(export)


def _preparer(export: Export) -> None:
    def avancer(faites: int) -> None:
        if not Export.objects.filter(pk=export.pk, etat=EtatExport.EN_PREPARATION).update(faites=faites):
            raise _Abandon

    liste = liste_de(export.contenu, export.dsr)
    suivie = _Suivie(export.cles, avancer)
    with _passage() as flux:
        for octets in composer(liste, export.entreprise, suivie, export.ordre, export.forme):
            flux.write(octets)
        with transaction.atomic():
            _offrir(export.pk, flux)


def _offrir(export: int, flux: BinaryIO) -> None:
    """The row is held before its file is kept: nobody takes it away meanwhile, and no file is left without its row."""
    ligne = _tenir(export, EtatExport.EN_PREPARATION)
    if ligne is None:
        raise _Abandon
    ligne.etat, ligne.faites, ligne.cles = EtatExport.PRET, ligne.total, []
    ligne.fichier, ligne.expire_le = deposer(flux=flux), maintenant() + GARDE
    ligne.save(update_fields=["etat", "faites", "cles", "fichier", "expire_le"])
    _dire(ligne, "M118", f"L'export {ligne.nom} est prêt")


def _echouer(export: int) -> bool:
    """In the caller's transaction. Returns whether it was still in preparation."""
    ligne = _tenir(export, EtatExport.EN_PREPARATION)
    if ligne is None:
        return False
    ligne.etat = EtatExport.ECHOUE
    ligne.save(update_fields=["etat"])
    _dire(ligne, "M119", f"L'export {ligne.nom} n'a pas pu être préparé")
    return True


def _dire(export: Export, code: str, phrase: str) -> None:
    """On the portal to the company, by a mail at once to who asked for it, unless they want to hear nothing of it."""
    notifications.noter(
        entreprise=export.entreprise, famille=Famille.EXPORT, numero="", page=Page.EXPORTS, texte=phrase
    )
    personne = export.personne
    if not personne.email or preferences_de(personne)[Famille.EXPORT] is Mode.AUCUN:
        return
    valeurs = {
        "nom": export.nom,
        "denomination": export.entreprise.denomination,
        "total": nombre_fr(export.total),
        "jusqu_a": instant_fr(export.expire_le) if export.expire_le else "",
        "lien": adresse_de("fournisseur:exports_prepares"),
    }
    envoyer(
        [Envoi(code=code, texte=rediger(code, **valeurs), destinataire=personne.email, sujet=personne.objet)]
    )


def constater_les_abandons() -> int:
    """Tell of the exports that no job prepares any more: the last of its tries failed, or it is lost."""
    attendus = Export.objects.filter(etat=EtatExport.EN_PREPARATION)
    return un_par_un(list(attendus.values_list("pk", flat=True)), _constater)


def _constater(export: int) -> bool:
    vivantes = ProcrastinateJob.objects.filter(lock=_verrou(export), status__in=("todo", "doing"))
    return not vivantes.exists() and _echouer(export)


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

    def oublier_un(cle: int) -> bool:
        export = perimes.filter(pk=cle).select_for_update(of=("self",)).select_related("fichier").first()
        if export is None:  # prepared, or asked for again, meanwhile
            return False
        export.delete()
        if export.fichier is not None:
            oublier(export.fichier)
        return True

    return un_par_un(list(perimes.values_list("pk", flat=True)), oublier_un)
