"""Files stored by groups as they are read: the disk and the database are waited for once for each group."""

from dataclasses import dataclass, field

from segurnum.fichiers import services
from segurnum.fichiers.models import Fichier
from segurnum.fichiers.stockage import Contenu

# What a group holds in memory (octets), and how many files it keeps open; it ends with the file that goes past.
OCTETS = 16 * 1024 * 1024
NOMBRE = 100


@dataclass
class Groupes:
    """`fichiers`: the rows of all that was stored, by digest; those of the last group once `ranger` was called."""

    fichiers: dict[str, Fichier] = field(default_factory=dict)
    _attend: list[Contenu] = field(default_factory=list)

    def ajouter(self, contenu: Contenu) -> None:
        self._attend.append(contenu)
        if len(self._attend) >= NOMBRE or sum(c.taille for c in self._attend) >= OCTETS:
            self.ranger()

    def ranger(self) -> None:
        """Store what waits. Where this fails nothing of it has a row."""
        if self._attend:
            self.fichiers |= services.deposer_ensemble(self._attend)
            self._attend.clear()
