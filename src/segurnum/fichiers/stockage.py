"""The two stores – a folder outside anything that is served, or S3 – and what any of them holds."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from operator import itemgetter
from pathlib import Path
from typing import IO, Any

from boto3.exceptions import Boto3Error
from botocore.exceptions import BotoCoreError, ClientError
from django.conf import settings
from django.core.files import File
from django.core.files.storage import FileSystemStorage, Storage
from django.utils.deconstruct import deconstructible
from storages.backends.s3 import S3Storage

from segurnum.pannes import StockageIndisponible


@contextmanager
def _panne_dite() -> Iterator[None]:
    """Raise StockageIndisponible for whatever the store fails of. What it has not is a FileNotFoundError."""
    try:
        yield
    except (FileNotFoundError, StockageIndisponible):
        raise
    except (OSError, BotoCoreError, ClientError, Boto3Error) as panne:
        raise StockageIndisponible(f"Le stockage ne répond pas ({type(panne).__name__}).") from panne


class _DitSesPannes(Storage):
    """A store whose failures have one name, whatever it is made of."""

    def open(self, name: str, mode: str = "rb") -> File:  # type: ignore[type-arg]
        with _panne_dite():
            fichier = super().open(name, mode)
            fichier.file  # noqa: B018  (S3 brings the bytes here, and not at the first reading)
            return fichier

    def save(self, name: str | None, content: IO[Any], max_length: int | None = None) -> str:
        with _panne_dite():
            return super().save(name, content, max_length)

    def exists(self, name: str) -> bool:
        with _panne_dite():
            return super().exists(name)

    def size(self, name: str) -> int:
        with _panne_dite():
            return super().size(name)

    def delete(self, name: str) -> None:
        with _panne_dite():
            super().delete(name)


@deconstructible
class StockageS3(_DitSesPannes, S3Storage):  # type: ignore[misc]
    """An S3-compatible store."""


@deconstructible
class StockageLocal(_DitSesPannes, FileSystemStorage):
    """Files readable by the service account only, and never half written under their name."""

    def __init__(self) -> None:
        super().__init__(
            location=settings.DONNEES / "fichiers",
            file_permissions_mode=0o600,
            directory_permissions_mode=0o700,
            allow_overwrite=True,
        )

    def _save(self, name: str, content: File) -> str:  # type: ignore[type-arg]
        destination = Path(self.path(name))
        destination.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        # mkstemp gives 0600; the rename makes the whole content appear at once, or not at all.
        poignee, provisoire = tempfile.mkstemp(dir=destination.parent, prefix=".en-cours-")
        try:
            with os.fdopen(poignee, "wb") as sortie:
                for morceau in content.chunks():
                    sortie.write(morceau)
                sortie.flush()
                os.fsync(sortie.fileno())
            os.replace(provisoire, destination)
            graver(destination.parent, Path(self.location))
        except BaseException:
            Path(provisoire).unlink(missing_ok=True)
            raise
        return name


def graver(dossier: Path, racine: Path) -> None:
    """Have the disk keep the names too, up to this root: a power cut leaves no row without its file."""
    for chemin in (dossier, *dossier.parents):
        poignee = os.open(chemin, os.O_RDONLY)
        try:
            os.fsync(poignee)
        finally:
            os.close(poignee)
        if chemin == racine:
            return


def inventaire(stockage: Storage) -> Iterator[tuple[str, int]]:
    """The key and the size (octets) of everything in a store, in the order of the keys, a page at a time."""
    compartiment = getattr(stockage, "bucket", None)
    if compartiment is not None:  # S3: pages of a thousand
        return ((objet.key, objet.size) for objet in compartiment.objects.all())
    if isinstance(stockage, FileSystemStorage):
        return _du_dossier(Path(stockage.location), "")
    return _d_un_autre(stockage, "")


def _du_dossier(dossier: Path, prefixe: str) -> Iterator[tuple[str, int]]:
    try:
        with os.scandir(dossier) as entrees:
            # A folder is ordered as its keys are: « a/b » comes after « a-b ».
            noms = sorted(((f"{e.name}/" if e.is_dir() else e.name, e) for e in entrees), key=itemgetter(0))
    except FileNotFoundError:
        return
    for nom, entree in noms:
        if nom.endswith("/"):
            yield from _du_dossier(dossier / entree.name, prefixe + nom)
        else:
            try:
                taille = entree.stat().st_size
            except FileNotFoundError:  # erased since, or put in place under its name
                continue
            yield prefixe + nom, taille


def _d_un_autre(stockage: Storage, dossier: str) -> Iterator[tuple[str, int]]:
    """By the names alone that every store of Django gives, asked folder by folder."""
    dossiers, fichiers = stockage.listdir(dossier)
    prefixe = f"{dossier}/" if dossier else ""
    noms: list[str] = sorted([*fichiers, *(f"{nom}/" for nom in dossiers)])
    for nom in noms:
        if nom.endswith("/"):
            yield from _d_un_autre(stockage, f"{prefixe}{nom[:-1]}")
        else:
            yield prefixe + nom, stockage.size(prefixe + nom)
