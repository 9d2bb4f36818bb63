"""Every mail that the portal writes is kept, and shown where it belongs."""

import re
from datetime import datetime

from django.db import models
from django.db.models.functions import Now

from segurnum.regles import calendrier

# What follows opens something to whoever holds it: its addressee alone.
_SECRET = re.compile(r"(\?jeton=|/deposer-pieces/|/reprendre/|/suivi/)(?!\(lien personnel\))\S+")
LIEN_OUBLIE = re.compile(r"(\?jeton=|/deposer-pieces/|/reprendre/|/suivi/)\(lien personnel\)")


class Courriel(models.Model):
    """A mail. `sujet` names what it is about (« demande:42 »); it leaves after the transaction that wrote it.

    Once sent or refused, its body is kept without what its personal links open: only their addressee has them.
    What is left to do is told by two instants, each null when there is nothing (decision 29).
    """

    code = models.CharField(max_length=4)
    objet = models.CharField(max_length=250)
    corps = models.TextField()
    destinataire = models.EmailField()
    sujet = models.CharField(max_length=60, blank=True)
    cree_le = models.DateTimeField(default=calendrier.maintenant)
    envoye_le = models.DateTimeField(null=True, blank=True)
    tentatives = models.PositiveSmallIntegerField(default=0)
    derniere_erreur = models.CharField(max_length=300, blank=True)
    erreur_le = models.DateTimeField(null=True, blank=True)
    # By default in the database too: what the former version writes while it is being replaced leaves all the same.
    a_remettre_le = models.DateTimeField(
        null=True,
        blank=True,
        db_default=Now(),
        help_text="à remettre au serveur à partir de cet instant ; vide : rien à remettre",
    )
    attendu_depuis = models.DateTimeField(
        null=True,
        blank=True,
        help_text="non parti, refusé ou revenu depuis cet instant ; vide : rien à en faire",
    )
    refuse_le = models.DateTimeField(null=True, blank=True)
    revenu_le = models.DateTimeField(null=True, blank=True)
    renvois = models.PositiveSmallIntegerField(
        default=0, db_default=0, help_text="fois qu'un agent l'a renvoyé"
    )
    reseau = models.CharField(
        max_length=32,
        blank=True,
        help_text="empreinte du réseau d'où une personne non connectée l'a fait écrire",
    )
    recepisse = models.ForeignKey(
        "recepisses.Recepisse",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        help_text="le récépissé joint",
    )
    retenu_le = models.DateTimeField(null=True, blank=True)
    relache_le = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = (
            models.Index(fields=("sujet", "-id"), name="courriel_par_sujet"),
            models.Index(
                fields=("retenu_le",),
                name="courriel_retenu",
                condition=models.Q(retenu_le__isnull=False, relache_le__isnull=True),
            ),
            # Small whatever the number of mails: only those that something is left to do about.
            models.Index(
                fields=("a_remettre_le",),
                include=("attendu_depuis",),
                name="courriel_a_remettre",
                condition=models.Q(a_remettre_le__isnull=False, envoye_le__isnull=True),
            ),
            models.Index(
                fields=("attendu_depuis",),
                include=("destinataire",),
                name="courriel_attendu",
                condition=models.Q(attendu_depuis__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return f"{self.code} {self.objet}"

    @property
    def est_retenu(self) -> bool:
        """Kept and not sent, until an officer lets it go."""
        return self.retenu_le is not None and self.relache_le is None

    @property
    def depuis(self) -> datetime:
        """Since when it has not arrived."""
        retenu = self.retenu_le if self.est_retenu else None
        return retenu or self.attendu_depuis or self.cree_le

    @property
    def corps_montre(self) -> str:
        """The body for another reader than its addressee: without what its personal links open."""
        return _SECRET.sub(r"\1(lien personnel)", self.corps)

    @property
    def a_perdu_son_lien(self) -> bool:
        """True once its link was forgotten: sent again, it would open nothing."""
        return LIEN_OUBLIE.search(self.corps) is not None


class EtatServeur(models.Model):
    """Whether the mail server answers, for every worker: one row, made by its first outage."""

    panne_depuis = models.DateTimeField(null=True, blank=True)
    essais = models.PositiveIntegerField(default=0)
    libre_le = models.DateTimeField(null=True, blank=True, help_text="avant cet instant, il n'est pas essayé")
    erreur = models.CharField(max_length=300, blank=True)

    def __str__(self) -> str:
        return f"en panne depuis {self.panne_depuis}" if self.panne_depuis else "répond"
