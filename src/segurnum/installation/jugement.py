"""What a control answers."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from segurnum.regles.cycles import EnumLibelle


class Etat(EnumLibelle):
    CONFORME = "CONFORME", "Conforme"
    A_CORRIGER = "A_CORRIGER", "À corriger"
    NON_VERIFIE = "NON_VERIFIE", "Non vérifié"


@dataclass(frozen=True)
class Constat:
    """What was seen (a French sentence, without secrets), and what to do when it is not right."""

    etat: Etat
    texte: str
    remede: str = ""


@dataclass(frozen=True)
class Controle:
    code: str
    titre: str
    executer: Callable[[], Constat]


@dataclass(frozen=True)
class Ligne:
    """A control and what it answered."""

    code: str
    titre: str
    constat: Constat

    @property
    def etat(self) -> Etat:
        return self.constat.etat


def conforme(texte: str) -> Constat:
    return Constat(Etat.CONFORME, texte)


def a_corriger(texte: str, remede: str) -> Constat:
    return Constat(Etat.A_CORRIGER, texte, remede)


def non_verifie(texte: str, remede: str = "") -> Constat:
    return Constat(Etat.NON_VERIFIE, texte, remede)


def selon(fautes: Iterable[str], bon: str, remede: str) -> Constat:
    """Right when there is no fault, `bon` being said then; all the faults otherwise."""
    fautes = list(fautes)
    return a_corriger(" ".join(fautes), remede) if fautes else conforme(bon)
