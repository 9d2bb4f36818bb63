"""The requests and their versions, the series of their numbers, and the index that finds a part of one."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.core.serializers.json
import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models

# The series of dossier numbers. A sequence never gives a number twice, even when a transaction is undone.
SERIE = "CREATE SEQUENCE dossier_sequence MAXVALUE 999999"

# Searching a part of a number without reading every request: an index of what three characters each number has,
# made with what every PostgreSQL server has, rather than with an extension that some lack.
RECHERCHE = """
CREATE FUNCTION trigrammes(texte text) RETURNS text[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT coalesce(array_agg(DISTINCT substr(upper(texte), i, 3)), '{}') FROM generate_series(1, length(texte) - 2) i
$$;
CREATE INDEX demande_recherche ON demandes_demande USING gin (trigrammes(numero || ' ' || numero_editeur));
"""
SANS_RECHERCHE = "DROP INDEX demande_recherche; DROP FUNCTION trigrammes(text);"


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("comptes", "0001_initial"),
        ("enrolements", "0001_initial"),
        ("fichiers", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Demande",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "numero",
                    models.CharField(db_index=True, help_text="numéro de dossier et suffixe", max_length=14),
                ),
                ("type", models.CharField(choices=[("AVANCE", "Avance"), ("SOLDE", "Solde")], max_length=6)),
                ("dsr", models.CharField(max_length=30)),
                ("numero_editeur", models.CharField(blank=True, max_length=20)),
                ("version_courante", models.PositiveIntegerField(default=1)),
                (
                    "statut",
                    models.CharField(
                        choices=[
                            ("NON_COMPLETEE", "Non complétée"),
                            ("EN_COURS", "En cours"),
                            ("EN_ATTENTE_PIECE", "En attente de pièce jointe complémentaire"),
                            ("A_MODIFIER", "A modifier"),
                            ("VALIDEE", "Validée"),
                            ("DECIDEE", "Décidée"),
                            ("REJETEE", "Rejetée"),
                            ("ANNULEE", "Annulée"),
                            ("HISTORISEE", "Historisée"),
                        ],
                        max_length=16,
                    ),
                ),
                ("statut_depuis", models.DateTimeField()),
                ("depose_le", models.DateTimeField()),
                ("expire_le", models.DateTimeField(blank=True, null=True)),
                ("rappel_le", models.DateTimeField(blank=True, null=True)),
                ("cloture_le", models.DateTimeField(blank=True, null=True)),
                (
                    "commentaire",
                    models.TextField(
                        blank=True, help_text="ce que le gestionnaire attend, ou le motif du rejet"
                    ),
                ),
                (
                    "montant_declare",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        help_text="euros HT ; vide tant qu'un montant que le portail calcule ne peut pas l'être",
                        max_digits=12,
                        null=True,
                    ),
                ),
                (
                    "taux_tva",
                    models.DecimalField(decimal_places=2, help_text="%, 0 en régime HT", max_digits=4),
                ),
                (
                    "instruite",
                    models.BooleanField(default=False, help_text="a reçu une première instruction (REQ-043)"),
                ),
                (
                    "engagement_ht",
                    models.DecimalField(blank=True, decimal_places=2, max_digits=12, null=True),
                ),
                ("engagement", models.DecimalField(blank=True, decimal_places=2, max_digits=12, null=True)),
                (
                    "montant_decide",
                    models.DecimalField(blank=True, decimal_places=2, max_digits=12, null=True),
                ),
                ("calcul", models.JSONField(blank=True, help_text="le calcul, ligne à ligne", null=True)),
                ("valide_le", models.DateTimeField(blank=True, null=True)),
                ("decide_le", models.DateTimeField(blank=True, null=True)),
                (
                    "etat_paiement",
                    models.CharField(
                        choices=[
                            ("AUCUN", "Aucun paiement en cours"),
                            ("EN_COURS", "Paiement en cours"),
                            ("EFFECTUE", "Paiement effectué"),
                            ("REJETE", "Paiement rejeté"),
                        ],
                        default="AUCUN",
                        max_length=10,
                    ),
                ),
                (
                    "entreprise",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="demandes",
                        to="comptes.entreprise",
                    ),
                ),
                (
                    "valideur",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="BrouillonDemande",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("type", models.CharField(choices=[("AVANCE", "Avance"), ("SOLDE", "Solde")], max_length=6)),
                (
                    "saisie",
                    models.JSONField(
                        default=dict, help_text="ce qui a été tapé, champ par champ, juste ou non"
                    ),
                ),
                (
                    "version",
                    models.PositiveIntegerField(
                        default=1, help_text="compte les enregistrements : deux onglets se voient"
                    ),
                ),
                ("modifie_le", models.DateTimeField()),
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
                    "enrolement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="enrolements.enrolement",
                    ),
                ),
                (
                    "demande",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="brouillon",
                        to="demandes.demande",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Beneficiaire",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("rang", models.PositiveIntegerField()),
                ("dsr", models.CharField(max_length=30)),
                ("type_identifiant", models.CharField(max_length=8)),
                (
                    "identifiants",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=14), size=None
                    ),
                ),
                ("nom", models.CharField(blank=True, max_length=200)),
                ("courriel", models.CharField(blank=True, max_length=254)),
                ("telephone", models.CharField(blank=True, max_length=30)),
                ("raison_sociale", models.CharField(blank=True, max_length=200)),
                (
                    "demande",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="beneficiaires",
                        to="demandes.demande",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Dossier",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("numero", models.CharField(max_length=12, unique=True)),
                ("dsr", models.CharField(max_length=30)),
                (
                    "enrolement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="dossiers",
                        to="enrolements.enrolement",
                    ),
                ),
                (
                    "entreprise",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="dossiers",
                        to="comptes.entreprise",
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="demande",
            name="dossier",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="demandes", to="demandes.dossier"
            ),
        ),
        migrations.CreateModel(
            name="PieceBrouillonDemande",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("zone", models.CharField(max_length=60)),
                ("nom", models.CharField(max_length=100)),
                (
                    "brouillon",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="pieces",
                        to="demandes.brouillondemande",
                    ),
                ),
                (
                    "fichier",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="fichiers.fichier"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PieceJustificative",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("nom", models.CharField(max_length=100)),
                ("type", models.CharField(max_length=60)),
                (
                    "origine",
                    models.CharField(
                        choices=[("DEPOT", "Dépôt"), ("COMPLEMENT", "Complément"), ("AGENCE", "Agence")],
                        default="DEPOT",
                        max_length=10,
                    ),
                ),
                ("depose_le", models.DateTimeField(blank=True, null=True)),
                (
                    "demande",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="pieces",
                        to="demandes.demande",
                    ),
                ),
                (
                    "fichier",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="fichiers.fichier",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="VersionDemande",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("rang", models.PositiveIntegerField()),
                (
                    "donnees",
                    models.JSONField(
                        encoder=django.core.serializers.json.DjangoJSONEncoder,
                        help_text="la demande dans la forme normale de son couloir",
                    ),
                ),
                ("cree_le", models.DateTimeField()),
                ("motif", models.CharField(blank=True, max_length=200)),
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
                    "demande",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="versions",
                        to="demandes.demande",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="brouillondemande",
            constraint=models.UniqueConstraint(
                condition=models.Q(("demande__isnull", True)),
                fields=("enrolement", "type"),
                name="un_brouillon_par_type_de_demande",
            ),
        ),
        migrations.AddIndex(
            model_name="beneficiaire",
            index=django.contrib.postgres.indexes.GinIndex(
                fields=["identifiants"], name="beneficiaire_par_identifiant"
            ),
        ),
        migrations.AddConstraint(
            model_name="beneficiaire",
            constraint=models.UniqueConstraint(fields=("demande", "rang"), name="un_beneficiaire_par_rang"),
        ),
        migrations.AddIndex(
            model_name="demande",
            index=models.Index(fields=["entreprise", "-depose_le", "-id"], name="demande_par_entreprise"),
        ),
        migrations.AddIndex(
            model_name="demande",
            index=models.Index(
                fields=["entreprise", "statut", "-depose_le", "-id"], name="demande_par_statut"
            ),
        ),
        migrations.AddIndex(
            model_name="demande",
            index=models.Index(fields=["statut", "depose_le", "id"], name="demande_file"),
        ),
        migrations.AddIndex(
            model_name="demande",
            index=models.Index(fields=["depose_le", "id"], name="demande_toutes"),
        ),
        migrations.AddIndex(
            model_name="demande",
            index=models.Index(
                condition=models.Q(("statut", "NON_COMPLETEE")),
                fields=["expire_le"],
                name="demande_a_completer",
            ),
        ),
        migrations.AddIndex(
            model_name="demande",
            index=models.Index(
                condition=models.Q(("statut", "A_MODIFIER")), fields=["cloture_le"], name="demande_a_modifier"
            ),
        ),
        migrations.AddConstraint(
            model_name="demande",
            constraint=models.UniqueConstraint(
                condition=models.Q(("statut__in", ["REJETEE", "ANNULEE", "HISTORISEE"]), _negated=True),
                fields=("dossier", "type"),
                name="une_demande_vivante_par_type",
            ),
        ),
        migrations.AddConstraint(
            model_name="demande",
            constraint=models.CheckConstraint(
                condition=models.Q(("montant_declare__gte", 0)), name="montant_declare_positif"
            ),
        ),
        migrations.AddConstraint(
            model_name="demande",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("expire_le__isnull", False), ("statut", "NON_COMPLETEE")),
                    models.Q(
                        models.Q(("statut", "NON_COMPLETEE"), _negated=True), ("expire_le__isnull", True)
                    ),
                    _connector="OR",
                ),
                name="seule_une_demande_non_completee_expire",
            ),
        ),
        migrations.AddConstraint(
            model_name="demande",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("statut__in", ["VALIDEE", "DECIDEE"]), _negated=True),
                    ("montant_decide__isnull", False),
                    _connector="OR",
                ),
                name="montant_decide_des_la_validation",
            ),
        ),
        migrations.AddConstraint(
            model_name="piecebrouillondemande",
            constraint=models.UniqueConstraint(fields=("brouillon", "zone"), name="une_piece_par_zone"),
        ),
        migrations.AddConstraint(
            model_name="piecejustificative",
            constraint=models.UniqueConstraint(
                models.F("demande"),
                django.db.models.functions.text.Lower("nom"),
                name="piece_nommee_une_fois",
            ),
        ),
        migrations.AddConstraint(
            model_name="piecejustificative",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("depose_le__isnull", True), ("fichier__isnull", True)),
                    models.Q(("depose_le__isnull", False), ("fichier__isnull", False)),
                    _connector="OR",
                ),
                name="piece_datee_quand_elle_est_la",
            ),
        ),
        migrations.AddConstraint(
            model_name="versiondemande",
            constraint=models.UniqueConstraint(fields=("demande", "rang"), name="une_version_par_rang"),
        ),
        migrations.RunSQL(SERIE, "DROP SEQUENCE dossier_sequence"),
        migrations.RunSQL(RECHERCHE, SANS_RECHERCHE),
    ]
