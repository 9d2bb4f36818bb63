"""Mailboxes of the MSSanté operators (BAL), as the national extract of the Annuaire Santé declares them (MSS-009).

An address belongs to one mail domain, and a domain to one operator's ANS number at most: sums of counts by domain
are exact, so they outlive the addresses that they were made from.
"""

from django.conf import settings
from django.db import models
from django.db.models import F, Func, Q, Value

from segurnum.regles import calendrier

MONTRES = 12  # signs of a digest that a sentence shows


class TypeBAL(models.TextChoices):
    """The kinds that are financed, from the dearest to the cheapest: their codes sort in that order too."""

    APPLICATIVE = "APP", "Applicative"
    ORGANISATIONNELLE = "ORG", "Organisationnelle"
    NOMINATIVE = "PER", "Nominative"


class Extrait(models.Model):
    """One snapshot of the national file. `instant`: what the file shows; `empreinte`: of its text, zipped or not.

    `adresses_oubliees_le`: its addresses were deleted, since no count is explained by them any more.
    """

    instant = models.DateTimeField(db_index=True)
    empreinte = models.CharField(max_length=64, unique=True)
    nom = models.CharField(max_length=150)
    nombre_lignes = models.PositiveIntegerField()
    nombre_adresses = models.PositiveIntegerField()
    hors_comptage = models.PositiveIntegerField(default=0, help_text="lignes d'un type qui n'est pas financé")
    charge_le = models.DateTimeField(default=calendrier.maintenant)
    auteur = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    adresses_oubliees_le = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.nom

    @property
    def empreinte_courte(self) -> str:
        return f"{self.empreinte[:MONTRES]}…"


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
