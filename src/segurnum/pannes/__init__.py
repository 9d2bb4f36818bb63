"""What is down when something outside the program fails: told to people, and waited for by jobs, by one list.

A failure is nobody's fault: what a person sent is kept or asked again later, and never counted against it.
"""

from __future__ import annotations

import errno
from enum import Enum
from typing import ClassVar

import psycopg
from django.db import InterfaceError, OperationalError

from segurnum.isolement.refus import ControleOccupe
from segurnum.regles.erreurs import GesteImpossible


class Partie(Enum):
    """A part that the portal leans on. The value names it in the log and on the page of the state."""

    BASE = "base de données"
    FICHIERS = "stockage des fichiers"
    ANTIVIRUS = "antivirus"
    CONTROLE = "contrôle des fichiers"
    COURRIEL = "serveur de courriel"


class PanneTechnique(OSError):
    """A part does not answer, or cannot do what is asked for now."""

    partie: ClassVar[Partie]


class StockageIndisponible(PanneTechnique):
    """The store does not answer, or has no room left. What it lost for good is a FileNotFoundError."""

    partie = Partie.FICHIERS


class AntivirusIndisponible(PanneTechnique):
    """The daemon does not answer, or does not understand: the file is neither sound nor infected."""

    partie = Partie.ANTIVIRUS


class CourrielIndisponible(PanneTechnique):
    """The mail server does not answer, or takes no mail now: no mail is at fault."""

    partie = Partie.COURRIEL


class FichierNonRecu(GesteImpossible, StockageIndisponible):
    """A file that a person sends cannot be kept for now. A refusal as any other: said beside its field, typed values
    and all, by whatever screen it was sent from.
    """

    def __init__(self) -> None:
        super().__init__(
            "Le portail ne peut plus recevoir de fichiers pour le moment : ce fichier n'a pas été gardé. Laissez cette "
            "page ouverte et recommencez dans quelques minutes."
        )


# A disk that is full, gone or out of order, wherever the program was writing.
_DISQUE = frozenset(
    {errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EROFS, errno.ESTALE, errno.ENOTCONN, errno.EACCES}
)
# The queue's own error says by its cause which of these it was.
_BASE = (OperationalError, InterfaceError, psycopg.OperationalError, psycopg.InterfaceError)
_LECTURE_SEULE = psycopg.errors.ReadOnlySqlTransaction  # a standby answers, that nobody has promoted yet
_ANNULEE = "57014"  # statement_timeout
_DE_L_ORDRE = frozenset({_ANNULEE, "55P03", "40P01"})  # and lock_timeout, deadlock
_TROP_DEMANDE = "54"  # class « program limit exceeded »: the statement is at fault, and always will be


def partie_en_panne(erreur: BaseException | None) -> Partie | None:
    """The part that made this error, or None where the program or the data did. Follows what it was raised from."""
    while erreur is not None:
        partie = _partie(erreur)
        if partie is not None:
            return partie
        erreur = erreur.__cause__
    return None


def _partie(erreur: BaseException) -> Partie | None:
    if isinstance(erreur, PanneTechnique):
        return erreur.partie
    if isinstance(erreur, (*_BASE, _LECTURE_SEULE)):
        return None if _code(erreur).startswith(_TROP_DEMANDE) else Partie.BASE
    if isinstance(erreur, ControleOccupe):
        return Partie.CONTROLE
    if isinstance(erreur, OSError) and erreur.errno in _DISQUE:
        return Partie.FICHIERS
    return None


def trop_longue(erreur: BaseException | None) -> bool:
    """Whether the server ended a statement that took too long: an outage for who waits, a fault of ours for the log."""
    return _code(erreur) == _ANNULEE


def de_l_ordre_meme(erreur: BaseException | None) -> bool:
    """Whether the server works, and ended this statement: by its duration, a lock or a deadlock. A few more tries may
    succeed; more of them hide a fault.
    """
    while erreur is not None:
        if _code(erreur) in _DE_L_ORDRE:
            return True
        erreur = erreur.__cause__
    return False


def _code(erreur: BaseException | None) -> str:
    """What PostgreSQL answered (SQLSTATE), empty where it did not. Django's error says it by its cause."""
    code = getattr(erreur, "sqlstate", None) or getattr(getattr(erreur, "__cause__", None), "sqlstate", None)
    return code or ""
