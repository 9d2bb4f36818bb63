"""Every mail that the portal writes is kept, and shown where it belongs."""

import re

from django.db import models

from segurnum.regles import calendrier

# What follows opens something to whoever holds it: its addressee alone.
_SECRET = re.compile(r"(\?jeton=|/deposer-pieces/|/reprendre/)(?!\(lien personnel\))\S+")


class Courriel(models.Model):
    """A mail. `sujet` names what it is about (« demande:42 »); it leaves after the transaction that wrote it.

    Once sent, its body is kept without what its personal links open: only their addressee has them.
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
    reseau = models.CharField(
        max_length=32,
        blank=True,
        help_text="empreinte du réseau d'où une personne non connectée l'a fait écrire",
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
        )

    def __str__(self) -> str:
        return f"{self.code} {self.objet}"

    @property
    def est_retenu(self) -> bool:
        """Kept and not sent, until an officer lets it go."""
        return self.retenu_le is not None and self.relache_le is None

    @property
    def corps_montre(self) -> str:
        """The body for another reader than its addressee: without what its personal links open."""
        return _SECRET.sub(r"\1(lien personnel)", self.corps)
