"""Whether the mail server answers, known to every worker: one failed connection makes them all wait, whatever waits."""

import logging
from datetime import timedelta

from django.db import transaction
from django.db.models import F

from segurnum.courriels.models import EtatServeur
from segurnum.pannes.attente import attente
from segurnum.regles.calendrier import maintenant

journal = logging.getLogger(__name__)
UNIQUE = 1


def peut_etre_essaye() -> bool:
    """True while the server answers; during an outage, for one worker each time that a wait has ended."""
    etat = EtatServeur.objects.filter(pk=UNIQUE).first()
    if etat is None or etat.panne_depuis is None:
        return True
    instant = maintenant()
    suite = instant + timedelta(seconds=attente(etat.essais))
    libre = EtatServeur.objects.filter(pk=UNIQUE, libre_le__lte=instant)
    return libre.update(essais=F("essais") + 1, libre_le=suite) == 1


@transaction.atomic
def noter_panne(erreur: str) -> None:
    """It does not answer, or takes no mail. `erreur`: class and code, see `reponses.Verdict`."""
    EtatServeur.objects.get_or_create(pk=UNIQUE)
    etat = EtatServeur.objects.select_for_update().get(pk=UNIQUE)
    if etat.panne_depuis is None:
        etat.panne_depuis, etat.essais = maintenant(), 0
        journal.warning("Le serveur de courriel ne répond plus (%s) : rien n'est perdu.", erreur)
    etat.libre_le = maintenant() + timedelta(seconds=attente(etat.essais))
    etat.erreur = erreur[:300]
    etat.save()


def noter_reponse() -> None:
    """It has just answered about a mail."""
    en_panne = EtatServeur.objects.filter(pk=UNIQUE, panne_depuis__isnull=False)
    if en_panne.update(panne_depuis=None, essais=0, libre_le=None, erreur=""):
        journal.info("Le serveur de courriel répond de nouveau.")
