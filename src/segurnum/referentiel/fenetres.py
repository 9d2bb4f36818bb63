"""When one may deposit: a window per DSR and type of request, changed by the administration."""

from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import transaction
from django.db.models.functions import Coalesce

from segurnum import couloirs
from segurnum.base.contraintes import contraintes_dites
from segurnum.comptes.auteurs import PORTAIL, Auteur
from segurnum.comptes.droits import reserve
from segurnum.journal.services import consigner
from segurnum.referentiel.models import FenetreDepot
from segurnum.referentiel.suivi import Ecrites, exiger_la_meme, fait, marque
from segurnum.regles.calendrier import Panne, fermeture_reportee, instant_fr
from segurnum.regles.cycles import TypeDemande
from segurnum.regles.erreurs import GesteImpossible
from segurnum.regles.gestes import GesteReference

REGLER, REPORTER = "REGLER_FENETRE", "REPORTER_FERMETURE"


@dataclass(frozen=True)
class Dates:
    """What is settled of a window. `comptage`: when the mailboxes are counted; None: at the closing."""

    ouverture: datetime
    affichee: datetime
    fermeture: datetime
    derniere_modification: datetime | None = None
    comptage: datetime | None = None
    source: str = ""
    reportee: datetime | None = None


def marque_de(fenetre: FenetreDepot | None) -> str:
    return marque(_ecrites(fenetre))


@reserve(GesteReference.REGLER_FENETRE)
@transaction.atomic
def regler(*, dsr: str, type_demande: TypeDemande, dates: Dates, vue: str, auteur: Auteur) -> FenetreDepot:
    """Open or move a window, as it was read (`vue`). Raises GesteImpossible, with the date at fault (RUL-006)."""
    couloir = couloirs.par_dsr(dsr)
    _verifier(dates)
    fenetre = FenetreDepot.objects.select_for_update().filter(dsr=couloir.dsr, type=type_demande).first()
    avant = _ecrites(fenetre)
    exiger_la_meme(vue, avant, "Cette fenêtre")
    fenetre = fenetre or FenetreDepot(dsr=couloir.dsr, type=type_demande)
    if dates.reportee != fenetre.reportee:
        fenetre.panne_du = fenetre.panne_au = None  # somebody decides, and no outage any more
    for champ, valeur in asdict(dates).items():
        setattr(fenetre, champ, valeur)
    with contraintes_dites():
        fenetre.save()
    if ecrit := fait(_chaine(fenetre), REGLER, auteur, avant, _ecrites(fenetre)):
        consigner([ecrit])
    return fenetre


@transaction.atomic
def reporter(*, panne: Panne) -> int:
    """Put off the closings that this outage has cut, each told in the journal. Returns how many."""
    reportes = []
    touchees = FenetreDepot.objects.alias(close_le=Coalesce("reportee", "fermeture")).filter(
        close_le__gt=panne.recu_le, close_le__lt=panne.repit
    )
    for fenetre in touchees.select_for_update().order_by("pk"):
        avant = _ecrites(fenetre)
        reportee = fermeture_reportee(fenetre.fermeture, fenetre.reportee, panne)
        if reportee == fenetre.reportee:
            continue
        fenetre.reportee, fenetre.panne_du, fenetre.panne_au = reportee, panne.debut, panne.fin
        fenetre.save(update_fields=["reportee", "panne_du", "panne_au"])
        reportes.append(fait(_chaine(fenetre), REPORTER, PORTAIL, avant, _ecrites(fenetre)))
    consigner(ecrit for ecrit in reportes if ecrit)
    return len(reportes)


def _chaine(fenetre: FenetreDepot) -> str:
    """The journal's sequence of this window."""
    return f"fenetre:{fenetre.dsr}:{fenetre.type}"


def _verifier(dates: Dates) -> None:
    if dates.affichee <= dates.ouverture:
        raise GesteImpossible("L'échéance annoncée doit suivre l'ouverture.", champ="affichee")
    if dates.fermeture < dates.affichee:
        raise GesteImpossible(
            "La fermeture ne peut pas précéder l'échéance annoncée : elle est au même instant, ou après.",
            champ="fermeture",
        )
    if dates.reportee and dates.reportee <= dates.fermeture:
        raise GesteImpossible(
            "Un report suit la fermeture. Pour ne pas la reporter, laissez ce champ vide.", champ="reportee"
        )
    if dates.derniere_modification and dates.derniere_modification < dates.fermeture:
        raise GesteImpossible(
            "Une demande déposée au dernier instant doit pouvoir se corriger : la dernière modification ne peut pas "
            "précéder la fermeture.",
            champ="derniere_modification",
        )


def _ecrites(fenetre: FenetreDepot | None) -> Ecrites:
    if fenetre is None:
        return {}
    instants = ("ouverture", "affichee", "fermeture", "derniere_modification", "comptage", "reportee")
    lues = {champ: getattr(fenetre, champ) for champ in instants}
    return {champ: instant_fr(lu) if lu else "" for champ, lu in lues.items()} | {"source": fenetre.source}
