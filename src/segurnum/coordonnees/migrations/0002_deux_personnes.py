"""A change of account that two people accept: one more status, and who confirmed.

The changes are some per company at the most: the index that holds one open is made in an instant.
"""

import django.db.models.deletion
from django.conf import settings
from django.contrib.postgres.operations import AddConstraintNotValid, ValidateConstraint
from django.db import migrations, models

_STATUTS = [
    ("EN_PREPARATION", "En préparation"),
    ("A_CONFIRMER", "En attente de confirmation"),
    ("EN_COURS", "En cours d'instruction"),
    ("A_CONTRESIGNER", "À confirmer par une seconde personne"),
    ("ACCEPTEE", "Acceptée"),
    ("APPLIQUEE", "Appliquée"),
    ("REFUSEE", "Refusée"),
    ("ANNULEE", "Annulée"),
]
_TABLE = "coordonnees_modificationbancaire"
_AVANT, _APRES = (
    ("A_CONFIRMER", "EN_COURS", "ACCEPTEE"),
    ("A_CONFIRMER", "EN_COURS", "A_CONTRESIGNER", "ACCEPTEE"),
)


def _unique(nom: str, statuts: tuple[str, ...]) -> str:
    textes = ", ".join(f"'{statut}'" for statut in statuts)
    return f"CREATE UNIQUE INDEX {nom} ON {_TABLE} (entreprise_id) WHERE statut IN ({textes})"


def _contrainte(nom: str, statuts: tuple[str, ...]) -> models.UniqueConstraint:
    return models.UniqueConstraint(fields=("entreprise",), condition=models.Q(statut__in=statuts), name=nom)


_ANCIENNE, _NOUVELLE = "une_modification_bancaire_ouverte", "un_changement_bancaire_ouvert"


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("coordonnees", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunSQL(
            migrations.RunSQL.noop,
            migrations.RunSQL.noop,
            state_operations=[
                migrations.AlterField(modele, "statut", models.CharField(choices=_STATUTS, max_length=14))
                for modele in ("modificationbancaire", "modificationpersonnes")
            ],
        ),
        migrations.RunSQL(
            _unique(_NOUVELLE, _APRES),
            f"DROP INDEX {_NOUVELLE}",
            state_operations=[
                migrations.AddConstraint("modificationbancaire", _contrainte(_NOUVELLE, _APRES)),
            ],
        ),
        migrations.RunSQL(
            f"DROP INDEX {_ANCIENNE}",
            _unique(_ANCIENNE, _AVANT),
            state_operations=[migrations.RemoveConstraint("modificationbancaire", _ANCIENNE)],
        ),
        migrations.AddField(
            "modificationbancaire",
            "contresignataire",
            models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        AddConstraintNotValid(
            "modificationbancaire",
            models.CheckConstraint(
                condition=models.Q(contresignataire__isnull=True)
                | ~models.Q(contresignataire=models.F("instructeur")),
                name="deux_personnes_acceptent_un_compte",
            ),
        ),
        ValidateConstraint("modificationbancaire", "deux_personnes_acceptent_un_compte"),
    ]
