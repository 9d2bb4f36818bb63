"""The child: one piece of work, its answer, and its end."""

from __future__ import annotations

import importlib
import os
import pickle
import socket
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any, NoReturn

from segurnum.controles.problemes import MO
from segurnum.isolement import cloture, codage
from segurnum.isolement.limites import Limites
from segurnum.isolement.trames import APPEL, ELEMENT, FAUTE, PRIS, RESULTAT, TRAVAIL, VALEUR, Lien, LienRompu

TRAVAIL_MAX = 512 * MO  # the portal's own words
FIN, PLUS_DE_MEMOIRE, ECHEC = 0, 77, 78


@dataclass(frozen=True)
class Travail:
    """What a child is to do. `fonction`: « module:name »; with `avec_fichier`, the file is its first argument."""

    fonction: str
    arguments: tuple[Any, ...]
    limites: Limites
    etiquette: str
    avec_fichier: bool


@dataclass(frozen=True)
class Question:
    """A function of the portal, as the child holds it: each call is asked by the socket. It takes texts."""

    nom: str

    def __call__(self, textes: Collection[str]) -> Any:
        return _enfant().demander(self.nom, list(textes))


class Enfant:
    """This process, once it has its work."""

    def __init__(self, prise: socket.socket, espace: int) -> None:
        self.lien, self.espace = Lien(prise, taille_max=TRAVAIL_MAX), espace

    def servir(self) -> int:
        """Wait for the work, do it. Returns the code that the process ends with."""
        fichier = self.lien.recevoir_un_descripteur()
        genre, corps, _ = self.lien.recevoir()
        if genre != TRAVAIL:
            return ECHEC
        self.travail: Travail = pickle.loads(corps)  # noqa: S301 - what the portal itself sends to its child
        self.lien.envoyer(PRIS, b"")
        cloture.limiter(self.travail.limites, self.espace)
        try:
            self._faire(fichier)
        except MemoryError:
            return PLUS_DE_MEMOIRE
        except LienRompu:
            raise
        except Exception as faute:
            self.lien.envoyer(FAUTE, f"{type(faute).__name__} {_lieu(faute)}".encode())
            return ECHEC
        return FIN

    def _faire(self, fichier: int | None) -> None:
        arguments = self.travail.arguments
        if self.travail.avec_fichier and fichier is not None:
            flux = os.fdopen(fichier, "rb")
            if flux.seekable():  # another child may have begun to read it
                flux.seek(0)
            arguments = (flux, *arguments)
        resultat = _fonction(self.travail.fonction)(*arguments)
        if isinstance(resultat, Iterator):
            for element in resultat:
                self.rendre(ELEMENT, element)
            resultat = None
        self.rendre(RESULTAT, resultat)

    def rendre(self, genre: bytes, valeur: Any) -> None:
        self.lien.envoyer(genre, *codage.ecrire(valeur, self.travail.etiquette))

    def demander(self, nom: str, textes: list[str]) -> Any:
        self.rendre(APPEL, [nom, textes])
        genre, corps, _ = self.lien.recevoir()
        if genre != VALEUR:
            raise RuntimeError("une valeur était attendue")
        return pickle.loads(corps)  # noqa: S301 - idem


_EN_COURS: list[Enfant] = []


def _enfant() -> Enfant:
    return _EN_COURS[0]


def vivre(prise: socket.socket) -> NoReturn:
    """The whole life of a child that has just been forked."""
    code = ECHEC
    try:
        _EN_COURS.append(Enfant(prise, cloture.enfermer()))
        code = _enfant().servir()
    except LienRompu:  # the portal has no use for it any more
        code = FIN
    except MemoryError:
        code = PLUS_DE_MEMOIRE
    finally:
        os._exit(code)


def nouvelle_part() -> None:
    """To be called before each entry of an archive: it has its own share of the processor."""
    if _EN_COURS:
        cloture.nouvelle_part(_enfant().travail.limites.cpu)


def _fonction(reference: str) -> Any:
    module, _, nom = reference.partition(":")
    return getattr(importlib.import_module(module), nom)


def _lieu(faute: BaseException) -> str:
    """Where it happened; what happened may be somebody's words."""
    trace = faute.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return f"({trace.tb_frame.f_code.co_filename}:{trace.tb_lineno})" if trace else ""
