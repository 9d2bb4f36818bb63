"""A file that is not taken, and the lines that are the reason."""

from dataclasses import dataclass, field

from segurnum.controles.problemes import en_nombre, nombre_fr
from segurnum.regles.erreurs import RefusMetier

MONTREES = 30


class FichierRefuse(RefusMetier):
    """Nothing of the file was taken; the message is a French sentence.

    `fautes`: the first lines at fault, one sentence each; `nombre_fautes`: how many there are in all.
    """

    def __init__(self, phrase: str, fautes: tuple[str, ...] = (), nombre_fautes: int = 0) -> None:
        super().__init__(phrase)
        self.fautes = fautes
        self.nombre_fautes = nombre_fautes

    @property
    def nombre_tues(self) -> int:
        """How many lines at fault are not in `fautes`."""
        return self.nombre_fautes - len(self.fautes)


@dataclass
class Fautes:
    """The lines at fault that were met so far: all are counted, the first ones are kept."""

    nombre: int = 0
    premieres: list[str] = field(default_factory=list)

    def signaler(self, rang: int, phrase: str) -> None:
        self.nombre += 1
        if len(self.premieres) < MONTREES:
            self.premieres.append(f"Ligne {nombre_fr(rang)} : {phrase}")

    def refuser(self) -> None:
        """Raise FichierRefuse unless no line is at fault."""
        if self.nombre:
            raise FichierRefuse(phrase_des_fautes(self.nombre), tuple(self.premieres), self.nombre)


def phrase_des_fautes(nombre: int) -> str:
    return f"{en_nombre(nombre, 'ligne')} en erreur : le fichier entier est refusé, rien n'a changé."
