"""Receiving files: straight to disk, and refused as soon as they are too big rather than when they are all here."""

from collections.abc import Callable
from typing import IO, Any, TypeVar

from django.core.files.uploadhandler import StopUpload, TemporaryFileUploadHandler
from django.forms import Form
from django.http import HttpRequest

from segurnum.controles.fichiers import RegleFichier
from segurnum.controles.problemes import MO
from segurnum.web.commun.garde import refuser_les_fichiers

# What a page receives when it says nothing: the portal's forms take pieces of 4 Mo at most.
LIMITE_PAR_DEFAUT = 5 * MO
# Fields and boundaries around the file.
MARGE = MO

V = TypeVar("V", bound=Callable[..., Any])


def recoit(taille_max: int) -> Callable[[V], V]:
    """Declare the largest file (octets) that a view receives. Read before the view runs, from the address's match."""

    def decorer(vue: V) -> V:
        vue.taille_max = taille_max  # type: ignore[attr-defined]
        return vue

    return decorer


class ReceptionBornee(TemporaryFileUploadHandler):
    """Writes each file to a temporary one; stops reading at the first octet past the limit of the page."""

    def handle_raw_input(
        self,
        input_data: IO[bytes],
        META: dict[str, str],
        content_length: int,
        boundary: str,
        encoding: Any = None,
    ) -> None:
        self.recus = 0
        self.ouverts: list[Any] = []
        adresse = self.request.resolver_match if self.request else None
        self.limite = getattr(adresse and adresse.func, "taille_max", LIMITE_PAR_DEFAUT)
        if content_length > self.limite + MARGE or refuser_les_fichiers(self.request):
            # Said at the first octet of the file, where Django listens to a refusal, after the fields before it.
            self.limite = 0

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.ouverts.append(self.file)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self.recus += len(raw_data)
        if self.recus > self.limite:
            self._refuser()
        super().receive_data_chunk(raw_data, start)

    def _refuser(self) -> None:
        if self.request is not None:
            self.request.fichier_trop_gros = True  # type: ignore[attr-defined]
        raise StopUpload(connection_reset=True)


def fermer_les_recus(requete: HttpRequest) -> None:
    """Close what was written of a form that broke in the middle: Django forgets those that it had received whole."""
    if requete.method != "POST":
        return
    for reception in requete.upload_handlers:
        for fichier in getattr(reception, "ouverts", ()):
            fichier.close()


def dire_trop_gros(form: Form, champ: str, regle: RegleFichier) -> None:
    """What the field of a file says when it was not read to its end."""
    form.errors[champ] = form.error_class([f"Le fichier dépasse {regle.limite_exacte} : réduisez-le."])


def trop_gros(requete: HttpRequest) -> bool:
    """True when the form came without its file because the file was over the limit."""
    return getattr(requete, "fichier_trop_gros", False)
