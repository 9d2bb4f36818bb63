"""Enrolments: a company's right to deposit for one referenced software."""

import uuid
from datetime import date
from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import Q

from segurnum.base.champs import ChampEnum
from segurnum.comptes.models import Entreprise
from segurnum.enrolements.pieces import TypePiece
from segurnum.fichiers.models import Fichier
from segurnum.journal.preuves import Enfants, Preuve
from segurnum.referentiel.models import Referencement
from segurnum.regles import calendrier
from segurnum.regles.calendrier import jour_de_paris
from segurnum.regles.cycles_enrolement import StatutEnrolement

# The portal is open to whoever holds one of these (ENR-006, CON-24).
STATUTS_OUVERTS = (
    StatutEnrolement.VALIDEE,
    StatutEnrolement.VALIDATION_PARTIELLE,
    StatutEnrolement.CERTIFICAT_A_VALIDER,
)


class Enrolement(models.Model):
    """One request of enrolment. Its status moves only through `enrolements.services`."""

    PREUVE = Preuve(
        "enrolement",
        fixes="sequence entreprise referencement type depose_le cgu",
        # An officer corrects the address that was mistyped (`issues.corriger_courriel`), and nothing else declared.
        sql_fixe="t.donnees #- '{depositaire,courriel}' #- '{representant,courriel}'",
        suit="statut_depuis anticipe taux_tva courriel donnees commentaire entreprise_a_verifier pieces_attendues",
        enfants=(
            Enfants(
                "enrolements.PieceEnrolement",
                "enrolement",
                "type nom fichier__empreinte deposee_le confirmee refusee_le",
            ),
            Enfants("enrolements.RegimeTVA", "enrolement", "taux_tva date_effet preuve auteur cree_le"),
        ),
    )

    Statut = StatutEnrolement

    class Type(models.TextChoices):
        INITIAL = "INITIAL", "Initial"
        COMPLEMENTAIRE = "COMPLEMENTAIRE", "Complémentaire"

    sequence = models.PositiveIntegerField(unique=True)
    entreprise = models.ForeignKey(Entreprise, on_delete=models.PROTECT, related_name="enrolements")
    referencement = models.ForeignKey(Referencement, on_delete=models.PROTECT, related_name="enrolements")
    statut = ChampEnum(StatutEnrolement, max_length=22, default=StatutEnrolement.EN_COURS)
    statut_depuis = models.DateTimeField(default=calendrier.maintenant)
    type = models.CharField(max_length=14, choices=Type, default=Type.INITIAL)
    anticipe = models.BooleanField(default=False)
    taux_tva = models.DecimalField(max_digits=4, decimal_places=2, default=Decimal("20.00"), help_text="%")
    courriel = models.EmailField(help_text="adresse qui reçoit tous les courriels de l'enrôlement")
    depose_le = models.DateTimeField(default=calendrier.maintenant)
    commentaire = models.TextField(
        blank=True, help_text="ce que le gestionnaire attend, ou le motif du rejet"
    )
    donnees = models.JSONField(default=dict, help_text="la déclaration, telle qu'elle a été déposée")
    entreprise_a_verifier = models.BooleanField(
        default=False, help_text="l'annuaire des entreprises n'a pas répondu au dépôt"
    )
    empreinte_lien = models.CharField(
        max_length=64, blank=True, help_text="SHA-256 du secret du lien de dépôt des pièces"
    )
    lien_expire_le = models.DateTimeField(null=True, blank=True)
    pieces_attendues = models.JSONField(
        default=list, db_default=[], blank=True, help_text="types des pièces que le gestionnaire a demandées"
    )
    empreinte_suivi = models.CharField(
        max_length=64,
        default="",
        db_default="",
        blank=True,
        help_text="SHA-256 du secret du lien de suivi",
    )
    empreinte_suivi_demande = models.CharField(
        max_length=64,
        default="",
        db_default="",
        blank=True,
        help_text="celui du dernier lien de suivi demandé sans compte : il ne remplace pas l'autre",
    )
    suivi_expire_le = models.DateTimeField(
        null=True, blank=True, help_text="fin des liens de suivi ; vide : la demande attend encore"
    )
    cgu = models.CharField(
        max_length=20, default="", db_default="", blank=True, help_text="version des CGU acceptée au dépôt"
    )
    relances = models.PositiveSmallIntegerField(
        default=0, db_default=0, help_text="envoyées depuis que le statut attend le demandeur"
    )
    ans_annonce_le = models.DateTimeField(
        null=True, blank=True, help_text="la validation à l'ANS a été écrite au demandeur"
    )

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("referencement",),
                condition=~Q(statut="REJETEE"),
                name="un_enrolement_vivant_par_numero_ans",
            ),
            models.UniqueConstraint(
                fields=("empreinte_lien",),
                condition=~Q(empreinte_lien=""),
                name="un_enrolement_par_lien_de_depot",
            ),
            models.CheckConstraint(condition=~Q(courriel=""), name="enrolement_joignable"),
        )
        indexes = (
            models.Index(
                fields=("empreinte_suivi",),
                condition=~Q(empreinte_suivi=""),
                name="enrolement_par_lien_de_suivi",
            ),
            models.Index(
                fields=("empreinte_suivi_demande",),
                condition=~Q(empreinte_suivi_demande=""),
                name="enrolement_par_lien_demande",
            ),
        )

    def __str__(self) -> str:
        return self.numero

    @property
    def numero(self) -> str:
        return f"ENR{self.sequence:04d}"

    def taux_au(self, jour: date) -> Decimal:
        """The VAT rate (%) of what is deposited on this day of Paris."""
        passes = [regime for regime in self.regimes.all() if regime.date_effet <= jour_de_paris(jour)]
        return passes[-1].taux_tva if passes else self.taux_tva

    @property
    def taux_du_jour(self) -> Decimal:
        return self.taux_au(calendrier.maintenant())

    @property
    def libelle_type(self) -> str:
        """« Initial », « Complémentaire anticipé »… (ENR-098)."""
        return f"{self.get_type_display()}{' anticipé' if self.anticipe else ''}"

    @property
    def chaine(self) -> str:
        """The enrolment's sequence in the journal; also what its mails are about."""
        return f"enrolement:{self.numero}"

    @property
    def objet(self) -> str:
        """How the journal names this enrolment: it is alone in its sequence."""
        return self.chaine

    @property
    def ouvre_au_depot(self) -> bool:
        """Only a wholly validated enrolment lets requests be deposited (anticipated ones wait, ENR-007)."""
        return self.statut is StatutEnrolement.VALIDEE

    @property
    def ouvre_l_acces(self) -> bool:
        """Validated, or anticipated and accepted: the portal opens (ENR-006, ENR-070)."""
        return self.statut in STATUTS_OUVERTS


class PieceEnrolement(models.Model):
    """A piece of an enrolment. One added after the deposit waits for its confirmation to count."""

    enrolement = models.ForeignKey(Enrolement, on_delete=models.CASCADE, related_name="pieces")
    type = ChampEnum(TypePiece, max_length=24)
    nom = models.CharField(max_length=100)
    fichier = models.ForeignKey(Fichier, on_delete=models.PROTECT, related_name="+")
    deposee_le = models.DateTimeField()
    confirmee = models.BooleanField(default=True)
    refusee_le = models.DateTimeField(
        null=True, blank=True, help_text="le gestionnaire a demandé une autre pièce à sa place"
    )

    class Meta:
        ordering = ("deposee_le", "pk")

    def __str__(self) -> str:
        return self.nom


class RegimeTVA(models.Model):
    """Another rate than the one of the deposit, for what is deposited from a day on. None is rewritten."""

    enrolement = models.ForeignKey(Enrolement, on_delete=models.PROTECT, related_name="regimes")
    taux_tva = models.DecimalField(max_digits=4, decimal_places=2, help_text="%")
    date_effet = models.DateField()
    preuve = models.ForeignKey(PieceEnrolement, on_delete=models.PROTECT, related_name="+")
    auteur = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    cree_le = models.DateTimeField()

    class Meta:
        ordering = ("date_effet", "pk")
        constraints = (
            models.UniqueConstraint(fields=("enrolement", "date_effet"), name="un_regime_de_tva_par_date"),
        )

    def __str__(self) -> str:
        return f"{self.enrolement_id} au {self.date_effet}"


class Brouillon(models.Model):
    """An enrolment being filled in: invisible to officers, reached by a secret link or by its author's account."""

    cle = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    empreinte_lien = models.CharField(max_length=64, unique=True, help_text="SHA-256 du secret du lien")
    auteur = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    entreprise = models.ForeignKey(
        Entreprise,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="+",
        help_text="celle pour laquelle l'auteur l'a commencé ; aucune pour une demande initiale",
    )
    saisie = models.JSONField(default=dict, help_text="ce qui a été saisi, étape par étape")
    version = models.PositiveIntegerField(
        default=0, help_text="compte les enregistrements : deux onglets se voient"
    )
    page = models.CharField(
        max_length=40, default="", db_default="", blank=True, help_text="affichage qui l'a enregistré"
    )
    rang = models.PositiveIntegerField(
        default=0, db_default=0, help_text="de l'envoi parmi ceux de cet affichage"
    )
    modifie_le = models.DateTimeField()
    courriel = models.EmailField(
        default="", db_default="", blank=True, help_text="où son lien a été envoyé ; effacé avec lui"
    )
    relances = models.PositiveSmallIntegerField(
        default=0, db_default=0, help_text="envoyées depuis la dernière modification"
    )

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("auteur", "entreprise"), name="un_brouillon_par_auteur_et_entreprise"
            ),
        )

    def __str__(self) -> str:
        return str(self.cle)


class PieceBrouillon(models.Model):
    """A file of a draft; one of each type."""

    brouillon = models.ForeignKey(Brouillon, on_delete=models.CASCADE, related_name="pieces")
    type = ChampEnum(TypePiece, max_length=24)
    nom = models.CharField(max_length=100)
    fichier = models.ForeignKey(Fichier, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("brouillon", "type"), name="une_piece_par_type_de_brouillon"),
        )

    def __str__(self) -> str:
        return self.nom
