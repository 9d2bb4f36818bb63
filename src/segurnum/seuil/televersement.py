"""Receiving files: straight to disk, and refused as soon as they are too big rather than when they are all here."""

import contextlib
import io
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any, NoReturn, TypeVar

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import (
    FileUploadHandler,
    SkipFile,
    StopUpload,
    TemporaryFileUploadHandler,
)
from django.http import HttpRequest

from segurnum.controles.problemes import MO
from segurnum.pannes.rencontre import fichier_non_recu
from segurnum.regles.calendrier import DUREE_D_UN_ENVOI, maintenant
from segurnum.seuil.garde import refuser_les_fichiers

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


class _SansOctets(io.BytesIO):
    """The contents of a file that could not be received: who reads it is told why."""

    def __init__(self, cause: OSError) -> None:
        super().__init__()
        self.cause = cause

    def _refuser(self, *_args: Any) -> NoReturn:
        raise fichier_non_recu(self.cause) from self.cause

    read = seek = readline = readinto = _refuser


class FichierPerdu(UploadedFile):  # type: ignore[type-arg]
    """A file that came while the folder of uploads was full, gone or out of order. Its form says so beside its field:
    the rest of the form came all the same.
    """

    def temporary_file_path(self) -> str:
        self.seek(0)
        raise AssertionError("son contenu ne se lit pas")


class ReceptionBornee(TemporaryFileUploadHandler):
    """Writes each file to a temporary one; stops reading at the first octet past the limit of the page."""

    file: Any

    def handle_raw_input(
        self,
        _input_data: IO[bytes],
        _META: dict[str, str],
        content_length: int,
        _boundary: str,
        _encoding: Any = None,
    ) -> None:
        self.recus = 0
        self.ouverts: list[Any] = []
        adresse = self.request.resolver_match if self.request else None
        self.limite = getattr(adresse and adresse.func, "taille_max", LIMITE_PAR_DEFAUT)
        if content_length > self.limite + MARGE or refuser_les_fichiers(self.request):
            # Said at the first octet of the file, where Django listens to a refusal, after the fields before it.
            self.limite = 0

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        if getattr(self.request, "sans_fichiers", False):
            raise SkipFile
        self.commence = False
        FileUploadHandler.new_file(self, *args, **kwargs)  # its name, whatever becomes of it
        try:
            # Erased under our feet, it is made anew; where it cannot be, neither can a file in it.
            Path(settings.FILE_UPLOAD_TEMP_DIR).mkdir(mode=0o700, exist_ok=True)
            super().new_file(*args, **kwargs)
        except OSError as panne:
            self._perdre(panne)
        else:
            self.commence = True
            self.ouverts.append(self.file)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self.recus += len(raw_data)
        if self.recus > self.limite:
            self._refuser()
        if isinstance(self.file, FichierPerdu):
            return
        try:
            super().receive_data_chunk(raw_data, start)
        except OSError as panne:
            self._perdre(panne)

    def file_complete(self, file_size: int) -> UploadedFile | None:  # type: ignore[type-arg]
        if not isinstance(self.file, FichierPerdu):
            try:
                return super().file_complete(file_size)
            except OSError as panne:  # the last octets wait in memory until now
                self._perdre(panne)
        perdu: FichierPerdu = self.file
        perdu.size = file_size
        return perdu

    def upload_interrupted(self) -> None:
        if not isinstance(getattr(self, "file", None), FichierPerdu):
            super().upload_interrupted()

    def _perdre(self, panne: OSError) -> None:
        """Nothing more of this file is kept, and the octets that it took are given back."""
        if self.commence:
            _fermer(self.file)
        self.file = FichierPerdu(_SansOctets(panne), self.file_name, self.content_type, 0)

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
            _fermer(fichier)


def oublier_les_restes() -> int:
    """Erase what processes that were killed left in the folder of uploads. Returns how many files.

    What has not grown for as long as an upload may last is nobody's. Called when a process that serves pages starts.
    """
    limite, oublies = maintenant().timestamp() - DUREE_D_UN_ENVOI.total_seconds(), 0
    with contextlib.suppress(OSError):
        for reste in Path(settings.FILE_UPLOAD_TEMP_DIR).glob("*.upload*"):
            with contextlib.suppress(OSError):  # another process erases too
                if reste.stat().st_mtime < limite:
                    reste.unlink()
                    oublies += 1
    return oublies


def sans_fichiers(requete: HttpRequest) -> None:
    """Have the fields of a form read, and its files left aside."""
    requete.sans_fichiers = True  # type: ignore[attr-defined]


def _fermer(fichier: Any) -> None:
    """A full disk refuses the last octets when the file is closed: it is closed all the same, and erased."""
    with contextlib.suppress(OSError):
        fichier.close()


def trop_gros(requete: HttpRequest) -> bool:
    """True when the form came without its file because the file was over the limit."""
    return getattr(requete, "fichier_trop_gros", False)
