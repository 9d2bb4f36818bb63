"""Companies, the people who act for them or for the administration, how they sign in, and where the money goes."""

import hashlib

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from segurnum.journal.preuves import Enfants, Preuve
from segurnum.regles import calendrier
from segurnum.regles.identifiants import iban_en_groupes, iban_masque


class Profil(models.TextChoices):
    """Which face of the portal a person uses."""

    FOURNISSEUR = "FOURNISSEUR", "Fournisseur"
    OPERATEUR = "OPERATEUR", "Opérateur"
    GESTIONNAIRE = "GESTIONNAIRE", "Gestionnaire"
    DECIDEUR = "DECIDEUR", "Décideur"
    COMPTABLE = "COMPTABLE", "Comptable"
    AUDITEUR = "AUDITEUR", "Auditeur"
    ADMINISTRATION = "ADMINISTRATION", "Administration"


PROFILS_ENTREPRISE = (Profil.FOURNISSEUR, Profil.OPERATEUR)
# Who instructs, publishes, answers and keeps the reference data; those who decide and those who pay only read.
PROFILS_INSTRUCTEURS = (Profil.GESTIONNAIRE, Profil.ADMINISTRATION)


class Role(models.TextChoices):
    """What a person may do inside the company."""

    ADMINISTRATEUR = "ADMINISTRATEUR", "Administrateur"
    DEPOSANT = "DEPOSANT", "Déposant"
    LECTEUR = "LECTEUR", "Lecteur"


class Theme(models.TextChoices):
    """Light or dark, in the words of the design system."""

    CLAIR = "light", "Thème clair"
    SOMBRE = "dark", "Thème sombre"
    SYSTEME = "system", "Système"


class Entreprise(models.Model):
    """A supplier or an operator: the tenant that every read of the supplier's face starts from."""

    PREUVE = Preuve(
        "entreprise",
        fixes="siret cree_le",
        suit="denomination adresse code_postal commune",
        enfants=(
            Enfants("coordonnees.PersonnePhysique", "entreprise", "role nom prenom courriel telephone"),
        ),
    )

    siret = models.CharField(max_length=14, unique=True)
    denomination = models.CharField(max_length=200)
    adresse = models.CharField(max_length=300)
    code_postal = models.CharField(max_length=5)
    commune = models.CharField(max_length=100)
    cree_le = models.DateTimeField(default=calendrier.maintenant)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=~Q(siret="") & ~Q(denomination=""), name="entreprise_nommee"),
        )

    def __str__(self) -> str:
        return f"{self.denomination} ({self.siret})"

    @property
    def adresse_complete(self) -> str:
        return f"{self.adresse} {self.code_postal} {self.commune}"

    @property
    def compte_actif(self) -> "CoordonneesBancaires | None":
        """The bank account that the next payments go to."""
        return self.comptes_bancaires.filter(statut=CoordonneesBancaires.Statut.ACTIVE).first()


# Of a person `t`: choosing another of one's companies swaps them, and changes none.
_DROITS = """(SELECT jsonb_agg(d.un ORDER BY d.un) FROM (
    SELECT jsonb_build_array(t.profil, t.role, t.entreprise_id) AS un
    UNION ALL SELECT jsonb_build_array(h.profil, h.role, h.entreprise_id)
    FROM comptes_habilitation h WHERE h.utilisateur_id = t.id) AS d)"""


class Utilisateur(AbstractUser):
    """A person. Suppliers and operators act for one company; the administration's people for none."""

    PREUVE = Preuve(
        "personne",
        fixes="username date_joined",
        suit="is_active is_staff is_superuser email last_name first_name",
        sql_de_plus=_DROITS,
    )

    profil = models.CharField(max_length=15, choices=Profil)
    role = models.CharField(max_length=15, choices=Role, default=Role.ADMINISTRATEUR)
    entreprise = models.ForeignKey(
        Entreprise, null=True, blank=True, on_delete=models.PROTECT, related_name="utilisateurs"
    )
    theme = models.CharField(
        max_length=6,
        choices=Theme,
        default="",
        db_default="",
        blank=True,
        help_text="vide : celui du navigateur",
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
    def nom_complet(self) -> str:
        """How screens name this person to officers; the identifier for who has no name."""
        return self.get_full_name() or self.get_username()

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
    """The key shared with the person's authentication application, and the last time step it was used for.

    The key is kept sealed (see `coffre`): who only reads the database makes no code of it.
    """

    utilisateur = models.OneToOneField(Utilisateur, on_delete=models.CASCADE, related_name="second_facteur")
    cle = models.CharField(max_length=255)
    dernier_pas = models.PositiveBigIntegerField(default=0)
    active_le = models.DateTimeField(default=calendrier.maintenant)

    def __str__(self) -> str:
        return f"second facteur de {self.utilisateur_id}"


class CleAcces(models.Model):
    """A passkey (WebAuthn): only its public half, which opens nothing."""

    utilisateur = models.ForeignKey(Utilisateur, on_delete=models.CASCADE, related_name="cles_acces")
    nom = models.CharField(max_length=60)
    identifiant = models.CharField(max_length=1400, unique=True)
    cle_publique = models.BinaryField()
    compteur = models.PositiveBigIntegerField(default=0)
    ajoutee_le = models.DateTimeField(default=calendrier.maintenant)
    utilisee_le = models.DateTimeField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("utilisateur", "nom"), name="une_cle_acces_par_nom"),)

    def __str__(self) -> str:
        return self.nom


class CodeSecours(models.Model):
    """A recovery code, which replaces any second factor once. Kept as a digest and removed when used."""

    utilisateur = models.ForeignKey(Utilisateur, on_delete=models.CASCADE, related_name="codes_secours")
    empreinte = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"code de secours {self.pk}"


class IdentiteExterne(models.Model):
    """The subject of an OpenID Connect provider that opens an account, whatever address it has there later."""

    utilisateur = models.ForeignKey(Utilisateur, on_delete=models.CASCADE, related_name="identites")
    emetteur = models.CharField(max_length=300)
    sujet = models.CharField(max_length=255)
    liee_le = models.DateTimeField(default=calendrier.maintenant)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("emetteur", "sujet"), name="une_personne_par_identite"),
            models.UniqueConstraint(fields=("utilisateur", "emetteur"), name="une_identite_par_emetteur"),
        )

    def __str__(self) -> str:
        return f"identité de {self.utilisateur_id}"


class Connexion(models.Model):
    """A sign-in, for its person to recognise. Forgotten after a while, unlike the journal."""

    utilisateur = models.ForeignKey(Utilisateur, on_delete=models.CASCADE, related_name="connexions")
    instant = models.DateTimeField(default=calendrier.maintenant)
    moyen = models.CharField(max_length=60)
    appareil = models.CharField(max_length=80, blank=True)
    reseau = models.CharField(max_length=50, blank=True)
    # The digest of what this browser was given at its first sign-in.
    navigateur = models.CharField(max_length=64, blank=True)

    class Meta:
        indexes = (models.Index(fields=("utilisateur", "-instant"), name="connexion_par_personne"),)

    def __str__(self) -> str:
        return f"connexion de {self.utilisateur_id}"


class Invitation(models.Model):
    """A company asks somebody to act for it. Nothing is given, nor told to either, before the person accepts.

    Whether the address has an account is neither asked nor kept here.
    """

    class Statut(models.TextChoices):
        EN_ATTENTE = "EN_ATTENTE", "En attente de réponse"
        ACCEPTEE = "ACCEPTEE", "Acceptée"
        DECLINEE = "DECLINEE", "Déclinée"
        RETIREE = "RETIREE", "Retirée"

    entreprise = models.ForeignKey(Entreprise, on_delete=models.CASCADE, related_name="invitations")
    courriel = models.EmailField()  # as regles.identifiants.adresse_comparable writes it
    nom = models.CharField(max_length=150)
    prenom = models.CharField(max_length=150)
    profil = models.CharField(max_length=15, choices=Profil)
    role = models.CharField(max_length=15, choices=Role)
    par = models.ForeignKey(Utilisateur, on_delete=models.CASCADE, related_name="+")
    statut = models.CharField(max_length=10, choices=Statut, default=Statut.EN_ATTENTE)
    empreinte = models.CharField(max_length=64, unique=True)
    envoyee_le = models.DateTimeField(default=calendrier.maintenant)
    expire_le = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("entreprise", "courriel"),
                condition=Q(statut="EN_ATTENTE"),
                name="une_invitation_en_attente_par_adresse",
            ),
        )
        indexes = (models.Index(fields=("courriel",), name="invitation_par_courriel"),)

    def __str__(self) -> str:
        return f"invitation {self.pk}"

    @property
    def objet(self) -> str:
        """How mails and the journal name it."""
        return f"invitation:{self.pk}"

    @property
    def expiree(self) -> bool:
        return self.statut == self.Statut.EN_ATTENTE and self.expire_le <= calendrier.maintenant()


class SessionOuverte(AbstractBaseSession):
    """A session, with whose it is, so that a person can see and close those left open elsewhere."""

    utilisateur = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="sessions"
    )
    appareil = models.CharField(max_length=80, blank=True)
    reseau = models.CharField(max_length=50, blank=True)
    ouverte_le = models.DateTimeField(default=calendrier.maintenant)
    vue_le = models.DateTimeField(default=calendrier.maintenant)

    @property
    def repere(self) -> str:
        """Names the session on a page: its key opens it, and is shown to nobody."""
        return hashlib.sha256(self.session_key.encode()).hexdigest()[:16]


class CoordonneesBancaires(models.Model):
    """A bank account of a company. One is active at a time; payments follow it."""

    PREUVE = Preuve("compte", fixes="entreprise iban bic titulaire domiciliation cree_le")

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
            models.CheckConstraint(condition=~Q(iban="") & ~Q(titulaire=""), name="compte_bancaire_rempli"),
        )
        indexes = (models.Index(fields=("iban",), name="compte_par_iban"),)

    def __str__(self) -> str:
        return self.iban_masque

    @property
    def iban_masque(self) -> str:
        return iban_masque(self.iban)

    @property
    def iban_en_groupes(self) -> str:
        return iban_en_groupes(self.iban)
