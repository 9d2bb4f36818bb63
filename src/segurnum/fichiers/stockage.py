"""The local store: a folder of the installation, outside anything that is served."""

import os
import tempfile
from pathlib import Path

from django.conf import settings
from django.core.files import File
from django.core.files.storage import FileSystemStorage
from django.utils.deconstruct import deconstructible


@deconstructible
class StockageLocal(FileSystemStorage):
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
        except BaseException:
            Path(provisoire).unlink(missing_ok=True)
            raise
        return name
