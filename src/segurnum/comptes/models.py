"""Companies, the people who act for them or for the administration, how they sign in, and where the money goes."""

import hashlib

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from segurnum.regles import calendrier
from segurnum.regles.identifiants import iban_en_groupes, iban_masque


class Profil(models.TextChoices):
    """Which face of the portal a person uses."""

    FOURNISSEUR = "FOURNISSEUR", "Fournisseur"
    OPERATEUR = "OPERATEUR", "Opérateur"
    GESTIONNAIRE = "GESTIONNAIRE", "Gestionnaire"
    DECIDEUR = "DECIDEUR", "Décideur"
    COMPTABLE = "COMPTABLE", "Comptable"
    ADMINISTRATION = "ADMINISTRATION", "Administration"


PROFILS_ENTREPRISE = (Profil.FOURNISSEUR, Profil.OPERATEUR)
# Who instructs, publishes, answers and keeps the reference data; those who decide and those who pay only read.
PROFILS_INSTRUCTEURS = (Profil.GESTIONNAIRE, Profil.ADMINISTRATION)


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
    cree_le = models.DateTimeField(default=calendrier.maintenant)

    def __str__(self) -> str:
        return f"{self.denomination} ({self.siret})"

    @property
    def adresse_complete(self) -> str:
        return f"{self.adresse} {self.code_postal} {self.commune}"

    @property
    def compte_actif(self) -> "CoordonneesBancaires | None":
        """The bank account that the next payments go to."""
        return self.comptes_bancaires.filter(statut=CoordonneesBancaires.Statut.ACTIVE).first()


class Utilisateur(AbstractUser):
    """A person. Suppliers and operators act for one company; the administration's people for none."""

    profil = models.CharField(max_length=15, choices=Profil)
    role = models.CharField(max_length=15, choices=Role, default=Role.ADMINISTRATEUR)
    entreprise = models.ForeignKey(
        Entreprise, null=True, blank=True, on_delete=models.PROTECT, related_name="utilisateurs"
    )

    class Meta:
        constraints = (
            # No page knows what to show to another: Django's own tools make accounts without any.
            models.CheckConstraint(condition=Q(profil__in=Profil.values), name="utilisateur_profil_connu"),
            models.CheckConstraint(
                condition=Q(profil__in=PROFILS_ENTREPRISE, entreprise__isnull=False)
                | (~Q(profil__in=PROFILS_ENTREPRISE) & Q(entreprise__isnull=True)),
                name="utilisateur_entreprise_selon_profil",
            ),
            # One person, one address: an address already known extends an access instead of opening another.
            models.UniqueConstraint(Lower("email"), condition=~Q(email=""), name="un_compte_par_courriel"),
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

    @property
    def objet(self) -> str:
        """How mails and the journal name this person."""
        return f"utilisateur:{self.pk}"


class Habilitation(models.Model):
    """Another company that a person may act for. The one in use is on the person; choosing this one swaps them."""

    utilisateur = models.ForeignKey(
        Utilisateur, on_delete=models.CASCADE, related_name="autres_habilitations"
    )
    entreprise = models.ForeignKey(Entreprise, on_delete=models.PROTECT, related_name="autres_habilitations")
    profil = models.CharField(max_length=15, choices=Profil)
    role = models.CharField(max_length=15, choices=Role)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("utilisateur", "entreprise", "profil"),
                name="une_habilitation_par_entreprise_et_profil",
            ),
        )

    def __str__(self) -> str:
        return f"{self.entreprise.denomination} ({self.get_role_display()})"


class LienMotDePasse(models.Model):
    """A link that lets its holder choose a password, once and for a short time. Only its digest is kept."""

    utilisateur = models.ForeignKey(Utilisateur, on_delete=models.CASCADE, related_name="+")
    empreinte = models.CharField(max_length=64, unique=True)
    expire_le = models.DateTimeField()

    def __str__(self) -> str:
        return f"lien de {self.utilisateur_id}"


class SecondFacteur(models.Model):
    """The key shared with the person's authentication application, and the last time step it was used for."""

    utilisateur = models.OneToOneField(Utilisateur, on_delete=models.CASCADE, related_name="second_facteur")
    cle = models.CharField(max_length=64)
    dernier_pas = models.PositiveBigIntegerField(default=0)
    active_le = models.DateTimeField(default=calendrier.maintenant)

    def __str__(self) -> str:
        return f"second facteur de {self.utilisateur_id}"


class CodeSecours(models.Model):
    """A recovery code, kept as a digest and removed when used."""

    second_facteur = models.ForeignKey(SecondFacteur, on_delete=models.CASCADE, related_name="codes")
    empreinte = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"code de secours {self.pk}"


class Essai(models.Model):
    """Something that may only be tried so often: who tried (an address, an account) and when."""

    cle = models.CharField(max_length=120)
    instant = models.DateTimeField(default=calendrier.maintenant)

    class Meta:
        indexes = (models.Index(fields=("cle", "instant"), name="essai_par_cle"),)

    def __str__(self) -> str:
        return self.cle


class SessionOuverte(AbstractBaseSession):
    """A session, with whose it is, so that a person can see and close those left open elsewhere."""

    utilisateur = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="sessions"
    )
    appareil = models.CharField(max_length=80, blank=True)
    ouverte_le = models.DateTimeField(default=calendrier.maintenant)
    vue_le = models.DateTimeField(default=calendrier.maintenant)

    @property
    def repere(self) -> str:
        """Names the session on a page: its key opens it, and is shown to nobody."""
        return hashlib.sha256(self.session_key.encode()).hexdigest()[:16]


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
    cree_le = models.DateTimeField(default=calendrier.maintenant)

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
        return iban_masque(self.iban)

    @property
    def iban_en_groupes(self) -> str:
        return iban_en_groupes(self.iban)
