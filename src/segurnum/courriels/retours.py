"""Mails that come back: one service, whichever door told (a mailbox, a webhook)."""

import logging
import re
from dataclasses import dataclass
from enum import Enum

from django.db import transaction

from segurnum.comptes.auteurs import PORTAIL
from segurnum.courriels.message import Remise
from segurnum.courriels.models import Courriel
from segurnum.courriels.services import consigner_courriel
from segurnum.regles.calendrier import maintenant

journal = logging.getLogger(__name__)
STATUT = re.compile(r"[245]\.\d{1,3}\.\d{1,3}")


@dataclass(frozen=True)
class Retour:
    """What somebody's server says of a mail. `statut`: RFC 3463, « 5.1.1 ». `definitif`: it will not be tried again."""

    remise: Remise
    statut: str
    definitif: bool


class Suite(Enum):
    """What was done of it."""

    NOTE = "noté"
    DEJA = "déjà noté"
    INCONNU = "courriel inconnu"


@transaction.atomic
def noter_retour(retour: Retour) -> Suite:
    """A bounce, or a delay, of a mail. Told twice, or told of a sending that was followed by another: noted once."""
    ligne = Courriel.objects.select_for_update().filter(pk=retour.remise.courriel).first()
    if ligne is None:
        return Suite.INCONNU
    if ligne.renvois != retour.remise.renvois or ligne.revenu_le is not None:
        return Suite.DEJA
    # Who died before they could note that it had left: it is the server that says so.
    parti = ligne.envoye_le is not None or ligne.tentatives > 0
    if not parti:
        return Suite.INCONNU
    instant = maintenant()
    ligne.derniere_erreur, ligne.erreur_le = f"Retour {retour.statut}", instant
    if retour.definitif:
        ligne.revenu_le = ligne.attendu_depuis = instant
        ligne.a_remettre_le = None
        ligne.corps = ligne.corps_montre
        consigner_courriel(ligne, "REVENIR", auteur=PORTAIL, motif=ligne.derniere_erreur)
        journal.warning("Courriel %s (%s) revenu : %s", ligne.pk, ligne.code, retour.statut)
    ligne.save(
        update_fields=[
            "derniere_erreur",
            "erreur_le",
            "revenu_le",
            "attendu_depuis",
            "a_remettre_le",
            "corps",
        ]
    )
    return Suite.NOTE
