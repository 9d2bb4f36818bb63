"""Money that is asked back: the orders, their numbers, and what settled them (GST-019)."""

from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Upper

from segurnum.base.champs import ChampEnum
from segurnum.comptes.models import Entreprise
from segurnum.demandes.models import Demande
from segurnum.fichiers.models import Fichier
from segurnum.journal.preuves import Enfants, Preuve
from segurnum.paiements.models import Decision, Versement
from segurnum.regles.argent import LigneCalcul
from segurnum.regles.calendrier import jour_de_paris, maintenant
from segurnum.regles.cycles_recouvrements import (
    STATUTS_DUS,
    STATUTS_EMIS,
    STATUTS_VIVANTS,
    GenreReglement,
    StatutRecouvrement,
)


class SerieTitres(models.Model):
    """The last number given in a year: titles are numbered without a gap, as public accounts ask."""

    annee = models.PositiveSmallIntegerField(unique=True)
    dernier = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.annee} : {self.dernier}"


class Recouvrement(models.Model):
    """A recovery order: of a payment that was made (`decision`), seen from a request (`demande`).

    Both are of one dossier: an overpayment that a solde shows is recovered on what its avance was paid.
    """

    PREUVE = Preuve(
        "recouvrement",
        fixes="demande decision entreprise motif montant calcul proposant propose_le",
        suit="emis_le commentaire statut_depuis",
        enfants=(
            Enfants(
                "recouvrements.Reglement",
                "recouvrement",
                "genre montant jour reference versement auteur enregistre_le retire_le",
            ),
        ),
    )

    demande = models.ForeignKey(Demande, on_delete=models.PROTECT, related_name="recouvrements")
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="recouvrements")
    entreprise = models.ForeignKey(Entreprise, on_delete=models.PROTECT, related_name="recouvrements")
    numero = models.CharField(
        max_length=14, null=True, blank=True, unique=True, help_text="donné à l'émission : « TR2026-00001 »"
    )
    statut = ChampEnum(StatutRecouvrement, max_length=8)
    statut_depuis = models.DateTimeField()
    total = models.BooleanField(help_text="tout ce qui reste versé de la demande, qui sera annulée")
    motif = models.TextField(help_text="pourquoi la somme est demandée, envoyé au débiteur")
    montant = models.DecimalField(max_digits=12, decimal_places=2, help_text="euros")
    recu = models.DecimalField(max_digits=12, decimal_places=2, default=0, help_text="euros, tenu à jour")
    calcul = models.JSONField(help_text="le calcul, ligne à ligne")
    proposant = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        help_text="vide quand le portail propose",
    )
    propose_le = models.DateTimeField()
    emetteur = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    emis_le = models.DateTimeField(null=True, blank=True)
    echeance = models.DateField(null=True, blank=True)
    relance_le = models.DateTimeField(null=True, blank=True, help_text="quand le débiteur sera relancé")
    lettre = models.ForeignKey(
        Fichier, null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    commentaire = models.TextField(blank=True, help_text="pourquoi il est écarté, retiré ou annulé")

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(montant__gt=0), name="un_recouvrement_demande_quelque_chose"),
            models.CheckConstraint(
                condition=Q(recu__gte=0, recu__lte=F("montant")), name="on_ne_recouvre_que_ce_qui_est_du"
            ),
            models.CheckConstraint(
                condition=~Q(statut__in=["SOLDE", "COMPENSE"]) | Q(recu=F("montant")),
                name="un_titre_solde_est_regle",
            ),
            models.CheckConstraint(
                condition=~Q(statut__in=[s.value for s in STATUTS_EMIS])
                | Q(numero__isnull=False, echeance__isnull=False, lettre__isnull=False),
                name="un_titre_emis_est_complet",
            ),
            models.UniqueConstraint(
                fields=("demande",),
                condition=Q(statut__in=[s.value for s in STATUTS_VIVANTS]),
                name="un_recouvrement_vivant_par_demande",
            ),
        )
        indexes = (
            models.Index(fields=("statut", "echeance", "id"), name="recouvrement_par_echeance"),
            models.Index(
                fields=("relance_le",),
                condition=Q(statut__in=[s.value for s in STATUTS_DUS]),
                name="recouvrement_a_relancer",
            ),
        )

    def __str__(self) -> str:
        return self.nom

    @property
    def nom(self) -> str:
        """What people call it: its number, once it has one."""
        return self.numero or f"Proposition {self.pk}"

    @property
    def reste(self) -> Decimal:
        """What is still owed (euros)."""
        return self.montant - self.recu

    @property
    def nature(self) -> str:
        return "Total" if self.total else "Partiel"

    @property
    def retard(self) -> int | None:
        """Days since it was due; None when nothing is owed, or not yet."""
        if self.statut not in STATUTS_DUS or self.echeance is None:
            return None
        jours = (jour_de_paris(maintenant()) - self.echeance).days
        return jours if jours > 0 else None

    @property
    def lignes(self) -> tuple[LigneCalcul, ...]:
        """How the amount was reached."""
        return tuple(
            LigneCalcul(ligne["libelle"], ligne["detail"], Decimal(ligne["montant"])) for ligne in self.calcul
        )

    @property
    def objet(self) -> str:
        """How the journal and the mails name it."""
        return f"recouvrement:{self.pk}"

    @property
    def chaine(self) -> str:
        return self.demande.dossier.chaine


class Reglement(models.Model):
    """What settled part of an order: a transfer that came in, or an amount kept on a payment of the same company."""

    recouvrement = models.ForeignKey(Recouvrement, on_delete=models.PROTECT, related_name="reglements")
    genre = ChampEnum(GenreReglement, max_length=13)
    montant = models.DecimalField(max_digits=12, decimal_places=2, help_text="euros")
    jour = models.DateField()
    reference = models.CharField(max_length=35, blank=True, help_text="du virement reçu")
    versement = models.ForeignKey(
        Versement, null=True, blank=True, on_delete=models.PROTECT, related_name="compensations"
    )
    auteur = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    enregistre_le = models.DateTimeField()
    retire_le = models.DateTimeField(null=True, blank=True, help_text="une compensation qui a été retirée")

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(montant__gt=0), name="un_reglement_est_positif"),
            models.CheckConstraint(
                condition=Q(genre="REMBOURSEMENT", versement__isnull=True) & ~Q(reference="")
                | Q(genre="COMPENSATION", versement__isnull=False),
                name="un_reglement_dit_d_ou_il_vient",
            ),
            models.UniqueConstraint(
                Upper("reference"),
                condition=Q(genre="REMBOURSEMENT"),
                name="un_remboursement_par_reference",
            ),
        )

    def __str__(self) -> str:
        return f"{self.genre} {self.montant}"
