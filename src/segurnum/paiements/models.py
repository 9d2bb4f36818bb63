"""Money: the envelopes that decisions draw on, and the payments that follow them."""

from datetime import date
from decimal import Decimal

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from segurnum.base.champs import ChampEnum
from segurnum.comptes.models import CoordonneesBancaires
from segurnum.demandes.models import Demande
from segurnum.fichiers.models import Fichier
from segurnum.journal.preuves import Preuve
from segurnum.regles.calendrier import annee_de_paris
from segurnum.regles.cycles import EtatPaiement, TypeDemande

OBJET_VERSEMENT = "VERSE001"


class Enveloppe(models.Model):
    """A budget. What is decided on it never exceeds it: the database refuses, whatever the program does."""

    libelle = models.CharField(max_length=100, unique=True)
    dsr = ArrayField(models.CharField(max_length=30), help_text="les DSR financés sur cette enveloppe")
    montant = models.DecimalField(max_digits=14, decimal_places=2, help_text="euros")
    decide = models.DecimalField(max_digits=14, decimal_places=2, default=0, help_text="euros")
    exercice = models.PositiveSmallIntegerField(default=annee_de_paris, help_text="année budgétaire")
    # Days of Paris, both included; without one, no limit on this side.
    valable_du = models.DateField(null=True, blank=True)
    valable_au = models.DateField(null=True, blank=True)
    rang = models.PositiveSmallIntegerField(
        default=1, help_text="les décisions prennent au plus petit d'abord"
    )

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(decide__lte=F("montant")), name="enveloppe_jamais_depassee"),
            models.CheckConstraint(condition=Q(decide__gte=0), name="enveloppe_jamais_negative"),
            models.CheckConstraint(
                condition=Q(valable_du__isnull=True)
                | Q(valable_au__isnull=True)
                | Q(valable_du__lte=F("valable_au")),
                name="enveloppe_valable_un_jour",
            ),
        )

    def __str__(self) -> str:
        return self.libelle

    @property
    def reste(self) -> Decimal:
        """What may still be decided on it (euros)."""
        return self.montant - self.decide

    def valable(self, jour: date) -> bool:
        """Whether a decision of that day of Paris may draw on it."""
        return (self.valable_du or jour) <= jour <= (self.valable_au or jour)


class Decision(models.Model):
    """The State's decision to pay a validated request, by another person than the one who validated it."""

    PREUVE = Preuve("decision", fixes="demande enveloppe decideur montant prise_le")

    demande = models.OneToOneField(Demande, on_delete=models.PROTECT, related_name="decision")
    enveloppe = models.ForeignKey(Enveloppe, on_delete=models.PROTECT, related_name="decisions")
    decideur = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    montant = models.DecimalField(max_digits=12, decimal_places=2, help_text="euros")
    prise_le = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.demande_id} : {self.montant}"


class Versement(models.Model):
    """A payment of a decided request. One is alive at a time; a refused one may be issued again."""

    PREUVE = Preuve(
        "versement",
        fixes="decision objet type montant_decide",
        suit="mis_en_paiement_le motif_rejet retourne_le",
    )

    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="versements")
    objet = models.CharField(max_length=8, default=OBJET_VERSEMENT, editable=False)
    type = ChampEnum(TypeDemande, max_length=6)
    etat = ChampEnum(EtatPaiement, max_length=10, default=EtatPaiement.EN_COURS)
    montant_decide = models.DecimalField(max_digits=12, decimal_places=2)
    compte_bancaire = models.ForeignKey(
        CoordonneesBancaires, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    mis_en_paiement_le = models.DateTimeField(null=True, blank=True)
    montant_paye = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    paye_le = models.DateField(null=True, blank=True)
    avis = models.ForeignKey(
        Fichier, null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    motif_rejet = models.CharField(max_length=300, blank=True)
    compense = models.DecimalField(
        max_digits=12,
        decimal_places=2,
        default=0,
        db_default=0,
        help_text="euros retenus pour régler ce que l'entreprise doit",
    )
    retourne_le = models.DateField(
        null=True, blank=True, help_text="jour où la banque a rendu un virement constaté"
    )

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("decision",), condition=~Q(etat="REJETE"), name="un_versement_vivant_par_decision"
            ),
            models.CheckConstraint(
                condition=Q(montant_paye__isnull=True) | Q(montant_paye=F("montant_decide") - F("compense")),
                name="on_paie_ce_qui_est_decide",
            ),
            models.CheckConstraint(
                condition=~Q(etat="EFFECTUE")
                | Q(montant_paye__isnull=False, paye_le__isnull=False, avis__isnull=False),
                name="un_paiement_effectue_est_complet",
            ),
            models.CheckConstraint(
                condition=Q(compense__gte=0, compense__lte=F("montant_decide")),
                name="on_ne_compense_que_ce_qui_est_decide",
            ),
            models.CheckConstraint(
                condition=Q(retourne_le__isnull=True) | Q(etat="REJETE"),
                name="un_retour_tardif_est_un_rejet",
            ),
        )
        indexes = (
            models.Index(fields=("etat", "id"), name="versement_par_etat"),
            # What waits for the accountant, counted and added up without reading a row.
            models.Index(
                fields=("id",),
                include=("montant_decide", "decision"),
                condition=Q(etat="EN_COURS", mis_en_paiement_le=None),
                name="versement_a_mettre",
            ),
            models.Index(
                fields=("id",),
                include=("montant_decide", "decision"),
                condition=Q(etat="EN_COURS", mis_en_paiement_le__isnull=False),
                name="versement_a_constater",
            ),
        )

    def __str__(self) -> str:
        return f"{self.type} {self.montant_decide}"

    @property
    def net(self) -> Decimal:
        """What the bank is asked to pay: the amount decided, less what is kept for a recovery order."""
        return self.montant_decide - self.compense
