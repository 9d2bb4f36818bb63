"""The ledger: each entry moves an amount from one account to another, and is never changed."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from segurnum.base.champs import ChampEnum
from segurnum.demandes.models import Demande, Dossier
from segurnum.grand_livre.plan import UNE_FOIS_PAR_VERSEMENT, Compte, Operation
from segurnum.journal.preuves import Preuve
from segurnum.regles.cycles import StatutDemande
from segurnum.regles.cycles_enveloppes import GenreMouvement, StatutMouvement


class Ecriture(models.Model):
    """One amount, debited from an account and credited to another; but for credits, it is about a request."""

    instant = models.DateTimeField()
    operation = ChampEnum(Operation, max_length=20)
    debit = ChampEnum(Compte, max_length=3)
    credit = ChampEnum(Compte, max_length=3)
    montant = models.DecimalField(max_digits=14, decimal_places=2, help_text="euros")
    enveloppe = models.ForeignKey(
        "paiements.Enveloppe", on_delete=models.PROTECT, related_name="ecritures", db_index=False
    )
    dossier = models.ForeignKey(
        Dossier, null=True, on_delete=models.PROTECT, related_name="ecritures", db_index=False
    )
    demande = models.ForeignKey(Demande, null=True, on_delete=models.PROTECT, related_name="ecritures")
    versement = models.ForeignKey(
        "paiements.Versement", null=True, on_delete=models.PROTECT, related_name="ecritures"
    )
    acteur = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    role = models.CharField(max_length=20)
    reference = models.CharField(
        max_length=60, blank=True, help_text="le numéro de ce qui la justifie, s'il en a un"
    )

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(montant__gt=0), name="ecriture_positive"),
            models.CheckConstraint(condition=~Q(debit=F("credit")), name="ecriture_entre_deux_comptes"),
            models.CheckConstraint(
                condition=Q(demande__isnull=True, dossier__isnull=True, versement__isnull=True)
                | Q(demande__isnull=False, dossier__isnull=False),
                name="ecriture_dans_son_dossier",
            ),
            models.UniqueConstraint(
                fields=("versement", "operation"),
                condition=Q(versement__isnull=False, operation__in=[o.value for o in UNE_FOIS_PAR_VERSEMENT]),
                name="ecriture_une_fois_par_versement",
            ),
            models.UniqueConstraint(
                fields=("demande",),
                condition=Q(operation=Operation.ENGAGEMENT.value),
                name="ecriture_un_engagement_par_demande",
            ),
        )
        indexes = (
            models.Index(fields=("instant", "id"), name="ecriture_par_instant"),
            models.Index(fields=("enveloppe", "instant", "id"), name="ecriture_par_enveloppe"),
            models.Index(
                fields=("dossier", "id"), condition=Q(dossier__isnull=False), name="ecriture_par_dossier"
            ),
        )

    def __str__(self) -> str:
        return f"{self.operation} {self.montant}"


class Mouvement(models.Model):
    """What somebody proposes of the credits of an envelope; once another person approves it, the ledger has it."""

    PREUVE = Preuve(
        "mouvement",
        fixes="genre enveloppe destination montant motif auteur cree_le",
        suit="approbateur commentaire statut_depuis",
    )

    genre = ChampEnum(GenreMouvement, max_length=10)
    enveloppe = models.ForeignKey("paiements.Enveloppe", on_delete=models.PROTECT, related_name="mouvements")
    destination = models.ForeignKey(
        "paiements.Enveloppe",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="celle que le virement crédite",
    )
    montant = models.DecimalField(max_digits=14, decimal_places=2, help_text="euros")
    motif = models.CharField(max_length=300)
    statut = ChampEnum(StatutMouvement, max_length=11)
    statut_depuis = models.DateTimeField()
    auteur = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    cree_le = models.DateTimeField()
    approbateur = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    commentaire = models.TextField(blank=True, help_text="ce qui justifie un refus")

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(montant__gt=0) & ~Q(motif=""), name="mouvement_motive"),
            models.CheckConstraint(
                condition=Q(genre="VIREMENT", destination__isnull=False)
                | (~Q(genre="VIREMENT") & Q(destination__isnull=True)),
                name="mouvement_vers_une_destination",
            ),
            models.CheckConstraint(
                condition=Q(destination__isnull=True) | ~Q(destination=F("enveloppe")),
                name="mouvement_entre_deux_enveloppes",
            ),
            models.CheckConstraint(
                condition=Q(approbateur__isnull=True) | ~Q(approbateur=F("auteur")),
                name="mouvement_approuve_par_une_autre_personne",
            ),
            models.CheckConstraint(
                condition=Q(statut__in=["APPROUVE", "REFUSE"], approbateur__isnull=False)
                | (~Q(statut__in=["APPROUVE", "REFUSE"]) & Q(approbateur__isnull=True)),
                name="mouvement_juge_par_quelqu_un",
            ),
        )

    def __str__(self) -> str:
        return f"{self.genre.libelle} : {self.enveloppe}"

    @property
    def objet(self) -> str:
        return f"mouvement:{self.pk}"

    @property
    def chaine(self) -> str:
        """The movements of one envelope follow each other in its sequence of the journal."""
        return f"enveloppe:{self.enveloppe_id}"

    @property
    def reference(self) -> str:
        """How the ledger names what justifies its entries."""
        return f"Mouvement {self.pk}"


class Compteur(models.Model):
    """A part of how many requests are in a status: the whole is the sum of the rows (`compteurs`).

    Written by a trigger of the requests, in the transaction that changes them, and never rewritten: two gestures at
    once wait for nobody. A job sums the rows up now and then.
    """

    dsr = models.CharField(max_length=30)
    statut = ChampEnum(StatutDemande, max_length=16)
    nombre = models.IntegerField()
    somme = models.DecimalField(max_digits=16, decimal_places=2, help_text="euros à payer")
    negatives = models.IntegerField(help_text="celles dont le montant décidé est nul ou négatif")

    class Meta:
        indexes = (models.Index(fields=("statut", "dsr"), name="compteur_par_statut"),)

    def __str__(self) -> str:
        return f"{self.dsr} {self.statut} {self.nombre}"


class Controle(models.Model):
    """What a verification of the ledger found."""

    fait_le = models.DateTimeField()
    ecritures = models.PositiveIntegerField()
    anomalies = models.PositiveIntegerField()
    phrases = models.JSONField(default=list, help_text="les premières anomalies")

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(anomalies=0, phrases=[]) | Q(anomalies__gt=0), name="controle_dit_ce_qu_il_trouve"
            ),
        )

    def __str__(self) -> str:
        return f"{self.fait_le} : {self.anomalies}"
