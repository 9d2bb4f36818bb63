"""A store – a folder outside anything that is served, or S3 (`stockage_s3`) – and what any of them holds."""

import os
import re
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from operator import itemgetter
from pathlib import Path
from typing import IO, Any, BinaryIO

from django.apps import apps
from django.conf import settings
from django.core.files import File
from django.core.files.storage import FileSystemStorage, Storage
from django.utils.deconstruct import deconstructible

from segurnum.pannes import StockageIndisponible


def cle_de(empreinte: str) -> str:
    """Where bytes lie in a store, by their SHA-256."""
    return f"{empreinte[:2]}/{empreinte[2:4]}/{empreinte}"


@dataclass(frozen=True)
class Contenu:
    """Bytes to keep: their stream, their SHA-256 and their size (octets)."""

    flux: BinaryIO
    empreinte: str
    taille: int

    @property
    def cle(self) -> str:
        return cle_de(self.empreinte)

    @property
    def fichier(self) -> File:  # type: ignore[type-arg]
        self.flux.seek(0)
        return File(self.flux)


@contextmanager
def _panne_dite(pannes: tuple[type[Exception], ...] = (OSError,)) -> Iterator[None]:
    """Raise StockageIndisponible for whatever the store fails of. What it has not is a FileNotFoundError."""
    try:
        yield
    except (FileNotFoundError, StockageIndisponible):
        raise
    except pannes as panne:
        raise StockageIndisponible(f"Le stockage ne répond pas ({type(panne).__name__}).") from panne


class DitSesPannes(Storage):
    """A store whose failures have one name, whatever it is made of. `pannes`: as they come."""

    pannes: tuple[type[Exception], ...] = (OSError,)

    def exiger_la(self) -> None:
        """Raise StockageIndisponible where the store itself is missing: what it does not show is then not lost."""

    def commencer(self) -> None:
        """Say that this store is the one, even empty: the first file, or a restoration."""

    @contextmanager
    def _perte_verifiee(self) -> Iterator[None]:
        try:
            with _panne_dite(self.pannes):
                yield
        except FileNotFoundError:
            self.exiger_la()
            raise

    def open(self, name: str, mode: str = "rb") -> File:  # type: ignore[type-arg]
        with self._perte_verifiee():
            fichier = super().open(name, mode)
            fichier.file  # noqa: B018  (S3 brings the bytes here, and not at the first reading)
            return fichier

    def save(self, name: str | None, content: IO[Any], max_length: int | None = None) -> str:
        with _panne_dite(self.pannes):
            return super().save(name, content, max_length)

    def ranger(self, contenus: Sequence[Contenu]) -> None:
        """Keep those that are not there yet, whole. Once this returns a power cut loses none of them."""
        for contenu in contenus:
            if not self.porte(contenu):
                self.save(contenu.cle, contenu.fichier)

    def porte(self, contenu: Contenu) -> bool:
        return self.exists(contenu.cle) and self.size(contenu.cle) == contenu.taille

    def exists(self, name: str) -> bool:
        with _panne_dite(self.pannes):
            la = super().exists(name)
        if not la:
            self.exiger_la()
        return la

    def size(self, name: str) -> int:
        with self._perte_verifiee():
            return super().size(name)

    def delete(self, name: str) -> None:
        with _panne_dite(self.pannes):
            super().delete(name)


# Left in the folder of the files by the first of them: a folder without it may be the mount point of an absent disk.
MARQUE = ".stockage-segurnum"
ATTENTES = 8  # of the disk, at once
_ETAGE = re.compile(r"[0-9a-f]{2}")  # the first folder of a key


@deconstructible
class StockageLocal(DitSesPannes, FileSystemStorage):
    """Files readable by the service account only, and never half written under their name."""

    def __init__(self) -> None:
        super().__init__(
            location=settings.DONNEES / "fichiers",
            file_permissions_mode=0o600,
            directory_permissions_mode=0o700,
            allow_overwrite=True,
        )

    def exiger_la(self) -> None:
        """Raise StockageIndisponible for a folder that holds nothing while the database names files: its disk is away.

        A folder that was filled before there was a mark is known by what it holds.
        """
        if self._marque.exists() or self._porte_des_fichiers():
            return
        if apps.get_model("fichiers", "Fichier").objects.exists():
            raise StockageIndisponible(
                f"{self.location} est vide ou absent : son disque est-il monté ? Si ce dossier doit être neuf, créez-y "
                f"{MARQUE}."
            )

    @property
    def _marque(self) -> Path:
        return Path(self.location) / MARQUE

    def _porte_des_fichiers(self) -> bool:
        try:
            with os.scandir(self.location) as entrees:
                return any(_ETAGE.fullmatch(entree.name) for entree in entrees)
        except FileNotFoundError:
            return False
        except OSError as panne:
            raise StockageIndisponible(f"{self.location} ne se lit pas ({type(panne).__name__}).") from panne

    def commencer(self) -> None:
        with _panne_dite():
            Path(self.location).mkdir(mode=0o700, parents=True, exist_ok=True)
            self._marque.touch(mode=0o600)

    def ranger(self, contenus: Sequence[Contenu]) -> None:
        with _panne_dite():
            self._ecrire({c.cle: c.fichier for c in contenus if not self.porte(c)})
            # Also the names that another process has just given.
            self._graver(c.cle for c in contenus)

    def _save(self, name: str, content: File) -> str:  # type: ignore[type-arg]
        self._ecrire({name: content})
        self._graver([name])
        return name

    def _ecrire(self, contenus: Mapping[str, File]) -> None:  # type: ignore[type-arg]
        """All of them first, then the disk, then their names: it is waited for once, and not for each."""
        if not contenus:
            return
        self.exiger_la()
        if not self._marque.exists():
            self.commencer()
        with ExitStack() as pile:
            sorties = {
                Path(self.path(nom)): self._provisoire(nom, contenu, pile)
                for nom, contenu in contenus.items()
            }
            _ensemble(os.fsync, [poignee for poignee, _ in sorties.values()])
            # The rename makes the whole content appear at once, or not at all.
            for destination, (_, provisoire) in sorties.items():
                os.replace(provisoire, destination)

    def _provisoire(self, nom: str, contenu: File, pile: ExitStack) -> tuple[int, str]:  # type: ignore[type-arg]
        """The content beside its place: open, and under the name of the moment, which `pile` closes and erases."""
        dossier = Path(self.path(nom)).parent
        dossier.mkdir(mode=0o700, parents=True, exist_ok=True)
        poignee, provisoire = tempfile.mkstemp(dir=dossier, prefix=".en-cours-")  # 0600
        pile.callback(Path(provisoire).unlink, missing_ok=True)
        pile.callback(os.close, poignee)
        with os.fdopen(poignee, "wb", closefd=False) as sortie:
            for morceau in contenu.chunks():
                sortie.write(morceau)
        return poignee, provisoire

    def _graver(self, noms: Iterable[str]) -> None:
        graver({Path(self.path(nom)).parent for nom in noms}, Path(self.location))


def graver(dossiers: Iterable[Path], racine: Path) -> None:
    """Have the disk keep the names too, up to this root: a power cut leaves no row without its file."""
    chemins = {
        chemin
        for dossier in dossiers
        for chemin in (dossier, *dossier.parents)
        if chemin.is_relative_to(racine)
    }
    _ensemble(_graver_un, chemins)


def _graver_un(dossier: Path) -> None:
    poignee = os.open(dossier, os.O_RDONLY)
    try:
        os.fsync(poignee)
    finally:
        os.close(poignee)


def _ensemble(attendre: Callable[[Any], None], elements: Iterable[Any]) -> None:
    """Wait for the disk from several threads: one writing of its journal serves them all."""
    with ThreadPoolExecutor(ATTENTES) as fils:
        for _ in fils.map(attendre, elements):
            pass


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
        if not prefixe and nom == MARQUE:
            continue
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
