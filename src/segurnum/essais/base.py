"""What a test that commits leaves of the tables: what the migrations write there, and nothing else."""

from importlib import import_module

from django.apps import apps
from django.db import connection, transaction

_EDITORIAL = "segurnum.editorial.migrations"
_ECRIVENT = (
    import_module(f"{_EDITORIAL}.0002_rubriques_de_la_faq").ecrire,
    import_module(f"{_EDITORIAL}.0005_questions_manquantes").ecrire,
    import_module(f"{_EDITORIAL}.0006_messages_pris_en_charge").dire_la_regle,
)
_FILE = [
    "procrastinate_events",
    "procrastinate_jobs",
    "procrastinate_workers",
    "procrastinate_periodic_defers",
]
# What the migrations made of the models: the same before and after any test.
_DES_MODELES = {"django_content_type", "auth_permission"}


@transaction.atomic
def remettre() -> None:
    """No row but those of the migrations. A test writes few: they are erased one by one, many times faster than a
    hundred tables are made anew; who is still writing one is waited for. The journal refuses to be emptied, and rows
    hold each other: as for a copy of a database (replica), none of that is asked.
    """
    tables = sorted({*connection.introspection.django_table_names(only_existing=True), *_FILE} - _DES_MODELES)
    with connection.cursor() as curseur:
        curseur.execute(f"LOCK TABLE {', '.join(tables)} IN SHARE ROW EXCLUSIVE MODE")
        curseur.execute("SET LOCAL session_replication_role = replica")
        curseur.execute(";".join(f"DELETE FROM {table}" for table in tables))
        curseur.execute("SET LOCAL session_replication_role = origin")
    for ecrire in _ECRIVENT:
        ecrire(apps, None)
