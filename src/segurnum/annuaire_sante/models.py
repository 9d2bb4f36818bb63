"""Mailboxes of the MSSanté operators (BAL), as the national extract of the Annuaire Santé declares them (MSS-009).

An address belongs to one mail domain, and a domain to one operator's ANS number at most: sums of counts by domain
are exact, so they outlive the addresses that they were made from.
"""

from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Func, Q, Value

from segurnum.base.champs import ChampEnum
from segurnum.journal.preuves import Enfants, Preuve
from segurnum.regles import calendrier
from segurnum.regles.cycles_annuaire import StatutComptages, StatutExtrait

MONTRES = 12  # signs of a digest that a sentence shows
CHAINE = "annuaire-sante"  # of the journal: what is loaded changes what all counts are made from


def _une_personne() -> "models.ForeignKey[Any, Any]":
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )


class TypeBAL(models.TextChoices):
    """The kinds that are financed, from the dearest to the cheapest: their codes sort in that order too."""

    APPLICATIVE = "APP", "Applicative"
    ORGANISATIONNELLE = "ORG", "Organisationnelle"
    NOMINATIVE = "PER", "Nominative"


class Extrait(models.Model):
    """One snapshot of the national file. `instant`: what the file shows; `empreinte`: of its text, zipped or not.

    Counts are made from those in force only. `soupcons`: why it was held, one sentence each; `lignes_dites`: its first
    lines of an unknown type. `commentaire` and `juge_par`: why it was confirmed or set aside, and by whom.
    `adresses_oubliees_le`: its addresses were deleted, since no count is explained by them any more.
    """

    PREUVE = Preuve(
        "extrait",
        fixes="instant empreinte nom nombre_lignes nombre_adresses hors_comptage types_inconnus lignes_vides "
        "lignes_dites soupcons charge_le auteur",
        suit="commentaire juge_par statut_depuis",
        enfants=(Enfants("annuaire_sante.CompteDomaine", "extrait", "domaine type nombre"),),
    )

    instant = models.DateTimeField(db_index=True)
    empreinte = models.CharField(max_length=64, unique=True)
    nom = models.CharField(max_length=150)
    nombre_lignes = models.PositiveIntegerField()
    nombre_adresses = models.PositiveIntegerField()
    hors_comptage = models.PositiveIntegerField(default=0, help_text="lignes d'un type qui n'est pas financé")
    types_inconnus = models.PositiveIntegerField(default=0)
    lignes_vides = models.PositiveIntegerField(default=0)
    lignes_dites = models.JSONField(default=list, blank=True)
    soupcons = models.JSONField(default=list, blank=True)
    statut = ChampEnum(StatutExtrait, max_length=10, default=StatutExtrait.EN_VIGUEUR)
    statut_depuis = models.DateTimeField(default=calendrier.maintenant)
    commentaire = models.TextField(blank=True)
    juge_par = _une_personne()
    charge_le = models.DateTimeField(default=calendrier.maintenant)
    auteur = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    adresses_oubliees_le = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=~Q(statut="EN_VIGUEUR")
                | Q(auteur__isnull=True)
                | Q(juge_par__isnull=True)
                | ~Q(juge_par=F("auteur")),
                name="extrait_confirme_par_une_autre_personne",
            ),
        )

    def __str__(self) -> str:
        return self.nom

    @property
    def empreinte_courte(self) -> str:
        return f"{self.empreinte[:MONTRES]}…"

    @property
    def designation(self) -> str:
        """« Extrait du 30 juin 2026 à 14 h 00 »."""
        return f"Extrait du {calendrier.instant_long(self.instant)}"

    @property
    def objet(self) -> str:
        return f"extrait:{self.pk}"

    @property
    def chaine(self) -> str:
        return CHAINE

    @property
    def retenu(self) -> bool:
        return self.statut is StatutExtrait.RETENU


class AdresseMSS(models.Model):
    """One address of an extract, in small letters. Nothing else of the file is kept: the rest is about people.

    The primary key starts by extract and domain, as every read does; since the domain is the end of the address,
    an address is there once in an extract.
    """

    pk = models.CompositePrimaryKey("extrait", "domaine", "adresse")
    # Half a million rows written at once, beside their extract: checking each one's key doubles the time of a load.
    extrait = models.ForeignKey(
        Extrait, on_delete=models.CASCADE, related_name="adresses", db_index=False, db_constraint=False
    )
    domaine = models.CharField(max_length=253, db_collation="C")
    adresse = models.CharField(max_length=254, db_collation="C")
    type = models.CharField(max_length=3, choices=TypeBAL)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(domaine=Func(F("adresse"), Value("@"), Value(2), function="SPLIT_PART")),
                name="domaine_de_l_adresse",
            ),
        )

    def __str__(self) -> str:
        return self.adresse


class CompteDomaine(models.Model):
    """How many addresses of a type an extract has in a domain."""

    extrait = models.ForeignKey(Extrait, on_delete=models.CASCADE, related_name="comptes", db_index=False)
    domaine = models.CharField(max_length=253, db_collation="C")
    type = models.CharField(max_length=3, choices=TypeBAL)
    nombre = models.PositiveIntegerField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("extrait", "domaine", "type"), name="un_compte_par_domaine_et_type"
            ),
        )

    def __str__(self) -> str:
        return f"{self.domaine} {self.type} : {self.nombre}"


class DomaineOperateur(models.Model):
    """A mail domain that an operator's ANS number answers for."""

    numero_ans = models.CharField(max_length=10, db_index=True)
    domaine = models.CharField(max_length=253, unique=True, db_collation="C")

    def __str__(self) -> str:
        return f"{self.domaine} ({self.numero_ans})"


class ComptageFourni(models.Model):
    """The applicative mailboxes of a domain on a day, given by the administration: the extract has none today."""

    domaine = models.CharField(max_length=253, db_collation="C")
    date = models.DateField()
    nombre = models.PositiveIntegerField()
    source = models.CharField(max_length=200)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("domaine", "date"), name="un_comptage_fourni_par_jour"),
        )

    def __str__(self) -> str:
        return f"{self.domaine} au {self.date} : {self.nombre}"


class PropositionComptages(models.Model):
    """Applicative mailboxes that one person gives, until another confirms them: only then do they count.

    `lignes` are those of a file of counts, cell by cell: domain, number, day, source.
    """

    PREUVE = Preuve(
        "comptages", fixes="lignes fichier cree_le auteur", suit="juge_par commentaire statut_depuis"
    )

    statut = ChampEnum(StatutComptages, max_length=11, default=StatutComptages.A_CONFIRMER)
    statut_depuis = models.DateTimeField(default=calendrier.maintenant)
    lignes = models.JSONField()
    fichier = models.CharField(max_length=150, blank=True, help_text="nom du fichier dont il vient")
    cree_le = models.DateTimeField(default=calendrier.maintenant)
    auteur = _une_personne()
    juge_par = _une_personne()
    commentaire = models.TextField(blank=True, help_text="ce qui justifie un refus")

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=~Q(statut="CONFIRMES") | Q(auteur__isnull=True) | ~Q(juge_par=F("auteur")),
                name="comptages_confirmes_par_une_autre_personne",
            ),
            models.CheckConstraint(
                condition=~Q(statut="CONFIRMES") | Q(juge_par__isnull=False),
                name="comptages_confirmes_par_quelqu_un",
            ),
        )
        indexes = (models.Index(fields=("statut", "-cree_le"), name="comptages_par_statut"),)

    def __str__(self) -> str:
        return f"Comptages {self.pk}"

    @property
    def objet(self) -> str:
        return f"comptages:{self.pk}"

    @property
    def chaine(self) -> str:
        return CHAINE


class ArreteComptes(models.Model):
    """What was counted for one solde when its counts were settled, and from what: the proof of what is decided.

    An extract that is set aside, a domain that moves, leave it as it is; only the same gesture writes it again.
    `nombre_adresses`: of those kept beside it, 0 when the extract had forgotten its own; `effacees_le`: they were
    erased, being older than what the audit needs.
    """

    demande = models.OneToOneField("demandes.Demande", on_delete=models.CASCADE, related_name="+")
    extrait = models.ForeignKey(
        Extrait, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    empreinte = models.CharField(max_length=64)
    extrait_du = models.DateTimeField()
    domaines = ArrayField(models.CharField(max_length=253))
    applicatives = models.PositiveIntegerField()
    organisationnelles = models.PositiveIntegerField()
    nominatives = models.PositiveIntegerField()
    source = models.TextField()
    arrete_le = models.DateTimeField()
    nombre_adresses = models.PositiveIntegerField(default=0)
    effacees_le = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"Comptes de la demande {self.demande_id}"


class AdresseArretee(models.Model):
    """One address behind a settled solde, as its extract had it."""

    pk = models.CompositePrimaryKey("arrete", "domaine", "adresse")
    # Up to a million rows copied by one statement, as for the addresses of an extract.
    arrete = models.ForeignKey(
        ArreteComptes, on_delete=models.CASCADE, related_name="adresses", db_index=False, db_constraint=False
    )
    domaine = models.CharField(max_length=253, db_collation="C")
    adresse = models.CharField(max_length=254, db_collation="C")
    type = models.CharField(max_length=3, choices=TypeBAL)

    def __str__(self) -> str:
        return self.adresse
