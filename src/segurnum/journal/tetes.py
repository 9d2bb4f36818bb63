"""The heads of the journal, as a file to take away: what every chain ended with, keyed outside the database.

One text, UTF-8, a line for each thing; `docs/operations/journal.md` describes it. The last line seals all that
precedes it (HMAC-SHA-256); `precedent` names, by its digest, the file of the night before: none can be taken out.
"""

import hashlib
import hmac
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

FORMAT = "segurnum-tetes 1"
AUCUN = "-"
SUFFIXE = ".tetes.txt"
_ENTETE = 5  # lines before the first head
_BLOC = 1 << 20
_TETE = re.compile(r"(\d+) ([0-9a-f]{64}) (\S+) (\".*\")")


class TetesIllisibles(ValueError):
    """The file is not what the portal wrote; a French sentence says why."""


class Tete(NamedTuple):
    """What a chain ended with. `instant`: of its last event, ISO 8601 in UTC."""

    chaine: str
    rang: int
    empreinte: str
    instant: str

    @property
    def ligne(self) -> str:
        return f"{self.rang} {self.empreinte} {self.instant} {json.dumps(self.chaine, ensure_ascii=False)}"


@dataclass(frozen=True)
class Resume:
    """What a file says of itself once its seal was found right."""

    chemin: Path
    instant: datetime
    precedent: str  # digest of the file before, empty for the first
    chaines: int
    evenements: int

    @property
    def nom(self) -> str:
        return self.chemin.name


def nom_de(instant: datetime) -> str:
    return f"{instant:%Y%m%dT%H%M%SZ}{SUFFIXE}"


def repere(cle: str) -> str:
    """How a file names the key that sealed it, without giving it."""
    return hashlib.sha256(f"segurnum-tetes {cle}".encode()).hexdigest()[:16]


def texte(
    tetes: Iterable[Tete], *, instant: datetime, adresse: str, precedent: str, cle: str
) -> Iterator[str]:
    """The lines of the file, each with its end, the seal last."""
    sceau = hmac.new(cle.encode(), digestmod=hashlib.sha256)
    chaines = evenements = 0

    def sceller(ligne: str) -> str:
        sceau.update(f"{ligne}\n".encode())
        return f"{ligne}\n"

    entete = (FORMAT, f"instant {instant.isoformat()}", f"adresse {adresse}")
    for ligne in (*entete, f"precedent {precedent or AUCUN}", f"cle {repere(cle)}"):
        yield sceller(ligne)
    for tete in tetes:
        chaines += 1
        evenements += tete.rang
        yield sceller(tete.ligne)
    yield sceller(f"total {chaines} {evenements}")
    yield f"hmac-sha256 {sceau.hexdigest()}\n"


def verifier(chemin: Path, cles: Sequence[str]) -> Resume:
    """Check the seal and the totals of a file, read once. Raises TetesIllisibles."""
    with open(chemin, encoding="utf-8", newline="\n") as lignes:
        try:
            return _verifier(chemin, lignes, cles)
        except (UnicodeDecodeError, StopIteration) as faute:
            raise TetesIllisibles(f"{chemin} n'est pas un fichier de têtes entier.") from faute


def _verifier(chemin: Path, lignes: Iterator[str], cles: Sequence[str]) -> Resume:
    entete = [next(lignes) for _ in range(_ENTETE)]
    dits = dict(ligne.rstrip("\n").partition(" ")[::2] for ligne in entete)
    if entete[0] != f"{FORMAT}\n" or dits.keys() != {
        "segurnum-tetes",
        "instant",
        "adresse",
        "precedent",
        "cle",
    }:
        raise TetesIllisibles(f"{chemin} n'est pas un fichier de têtes au format « {FORMAT} ».")
    cle = next((cle for cle in cles if repere(cle) == dits["cle"]), None)
    if cle is None:
        raise TetesIllisibles(
            f"{chemin} est scellé par une clé inconnue ({dits['cle']}) : ajoutez-la à SEGURNUM_JOURNAL_CLES."
        )
    sceau = hmac.new(cle.encode(), "".join(entete).encode(), hashlib.sha256)
    chaines = evenements = 0
    for ligne in lignes:
        if ligne.startswith("total "):
            break
        sceau.update(ligne.encode())
        chaines += 1
        evenements += _lire(chemin, ligne).rang
    else:
        raise TetesIllisibles(f"{chemin} est coupé : sa fin manque.")
    sceau.update(ligne.encode())
    if next(lignes) != f"hmac-sha256 {sceau.hexdigest()}\n" or next(lignes, None) is not None:
        raise TetesIllisibles(f"{chemin} a été modifié : son sceau n'est pas celui de ce qu'il contient.")
    if ligne != f"total {chaines} {evenements}\n":
        raise TetesIllisibles(f"{chemin} : ses totaux ne sont pas ceux de ses lignes.")
    precedent = "" if dits["precedent"] == AUCUN else dits["precedent"]
    return Resume(chemin, datetime.fromisoformat(dits["instant"]), precedent, chaines, evenements)


def _lire(chemin: Path, ligne: str) -> Tete:
    lue = _TETE.fullmatch(ligne.rstrip("\n"))
    if lue is None:
        raise TetesIllisibles(f"{chemin} : ligne illisible « {ligne[:80].strip()} ».")
    return Tete(json.loads(lue[4]), int(lue[1]), lue[2], lue[3])


def lire(chemin: Path) -> Iterator[Tete]:
    """The heads of a file whose seal was checked."""
    with open(chemin, encoding="utf-8", newline="\n") as lignes:
        for rang, ligne in enumerate(lignes):
            if ligne.startswith("total "):
                return
            if rang >= _ENTETE:
                yield _lire(chemin, ligne)


def empreinte_de(chemin: Path) -> str:
    """The digest by which the next file names this one."""
    calcul = hashlib.sha256()
    with open(chemin, "rb") as flux:
        while bloc := flux.read(_BLOC):
            calcul.update(bloc)
    return calcul.hexdigest()


def fichiers(dossier: Path) -> list[Path]:
    """The files of a folder, the oldest first."""
    return sorted(dossier.glob(f"*{SUFFIXE}"))


def suite(chemins: Sequence[Path], cles: Sequence[str]) -> Iterator[str]:
    """What is wrong between the files, as sentences: one that was changed, or taken out between two others."""
    avant: Path | None = None
    for chemin in chemins:
        try:
            resume = verifier(chemin, cles)
        except TetesIllisibles as faute:
            yield str(faute)
        else:
            if avant is not None and resume.precedent != empreinte_de(avant):
                yield f"{resume.nom} ne suit pas {avant.name} : un fichier a été remplacé ou ôté entre les deux."
        avant = chemin
