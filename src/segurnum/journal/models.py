"""The journal: who did what to which dossier, when, and why. Written once, chained by digest, never changed."""

from django.conf import settings
from django.db import models

from segurnum.regles import calendrier


class Evenement(models.Model):
    """One fact. `rang` and the digests are computed by the database itself (see the triggers of its migration).

    `chaine` names the sequence that the event belongs to (« dossier:FINMS1010719 ») and `objet` what it is about
    inside it (« demande:42 »). Neither is a foreign key: the journal outlives what it tells of.
    """

    chaine = models.CharField(max_length=60)
    rang = models.PositiveIntegerField(default=0)
    instant = models.DateTimeField(default=calendrier.maintenant)
    acteur = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    role = models.CharField(max_length=20)
    objet = models.CharField(max_length=60)
    geste = models.CharField(max_length=40)
    avant = models.CharField(max_length=40, blank=True)
    apres = models.CharField(max_length=40, blank=True)
    motif = models.TextField(blank=True)
    details = models.JSONField(default=dict)
    empreinte_precedente = models.CharField(max_length=64, default="")
    empreinte = models.CharField(max_length=64, default="")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("chaine", "rang"), name="journal_un_rang_par_chaine"),
            models.CheckConstraint(
                condition=~models.Q(chaine="") & ~models.Q(objet="") & ~models.Q(geste=""),
                name="journal_evenement_nomme",
            ),
        )
        indexes = (
            models.Index(fields=("objet", "id"), name="journal_par_objet"),
            # All that one person did, the last first: what an auditor asks.
            models.Index(fields=("acteur", "-id"), name="journal_par_personne"),
            # What the administration looks at: see `fichiers.lectures`.
            models.Index(
                fields=("-id",), condition=models.Q(chaine__startswith="lectures:"), name="journal_lectures"
            ),
        )

    def __str__(self) -> str:
        return f"{self.chaine} n° {self.rang} : {self.geste}"
