"""Serving what users deposited: streamed, never executed, never kept by a shared cache."""

import codecs

from django.http import FileResponse, Http404

from segurnum.fichiers import services as fichiers
from segurnum.fichiers.models import Analyse, Fichier

TEXTE = "text/plain"
_DEBUT = 64 * 1024  # octets


def servir(fichier: Fichier, nom: str, *, dans_la_page: bool = False) -> FileResponse:
    """A stored file under its own name, 404 for a threat. The caller has checked that the reader may see it.

    `dans_la_page`: shown by the browser instead of saved, without any right (no script, no form, no link).
    """
    if fichier.analyse == Analyse.INFECTE:
        raise Http404("Ce fichier n'est pas lisible : l'antivirus y a trouvé une menace.")
    reponse = FileResponse(
        fichiers.ouvrir(fichier), as_attachment=not dans_la_page, filename=nom, content_type=_type(fichier)
    )
    reponse["X-Content-Type-Options"] = "nosniff"
    reponse["Cache-Control"] = "private, no-store"
    return reponse


def _type(fichier: Fichier) -> str:
    """Its media type; a text says in which letters it is written, for its accents to be read."""
    if fichier.type_mime != TEXTE:
        return fichier.type_mime
    with fichiers.ouvrir(fichier) as flux:
        debut = flux.read(_DEBUT)
    try:
        codecs.getincrementaldecoder("utf-8")().decode(debut)  # the last letter may be cut
    except UnicodeDecodeError:
        return f"{TEXTE}; charset=windows-1252"
    return f"{TEXTE}; charset=utf-8"
