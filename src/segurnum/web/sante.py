"""The health probe: ready means that a deposit would go through from end to end."""

import time
from collections.abc import Callable

from django.contrib.auth.decorators import login_not_required
from django.core.files.storage import default_storage
from django.db import connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe


def _base() -> str:
    with connection.cursor() as curseur:
        curseur.execute("SELECT current_setting('server_version')")
        return f"PostgreSQL {curseur.fetchone()[0]}"


def _file() -> str:
    with connection.cursor() as curseur:
        curseur.execute(
            "SELECT queue_name, count(*) "
            "FROM (SELECT queue_name FROM procrastinate_jobs WHERE status = 'todo' LIMIT 1000) j "
            "GROUP BY queue_name ORDER BY queue_name"
        )
        attentes = dict(curseur.fetchall())
        curseur.execute(
            "SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat > now() - interval '1 minute'"
        )
        (ouvriers,) = curseur.fetchone()
        par_file = ", ".join(f"{file} : {nombre}" for file, nombre in attentes.items())
        attente = f"{sum(attentes.values())} tâche(s) en attente{f' ({par_file})' if par_file else ''}"
        return f"{attente}, {ouvriers} ouvrier(s)"


def _stockage() -> str:
    default_storage.exists("sante")
    return type(default_storage._wrapped).__name__ if hasattr(default_storage, "_wrapped") else "stockage"


SONDES: dict[str, Callable[[], str]] = {"base": _base, "file": _file, "stockage": _stockage}


@login_not_required
@require_safe
def sante(requete: HttpRequest) -> JsonResponse:
    """200 and `{"statut": "ok", …}` when every part answers, 503 otherwise. Says nothing of anybody."""
    reponse: dict[str, object] = {"statut": "ok"}
    for nom, sonde in SONDES.items():
        debut = time.perf_counter()
        try:
            reponse[nom] = {"etat": "ok", "detail": sonde()}
        except Exception as erreur:
            reponse[nom] = {"etat": "panne", "detail": type(erreur).__name__}
            reponse["statut"] = "panne"
        reponse[nom] |= {"ms": round((time.perf_counter() - debut) * 1000, 1)}  # type: ignore[operator]
    return JsonResponse(reponse, status=200 if reponse["statut"] == "ok" else 503)
