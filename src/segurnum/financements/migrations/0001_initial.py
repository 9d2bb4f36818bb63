"""Claims, who holds each beneficiary, and what keeps the database itself from two holders."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# A request takes one of these statuses with all that it claims in its dossier's hands, and nothing of it contested,
# whoever writes it. The rows are held first: what another gesture is about to say of them is waited for.
GARDER = """
CREATE FUNCTION financements_exiger() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM financements_financement f WHERE f.id IN
        (SELECT r.financement_id FROM financements_revendication r WHERE r.demande_id = NEW.id)
        ORDER BY f.id FOR NO KEY UPDATE;
    IF EXISTS (SELECT FROM financements_revendication r JOIN financements_financement f ON f.id = r.financement_id
        WHERE r.demande_id = NEW.id
        AND (f.contestee OR r.ecartee OR f.dossier_id <> NEW.dossier_id))
    THEN
        RAISE EXCEPTION 'Un bénéficiaire de cette demande est contesté, ou financé par un autre dossier.'
            USING ERRCODE = 'exclusion_violation', CONSTRAINT = 'beneficiaire_finance_une_fois';
    END IF;
    UPDATE financements_financement f SET dossier_id = NEW.dossier_id FROM financements_revendication r
        WHERE f.id = r.financement_id AND r.demande_id = NEW.id AND f.dossier_id IS NULL;
    RETURN NEW;
END $$;
CREATE TRIGGER financements_exiger BEFORE UPDATE OF statut ON demandes_demande FOR EACH ROW
    WHEN (NEW.statut IN ('VALIDEE', 'DECIDEE') AND NEW.statut IS DISTINCT FROM OLD.statut)
    EXECUTE FUNCTION financements_exiger();
"""
NE_PLUS_GARDER = """
DROP TRIGGER financements_exiger ON demandes_demande;
DROP FUNCTION financements_exiger();
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("demandes", "0001_initial"),
        ("fichiers", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Financement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "sons",
                    models.CharField(
                        help_text="le programme : le DSR, couloir, logiciel et vague", max_length=30
                    ),
                ),
                ("genre", models.CharField(help_text="« FINESS », « RPPS »…", max_length=8)),
                ("valeur", models.CharField(max_length=14)),
                ("contestee", models.BooleanField(default=False, help_text="une procédure est ouverte")),
                (
                    "dossier",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="demandes.dossier",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Contestation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "statut",
                    models.CharField(
                        choices=[
                            ("PROPOSEE", "À examiner"),
                            ("EN_REPONSE", "Réponses attendues"),
                            ("A_TRANCHER", "À trancher"),
                            ("ATTRIBUEE", "Attribué"),
                            ("NON_ATTRIBUEE", "Attribué à aucune demande"),
                            ("REJETEE", "Demandes rejetées"),
                            ("SANS_OBJET", "Sans objet"),
                        ],
                        max_length=14,
                    ),
                ),
                ("statut_depuis", models.DateTimeField()),
                ("proposee_le", models.DateTimeField()),
                ("ouverte_le", models.DateTimeField(blank=True, null=True)),
                ("rappel_le", models.DateTimeField(blank=True, null=True)),
                (
                    "echeance",
                    models.DateTimeField(blank=True, help_text="dernier instant pour répondre", null=True),
                ),
                (
                    "motif",
                    models.TextField(
                        blank=True, help_text="pourquoi elle est ouverte, puis comment elle est tranchée"
                    ),
                ),
                (
                    "attribuee_a",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="demandes.dossier",
                    ),
                ),
                (
                    "instructeur",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "financement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="contestations",
                        to="financements.financement",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Partie",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "position",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("MAINTIEN", "Je maintiens ma demande : ce bénéficiaire est mon client"),
                            (
                                "ERREUR",
                                "Je reconnais une erreur : ce bénéficiaire est à retirer de ma demande",
                            ),
                            ("RETRAIT", "Je demande l'annulation de ma demande"),
                        ],
                        default="",
                        max_length=8,
                    ),
                ),
                ("texte", models.TextField(blank=True)),
                ("repondue_le", models.DateTimeField(blank=True, null=True)),
                (
                    "auteur",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "contestation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="parties",
                        to="financements.contestation",
                    ),
                ),
                (
                    "demande",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="contestee_dans",
                        to="demandes.demande",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PiecePartie",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("nom", models.CharField(max_length=100)),
                ("deposee_le", models.DateTimeField()),
                (
                    "fichier",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="fichiers.fichier"
                    ),
                ),
                (
                    "partie",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="pieces",
                        to="financements.partie",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Revendication",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("ecartee", models.BooleanField(default=False)),
                (
                    "demande",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="revendications",
                        to="demandes.demande",
                    ),
                ),
                (
                    "financement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="revendications",
                        to="financements.financement",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Accord",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("motif", models.TextField()),
                ("donne_le", models.DateTimeField()),
                (
                    "auteur",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "revendication",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="accord",
                        to="financements.revendication",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="financement",
            constraint=models.UniqueConstraint(
                fields=("sons", "valeur", "genre"), name="un_financement_par_beneficiaire"
            ),
        ),
        migrations.AddIndex(
            model_name="contestation",
            index=models.Index(fields=["statut", "proposee_le", "id"], name="contestation_file"),
        ),
        migrations.AddIndex(
            model_name="contestation",
            index=models.Index(fields=["proposee_le", "id"], name="contestation_toutes"),
        ),
        migrations.AddConstraint(
            model_name="contestation",
            constraint=models.UniqueConstraint(
                condition=models.Q(("statut__in", ["PROPOSEE", "EN_REPONSE", "A_TRANCHER"])),
                fields=("financement",),
                name="une_contestation_a_la_fois",
            ),
        ),
        migrations.AddConstraint(
            model_name="contestation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("statut__in", ["EN_REPONSE", "A_TRANCHER"]), _negated=True),
                    models.Q(("echeance__isnull", False), ("ouverte_le__isnull", False)),
                    _connector="OR",
                ),
                name="contestation_ouverte_datee",
            ),
        ),
        migrations.AddConstraint(
            model_name="contestation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("attribuee_a__isnull", False), ("statut", "ATTRIBUEE")),
                    models.Q(models.Q(("statut", "ATTRIBUEE"), _negated=True), ("attribuee_a__isnull", True)),
                    _connector="OR",
                ),
                name="contestation_attribuee_a_un_dossier",
            ),
        ),
        migrations.AddConstraint(
            model_name="partie",
            constraint=models.UniqueConstraint(
                fields=("contestation", "demande"), name="une_partie_par_demande"
            ),
        ),
        migrations.AddConstraint(
            model_name="partie",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("position", ""), ("repondue_le__isnull", True)),
                    models.Q(("repondue_le__isnull", False), models.Q(("position", ""), _negated=True)),
                    _connector="OR",
                ),
                name="reponse_datee_avec_sa_position",
            ),
        ),
        migrations.AddConstraint(
            model_name="piecepartie",
            constraint=models.UniqueConstraint(
                fields=("partie", "nom"), name="piece_de_partie_nommee_une_fois"
            ),
        ),
        migrations.AddConstraint(
            model_name="revendication",
            constraint=models.UniqueConstraint(
                fields=("demande", "financement"), name="une_revendication_par_demande"
            ),
        ),
        migrations.RunSQL(GARDER, NE_PLUS_GARDER),
    ]
