"""The state of an installation: what its supervisor is told, part by part, and its administrators with a remedy.

Each group is asked by a thread of its own (`mesure.py`), so that a part that hangs does not keep the others silent.
"""

import os
import time
from collections.abc import Iterator
from copy import copy
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.storage import FileSystemStorage, default_storage
from django.db import connection
from procrastinate.contrib.django import app

from segurnum.controles.problemes import en_nombre
from segurnum.courriels.queries import en_souffrance
from segurnum.fichiers import antivirus
from segurnum.installation.jugement import Constat, Controle, a_corriger, conforme, selon
from segurnum.regles.calendrier import maintenant

BATTEMENT = "1 minute"  # silent for longer, a worker is dead
ECHECS = "24 hours"
REPRISES = 20  # tries, or an hour of them: somebody is to know
COURRIEL_TARDIF = timedelta(hours=1)
# A periodic job is late when an occurrence that is older than this has not been put in the queue.
TOLERANCE = 15 * 60  # seconds
DELAI = 2.0  # seconds for the antivirus
VU = 1_000  # rows looked at: beyond, the exact number says nothing more


def _lire(requete: str, *parametres: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as curseur:
        curseur.execute(requete, parametres)
        return list(curseur.fetchall())


def base() -> Constat:
    ((version,),) = _lire("SELECT current_setting('server_version')")
    return conforme(f"PostgreSQL {version} répond.")


def ouvriers() -> Constat:
    ((nombre,),) = _lire(
        "SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat > now() - %s::interval", BATTEMENT
    )
    if not nombre:
        return a_corriger(
            "Aucun ouvrier n'est en marche : ni courriel, ni contrôle de pièces, ni échéance.",
            "Lancez les services segurnum-archives et segurnum-courriels (voir docs/operations.md, « Services »).",
        )
    return conforme(f"{en_nombre(nombre, 'ouvrier')} en marche.")


def files() -> Constat:
    """A job of each minute goes through each queue: one that nobody serves is late within minutes, even when idle."""
    lignes = _lire(
        "SELECT j.queue_name, count(*), "
        "max(extract(epoch FROM now() - coalesce(j.scheduled_at, (SELECT min(e.at) FROM procrastinate_events e "
        "WHERE e.job_id = j.id AND e.type = 'deferred'), now()))) / 60 "
        "FROM (SELECT id, queue_name, scheduled_at FROM procrastinate_jobs "
        "WHERE status = 'todo' AND (scheduled_at IS NULL OR scheduled_at <= now()) ORDER BY id LIMIT %s) j "
        "GROUP BY j.queue_name ORDER BY j.queue_name",
        VU,
    )
    en_retard = [
        f"La file « {file} » a {en_nombre(nombre, 'tâche')} à faire, dont l'une attend depuis {int(minutes)} minutes."
        for file, nombre, minutes in lignes
        if minutes > settings.RETARD_MINUTES
    ]
    attente = ", ".join(f"{file} : {nombre}" for file, nombre, _ in lignes)
    return selon(
        en_retard,
        f"Les files avancent ({attente or 'rien à faire'}).",
        "Lancez l'ouvrier de cette file, ou un second s'il est débordé (voir docs/operations.md, « Services »).",
    )


def echecs() -> Constat:
    lignes = _lire(
        "SELECT j.task_name, count(*) FROM procrastinate_jobs j WHERE j.status = 'failed' AND EXISTS ("
        "SELECT 1 FROM procrastinate_events e WHERE e.job_id = j.id AND e.type = 'failed' "
        "AND e.at > now() - %s::interval) GROUP BY j.task_name ORDER BY j.task_name",
        ECHECS,
    )
    sans_fin = _lire(
        "SELECT j.task_name, count(*), max(j.attempts) FROM (SELECT id, task_name, attempts FROM procrastinate_jobs "
        "WHERE status IN ('todo', 'doing') AND attempts > 0 ORDER BY id LIMIT %s) j "
        "WHERE j.attempts > %s OR EXISTS (SELECT 1 FROM procrastinate_events e WHERE e.job_id = j.id "
        "AND e.type = 'deferred' AND e.at < now() - interval '1 hour') GROUP BY j.task_name ORDER BY j.task_name",
        VU,
        REPRISES,
    )
    return selon(
        [f"« {tache} » a échoué {nombre} fois depuis un jour." for tache, nombre in lignes]
        + [
            f"« {tache} » recommence sans aboutir : {en_nombre(nombre, 'tâche')}, {en_nombre(essais, 'essai')}."
            for tache, nombre, essais in sans_fin
        ],
        "Aucune tâche n'a échoué depuis un jour, ni ne recommence sans aboutir.",
        "Lisez le journal de l'ouvrier, puis « segurnum django procrastinate shell » et « retry NUMÉRO ».",
    )


def periodiques() -> Constat:
    """Each periodic job against its own hours; one that was not due since the installation owes nothing yet."""
    connues = {
        (tache, identifiant): float(instant)
        for tache, identifiant, instant in _lire(
            "SELECT task_name, periodic_id, max(defer_timestamp) FROM procrastinate_periodic_defers "
            "GROUP BY task_name, periodic_id"
        )
    }
    ((installe,),) = _lire("SELECT min(applied) FROM django_migrations WHERE app = 'installation'")
    depuis = installe.timestamp() if isinstance(installe, datetime) else time.time()
    return selon(
        [f"« {tache} » {etat}." for tache, etat in sorted(_en_defaut(connues, depuis))],
        "Les tâches périodiques sont à l'heure.",
        "Un ouvrier doit être en marche à l'heure de chacune : elles reprennent à la prochaine.",
    )


def _en_defaut(connues: dict[tuple[str, str], float], depuis: float) -> Iterator[tuple[str, str]]:
    limite = time.time() - TOLERANCE
    for cle, periodique in app.periodic_registry.periodic_tasks.items():
        attendue = copy(periodique.croniter).get_prev(ret_type=float, start_time=limite)
        derniere = connues.get(cle)
        if attendue <= depuis or (derniere is not None and derniere >= attendue):
            continue
        yield cle[0], "n'a jamais tourné" if derniere is None else "n'a pas tourné à son heure"


def courriels() -> Constat:
    attendus = en_souffrance()
    tardifs = attendus.depuis is not None and attendus.depuis < maintenant() - COURRIEL_TARDIF
    return selon(
        [f"{en_nombre(attendus.nombre, 'courriel')} à envoyer, dont le premier depuis plus d'une heure."]
        if tardifs
        else [],
        "Aucun courriel n'attend de partir depuis plus d'une heure.",
        "Vérifiez EMAIL_URL, le serveur d'envoi et l'ouvrier des courriels.",
    )


def stockage() -> Constat:
    remede = "Vérifiez le disque ou le service du stockage : les dépôts reprennent d'eux-mêmes à son retour."
    try:
        default_storage.exists("sante")
    except OSError as panne:
        return a_corriger(f"Le stockage ne garde plus de fichiers : {panne}", remede)
    return conforme("Le stockage répond.")


def disques() -> Constat:
    """Octets and entries that are free, on each disk that the portal writes to, and whether it may."""
    return selon(
        [faute for dossier in dict.fromkeys(_dossiers()) if (faute := _faute(dossier))],
        f"Le portail écrit sur chaque disque, qui a au moins {settings.DISQUE_LIBRE} % de libre.",
        "Remontez ce disque, ou rendez ce dossier au compte du portail ; agrandissez-le, ou effacez-y ce qui n'est pas "
        "au portail, avant qu'il ne soit plein.",
    )


def _faute(dossier: Path) -> str:
    """A disk that was mounted anew read only has room, and takes nothing: no supplier sends any file."""
    if not dossier.is_dir():
        return f"{dossier} est absent, ou n'est pas un dossier."
    if not os.access(dossier, os.W_OK | os.X_OK):
        return f"{dossier} : le portail n'a pas le droit d'y écrire, ou ce disque est en lecture seule."
    part = _part_libre(dossier)
    return f"{dossier} : {part:.1f} % du disque est libre." if part < settings.DISQUE_LIBRE else ""


def _dossiers() -> Iterator[Path]:
    yield Path(settings.DONNEES)
    yield Path(settings.FILE_UPLOAD_TEMP_DIR)
    if isinstance(default_storage, FileSystemStorage):
        depot = Path(default_storage.location)
        yield depot if depot.exists() else depot.parent  # made by its first file


def _part_libre(dossier: Path) -> float:
    """Percentage that is free of what an ordinary account may use; 0 for a folder that cannot be reached."""
    try:
        mesure = os.statvfs(dossier)
    except OSError:
        return 0.0
    octets = mesure.f_bavail / (mesure.f_blocks or 1)
    entrees = mesure.f_favail / mesure.f_files if mesure.f_files else 1.0
    return 100 * min(octets, entrees)


def analyse() -> Constat:
    if not antivirus.actif():
        return conforme("Aucun antivirus n'est réglé.")
    try:
        antivirus.demander("VERSION", delai=DELAI)
    except OSError as panne:
        return a_corriger(
            str(panne), "Relancez clamd, ou corrigez ANTIVIRUS_URL : le portail reprend de lui-même."
        )
    return conforme("L'antivirus répond.")


BASE = Controle("base", "Base de données", base)
EN_BASE = "base"
# What is asked together, in one thread.
SONDES: dict[str, tuple[Controle, ...]] = {
    EN_BASE: (
        BASE,
        Controle("ouvriers", "Ouvriers", ouvriers),
        Controle("files", "Files d'attente", files),
        Controle("echecs", "Tâches en échec", echecs),
        Controle("periodiques", "Tâches périodiques", periodiques),
        Controle("courriels-en-attente", "Courriels en attente", courriels),
    ),
    "stockage": (Controle("stockage-repond", "Réponse du stockage", stockage),),
    "disques": (Controle("disques", "Place sur les disques", disques),),
    "antivirus": (Controle("antivirus-repond", "Réponse de l'antivirus", analyse),),
}


def toutes() -> Iterator[Controle]:
    for groupe in SONDES.values():
        yield from groupe
