"""The drafts, the enrolments, and the series of their numbers."""

import django.db.models.deletion
import django.utils.timezone
import uuid
from decimal import Decimal
from django.conf import settings
from django.db import migrations, models

# The series of enrolment numbers, whose first is 601.
SERIE = """
CREATE SEQUENCE enrolement_sequence;
SELECT setval('enrolement_sequence', 600);
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("comptes", "0001_initial"),
        ("fichiers", "0001_initial"),
        ("referentiel", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Brouillon",
            fields=[
                (
                    "cle",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "empreinte_lien",
                    models.CharField(help_text="SHA-256 du secret du lien", max_length=64, unique=True),
                ),
                ("saisie", models.JSONField(default=dict, help_text="ce qui a été saisi, étape par étape")),
                (
                    "version",
                    models.PositiveIntegerField(
                        default=0, help_text="compte les enregistrements : deux onglets se voient"
                    ),
                ),
                ("modifie_le", models.DateTimeField()),
                (
                    "auteur",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "entreprise",
                    models.ForeignKey(
                        blank=True,
                        help_text="celle pour laquelle l'auteur l'a commencé ; aucune pour une demande initiale",
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="comptes.entreprise",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Enrolement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("sequence", models.PositiveIntegerField(unique=True)),
                (
                    "statut",
                    models.CharField(
                        choices=[
                            ("EN_COURS", "En cours"),
                            ("EN_ATTENTE_PIECE", "En attente de pièce(s) jointe(s) complémentaire(s)"),
                            ("VALIDATION_PARTIELLE", "Validation partielle : En attente de certificat(s)"),
                            ("CERTIFICAT_A_VALIDER", "Certificat(s) à valider"),
                            ("VALIDEE", "Validée"),
                            ("REJETEE", "Rejetée"),
                        ],
                        default="EN_COURS",
                        max_length=22,
                    ),
                ),
                ("statut_depuis", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "type",
                    models.CharField(
                        choices=[("INITIAL", "Initial"), ("COMPLEMENTAIRE", "Complémentaire")],
                        default="INITIAL",
                        max_length=14,
                    ),
                ),
                ("anticipe", models.BooleanField(default=False)),
                (
                    "taux_tva",
                    models.DecimalField(
                        decimal_places=2, default=Decimal("20.00"), help_text="%", max_digits=4
                    ),
                ),
                (
                    "courriel",
                    models.EmailField(
                        help_text="adresse qui reçoit tous les courriels de l'enrôlement", max_length=254
                    ),
                ),
                ("depose_le", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "commentaire",
                    models.TextField(
                        blank=True, help_text="ce que le gestionnaire attend, ou le motif du rejet"
                    ),
                ),
                (
                    "donnees",
                    models.JSONField(default=dict, help_text="la déclaration, telle qu'elle a été déposée"),
                ),
                (
                    "entreprise_a_verifier",
                    models.BooleanField(
                        default=False, help_text="l'annuaire des entreprises n'a pas répondu au dépôt"
                    ),
                ),
                (
                    "empreinte_lien",
                    models.CharField(
                        blank=True, help_text="SHA-256 du secret du lien de dépôt des pièces", max_length=64
                    ),
                ),
                ("lien_expire_le", models.DateTimeField(blank=True, null=True)),
                (
                    "entreprise",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="enrolements",
                        to="comptes.entreprise",
                    ),
                ),
                (
                    "referencement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="enrolements",
                        to="referentiel.referencement",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PieceBrouillon",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "type",
                    models.CharField(
                        choices=[
                            ("CERTIFICAT", "Certificat de référencement"),
                            ("HDS_CERTIFICAT", "Certificat d'hébergement des données de santé"),
                            (
                                "HDS_ATTESTATION",
                                "Attestation sur l'honneur de non hébergement des données de santé",
                            ),
                            ("KBIS", "kbis"),
                            ("MANDAT_EDITEUR", "Mandat de l'éditeur"),
                            ("IDENTITE_REPRESENTANT", "CNI, passeport ou titre de séjour du représentant"),
                            ("IDENTITE_DEPOSITAIRE", "CNI, passeport ou titre de séjour du demandeur"),
                            ("CONTRAT_PRESTATION", "Contrat de prestation"),
                            ("MANDAT_SIGNATURE", "Mandat de délégation de signature du représentant légal"),
                            ("RIB", "RIB"),
                            ("NON_ASSUJETTISSEMENT", "Attestation de « Non-assujettissement à la TVA »"),
                            ("COMMANDE_OPERATEUR", "Bon de commande ou devis signé"),
                            ("AUTRE", "Autre pièce demandée"),
                        ],
                        max_length=24,
                    ),
                ),
                ("nom", models.CharField(max_length=100)),
                (
                    "brouillon",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="pieces",
                        to="enrolements.brouillon",
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
            name="PieceEnrolement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "type",
                    models.CharField(
                        choices=[
                            ("CERTIFICAT", "Certificat de référencement"),
                            ("HDS_CERTIFICAT", "Certificat d'hébergement des données de santé"),
                            (
                                "HDS_ATTESTATION",
                                "Attestation sur l'honneur de non hébergement des données de santé",
                            ),
                            ("KBIS", "kbis"),
                            ("MANDAT_EDITEUR", "Mandat de l'éditeur"),
                            ("IDENTITE_REPRESENTANT", "CNI, passeport ou titre de séjour du représentant"),
                            ("IDENTITE_DEPOSITAIRE", "CNI, passeport ou titre de séjour du demandeur"),
                            ("CONTRAT_PRESTATION", "Contrat de prestation"),
                            ("MANDAT_SIGNATURE", "Mandat de délégation de signature du représentant légal"),
                            ("RIB", "RIB"),
                            ("NON_ASSUJETTISSEMENT", "Attestation de « Non-assujettissement à la TVA »"),
                            ("COMMANDE_OPERATEUR", "Bon de commande ou devis signé"),
                            ("AUTRE", "Autre pièce demandée"),
                        ],
                        max_length=24,
                    ),
                ),
                ("nom", models.CharField(max_length=100)),
                ("deposee_le", models.DateTimeField()),
                ("confirmee", models.BooleanField(default=True)),
                (
                    "refusee_le",
                    models.DateTimeField(
                        blank=True,
                        help_text="le gestionnaire a demandé une autre pièce à sa place",
                        null=True,
                    ),
                ),
                (
                    "enrolement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="pieces",
                        to="enrolements.enrolement",
                    ),
                ),
                (
                    "fichier",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="fichiers.fichier"
                    ),
                ),
            ],
            options={
                "ordering": ("deposee_le", "pk"),
            },
        ),
        migrations.AddConstraint(
            model_name="brouillon",
            constraint=models.UniqueConstraint(
                fields=("auteur", "entreprise"), name="un_brouillon_par_auteur_et_entreprise"
            ),
        ),
        migrations.AddConstraint(
            model_name="enrolement",
            constraint=models.UniqueConstraint(
                condition=models.Q(("statut", "REJETEE"), _negated=True),
                fields=("referencement",),
                name="un_enrolement_vivant_par_numero_ans",
            ),
        ),
        migrations.AddConstraint(
            model_name="enrolement",
            constraint=models.UniqueConstraint(
                condition=models.Q(("empreinte_lien", ""), _negated=True),
                fields=("empreinte_lien",),
                name="un_enrolement_par_lien_de_depot",
            ),
        ),
        migrations.AddConstraint(
            model_name="piecebrouillon",
            constraint=models.UniqueConstraint(
                fields=("brouillon", "type"), name="une_piece_par_type_de_brouillon"
            ),
        ),
        migrations.RunSQL(SERIE, "DROP SEQUENCE enrolement_sequence"),
    ]
