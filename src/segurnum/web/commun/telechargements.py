"""Serving what users deposited: streamed, never executed, never kept by a shared cache."""

from django.http import FileResponse

from segurnum.fichiers import services as fichiers
from segurnum.fichiers.models import Fichier


def servir(fichier: Fichier, nom: str, *, dans_la_page: bool = False) -> FileResponse:
    """A stored file under its own name. The caller has checked that the reader may see it.

    `dans_la_page`: shown by the browser instead of saved, without any right (no script, no form, no link).
    """
    reponse = FileResponse(
        fichiers.ouvrir(fichier), as_attachment=not dans_la_page, filename=nom, content_type=fichier.type_mime
    )
    reponse["X-Content-Type-Options"] = "nosniff"
    reponse["Cache-Control"] = "private, no-store"
    return reponse
