"""Deposits: the JSON file that was simulated then imported, and the ZIP of its pieces."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from segurnum import couloirs
from segurnum.base.champs import ChampEnum
from segurnum.comptes.models import Entreprise
from segurnum.controles.catalogue import Severite
from segurnum.couloirs import Couloir
from segurnum.demandes.models import Demande
from segurnum.enrolements.models import Enrolement
from segurnum.fichiers.models import Fichier
from segurnum.regles import calendrier
from segurnum.regles.cycles import TypeDemande

RETARD = timedelta(minutes=2)  # without a sign of the check: longer than it ever takes while workers work


class Simulation(models.Model):
    """A file passed through the checks by its company. A conforming one is what « Importer » imports, byte for byte."""

    entreprise = models.ForeignKey(Entreprise, on_delete=models.PROTECT, related_name="simulations")
    auteur = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    enrolement = models.ForeignKey(Enrolement, on_delete=models.PROTECT, related_name="+", db_index=False)
    type = ChampEnum(TypeDemande, max_length=6)
    taux_tva = models.DecimalField(max_digits=4, decimal_places=2, help_text="%")
    nom_fichier = models.CharField(max_length=255)
    fichier = models.ForeignKey(Fichier, on_delete=models.PROTECT, related_name="+", db_index=False)
    recue_le = models.DateTimeField()
    conforme = models.BooleanField()
    rapport = models.JSONField()

    class Meta:
        indexes = (
            models.Index(fields=("entreprise", "-id"), name="simulation_par_entreprise"),
            # Erasing a file asks each table whether it points to it.
            models.Index(fields=("fichier",), name="simulation_par_fichier"),
        )

    def __str__(self) -> str:
        return f"{self.nom_fichier} du {self.recue_le}"


class Depot(models.Model):
    """A file that was imported. Its key is the « identifiant » that the supplier sees and that `impId` carries."""

    simulation = models.OneToOneField(Simulation, on_delete=models.PROTECT, related_name="depot")
    entreprise = models.ForeignKey(Entreprise, on_delete=models.PROTECT, related_name="depots")
    enrolement = models.ForeignKey(
        Enrolement, on_delete=models.PROTECT, related_name="depots", db_index=False
    )
    auteur = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    type = ChampEnum(TypeDemande, max_length=6)
    nom_fichier = models.CharField(max_length=255)
    entree = models.ForeignKey(Fichier, on_delete=models.PROTECT, related_name="+", db_index=False)
    sortie = models.ForeignKey(Fichier, on_delete=models.PROTECT, related_name="+", db_index=False)
    depose_le = models.DateTimeField()
    nombre = models.PositiveIntegerField()
    retenues = models.PositiveIntegerField()
    rejetees = models.PositiveIntegerField()
    rapport = models.JSONField()
    termine_le = models.DateTimeField(null=True, blank=True)
    bilan = ""  # what became of its requests, where a list has read it

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(nombre=F("retenues") + F("rejetees")),
                name="depot_retenues_et_rejetees_font_le_nombre",
            ),
        )
        indexes = (
            models.Index(fields=("entreprise", "-id"), name="depot_par_entreprise"),
            models.Index(fields=("entree",), name="depot_par_entree"),
            models.Index(fields=("sortie",), name="depot_par_sortie"),
        )

    def __str__(self) -> str:
        return f"{self.pk} {self.nom_fichier}"

    @property
    def couloir(self) -> Couloir:
        return couloirs.par_dsr(self.enrolement.referencement.dsr)

    @property
    def sujet(self) -> str:
        """How the mails name what came together."""
        return f"depot:{self.pk}"

    @property
    def attend_des_pieces(self) -> bool:
        return self.termine_le is None and self.retenues > 0


class Suppression(models.TextChoices):
    """Why a request that was retained is no more."""

    EXPIREE = "EXPIREE", "Supprimée faute de pièces"
    VOULUE = "VOULUE", "Supprimée à votre demande"
    REMPLACEE = "REMPLACEE", "Remplacée par un nouvel import"


class LigneDepot(models.Model):
    """One request of the file and what became of it."""

    depot = models.ForeignKey(Depot, on_delete=models.CASCADE, related_name="lignes")
    rang = models.PositiveIntegerField(help_text="indice dans lignesImport, depuis 0")
    numero_editeur = models.CharField(max_length=20, blank=True)
    demande = models.OneToOneField(
        Demande, null=True, blank=True, on_delete=models.SET_NULL, related_name="ligne_depot"
    )
    # Once the request is deleted, what its supplier still reads.
    supprimee = models.CharField(
        max_length=14, blank=True, db_default="", default="", help_text="numéro de la demande supprimée"
    )
    supprimee_le = models.DateTimeField(null=True, blank=True)
    suppression = models.CharField(max_length=9, choices=Suppression, blank=True, db_default="", default="")
    reimportee_par = models.ForeignKey(
        Depot,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        db_index=False,
        help_text="l'import qui l'a reprise, une fois supprimée",
    )

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("depot", "rang"), name="une_ligne_par_rang"),
            models.CheckConstraint(
                condition=Q(supprimee="", supprimee_le__isnull=True, suppression="")
                | ~Q(supprimee="") & Q(supprimee_le__isnull=False, demande__isnull=True) & ~Q(suppression=""),
                name="une_suppression_est_dite_entiere",
            ),
        )

    def __str__(self) -> str:
        return f"{self.depot_id}[{self.rang}]"


class SeveriteRegle(models.Model):
    """What the administration made of a rule from an instant on: the last one of its code holds. Never rewritten."""

    code = models.CharField(max_length=4)
    severite = models.CharField(max_length=13, choices=[(s.value, s.value.capitalize()) for s in Severite])
    motif = models.TextField()
    depuis = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(condition=~Q(motif=""), name="severite_motivee"),
            models.UniqueConstraint(fields=("code", "depuis"), name="une_severite_par_regle_et_instant"),
        )

    def __str__(self) -> str:
        return f"{self.code} {self.severite}"


class Archive(models.Model):
    """A ZIP of pieces, checked by a job: those of one deposit, or of all the incomplete requests of its company."""

    class Etat(models.TextChoices):
        RECUE = "RECUE", "Contrôle en attente"
        EN_CONTROLE = "EN_CONTROLE", "Contrôle en cours"
        CONFORME = "CONFORME", "Conforme"
        NON_CONFORME = "NON_CONFORME", "À corriger"
        ILLISIBLE = "ILLISIBLE", "Contrôle impossible"
        INFECTEE = "INFECTEE", "Menace trouvée par l'antivirus"

    entreprise = models.ForeignKey(Entreprise, on_delete=models.PROTECT, related_name="+", db_index=False)
    depot = models.ForeignKey(
        Depot,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="archives",
        help_text="vide : toutes les demandes incomplètes de l'entreprise",
    )
    auteur = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    nom_fichier = models.CharField(max_length=255)
    fichier = models.ForeignKey(Fichier, on_delete=models.PROTECT, related_name="+", db_index=False)
    recue_le = models.DateTimeField()
    etat = models.CharField(max_length=12, choices=Etat, default=Etat.RECUE)
    octets_controles = models.PositiveBigIntegerField(default=0)
    rapport = models.JSONField(null=True, blank=True)
    avance_le = models.DateTimeField(
        default=calendrier.maintenant,
        db_default=Now(),
        help_text="demandé, pris, ou avancé : dernier signe du contrôle",
    )
    panne = models.CharField(
        max_length=40, blank=True, db_default="", default="", help_text="ce qui retient le contrôle"
    )
    panne_depuis = models.DateTimeField(null=True, blank=True)
    echecs = models.PositiveSmallIntegerField(
        default=0, db_default=0, help_text="dont aucune panne n'est la cause"
    )
    echec_le = models.DateTimeField(null=True, blank=True)
    dernier_echec = models.CharField(
        max_length=80, blank=True, db_default="", default="", help_text="nom de l'erreur"
    )
    mises_a_l_ecart = models.PositiveSmallIntegerField(
        default=0, db_default=0, help_text="depuis qu'un gestionnaire l'a regardée"
    )

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("depot", "fichier"), name="une_archive_une_fois_par_depot"),
        )
        indexes = (
            models.Index(
                fields=("entreprise", "-id"), condition=Q(depot__isnull=True), name="archive_de_l_entreprise"
            ),
            models.Index(fields=("fichier",), name="archive_par_fichier"),
            models.Index(
                fields=("recue_le",),
                condition=Q(etat__in=("RECUE", "EN_CONTROLE", "ILLISIBLE")),
                name="archive_a_suivre",
            ),
        )

    def __str__(self) -> str:
        return self.nom_fichier

    @property
    def attendue(self) -> bool:
        """Whether its check is still to come, or to end."""
        return self.etat in ATTENDUES

    @property
    def retard(self) -> datetime | None:
        """Since when its check is late, now."""
        return self.en_retard_depuis(calendrier.maintenant())

    @property
    def se_recontrole(self) -> bool:
        """Whether its sender may still have it checked again: afterwards a person looks at it first."""
        return self.mises_a_l_ecart < ECARTS_MAX

    def en_retard_depuis(self, instant: datetime) -> datetime | None:
        """Since when its check is late, by its own times: no worker is needed to say so. None while it is as usual."""
        if not self.attendue:
            return None
        return self.panne_depuis or (self.avance_le if instant - self.avance_le > RETARD else None)


ECARTS_MAX = 3
ATTENDUES = (Archive.Etat.RECUE, Archive.Etat.EN_CONTROLE)


class PieceEnSuspens(models.Model):
    """A right file of an archive that several requests wait for: its supplier says which."""

    archive = models.ForeignKey(Archive, on_delete=models.CASCADE, related_name="en_suspens")
    nom = models.CharField(max_length=100)
    fichier = models.ForeignKey(Fichier, on_delete=models.PROTECT, related_name="+", db_index=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("archive", "nom"), name="une_piece_en_suspens_par_nom"),
        )
        indexes = (models.Index(fields=("fichier",), name="piece_en_suspens_par_fichier"),)

    def __str__(self) -> str:
        return f"{self.archive_id}:{self.nom}"
