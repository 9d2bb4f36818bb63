"""The database that those of tests are copies of: the migrations take fifteen seconds, and run once for all of them."""

import hashlib
from pathlib import Path

import django
from django.core.management import call_command
from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.backends.postgresql.base import DatabaseWrapper
from django.db.backends.utils import CursorWrapper

import segurnum

_PREFIXE = "segurnum_modele_"


def pret() -> str:
    """Its name. Made by the first process that asks for it, and kept until a migration changes; the others wait."""
    nom = _PREFIXE + _empreinte()
    with connection._nodb_cursor() as curseur:
        curseur.execute("SELECT pg_advisory_lock(hashtext(%s))", [_PREFIXE])
        curseur.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [_PREFIXE])
        presents = [ligne[0] for ligne in curseur.fetchall()]
        if nom not in presents:
            for ancien in presents:
                curseur.execute(f'DROP DATABASE "{ancien}" WITH (FORCE)')
            _faire(nom, curseur)
    return nom


def _faire(nom: str, curseur: CursorWrapper) -> None:
    """Under another name until it is whole: who is killed meanwhile leaves none that would be taken for it."""
    provisoire = f"{_PREFIXE}en_creation"
    curseur.execute(f'CREATE DATABASE "{provisoire}"')
    d_avant = connection.settings_dict["NAME"]
    _fermer()
    connection.settings_dict["NAME"] = provisoire
    try:
        call_command("migrate", verbosity=0, interactive=False)
    finally:
        _fermer()  # nobody may look at a database that is copied
        connection.settings_dict["NAME"] = d_avant
    curseur.execute(f'ALTER DATABASE "{provisoire}" RENAME TO "{nom}"')


def _fermer() -> None:
    """The connection, and those that are kept in reserve."""
    enveloppe = connections[DEFAULT_DB_ALIAS]
    enveloppe.close()
    if isinstance(enveloppe, DatabaseWrapper):
        enveloppe.close_pool()


def _empreinte() -> str:
    """What decides what it holds: the migrations, ours and those of the libraries."""
    paquet = Path(segurnum.__file__).parent
    empreinte = hashlib.sha256(django.__version__.encode())
    for fichier in (paquet.parents[1] / "requirements.lock", *sorted(paquet.glob("*/migrations/*.py"))):
        empreinte.update(fichier.name.encode() + fichier.read_bytes())
    return empreinte.hexdigest()[:16]
