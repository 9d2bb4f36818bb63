"""Passkeys, sealed keys, recovery codes of the person, identities of a provider, invitations, sign-ins."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import segurnum.regles.calendrier
from segurnum.comptes import coffre


def sceller_les_cles(apps, schema_editor):
    _reecrire(apps, coffre.sceller)


def ouvrir_les_cles(apps, schema_editor):
    _reecrire(apps, coffre.ouvrir)


def _reecrire(apps, transformer):
    for facteur in apps.get_model("comptes", "SecondFacteur").objects.iterator():
        facteur.cle = transformer(facteur.cle)
        facteur.save(update_fields=["cle"])


def donner_les_codes_aux_personnes(apps, schema_editor):
    _tout_de_suite(schema_editor)
    schema_editor.execute(
        "UPDATE comptes_codesecours c SET utilisateur_id = f.utilisateur_id "
        "FROM comptes_secondfacteur f WHERE f.id = c.second_facteur_id"
    )


def rendre_les_codes_aux_facteurs(apps, schema_editor):
    _tout_de_suite(schema_editor)
    schema_editor.execute(
        "UPDATE comptes_codesecours c SET second_facteur_id = f.id "
        "FROM comptes_secondfacteur f WHERE f.utilisateur_id = c.utilisateur_id"
    )
    schema_editor.execute("DELETE FROM comptes_codesecours WHERE second_facteur_id IS NULL")


def _tout_de_suite(schema_editor):
    """A table whose foreign keys still wait to be checked cannot be altered."""
    schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")


class Migration(migrations.Migration):
    dependencies = [
        ("comptes", "0002_acces"),
    ]

    operations = [
        migrations.AlterField(
            model_name="codesecours",
            name="second_facteur",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="codes",
                to="comptes.secondfacteur",
            ),
        ),
        migrations.AddField(
            model_name="codesecours",
            name="utilisateur",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="codes_secours",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.RunPython(donner_les_codes_aux_personnes, rendre_les_codes_aux_facteurs),
        migrations.AlterField(
            model_name="codesecours",
            name="utilisateur",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="codes_secours",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.RemoveField(
            model_name="codesecours",
            name="second_facteur",
        ),
        migrations.AddField(
            model_name="sessionouverte",
            name="reseau",
            field=models.CharField(blank=True, max_length=50),
        ),
        migrations.AlterField(
            model_name="secondfacteur",
            name="cle",
            field=models.CharField(max_length=255),
        ),
        migrations.RunPython(sceller_les_cles, ouvrir_les_cles),
        migrations.CreateModel(
            name="CleAcces",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("nom", models.CharField(max_length=60)),
                ("identifiant", models.CharField(max_length=1400, unique=True)),
                ("cle_publique", models.BinaryField()),
                ("compteur", models.PositiveBigIntegerField(default=0)),
                ("ajoutee_le", models.DateTimeField(default=segurnum.regles.calendrier.maintenant)),
                ("utilisee_le", models.DateTimeField(null=True)),
                (
                    "utilisateur",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="cles_acces",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("utilisateur", "nom"), name="une_cle_acces_par_nom")
                ],
            },
        ),
        migrations.CreateModel(
            name="Connexion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("instant", models.DateTimeField(default=segurnum.regles.calendrier.maintenant)),
                ("moyen", models.CharField(max_length=60)),
                ("appareil", models.CharField(blank=True, max_length=80)),
                ("reseau", models.CharField(blank=True, max_length=50)),
                ("navigateur", models.CharField(blank=True, max_length=64)),
                (
                    "utilisateur",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="connexions",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["utilisateur", "-instant"], name="connexion_par_personne")],
            },
        ),
        migrations.CreateModel(
            name="IdentiteExterne",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("emetteur", models.CharField(max_length=300)),
                ("sujet", models.CharField(max_length=255)),
                ("liee_le", models.DateTimeField(default=segurnum.regles.calendrier.maintenant)),
                (
                    "utilisateur",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="identites",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("emetteur", "sujet"), name="une_personne_par_identite"),
                    models.UniqueConstraint(
                        fields=("utilisateur", "emetteur"), name="une_identite_par_emetteur"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Invitation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("courriel", models.EmailField(max_length=254)),
                ("nom", models.CharField(max_length=150)),
                ("prenom", models.CharField(max_length=150)),
                (
                    "profil",
                    models.CharField(
                        choices=[
                            ("FOURNISSEUR", "Fournisseur"),
                            ("OPERATEUR", "Opérateur"),
                            ("GESTIONNAIRE", "Gestionnaire"),
                            ("DECIDEUR", "Décideur"),
                            ("COMPTABLE", "Comptable"),
                            ("ADMINISTRATION", "Administration"),
                        ],
                        max_length=15,
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("ADMINISTRATEUR", "Administrateur"),
                            ("DEPOSANT", "Déposant"),
                            ("LECTEUR", "Lecteur"),
                        ],
                        max_length=15,
                    ),
                ),
                (
                    "statut",
                    models.CharField(
                        choices=[
                            ("EN_ATTENTE", "En attente de réponse"),
                            ("ACCEPTEE", "Acceptée"),
                            ("DECLINEE", "Déclinée"),
                            ("RETIREE", "Retirée"),
                        ],
                        default="EN_ATTENTE",
                        max_length=10,
                    ),
                ),
                ("empreinte", models.CharField(max_length=64, unique=True)),
                ("envoyee_le", models.DateTimeField(default=segurnum.regles.calendrier.maintenant)),
                ("expire_le", models.DateTimeField()),
                (
                    "entreprise",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="invitations",
                        to="comptes.entreprise",
                    ),
                ),
                (
                    "par",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["courriel"], name="invitation_par_courriel")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("statut", "EN_ATTENTE")),
                        fields=("entreprise", "courriel"),
                        name="une_invitation_en_attente_par_adresse",
                    )
                ],
            },
        ),
    ]
