"""Extracts that are held, counts that another person confirms, and the proof of what settled each solde."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.contrib.postgres.operations import AddConstraintNotValid, ValidateConstraint
from django.db import migrations, models
from django.db.models import F, Q

import segurnum.regles.calendrier

_TYPES = [("APP", "Applicative"), ("ORG", "Organisationnelle"), ("PER", "Nominative")]


def _cle() -> models.BigAutoField:
    return models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")


def _une_personne() -> models.ForeignKey:
    return models.ForeignKey(
        blank=True,
        db_index=False,
        null=True,
        on_delete=django.db.models.deletion.PROTECT,
        related_name="+",
        to=settings.AUTH_USER_MODEL,
    )


class Migration(migrations.Migration):
    atomic = False  # the check of the rows that are there holds nothing

    dependencies = [
        ("annuaire_sante", "0001_initial"),
        ("demandes", "0004_longueur_des_noms"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField("extrait", "types_inconnus", models.PositiveIntegerField(default=0)),
        migrations.AddField("extrait", "lignes_vides", models.PositiveIntegerField(default=0)),
        migrations.AddField("extrait", "lignes_dites", models.JSONField(blank=True, default=list)),
        migrations.AddField("extrait", "soupcons", models.JSONField(blank=True, default=list)),
        migrations.AddField("extrait", "commentaire", models.TextField(blank=True)),
        migrations.AddField("extrait", "juge_par", _une_personne()),
        migrations.AddField(
            "extrait",
            "statut",
            models.CharField(
                choices=[
                    ("RETENU", "Retenu : à confirmer"),
                    ("EN_VIGUEUR", "Pris en compte"),
                    ("ECARTE", "Écarté"),
                ],
                default="EN_VIGUEUR",
                max_length=10,
            ),
        ),
        migrations.AddField(
            "extrait",
            "statut_depuis",
            models.DateTimeField(default=segurnum.regles.calendrier.maintenant),
        ),
        migrations.RunSQL(
            "UPDATE annuaire_sante_extrait SET statut_depuis = charge_le", migrations.RunSQL.noop
        ),
        AddConstraintNotValid(
            "extrait",
            models.CheckConstraint(
                condition=~Q(statut="EN_VIGUEUR")
                | Q(auteur__isnull=True)
                | Q(juge_par__isnull=True)
                | ~Q(juge_par=F("auteur")),
                name="extrait_confirme_par_une_autre_personne",
            ),
        ),
        ValidateConstraint("extrait", "extrait_confirme_par_une_autre_personne"),
        migrations.CreateModel(
            name="PropositionComptages",
            fields=[
                ("id", _cle()),
                (
                    "statut",
                    models.CharField(
                        choices=[
                            ("A_CONFIRMER", "À confirmer"),
                            ("CONFIRMES", "Confirmés"),
                            ("REFUSES", "Refusés"),
                            ("RETIRES", "Retirés"),
                        ],
                        default="A_CONFIRMER",
                        max_length=11,
                    ),
                ),
                ("statut_depuis", models.DateTimeField(default=segurnum.regles.calendrier.maintenant)),
                ("lignes", models.JSONField()),
                (
                    "fichier",
                    models.CharField(blank=True, help_text="nom du fichier dont il vient", max_length=150),
                ),
                ("cree_le", models.DateTimeField(default=segurnum.regles.calendrier.maintenant)),
                ("auteur", _une_personne()),
                ("juge_par", _une_personne()),
                ("commentaire", models.TextField(blank=True, help_text="ce qui justifie un refus")),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=~Q(statut="CONFIRMES") | Q(auteur__isnull=True) | ~Q(juge_par=F("auteur")),
                        name="comptages_confirmes_par_une_autre_personne",
                    ),
                    models.CheckConstraint(
                        condition=~Q(statut="CONFIRMES") | Q(juge_par__isnull=False),
                        name="comptages_confirmes_par_quelqu_un",
                    ),
                ],
                "indexes": [models.Index(fields=["statut", "-cree_le"], name="comptages_par_statut")],
            },
        ),
        migrations.CreateModel(
            name="ArreteComptes",
            fields=[
                ("id", _cle()),
                ("empreinte", models.CharField(max_length=64)),
                ("extrait_du", models.DateTimeField()),
                (
                    "domaines",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=253), size=None
                    ),
                ),
                ("applicatives", models.PositiveIntegerField()),
                ("organisationnelles", models.PositiveIntegerField()),
                ("nominatives", models.PositiveIntegerField()),
                ("source", models.TextField()),
                ("arrete_le", models.DateTimeField()),
                ("nombre_adresses", models.PositiveIntegerField(default=0)),
                ("effacees_le", models.DateTimeField(blank=True, null=True)),
                (
                    "demande",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="demandes.demande"
                    ),
                ),
                (
                    "extrait",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="annuaire_sante.extrait",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="AdresseArretee",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "arrete",
                        "domaine",
                        "adresse",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "arrete",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="adresses",
                        to="annuaire_sante.arretecomptes",
                    ),
                ),
                ("domaine", models.CharField(db_collation="C", max_length=253)),
                ("adresse", models.CharField(db_collation="C", max_length=254)),
                ("type", models.CharField(choices=_TYPES, max_length=3)),
            ],
        ),
    ]
