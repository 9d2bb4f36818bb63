"""What a hostile file could make a child do. These run in children only, but for the tests that say otherwise."""

import ctypes
import json
import mmap
import os
import platform
import signal
import socket
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, BinaryIO

from segurnum.controles import Contexte, Rapport
from segurnum.controles.lecture_pieces import EntreeLue, Sommaire, lire_archive
from segurnum.controles.problemes import Probleme
from segurnum.isolement import enfant, filtre
from segurnum.isolement.trames import RESULTAT


def doubler(nombre: int) -> int:
    return 2 * nombre


def lire(flux: BinaryIO) -> bytes:
    return flux.read()


def compter(jusqu_a: int) -> Iterator[int]:
    yield from range(jusqu_a)


def bruler() -> int:
    while True:
        pass


def gonfler(octets: int) -> int:
    return len(bytearray(octets))


def gonfler_ailleurs(octets: int) -> int:
    """Memory that is not the allocator's: shared with nobody, and yet told as shared."""
    return len(mmap.mmap(-1, octets))


def dormir() -> int:
    time.sleep(3600)
    return 0


def planter() -> int:
    return ctypes.string_at(0)[0]


def avorter() -> int:
    os.abort()


def sortir() -> int:
    os._exit(0)


def lever_sur_deux_lignes() -> int:
    raise type("Faute\n2026-01-01 INFO tout va bien", (Exception,), {})


def lever() -> int:
    raise LookupError("des mots du fichier")


def mentir() -> int:
    """A result of another type than what is announced."""
    return "quarante-deux"  # type: ignore[return-value]


def repondre_n_importe_quoi() -> int:
    prise = enfant._enfant().lien.prise
    prise.sendall(b"\x80\x04cos\nsystem\n(S'touch /tmp/conquis'\ntR." * 40)
    return 0


def repondre_sans_fin() -> int:
    """An announced size that nobody could hold."""
    enfant._enfant().lien.prise.sendall(b"R" + (1 << 60).to_bytes(8, "big") + bytes(8))
    return 0


def repondre_profond() -> int:
    corps = b"[" * 1_000_000
    enfant._enfant().lien.envoyer(RESULTAT, corps)
    return 0


def se_faire_passer_pour_du_code() -> int:
    """What another reader would build an object of."""
    corps = json.dumps({enfant._enfant().travail.etiquette: ["o", "os:system"]}).encode()
    enfant._enfant().lien.envoyer(RESULTAT, corps)
    return 0


def poser_la_question(question: Callable[[list[str]], Any], textes: list[str]) -> str:
    return str(question(textes))


def lire_et_demander(flux: BinaryIO, question: Callable[[list[str]], Any]) -> bytes:
    lu = flux.read()
    question([])
    return lu


def poser_une_autre_question() -> str:
    return str(enfant._enfant().demander("mots_de_passe", ["tous"]))


def environnement() -> dict[str, str]:
    return dict(os.environ)


def descripteurs() -> list[int]:
    """The descriptors that are open here."""
    ouverts = []
    for numero in range(1024):
        try:
            os.fstat(numero)
        except OSError:
            continue
        ouverts.append(numero)
    return ouverts


def essayer(quoi: str, argument: str) -> str:
    """Do what a conquered child would try; the name of the error that stops it, or « fait »."""
    gestes: dict[str, Callable[[], object]] = {
        "lire": lambda: Path(argument).read_bytes(),
        "ecrire": lambda: Path(argument).write_bytes(b"x"),
        "lister": lambda: list(Path(argument).iterdir()),
        "executer": lambda: os.posix_spawn(argument, [argument], {}),
        "appeler": lambda: socket.socket(socket.AF_UNIX).connect(argument),
        "relier": lambda: socket.create_connection(("127.0.0.1", int(argument)), 1).close(),
        "tuer": lambda: os.kill(int(argument), signal.SIGTERM),
        "bifurquer": os.fork,
        "signaler": lambda: _appeler_le_noyau("tgkill", int(argument), int(argument), 0),
        "laisser": lambda: _appeler_le_noyau("shmget", 0, 4096, 0o1600),
    }
    try:
        gestes[quoi]()
    except OSError as refus:
        return type(refus).__name__
    return "fait"


def _appeler_le_noyau(nom: str, *arguments: int) -> None:
    """A call that Python has no word for. Raises OSError."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.syscall(filtre._MACHINES[platform.machine()][1][nom], *map(ctypes.c_long, arguments)) < 0:
        raise OSError(ctypes.get_errno(), nom)


def ecrire_dans_le_fichier(flux: BinaryIO) -> str:
    try:
        os.pwrite(flux.fileno(), b"x", 0)
    except OSError as refus:
        return type(refus).__name__
    return "fait"


# In the place of the engine's own functions, to see what a page or a worker makes of a child that dies.

MORTELLE = "mortelle"


def tuer_le_contenu(flux: BinaryIO, nom: str, taille: int, extension: str) -> list[Probleme]:
    os.abort()


def gonfler_le_contenu(flux: BinaryIO, nom: str, taille: int, extension: str) -> list[Probleme]:
    gonfler(400 << 20)
    return []


def tuer_le_json(octets: bytes, contexte: Contexte) -> Rapport:
    os.abort()


def tuer_le_tableau(flux: BinaryIO, *regles: object) -> Iterator[int]:
    os.abort()


def entrees_dont_une_tue(flux: BinaryIO, depuis: int, gardees: list[str]) -> Iterator[Sommaire | EntreeLue]:
    """The archive read as it is, but for the entries whose name says that they kill."""
    lues = lire_archive(flux, depuis=depuis, gardees=gardees)
    sommaire = next(lues)
    yield sommaire
    if isinstance(sommaire, Sommaire):
        for entree in sommaire.entrees[depuis:]:
            if MORTELLE in entree.nom:
                os.abort()
            yield next(lues)


def entrees_dont_la_premiere_tue(
    flux: BinaryIO, depuis: int, gardees: list[str]
) -> Iterator[Sommaire | EntreeLue]:
    for lue in lire_archive(flux, depuis=depuis, gardees=gardees):
        if isinstance(lue, EntreeLue) and depuis == 0:
            os.abort()
        yield lue


def entrees_dont_une_dort(flux: BinaryIO, depuis: int, gardees: list[str]) -> Iterator[Sommaire | EntreeLue]:
    lues = lire_archive(flux, depuis=depuis, gardees=gardees)
    for lue in lues:
        if isinstance(lue, EntreeLue) and MORTELLE in lue.nom:
            time.sleep(3600)
        yield lue


def entrees_a_fausse_empreinte(
    flux: BinaryIO, depuis: int, gardees: list[str]
) -> Iterator[Sommaire | EntreeLue]:
    for lue in lire_archive(flux, depuis=depuis, gardees=gardees):
        yield lue if isinstance(lue, Sommaire) else replace(lue, sha256="0" * 64)


def entrees_sans_fin(flux: BinaryIO, depuis: int, gardees: list[str]) -> Iterator[Sommaire | EntreeLue]:
    yield from lire_archive(flux, depuis=depuis, gardees=gardees)
    while True:
        yield EntreeLue("encore.pdf", [], 1)


def sommaire_qui_tue(flux: BinaryIO, depuis: int, gardees: list[str]) -> Iterator[Sommaire | EntreeLue]:
    os.abort()
    yield Sommaire([], [])


def parts(nombre: int, secondes: float) -> Iterator[int]:
    """Work for as long each time, with a share of the processor of its own."""
    for rang in range(nombre):
        enfant.nouvelle_part()
        fin = time.process_time() + secondes
        while time.process_time() < fin:
            pass
        yield rang
