"""Each process watches what it has found down until it answers, and says then from when to when it was.

It costs nothing as long as nothing is down. A gesture that comes first after the return finds its deadline put off:
the door asks too (`a_la_porte`), before the gesture is judged.
"""

import logging
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from threading import Event, Lock, Thread
from uuid import uuid4

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection, connections

from segurnum.installation.indisponibilites import noter
from segurnum.pannes import Partie, partie_en_panne
from segurnum.regles import calendrier
from segurnum.regles.calendrier import Panne

journal = logging.getLogger(__name__)

RONDE = 1.0  # seconds between two looks
PATIENCE = 2.0  # seconds that the door waits for somebody else's look
_OCTETS = 1_000_000  # a full disk still takes a small file


@dataclass
class _EnCours:
    debut: datetime
    recu_le: datetime


class Veille:
    """What this process has found down. `sondes` raise as long as their part is; `noter` keeps what is over.

    `pas`: seconds between two looks of its thread; None: the door alone looks.
    """

    def __init__(
        self,
        sondes: Mapping[Partie, Callable[[], None]],
        *,
        noter: Callable[..., None] = noter,
        pas: float | None = RONDE,
    ) -> None:
        self.sondes, self.noter, self.pas = sondes, noter, pas
        self._en_cours: dict[Partie, _EnCours] = {}
        self._etat, self._regard = Lock(), Lock()
        self._ronde: Thread | None = None

    def constater(self, partie: Partie, recu_le: datetime | None = None) -> None:
        """A gesture, which began to arrive at `recu_le` (None: now), has met this part down."""
        if partie not in self.sondes:
            return
        present = calendrier.maintenant()
        arrivee = min(recu_le or present, present)
        with self._etat:
            vue = self._en_cours.setdefault(partie, _EnCours(present, arrivee))
            vue.recu_le = min(vue.recu_le, arrivee)
            if self._ronde is None and self.pas is not None:
                self._ronde = Thread(target=self._tourner, args=(self.pas,), name="veille", daemon=True)
                self._ronde.start()

    def a_la_porte(self) -> None:
        """Before a gesture is judged: what is back is noted, if anything was down."""
        if self._en_cours and self._regard.acquire(timeout=PATIENCE):
            try:
                self._regarder()
            finally:
                self._regard.release()

    def _tourner(self, pas: float) -> None:
        pause = Event()
        while True:
            with self._etat:
                if not self._en_cours:
                    self._ronde = None
                    return
            with self._regard:
                self._regarder()
            connections.close_all()  # this thread's: nobody else closes them
            pause.wait(pas)

    def _regarder(self) -> None:
        for partie, vue in list(self._en_cours.items()):
            try:
                self.sondes[partie]()
            except Exception:  # noqa: S112 - whatever it says, it is not back
                continue
            try:
                self.noter(partie=partie, panne=Panne(vue.debut, calendrier.maintenant(), vue.recu_le))
            except Exception as erreur:
                if partie_en_panne(erreur) is not None:  # down again: looked at a second later
                    continue
                journal.exception("Panne finie (%s), mais ses échéances ne sont pas reportées.", partie.value)
            with self._etat:
                del self._en_cours[partie]


def _base() -> None:
    """Raise as long as nothing can be written: a standby that nobody has promoted answers too."""
    with connection.cursor() as curseur:
        curseur.execute("SELECT current_setting('transaction_read_only')")
        if curseur.fetchone() != ("off",):
            raise OSError("la base est en lecture seule")


def _fichiers() -> None:
    """Raise as long as the store, or the folder of uploads, takes no file."""
    with tempfile.TemporaryFile(dir=settings.FILE_UPLOAD_TEMP_DIR) as essai:
        essai.write(bytes(_OCTETS))
    nom = default_storage.save(f"veille/{uuid4().hex}", ContentFile(bytes(_OCTETS)))
    default_storage.delete(nom)


SONDES = {Partie.BASE: _base, Partie.FICHIERS: _fichiers}
veille = Veille(SONDES)
