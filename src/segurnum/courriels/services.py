"""Writing mails, and sending them."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from procrastinate.contrib.django import app

from segurnum.courriels.modeles import Texte
from segurnum.courriels.models import Courriel
from segurnum.courriels.retenue import motif_de_retenue
from segurnum.journal.services import Fait, consigner
from segurnum.limites.origine import actuelle
from segurnum.regles.calendrier import maintenant

journal = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Envoi:
    """A mail to write: its code in the catalogue, its text, who reads it, and what it is about."""

    code: str
    texte: Texte
    destinataire: str
    sujet: str


def envoyer(envois: Iterable[Envoi]) -> None:
    """Keep the mails and queue their sending, in the caller's transaction: no change, no mail; no mail, no change."""
    origine = actuelle()
    inconnu = origine.reseau if origine and origine.anonyme else ""
    courriels = Courriel.objects.bulk_create(
        Courriel(
            code=envoi.code,
            objet=envoi.texte.objet[:250],
            corps=envoi.texte.corps,
            destinataire=envoi.destinataire,
            sujet=envoi.sujet,
            cree_le=maintenant(),
            reseau=inconnu,
        )
        for envoi in envois
    )
    if courriels:
        _mettre_en_file([courriel.pk for courriel in courriels])


def expedier(*, courriel: int) -> None:
    """Hand one mail to the SMTP server, once: the row stays locked while it is handed over.

    One more than strangers may cause is kept and told, not sent.

    What its links open is then forgotten: whoever reads the database cannot use them.
    Raises what the mail server answers, so that the queue tries again later.
    """
    with transaction.atomic():
        ligne = (
            Courriel.objects.select_for_update(skip_locked=True).filter(pk=courriel, envoye_le=None).first()
        )
        if ligne is None or ligne.est_retenu:
            return
        motif = motif_de_retenue(ligne)
        if motif:
            _retenir(ligne, motif)
            return
        EmailMessage(subject=ligne.objet, body=ligne.corps, to=[ligne.destinataire]).send()
        if not settings.DEMONSTRATION:  # where mails are read on screen, by nobody but there
            ligne.corps = ligne.corps_montre
        ligne.envoye_le = maintenant()
        ligne.tentatives += 1
        ligne.derniere_erreur = ligne.reseau = ""
        ligne.save(update_fields=["corps", "envoye_le", "tentatives", "derniere_erreur", "reseau"])


def noter_echec(*, courriel: int, erreur: str) -> None:
    """Remember why a mail did not leave, for the people who look after the portal."""
    ligne = Courriel.objects.get(pk=courriel)
    ligne.tentatives += 1
    ligne.derniere_erreur = erreur[:300]
    ligne.save(update_fields=["tentatives", "derniere_erreur"])


@transaction.atomic
def relacher(*, courriel: int, agent: int, role: str) -> bool:
    """Let a mail leave that was kept. False when it is not, or no longer. `agent`: the person's key."""
    ligne = Courriel.objects.select_for_update().filter(pk=courriel, relache_le=None).first()
    if ligne is None or not ligne.est_retenu:
        return False
    ligne.relache_le = maintenant()
    ligne.save(update_fields=["relache_le"])
    _consigner(ligne, "RELACHER", role=role, acteur=agent)
    _mettre_en_file([ligne.pk])
    return True


def _retenir(ligne: Courriel, motif: str) -> None:
    ligne.retenu_le = maintenant()
    ligne.derniere_erreur, ligne.reseau = motif, ""
    ligne.save(update_fields=["retenu_le", "derniere_erreur", "reseau"])
    _consigner(ligne, "RETENIR", role="SYSTEME", motif=motif)
    journal.warning("Courriel %s (%s) retenu : %s", ligne.pk, ligne.code, motif)


def _consigner(ligne: Courriel, geste: str, *, role: str, acteur: int | None = None, motif: str = "") -> None:
    objet = f"courriel:{ligne.pk}"
    consigner([Fait(chaine=objet, objet=objet, geste=geste, role=role, acteur=acteur, motif=motif)])


def _mettre_en_file(courriels: Iterable[int]) -> None:
    app.configure_task("courriels.expedier", queue="courriels").defer(courriels=list(courriels))
