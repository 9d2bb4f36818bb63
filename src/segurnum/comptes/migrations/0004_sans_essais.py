"""The tries are counted by the app « limites »: what it forgets in a day is not carried over."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("comptes", "0003_securite"),
    ]

    operations = [
        migrations.DeleteModel(
            name="Essai",
        ),
    ]
