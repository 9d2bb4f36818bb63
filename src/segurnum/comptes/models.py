"""Companies, the people who act for them or for the administration, and where the money goes."""

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Q
from django.utils import timezone


class Profil(models.TextChoices):
    """Which face of the portal a person uses."""

    FOURNISSEUR = "FOURNISSEUR", "Fournisseur"
    OPERATEUR = "OPERATEUR", "Opérateur"
    GESTIONNAIRE = "GESTIONNAIRE", "Gestionnaire"
    DECIDEUR = "DECIDEUR", "Décideur"
    COMPTABLE = "COMPTABLE", "Comptable"
    ADMINISTRATION = "ADMINISTRATION", "Administration"


PROFILS_ENTREPRISE = (Profil.FOURNISSEUR, Profil.OPERATEUR)


class Role(models.TextChoices):
    """What a person may do inside the company."""

    ADMINISTRATEUR = "ADMINISTRATEUR", "Administrateur"
    DEPOSANT = "DEPOSANT", "Déposant"
    LECTEUR = "LECTEUR", "Lecteur"


class Entreprise(models.Model):
    """A supplier or an operator: the tenant that every read of the supplier's face starts from."""

    siret = models.CharField(max_length=14, unique=True)
    denomination = models.CharField(max_length=200)
    adresse = models.CharField(max_length=300)
    code_postal = models.CharField(max_length=5)
    commune = models.CharField(max_length=100)
    cree_le = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.denomination} ({self.siret})"

    @property
    def adresse_complete(self) -> str:
        return f"{self.adresse} {self.code_postal} {self.commune}"


class Utilisateur(AbstractUser):
    """A person. Suppliers and operators act for one company; the administration's people for none."""

    profil = models.CharField(max_length=15, choices=Profil)
    role = models.CharField(max_length=15, choices=Role, default=Role.ADMINISTRATEUR)
    entreprise = models.ForeignKey(
        Entreprise, null=True, blank=True, on_delete=models.PROTECT, related_name="utilisateurs"
    )

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(profil__in=PROFILS_ENTREPRISE, entreprise__isnull=False)
                | (~Q(profil__in=PROFILS_ENTREPRISE) & Q(entreprise__isnull=True)),
                name="utilisateur_entreprise_selon_profil",
            ),
        )

    @property
    def est_agent(self) -> bool:
        """True for the administration's people."""
        return self.profil not in PROFILS_ENTREPRISE

    @property
    def libelle_profil(self) -> str:
        """« Fournisseur : Administrateur », as the banner shows it; the profile alone for the administration."""
        if self.est_agent:
            return self.get_profil_display()
        return f"{self.get_profil_display()} : {self.get_role_display()}"


class CoordonneesBancaires(models.Model):
    """A bank account of a company. One is active at a time; payments follow it."""

    class Statut(models.TextChoices):
        EN_ATTENTE = "EN_ATTENTE", "En attente"
        ACTIVE = "ACTIVE", "Active"
        INACTIVE = "INACTIVE", "Inactive"

    entreprise = models.ForeignKey(Entreprise, on_delete=models.PROTECT, related_name="comptes_bancaires")
    iban = models.CharField(max_length=34)
    bic = models.CharField(max_length=11)
    titulaire = models.CharField(max_length=140)
    domiciliation = models.CharField(max_length=140)
    statut = models.CharField(max_length=10, choices=Statut, default=Statut.EN_ATTENTE)
    cree_le = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("entreprise",), condition=Q(statut="ACTIVE"), name="un_seul_compte_bancaire_actif"
            ),
        )

    def __str__(self) -> str:
        return self.iban_masque

    @property
    def iban_masque(self) -> str:
        """Enough to recognise the account, not enough to use it: « FR76 •••• •••• 1234 »."""
        return f"{self.iban[:4]} •••• •••• {self.iban[-4:]}"
