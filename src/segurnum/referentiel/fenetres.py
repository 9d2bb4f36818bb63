"""When one may deposit: a window per DSR and type of request, changed by the administration."""

from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import transaction

from segurnum import couloirs
from segurnum.base.contraintes import contraintes_dites
from segurnum.comptes.models import Utilisateur
from segurnum.journal.services import consigner
from segurnum.referentiel.models import FenetreDepot
from segurnum.referentiel.suivi import Ecrites, exiger_la_meme, fait, marque
from segurnum.regles.calendrier import instant_fr
from segurnum.regles.cycles import TypeDemande
from segurnum.regles.erreurs import GesteImpossible

REGLER = "REGLER_FENETRE"


@dataclass(frozen=True)
class Dates:
    """What is settled of a window. `comptage`: when the mailboxes are counted; None: at the closing."""

    ouverture: datetime
    affichee: datetime
    fermeture: datetime
    derniere_modification: datetime | None = None
    comptage: datetime | None = None
    source: str = ""


def marque_de(fenetre: FenetreDepot | None) -> str:
    return marque(_ecrites(fenetre))


@transaction.atomic
def regler(
    *, dsr: str, type_demande: TypeDemande, dates: Dates, vue: str, acteur: Utilisateur
) -> FenetreDepot:
    """Open or move a window, as it was read (`vue`). Raises GesteImpossible, with the date at fault (RUL-006)."""
    couloir = couloirs.par_dsr(dsr)
    _verifier(dates)
    fenetre = FenetreDepot.objects.select_for_update().filter(dsr=couloir.dsr, type=type_demande).first()
    avant = _ecrites(fenetre)
    exiger_la_meme(vue, avant, "Cette fenêtre")
    fenetre = fenetre or FenetreDepot(dsr=couloir.dsr, type=type_demande)
    for champ, valeur in asdict(dates).items():
        setattr(fenetre, champ, valeur)
    with contraintes_dites():
        fenetre.save()
    if ecrit := fait(f"fenetre:{fenetre.dsr}:{fenetre.type}", REGLER, acteur, avant, _ecrites(fenetre)):
        consigner([ecrit])
    return fenetre


def _verifier(dates: Dates) -> None:
    if dates.affichee <= dates.ouverture:
        raise GesteImpossible("L'échéance annoncée doit suivre l'ouverture.", champ="affichee")
    if dates.fermeture < dates.affichee:
        raise GesteImpossible(
            "La fermeture ne peut pas précéder l'échéance annoncée : elle est au même instant, ou après.",
            champ="fermeture",
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
    instants = ("ouverture", "affichee", "fermeture", "derniere_modification", "comptage")
    lues = {champ: getattr(fenetre, champ) for champ in instants}
    return {champ: instant_fr(lu) if lu else "" for champ, lu in lues.items()} | {"source": fenetre.source}
