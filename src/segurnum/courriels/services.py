"""Writing mails, and sending them."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from procrastinate.contrib.django import app

from segurnum.courriels.modeles import Texte
from segurnum.courriels.models import Courriel
from segurnum.regles.calendrier import maintenant


@dataclass(frozen=True, kw_only=True)
class Envoi:
    """A mail to write: its code in the catalogue, its text, who reads it, and what it is about."""

    code: str
    texte: Texte
    destinataire: str
    sujet: str


def envoyer(envois: Iterable[Envoi]) -> None:
    """Keep the mails and queue their sending, in the caller's transaction: no change, no mail; no mail, no change."""
    courriels = Courriel.objects.bulk_create(
        Courriel(
            code=envoi.code,
            objet=envoi.texte.objet[:250],
            corps=envoi.texte.corps,
            destinataire=envoi.destinataire,
            sujet=envoi.sujet,
            cree_le=maintenant(),
        )
        for envoi in envois
    )
    if courriels:
        expedition = app.configure_task("courriels.expedier", queue="courriels")
        expedition.defer(courriels=[courriel.pk for courriel in courriels])


def expedier(*, courriel: int) -> None:
    """Hand one mail to the SMTP server, once: the row stays locked while it is handed over.

    What its links open is then forgotten: whoever reads the database cannot use them.
    Raises what the mail server answers, so that the queue tries again later.
    """
    with transaction.atomic():
        ligne = (
            Courriel.objects.select_for_update(skip_locked=True).filter(pk=courriel, envoye_le=None).first()
        )
        if ligne is None:
            return
        EmailMessage(subject=ligne.objet, body=ligne.corps, to=[ligne.destinataire]).send()
        if not settings.DEMONSTRATION:  # where mails are read on screen, by nobody but there
            ligne.corps = ligne.corps_montre
        ligne.envoye_le = maintenant()
        ligne.tentatives += 1
        ligne.derniere_erreur = ""
        ligne.save(update_fields=["corps", "envoye_le", "tentatives", "derniere_erreur"])


def noter_echec(*, courriel: int, erreur: str) -> None:
    """Remember why a mail did not leave, for the people who look after the portal."""
    ligne = Courriel.objects.get(pk=courriel)
    ligne.tentatives += 1
    ligne.derniere_erreur = erreur[:300]
    ligne.save(update_fields=["tentatives", "derniere_erreur"])
