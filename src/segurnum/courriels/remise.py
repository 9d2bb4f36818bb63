"""Handing mails over to the mail server: at least once each, driven by the rows themselves (decision 29).

A mail is taken for a time in one short transaction, handed over outside of any, and noted in another. Whoever dies in
between leaves a row that is due again at the end of that time: it leaves again, under the same Message-ID.
"""

import logging
import time
from collections.abc import Sequence
from datetime import timedelta

from django.conf import settings
from django.db import transaction

from segurnum.comptes.auteurs import PORTAIL
from segurnum.courriels import queries, serveur
from segurnum.courriels.liaison import Liaison
from segurnum.courriels.message import message_de
from segurnum.courriels.models import Courriel
from segurnum.courriels.reponses import Sort, Verdict, juger
from segurnum.courriels.retenue import motif_de_retenue
from segurnum.courriels.services import consigner_courriel
from segurnum.limites.services import permettre
from segurnum.pannes import CourrielIndisponible
from segurnum.pannes.attente import attente
from segurnum.regles.calendrier import maintenant

journal = logging.getLogger(__name__)

# Longer than a whole dialogue with a server that answers at the last second each time.
BAIL = timedelta(minutes=10)
TOUR = 50.0  # seconds after which a sweep lets another follow
MINUTE = timedelta(minutes=1)
PEU = 20  # mails that one gesture writes
ESSAIS_MAX = 30_000  # what the column holds; nobody reads further


def remettre(courriels: Sequence[int] | None = None) -> int:
    """Hand over the mails that are due: these keys first, then the others, the oldest first. Returns how many left.

    One connection serves them all, and the jobs of those others find nothing left to do. An outage of the server ends
    it and is counted once, whatever waits.
    """
    if not queries.a_remettre(courriels).exists() or not serveur.peut_etre_essaye():
        return 0
    partis, fin = 0, time.monotonic() + TOUR
    try:
        with Liaison() as liaison:
            for cles in (None,) if courriels is None else (courriels, None):
                while time.monotonic() < fin and (ligne := _le_suivant(cles, liaison)):
                    partis += _remettre_un(ligne, liaison)
    except CourrielIndisponible as panne:
        serveur.noter_panne(str(panne))
    return partis


def _le_suivant(cles: Sequence[int] | None, liaison: Liaison) -> Courriel | None:
    """The next mail, if one may leave in this minute. Raises CourrielIndisponible before any mail is taken.

    A fifth of the minute is left to the mails of the moment: a link to choose a password does not wait behind
    thousands of acceptances.
    """
    maximum = settings.COURRIELS_PAR_MINUTE
    if cles is None or len(cles) > PEU:
        maximum = max(1, maximum * 4 // 5)
    if not queries.a_remettre(cles).exists() or not permettre(
        "courriels:minute", maximum=maximum, duree=MINUTE
    ):
        return None
    liaison.assurer()
    return _prendre(cles)


@transaction.atomic
def _prendre(courriels: Sequence[int] | None) -> Courriel | None:
    """The next mail that is due, kept from the others for a while. Those that strangers may not cause are held back."""
    dus = queries.a_remettre(courriels).select_for_update(skip_locked=True)
    while (ligne := dus.first()) is not None:
        motif = motif_de_retenue(ligne) if ligne.tentatives == 0 else ""
        if not motif:
            ligne.a_remettre_le = maintenant() + BAIL
            ligne.tentatives = min(ligne.tentatives + 1, ESSAIS_MAX)
            ligne.attendu_depuis = ligne.attendu_depuis or ligne.cree_le  # unknown to the former version
            ligne.save(update_fields=["a_remettre_le", "tentatives", "attendu_depuis"])
            return ligne
        _retenir(ligne, motif)
    return None


def _retenir(ligne: Courriel, motif: str) -> None:
    ligne.retenu_le, ligne.a_remettre_le, ligne.attendu_depuis = maintenant(), None, None
    ligne.derniere_erreur, ligne.reseau = motif, ""
    ligne.save(update_fields=["retenu_le", "a_remettre_le", "attendu_depuis", "derniere_erreur", "reseau"])
    consigner_courriel(ligne, "RETENIR", auteur=PORTAIL, motif=motif)
    journal.warning("Courriel %s (%s) retenu : %s", ligne.pk, ligne.code, motif)


def _remettre_un(ligne: Courriel, liaison: Liaison) -> bool:
    """True when it left. Raises CourrielIndisponible when the server, and not the mail, is at fault."""
    try:
        liaison.remettre(message_de(ligne))
    except Exception as erreur:
        verdict = juger(erreur)
        journal.warning("Courriel %s (%s) non remis : %s", ligne.pk, ligne.code, verdict.erreur)
        _noter_echec(ligne, verdict)
        if verdict.sort is Sort.PANNE:
            raise CourrielIndisponible(verdict.erreur) from erreur
        serveur.noter_reponse()
        return False
    _noter_depart(ligne)
    serveur.noter_reponse()
    return True


def _noter_depart(ligne: Courriel) -> None:
    """It is with the server. What its links open is forgotten: whoever reads the database cannot use them."""
    Courriel.objects.filter(pk=ligne.pk, envoye_le=None, revenu_le=None).update(
        envoye_le=maintenant(),
        a_remettre_le=None,
        attendu_depuis=None,
        refuse_le=None,
        derniere_erreur="",
        erreur_le=None,
        reseau="",
        corps=_corps_a_garder(ligne),
    )


@transaction.atomic
def _noter_echec(ligne: Courriel, verdict: Verdict) -> None:
    """Only while the mail is ours: an officer may have put it aside meanwhile, or another worker taken it."""
    notre = Courriel.objects.filter(pk=ligne.pk, a_remettre_le=ligne.a_remettre_le)
    instant = maintenant()
    if verdict.sort is not Sort.REFUSE:
        notre.update(
            derniere_erreur=verdict.erreur,
            erreur_le=instant,
            a_remettre_le=instant + _avant_le_prochain(ligne, verdict.sort),
        )
        return
    refuse = notre.update(
        derniere_erreur=verdict.erreur,
        erreur_le=instant,
        a_remettre_le=None,
        refuse_le=instant,
        reseau="",
        corps=_corps_a_garder(ligne),
    )
    if refuse:
        consigner_courriel(ligne, "REFUSER", auteur=PORTAIL, motif=verdict.erreur)


def _avant_le_prochain(ligne: Courriel, sort: Sort) -> timedelta:
    """As everything that waits; where this mail itself is put off, a quarter of its wait so far, six hours at most."""
    court = timedelta(seconds=attente(ligne.tentatives - 1))
    if sort is Sort.PANNE:
        return court
    depuis = ligne.attendu_depuis or ligne.cree_le
    return max(court, min((maintenant() - depuis) / 4, timedelta(hours=6)))


def _corps_a_garder(ligne: Courriel) -> str:
    # In a demonstration mails are read on screen, by nobody but there.
    return ligne.corps if settings.DEMONSTRATION else ligne.corps_montre
