"""Writing mails."""

from collections.abc import Iterable
from dataclasses import dataclass

from procrastinate.contrib.django import app

from segurnum.comptes.auteurs import Auteur
from segurnum.courriels.models import Courriel
from segurnum.courriels.textes import Texte
from segurnum.journal.services import Fait, consigner
from segurnum.limites.origine import actuelle
from segurnum.regles.calendrier import maintenant


@dataclass(frozen=True, kw_only=True)
class Envoi:
    """A mail to write: its code in the catalogue, its text, who reads it, and what it is about."""

    code: str
    texte: Texte
    destinataire: str
    sujet: str
    recepisse: int | None = None  # the key of the receipt that goes with it


def envoyer(envois: Iterable[Envoi]) -> None:
    """Keep the mails and queue their sending, in the caller's transaction: no change, no mail; no mail, no change."""
    origine, instant = actuelle(), maintenant()
    inconnu = origine.reseau if origine and origine.anonyme else ""
    courriels = Courriel.objects.bulk_create(
        Courriel(
            code=envoi.code,
            objet=envoi.texte.objet[:250],
            corps=envoi.texte.corps,
            destinataire=envoi.destinataire,
            sujet=envoi.sujet,
            recepisse_id=envoi.recepisse,
            cree_le=instant,
            a_remettre_le=instant,
            attendu_depuis=instant,
            reseau=inconnu,
        )
        for envoi in envois
    )
    if courriels:
        mettre_en_file([courriel.pk for courriel in courriels])


def consigner_courriel(ligne: Courriel, geste: str, *, auteur: Auteur, motif: str = "") -> None:
    """Write down what happened to a mail, in its own chain of the journal."""
    objet = f"courriel:{ligne.pk}"
    consigner([Fait(chaine=objet, objet=objet, geste=geste, auteur=auteur, motif=motif)])


def mettre_en_file(courriels: Iterable[int]) -> None:
    """Have them leave without waiting for the sweep, at the end of the caller's transaction."""
    app.configure_task("courriels.expedier", queue="courriels").defer(courriels=list(courriels))
