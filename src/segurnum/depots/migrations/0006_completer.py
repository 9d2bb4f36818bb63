"""A ZIP completes what it can: what was checked goes to its request at once, and what is deleted is told on its line."""

from typing import Any

import django.db.models.deletion
from django.contrib.postgres.operations import AddConstraintNotValid, AddIndexConcurrently, ValidateConstraint
from django.db import migrations, models
from django.db.models import OuterRef, Subquery


def nommer_les_entreprises(apps: Any, _schema: Any) -> None:
    archives, depots = apps.get_model("depots", "Archive"), apps.get_model("depots", "Depot")
    sienne = depots.objects.filter(pk=OuterRef("depot")).values("entreprise")[:1]
    archives.objects.filter(entreprise__isnull=True).update(entreprise=Subquery(sienne))


def remettre_les_pieces(apps: Any, _schema: Any) -> None:
    """The last right copy of each piece that is still waited for: what « Terminer » would have joined, and more."""
    controlees = apps.get_model("depots", "PieceControlee")
    pieces = apps.get_model("demandes", "PieceJustificative")
    derniere = controlees.objects.filter(piece=OuterRef("pk")).order_by("-archive")
    pieces.objects.filter(
        pk__in=controlees.objects.filter(piece__fichier__isnull=True).values("piece"),
        demande__statut="NON_COMPLETEE",
    ).update(
        fichier=Subquery(derniere.values("fichier")[:1]),
        depose_le=Subquery(derniere.values("archive__recue_le")[:1]),
    )
    apps.get_model("depots", "Archive").objects.filter(etat="ATTACHEE").update(etat="CONFORME")


def rien(_apps: Any, _schema: Any) -> None:
    """What is joined stays joined."""


PRESENTE = """
    ALTER TABLE depots_archive ADD CONSTRAINT archive_d_une_entreprise CHECK (entreprise_id IS NOT NULL) NOT VALID;
    ALTER TABLE depots_archive VALIDATE CONSTRAINT archive_d_une_entreprise
"""
OBLIGATOIRE = """
    ALTER TABLE depots_archive ALTER COLUMN entreprise_id SET NOT NULL;
    ALTER TABLE depots_archive DROP CONSTRAINT archive_d_une_entreprise
"""
FACULTATIVE = "ALTER TABLE depots_archive ALTER COLUMN entreprise_id DROP NOT NULL"
SANS_DEPOT = "ALTER TABLE depots_archive ALTER COLUMN depot_id DROP NOT NULL"
# What came for all the requests of a company has no place before.
AVEC_DEPOT = """
    DELETE FROM depots_archive WHERE depot_id IS NULL;
    SET CONSTRAINTS ALL IMMEDIATE;
    ALTER TABLE depots_archive ALTER COLUMN depot_id SET NOT NULL
"""


class Migration(migrations.Migration):
    atomic = False  # indexes are built, and constraints validated, beside the work
    dependencies = [
        ("comptes", "0003_theme"),
        ("demandes", "0004_longueur_des_noms"),
        ("fichiers", "0003_infectes"),
        ("depots", "0005_severites_des_regles"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(SANS_DEPOT, AVEC_DEPOT)],
            state_operations=[
                migrations.AlterField(
                    model_name="archive",
                    name="depot",
                    field=models.ForeignKey(
                        blank=True,
                        help_text="vide : toutes les demandes incomplètes de l'entreprise",
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="archives",
                        to="depots.depot",
                    ),
                ),
                migrations.AlterField(
                    model_name="archive",
                    name="etat",
                    field=models.CharField(
                        choices=[
                            ("RECUE", "Contrôle en attente"),
                            ("EN_CONTROLE", "Contrôle en cours"),
                            ("CONFORME", "Conforme"),
                            ("NON_CONFORME", "À corriger"),
                            ("ILLISIBLE", "Contrôle impossible"),
                            ("INFECTEE", "Menace trouvée par l'antivirus"),
                        ],
                        default="RECUE",
                        max_length=12,
                    ),
                ),
            ],
        ),
        migrations.RunPython(remettre_les_pieces, rien, atomic=True),
        migrations.CreateModel(
            name="PieceEnSuspens",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("nom", models.CharField(max_length=100)),
            ],
        ),
        migrations.AddField(
            model_name="archive",
            name="entreprise",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="comptes.entreprise",
            ),
        ),
        migrations.RunPython(nommer_les_entreprises, rien, atomic=True),
        # A constraint that is validated beside the work spares the reading under lock.
        migrations.RunSQL(PRESENTE, migrations.RunSQL.noop),
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(OBLIGATOIRE, FACULTATIVE)],
            state_operations=[
                migrations.AlterField(
                    model_name="archive",
                    name="entreprise",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="comptes.entreprise",
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="lignedepot",
            name="suppression",
            field=models.CharField(
                blank=True,
                choices=[
                    ("EXPIREE", "Supprimée faute de pièces"),
                    ("VOULUE", "Supprimée à votre demande"),
                    ("REMPLACEE", "Remplacée par un nouvel import"),
                ],
                db_default="",
                default="",
                max_length=9,
            ),
        ),
        migrations.AddField(
            model_name="lignedepot",
            name="supprimee",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                help_text="numéro de la demande supprimée",
                max_length=14,
            ),
        ),
        migrations.AddField(
            model_name="lignedepot",
            name="supprimee_le",
            field=models.DateTimeField(blank=True, null=True),
        ),
        AddIndexConcurrently(
            model_name="archive",
            index=models.Index(
                condition=models.Q(("depot__isnull", True)),
                fields=["entreprise", "-id"],
                name="archive_de_l_entreprise",
            ),
        ),
        AddConstraintNotValid(
            model_name="lignedepot",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("suppression", ""), ("supprimee", ""), ("supprimee_le__isnull", True)),
                    models.Q(
                        models.Q(("supprimee", ""), _negated=True),
                        ("demande__isnull", True),
                        ("supprimee_le__isnull", False),
                        models.Q(("suppression", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="une_suppression_est_dite_entiere",
            ),
        ),
        ValidateConstraint(model_name="lignedepot", name="une_suppression_est_dite_entiere"),
        migrations.AddField(
            model_name="pieceensuspens",
            name="archive",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="en_suspens", to="depots.archive"
            ),
        ),
        migrations.AddField(
            model_name="pieceensuspens",
            name="fichier",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="fichiers.fichier",
            ),
        ),
        migrations.DeleteModel(
            name="PieceControlee",
        ),
        migrations.AddIndex(
            model_name="pieceensuspens",
            index=models.Index(fields=["fichier"], name="piece_en_suspens_par_fichier"),
        ),
        migrations.AddConstraint(
            model_name="pieceensuspens",
            constraint=models.UniqueConstraint(
                fields=("archive", "nom"), name="une_piece_en_suspens_par_nom"
            ),
        ),
    ]
