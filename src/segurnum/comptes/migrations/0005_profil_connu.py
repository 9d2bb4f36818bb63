from django.db import migrations, models

PROFILS = ["FOURNISSEUR", "OPERATEUR", "GESTIONNAIRE", "DECIDEUR", "COMPTABLE", "ADMINISTRATION"]

# Made by Django's « createsuperuser »: no page opened to them. Closed, so that nobody gains anything by it;
# « segurnum agent rouvrir » opens those that are wanted.
FERMER = """
UPDATE comptes_utilisateur
SET profil = 'ADMINISTRATION', is_active = false, is_staff = false, is_superuser = false
WHERE profil NOT IN ('FOURNISSEUR', 'OPERATEUR', 'GESTIONNAIRE', 'DECIDEUR', 'COMPTABLE', 'ADMINISTRATION')
"""


class Migration(migrations.Migration):
    dependencies = (("comptes", "0004_sans_essais"),)

    operations = (
        migrations.RunSQL(FERMER, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name="utilisateur",
            constraint=models.CheckConstraint(
                condition=models.Q(("profil__in", PROFILS)), name="utilisateur_profil_connu"
            ),
        ),
    )
