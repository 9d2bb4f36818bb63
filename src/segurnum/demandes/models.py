"""Dossiers and their requests: an avance, then a solde, each with its versions, beneficiaries and pieces.

The same rows serve requests that come from a JSON file and those that come from a form: what was declared is in the
versions, in the normal form of the couloir; the columns beside it are what lists, money and life cycle need.
"""

from datetime import datetime

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Lower

from segurnum import couloirs
from segurnum.base.champs import ChampEnum
from segurnum.comptes.models import Entreprise
from segurnum.couloirs import Couloir
from segurnum.couloirs.champs import TEXTE_MAX
from segurnum.demandes import lignes
from segurnum.enrolements.models import Enrolement
from segurnum.fichiers.models import Fichier
from segurnum.regles import calendrier
from segurnum.regles.argent import Calcul
from segurnum.regles.cycles import EtatPaiement, StatutDemande, StatutOctroi, TypeDemande

# A request in one of these is over: its dossier may receive another, its beneficiaries are free again.
STATUTS_ETEINTS = (StatutDemande.REJETEE, StatutDemande.ANNULEE, StatutDemande.HISTORISEE)
# Where the supplier is asked for something, by a due date, and may add pieces.
STATUTS_A_COMPLETER = (StatutDemande.EN_ATTENTE_PIECE, StatutDemande.A_MODIFIER)

# What three letters a beneficiary's names have, in capitals without accents: functions of the migrations.
TRIGRAMMES_DU_NOM = Func(
    F("nom"),
    F("raison_sociale"),
    template="trigrammes(simplifie(%(expressions)s))",
    arg_joiner=" || ' ' || ",
    output_field=ArrayField(models.TextField()),
)
CRITERES_MAX = 2_000  # characters of a search, as an address says it


class Dossier(models.Model):
    """What one order becomes: a number that the avance and the solde share."""

    numero = models.CharField(max_length=12, unique=True)
    entreprise = models.ForeignKey(Entreprise, on_delete=models.PROTECT, related_name="dossiers")
    enrolement = models.ForeignKey(Enrolement, on_delete=models.PROTECT, related_name="dossiers")
    dsr = models.CharField(max_length=30)

    class Meta:
        constraints = (models.CheckConstraint(condition=~Q(numero="") & ~Q(dsr=""), name="dossier_numerote"),)

    def __str__(self) -> str:
        return self.numero

    @property
    def couloir(self) -> Couloir:
        return couloirs.par_dsr(self.dsr)

    @property
    def chaine(self) -> str:
        """The dossier's sequence in the journal."""
        return f"dossier:{self.numero}"


class Demande(models.Model):
    """One request for money. Its status moves only through `demandes.services`."""

    PREUVE = lignes.DEMANDE

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="demandes")
    entreprise = models.ForeignKey(Entreprise, on_delete=models.PROTECT, related_name="demandes")
    numero = models.CharField(max_length=14, db_index=True, help_text="numéro de dossier et suffixe")
    type = ChampEnum(TypeDemande, max_length=6)
    dsr = models.CharField(max_length=30)
    numero_editeur = models.CharField(max_length=20, blank=True)
    version_courante = models.PositiveIntegerField(default=1)

    statut = ChampEnum(StatutDemande, max_length=16)
    statut_depuis = models.DateTimeField()
    depose_le = models.DateTimeField()
    # Due dates are stored when the status is taken, so that a late or repeated sweep gives the same result.
    expire_le = models.DateTimeField(null=True, blank=True)
    rappel_le = models.DateTimeField(null=True, blank=True)
    cloture_le = models.DateTimeField(null=True, blank=True)
    commentaire = models.TextField(
        blank=True, help_text="ce que le gestionnaire attend, ou le motif du rejet"
    )

    montant_declare = models.DecimalField(
        max_digits=12,
        decimal_places=2,
        null=True,
        blank=True,
        help_text="euros HT ; vide tant qu'un montant que le portail calcule ne peut pas l'être",
    )
    taux_tva = models.DecimalField(max_digits=4, decimal_places=2, help_text="%, 0 en régime HT")
    instruite = models.BooleanField(default=False, help_text="a reçu une première instruction (REQ-043)")
    engagement_ht = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    engagement = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    montant_decide = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    calcul = models.JSONField(null=True, blank=True, help_text="le calcul, ligne à ligne")
    motif_montant = models.TextField(
        blank=True,
        default="",
        db_default="",
        help_text="pourquoi le montant retenu n'est pas celui qui est déclaré, tel que le fournisseur le lit",
    )
    valideur = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    valide_le = models.DateTimeField(null=True, blank=True)
    decide_le = models.DateTimeField(null=True, blank=True)

    etat_paiement = ChampEnum(EtatPaiement, max_length=10, default=EtatPaiement.AUCUN)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("dossier", "type"),
                condition=~Q(statut__in=[s.value for s in STATUTS_ETEINTS]),
                name="une_demande_vivante_par_type",
            ),
            models.CheckConstraint(condition=Q(montant_declare__gte=0), name="montant_declare_positif"),
            models.CheckConstraint(condition=~Q(numero="") & ~Q(dsr=""), name="demande_numerotee"),
            models.CheckConstraint(
                condition=Q(statut="NON_COMPLETEE", expire_le__isnull=False)
                | (~Q(statut="NON_COMPLETEE") & Q(expire_le__isnull=True)),
                name="seule_une_demande_non_completee_expire",
            ),
            models.CheckConstraint(
                condition=~Q(statut__in=["VALIDEE", "DECIDEE"]) | Q(montant_decide__isnull=False),
                name="montant_decide_des_la_validation",
            ),
        )
        indexes = (
            # The supplier's table, newest first, and the officers' queue, oldest first.
            models.Index(fields=("entreprise", "-depose_le", "-id"), name="demande_par_entreprise"),
            models.Index(fields=("entreprise", "statut", "-depose_le", "-id"), name="demande_par_statut"),
            models.Index(fields=("statut", "depose_le", "id"), name="demande_file"),
            models.Index(fields=("statut", "dsr", "depose_le"), name="demande_file_du_couloir"),
            models.Index(fields=("depose_le", "id"), name="demande_toutes"),
            models.Index(
                fields=("expire_le",), condition=Q(statut="NON_COMPLETEE"), name="demande_a_completer"
            ),
            models.Index(
                fields=("entreprise", "-depose_le"),
                condition=Q(etat_paiement="REJETE"),
                name="demande_paiement_rejete",
            ),
            models.Index(
                fields=("cloture_le",),
                condition=Q(statut__in=("EN_ATTENTE_PIECE", "A_MODIFIER")),
                name="demande_attendue",
            ),
        )

    def __str__(self) -> str:
        return self.numero

    @property
    def couloir(self) -> Couloir:
        return couloirs.par_dsr(self.dsr)

    def format(self, corrige_le: datetime | None = None) -> couloirs.Format:
        """The format that judges it: that of its deposit, or what a correction made at that instant must follow."""
        return self.couloir.format(self.type, self.depose_le, corrige_le)

    @property
    def attend_le_fournisseur(self) -> bool:
        """Whether its supplier may still answer: not past the due date, whether or not the sweep has passed."""
        a_temps = self.cloture_le is None or calendrier.maintenant() < self.cloture_le
        return self.statut in STATUTS_A_COMPLETER and a_temps

    @property
    def attendue_trop_tard(self) -> bool:
        return self.statut in STATUTS_A_COMPLETER and not self.attend_le_fournisseur

    @property
    def objet(self) -> str:
        """How the journal and the mails name this request."""
        return f"demande:{self.pk}"

    @property
    def calcul_retenu(self) -> Calcul | None:
        return Calcul.lire(self.calcul) if self.calcul else None


class Octroi(models.Model):
    """An amount granted (euros HT) for what no known ceiling covers: one person grants, another approves.

    It stands for what was read then, `version` and `manquants`: what changes since has to be granted anew.
    """

    PREUVE = lignes.OCTROI

    demande = models.ForeignKey(Demande, on_delete=models.PROTECT, related_name="octrois")
    montant_ht = models.DecimalField(max_digits=12, decimal_places=2)
    motif = models.TextField()
    version = models.PositiveIntegerField()
    manquants = ArrayField(models.CharField(max_length=14), default=list, blank=True)
    statut = ChampEnum(StatutOctroi, max_length=8, default=StatutOctroi.PROPOSE)
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
    approuve_le = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("demande",),
                condition=~Q(statut=StatutOctroi.ECARTE.value),
                name="un_octroi_vivant_par_demande",
            ),
            models.CheckConstraint(condition=Q(montant_ht__gt=0) & ~Q(motif=""), name="octroi_motive"),
            models.CheckConstraint(
                condition=~Q(statut=StatutOctroi.APPROUVE.value)
                | Q(approbateur__isnull=False, approuve_le__isnull=False),
                name="octroi_approuve_par_quelqu_un",
            ),
            models.CheckConstraint(
                condition=Q(approbateur__isnull=True) | ~Q(approbateur=F("auteur")),
                name="octroi_approuve_par_une_autre_personne",
            ),
        )

    def __str__(self) -> str:
        return f"{self.demande_id} : {self.statut}"


class VersionDemande(models.Model):
    """What was declared, whole, each time that it changed. Version 1 is the deposit."""

    demande = models.ForeignKey(Demande, on_delete=models.CASCADE, related_name="versions")
    rang = models.PositiveIntegerField()
    donnees = models.JSONField(
        encoder=DjangoJSONEncoder, help_text="la demande dans la forme normale de son couloir"
    )
    auteur = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    cree_le = models.DateTimeField()
    motif = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("demande", "rang"), name="une_version_par_rang"),)

    def __str__(self) -> str:
        return f"{self.demande_id} v{self.rang}"


class Beneficiaire(models.Model):
    """Who is equipped: shown in the consultation, and financed once per DSR."""

    demande = models.ForeignKey(Demande, on_delete=models.CASCADE, related_name="beneficiaires")
    rang = models.PositiveIntegerField()
    dsr = models.CharField(max_length=30)
    type_identifiant = models.CharField(max_length=8)
    identifiants = ArrayField(models.CharField(max_length=14))
    nom = models.CharField(max_length=TEXTE_MAX, blank=True)
    courriel = models.CharField(max_length=254, blank=True)
    telephone = models.CharField(max_length=30, blank=True)
    raison_sociale = models.CharField(max_length=TEXTE_MAX, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("demande", "rang"), name="un_beneficiaire_par_rang"),)
        indexes = (
            GinIndex(fields=("identifiants",), name="beneficiaire_par_identifiant"),
            GinIndex(TRIGRAMMES_DU_NOM, name="beneficiaire_recherche"),
        )

    def __str__(self) -> str:
        return f"{self.type_identifiant} {', '.join(self.identifiants)}"


class PieceJustificative(models.Model):
    """A piece of a request: announced by the deposit (then `fichier` is null until it comes), or added later."""

    class Origine(models.TextChoices):
        DEPOT = "DEPOT", "Dépôt"
        COMPLEMENT = "COMPLEMENT", "Complément"
        AGENCE = "AGENCE", "Agence"

    demande = models.ForeignKey(Demande, on_delete=models.CASCADE, related_name="pieces")
    nom = models.CharField(max_length=100)
    type = models.CharField(max_length=60)
    origine = models.CharField(max_length=10, choices=Origine, default=Origine.DEPOT)
    fichier = models.ForeignKey(Fichier, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    depose_le = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(models.F("demande"), Lower("nom"), name="piece_nommee_une_fois"),
            models.CheckConstraint(
                condition=Q(fichier__isnull=True, depose_le__isnull=True)
                | Q(fichier__isnull=False, depose_le__isnull=False),
                name="piece_datee_quand_elle_est_la",
            ),
        )

    def __str__(self) -> str:
        return self.nom


class BrouillonDemande(models.Model):
    """What a supplier has typed and not sent yet: a form to deposit, or the correction of a request. Officers see none.

    One for each type of request of an enrolment, and one for each request being corrected.
    """

    enrolement = models.ForeignKey(Enrolement, on_delete=models.CASCADE, related_name="+")
    type = ChampEnum(TypeDemande, max_length=6)
    demande = models.OneToOneField(
        Demande, null=True, blank=True, on_delete=models.CASCADE, related_name="brouillon"
    )
    saisie = models.JSONField(default=dict, help_text="ce qui a été tapé, champ par champ, juste ou non")
    version = models.PositiveIntegerField(
        default=1, help_text="compte les enregistrements : deux onglets se voient"
    )
    page = models.CharField(
        max_length=40, default="", db_default="", blank=True, help_text="affichage qui l'a enregistré"
    )
    rang = models.PositiveIntegerField(
        default=0, db_default=0, help_text="de l'envoi parmi ceux de cet affichage"
    )
    auteur = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    modifie_le = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("enrolement", "type"),
                condition=Q(demande__isnull=True),
                name="un_brouillon_par_type_de_demande",
            ),
        )

    def __str__(self) -> str:
        return f"brouillon {self.pk}"


class PieceBrouillonDemande(models.Model):
    """A file of a deposit zone, kept until the form is sent; one for each zone."""

    brouillon = models.ForeignKey(BrouillonDemande, on_delete=models.CASCADE, related_name="pieces")
    zone = models.CharField(max_length=60)
    nom = models.CharField(max_length=100)
    fichier = models.ForeignKey(Fichier, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = (models.UniqueConstraint(fields=("brouillon", "zone"), name="une_piece_par_zone"),)

    def __str__(self) -> str:
        return self.nom


class Vue(models.Model):
    """A search of the requests that a person keeps under a name; what it is is what its address says."""

    personne = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    nom = models.CharField(max_length=60)
    cle = models.SlugField(max_length=60, db_index=False, help_text="le nom, dans l'adresse")
    criteres = models.CharField(
        max_length=CRITERES_MAX, help_text="l'adresse de la recherche, après le point d'interrogation"
    )

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("personne", "cle"), name="une_vue_par_nom"),
            models.CheckConstraint(condition=~Q(nom="") & ~Q(cle=""), name="vue_nommee"),
        )

    def __str__(self) -> str:
        return self.cle
