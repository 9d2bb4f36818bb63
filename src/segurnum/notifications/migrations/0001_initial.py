"""What a company is told of, how each person wants to be, and up to where they have read."""

import django.db.models.deletion
import segurnum.regles.calendrier
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("comptes", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Lecture",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("lue", models.BigIntegerField(default=0)),
                ("envoyee", models.BigIntegerField(default=0)),
                (
                    "entreprise",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="comptes.entreprise"
                    ),
                ),
                (
                    "utilisateur",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("utilisateur", "entreprise"), name="une_lecture_par_personne_et_entreprise"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Notification",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "famille",
                    models.CharField(
                        choices=[
                            ("REPONSE", "Une réponse, une pièce ou une modification vous est demandée"),
                            ("INSTRUCTION", "L'instruction d'une demande avance"),
                            ("DECISION", "Une demande est décidée, rejetée ou annulée"),
                            ("PAIEMENT", "Un paiement est mis en route, effectué ou rejeté"),
                            ("MESSAGE", "Le service de gestion répond à un message"),
                        ],
                        max_length=12,
                    ),
                ),
                ("numero", models.CharField(help_text="de la demande", max_length=14)),
                ("texte", models.CharField(max_length=200)),
                ("cree_le", models.DateTimeField(default=segurnum.regles.calendrier.maintenant)),
                (
                    "entreprise",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="comptes.entreprise",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["entreprise", "-id"], name="notification_de_l_entreprise"),
                    models.Index(fields=["cree_le"], name="notification_ancienne"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Preference",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "famille",
                    models.CharField(
                        choices=[
                            ("REPONSE", "Une réponse, une pièce ou une modification vous est demandée"),
                            ("INSTRUCTION", "L'instruction d'une demande avance"),
                            ("DECISION", "Une demande est décidée, rejetée ou annulée"),
                            ("PAIEMENT", "Un paiement est mis en route, effectué ou rejeté"),
                            ("MESSAGE", "Le service de gestion répond à un message"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "mode",
                    models.CharField(
                        choices=[
                            ("PORTAIL", "Sur le portail"),
                            ("QUOTIDIEN", "Sur le portail, et dans le récapitulatif du jour"),
                            ("AUCUN", "Ne pas me le dire"),
                        ],
                        max_length=9,
                    ),
                ),
                (
                    "utilisateur",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("utilisateur", "famille"), name="une_preference_par_personne_et_famille"
                    )
                ],
            },
        ),
    ]
