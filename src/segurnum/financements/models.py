"""Each beneficiary of a programme has one row here, which the dossiers that claim it share, and one of them may hold.

The row is also what gestures on the same beneficiary wait for. A trigger on the requests (see the migration) refuses
that one becomes « Validée » or « Décidée » without holding all that it claims.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q

from segurnum.base.champs import ChampEnum
from segurnum.demandes.models import Demande, Dossier
from segurnum.fichiers.models import Fichier
from segurnum.journal.preuves import Enfants, Preuve
from segurnum.regles.cycles_contestation import (
    STATUTS_OUVERTS,
    STATUTS_SUSPENSIFS,
    PositionPartie,
    StatutContestation,
)


class Financement(models.Model):
    """What one beneficiary may receive once of one programme. `dossier` holds it from its first validation on."""

    sons = models.CharField(max_length=30, help_text="le programme : le DSR, couloir, logiciel et vague")
    genre = models.CharField(max_length=8, help_text="« FINESS », « RPPS »…")
    valeur = models.CharField(max_length=14)
    dossier = models.ForeignKey(Dossier, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    contestee = models.BooleanField(default=False, help_text="une procédure est ouverte")

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("sons", "valeur", "genre"), name="un_financement_par_beneficiaire"
            ),
        )

    def __str__(self) -> str:
        return f"{self.genre} {self.valeur}"


class Revendication(models.Model):
    """A living request claims this beneficiary. `ecartee`: an officer has given it to another, or to none."""

    financement = models.ForeignKey(Financement, on_delete=models.PROTECT, related_name="revendications")
    demande = models.ForeignKey(Demande, on_delete=models.CASCADE, related_name="revendications")
    ecartee = models.BooleanField(default=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("demande", "financement"), name="une_revendication_par_demande"),
        )

    def __str__(self) -> str:
        return f"{self.demande_id} → {self.financement_id}"


class Accord(models.Model):
    """An officer admits that a solde brings in a beneficiary that its avance did not have."""

    revendication = models.OneToOneField(Revendication, on_delete=models.CASCADE, related_name="accord")
    auteur = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    motif = models.TextField()
    donne_le = models.DateTimeField()

    def __str__(self) -> str:
        return f"accord {self.revendication_id}"


class Contestation(models.Model):
    """Several dossiers claim one beneficiary. Its status moves only through `financements`."""

    PREUVE = Preuve(
        "contestation",
        fixes="financement proposee_le",
        suit="ouverte_le echeance motif instructeur statut_depuis",
        enfants=(
            Enfants("financements.Partie", "contestation", "demande position texte repondue_le auteur"),
            Enfants(
                "financements.PiecePartie",
                "partie__contestation",
                "partie nom fichier__empreinte deposee_le lettre",
            ),
        ),
    )

    financement = models.ForeignKey(Financement, on_delete=models.PROTECT, related_name="contestations")
    statut = ChampEnum(StatutContestation, max_length=14)
    statut_depuis = models.DateTimeField()
    proposee_le = models.DateTimeField()
    ouverte_le = models.DateTimeField(null=True, blank=True)
    rappel_le = models.DateTimeField(null=True, blank=True)
    echeance = models.DateTimeField(null=True, blank=True, help_text="dernier instant pour répondre")
    attribuee_a = models.ForeignKey(
        Dossier, null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    motif = models.TextField(
        blank=True, help_text="pourquoi elle est ouverte, puis comment elle est tranchée"
    )
    instructeur = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("financement",),
                condition=Q(statut__in=[statut.value for statut in STATUTS_OUVERTS]),
                name="une_contestation_a_la_fois",
            ),
            models.CheckConstraint(
                condition=~Q(statut__in=[statut.value for statut in STATUTS_SUSPENSIFS])
                | Q(ouverte_le__isnull=False, echeance__isnull=False),
                name="contestation_ouverte_datee",
            ),
            models.CheckConstraint(
                condition=Q(statut=StatutContestation.ATTRIBUEE.value, attribuee_a__isnull=False)
                | (~Q(statut=StatutContestation.ATTRIBUEE.value) & Q(attribuee_a__isnull=True)),
                name="contestation_attribuee_a_un_dossier",
            ),
        )
        indexes = (
            models.Index(fields=("statut", "proposee_le", "id"), name="contestation_file"),
            models.Index(fields=("proposee_le", "id"), name="contestation_toutes"),
        )

    def __str__(self) -> str:
        return f"contestation {self.pk}"

    @property
    def objet(self) -> str:
        """What the journal and the mails call it."""
        return f"contestation:{self.pk}"

    @property
    def chaine(self) -> str:
        """Each contest is alone in its sequence of the journal."""
        return self.objet


class Partie(models.Model):
    """One of the requests of an opened contest, and what its supplier answers, of its own request only."""

    contestation = models.ForeignKey(Contestation, on_delete=models.CASCADE, related_name="parties")
    demande = models.ForeignKey(Demande, on_delete=models.PROTECT, related_name="contestee_dans")
    position = ChampEnum(PositionPartie, max_length=8, blank=True, default="")
    texte = models.TextField(blank=True)
    repondue_le = models.DateTimeField(null=True, blank=True)
    auteur = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("contestation", "demande"), name="une_partie_par_demande"),
            models.CheckConstraint(
                condition=Q(repondue_le__isnull=True, position="")
                | (Q(repondue_le__isnull=False) & ~Q(position="")),
                name="reponse_datee_avec_sa_position",
            ),
        )

    def __str__(self) -> str:
        return f"{self.contestation_id} – {self.demande_id}"


class PiecePartie(models.Model):
    """What a supplier joins to its answer; or a letter (`lettre`) that was sent to it."""

    partie = models.ForeignKey(Partie, on_delete=models.CASCADE, related_name="pieces")
    nom = models.CharField(max_length=100)
    fichier = models.ForeignKey(Fichier, on_delete=models.PROTECT, related_name="+")
    deposee_le = models.DateTimeField()
    lettre = models.BooleanField(default=False, db_default=False, help_text="écrite par l'administration")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("partie", "nom"), name="piece_de_partie_nommee_une_fois"),
        )

    def __str__(self) -> str:
        return self.nom
