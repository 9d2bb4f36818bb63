"""An extract as its child reads it: its name, its lines ready for COPY, its end."""

import contextlib
from collections.abc import Callable, Generator, Iterator
from pathlib import Path

from segurnum.annuaire_sante import lecture
from segurnum.annuaire_sante.lecture import Debut, Fin, Lot, Refus
from segurnum.controles.problemes import lisible
from segurnum.controles.refus import FichierRefuse, phrase_des_fautes
from segurnum.isolement.extraits import depouiller

Avancement = Callable[[int, int], None]
Suite = Generator[Debut | Lot | Fin | Refus, None, None]


class ExtraitLu:
    """What comes from the child. `nom`: that of the text; `fin`: there once `lots` has been walked."""

    def __init__(self, suite: Suite, avancer: Avancement) -> None:
        self.suite, self.avancer = suite, avancer
        debut = next(suite)
        if isinstance(debut, Refus):
            raise FichierRefuse(debut.phrase)
        self.nom = debut.nom if isinstance(debut, Debut) else ""

    def lots(self) -> Iterator[bytes]:
        """Lines in the text form of COPY. Raises FichierRefuse when one is at fault, or when there is none at all."""
        for element in self.suite:
            match element:
                case Lot():
                    self.avancer(element.lus, element.taille)
                    yield element.lignes
                case Refus():
                    raise FichierRefuse(element.phrase)
                case Fin():
                    self.fin = element
        if self.fin.nombre_fautes:
            raise FichierRefuse(
                phrase_des_fautes(self.fin.nombre_fautes), tuple(self.fin.fautes), self.fin.nombre_fautes
            )
        if not self.fin.lignes:
            raise FichierRefuse(
                "Le fichier n'a que ses titres : une boîte aux lettres par ligne est attendue."
            )


@contextlib.contextmanager
def ouvrir(chemin: Path, avancer: Avancement = lambda _lus, _total: None) -> Iterator[ExtraitLu]:
    """The extract of this file. Raises FichierRefuse, also while it is walked."""
    with depouiller(lecture.lire_extrait, chemin, lisible(chemin.name), lecture.TAILLE_MAX) as suite:
        yield ExtraitLu(suite, avancer)
