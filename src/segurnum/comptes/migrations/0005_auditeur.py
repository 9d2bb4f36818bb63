"""One more profile: who audits. The rows there are checked without holding the table."""

from django.contrib.postgres.operations import AddConstraintNotValid, ValidateConstraint
from django.db import migrations, models

PROFILS = [
    ("FOURNISSEUR", "Fournisseur"),
    ("OPERATEUR", "Opérateur"),
    ("GESTIONNAIRE", "Gestionnaire"),
    ("DECIDEUR", "Décideur"),
    ("COMPTABLE", "Comptable"),
    ("AUDITEUR", "Auditeur"),
    ("ADMINISTRATION", "Administration"),
]


class Migration(migrations.Migration):
    atomic = False  # each step by itself: the lock of the first is short, and gone when the rows are read

    dependencies = [("comptes", "0004_comptes_par_iban")]

    operations = [
        # No column changes.
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(modele, "profil", models.CharField(max_length=15, choices=PROFILS))
                for modele in ("utilisateur", "habilitation", "invitation")
            ]
        ),
        migrations.RemoveConstraint("utilisateur", "utilisateur_profil_connu"),
        # Undone, an auditor's account is closed: no profile of before only reads.
        migrations.RunSQL(
            migrations.RunSQL.noop,
            "UPDATE comptes_utilisateur SET is_active = false, profil = 'DECIDEUR' WHERE profil = 'AUDITEUR'",
        ),
        AddConstraintNotValid(
            "utilisateur",
            models.CheckConstraint(
                condition=models.Q(profil__in=[profil for profil, _ in PROFILS]),
                name="utilisateur_profil_connu",
            ),
        ),
        ValidateConstraint("utilisateur", "utilisateur_profil_connu"),
    ]
