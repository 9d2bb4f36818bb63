"""A complementary draft belongs to a person and to the company that it was begun for, not to the person alone."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def attribuer(apps, schema_editor):
    """The drafts of whoever acts for one company are that company's.

    For somebody who acts for several, nothing says for which one the draft was begun: it is shown no more, rather than
    under another's name, and erased with the forgotten ones.
    """
    brouillons = apps.get_model("enrolements", "Brouillon").objects
    commences = brouillons.filter(auteur__entreprise__isnull=False, auteur__autres_habilitations=None)
    derniers = commences.order_by("auteur", "-modifie_le").distinct("auteur").select_related("auteur")
    for brouillon in derniers.iterator():
        brouillons.filter(pk=brouillon.pk).update(entreprise=brouillon.auteur.entreprise_id)


class Migration(migrations.Migration):
    dependencies = [
        ("comptes", "0002_acces"),
        ("enrolements", "0004_lien_et_refus"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="brouillon",
            name="entreprise",
            field=models.ForeignKey(
                blank=True,
                help_text="celle pour laquelle l'auteur l'a commencé ; aucune pour une demande initiale",
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="comptes.entreprise",
            ),
        ),
        migrations.AddConstraint(
            model_name="brouillon",
            constraint=models.UniqueConstraint(
                fields=("auteur", "entreprise"), name="un_brouillon_par_auteur_et_entreprise"
            ),
        ),
        # Last: PostgreSQL alters no table that has rows changed in the same transaction.
        migrations.RunPython(attribuer, migrations.RunPython.noop),
    ]
