"""The files of the national directories, plain, zipped or gzipped, read in constant memory by a child.

FINESS: the daily JSON `finess-structures`, legal entities (`numFinessPm`) with their establishments (`numFinessEge`).
RPPS: the public extract `PS_LibreAcces_Personne_activite`, one line per activity. Only the number, its state and its
category are looked at.
"""

from __future__ import annotations

import codecs
import gzip
import io
import json
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from segurnum.annuaire_sante.lecture import Lot, Refus, Texte, en_lots, ouvrir_texte
from segurnum.controles.problemes import MO, lisible
from segurnum.controles.refus import Fautes, FichierRefuse
from segurnum.regles.calendrier import PARIS
from segurnum.regles.textes import cle_de_titre

TAILLE_MAX = 2_000 * MO
ELEMENT_MAX = 64 * MO  # characters of one legal entity and all that it holds
_BLOC = MO
_GZIP = b"\x1f\x8b"
_NUMERO_FINESS = re.compile(r"[0-9A-Za-z]{9}")
_NUMERO_RPPS = re.compile(r"[0-9]{11}")
_RPPS = "8"  # the type of an identifier that is a RPPS number
_GENEREE = re.compile(r'"(?:generatedAt|dateGeneration)"\s*:\s*"([^"]{10,40})"')
_NOM_DATE = re.compile(r"(?<![0-9])([0-9]{12}|[0-9]{8})(?![0-9])")
_CATEGORIE = re.compile(r"[^0-9A-Za-z]")
_ACTIVITES = ('"activitesExercees"', '"activitesAutorisees"')


class Repertoire(StrEnum):
    """A directory, by the name that its numbers bear."""

    FINESS = "FINESS"
    RPPS = "RPPS"

    @property
    def libelle(self) -> str:
        return f"Répertoire {self.value}"


@dataclass(frozen=True, slots=True)
class DebutReleve:
    """The file is what it should be. `instant`: what it says of its own date."""

    instant: datetime | None


@dataclass(frozen=True, slots=True)
class FinReleve:
    """What was met; `fautes` are the first of `nombre_fautes` sentences."""

    lignes: int
    empreinte: str
    fautes: list[str]
    nombre_fautes: int


@dataclass
class Depouillement:
    """What was met so far."""

    lignes: int = 0
    fautes: Fautes = field(default_factory=Fautes)


Ligne = tuple[str, bool, str]
"""Number, closed, category."""


def lire_releve(
    flux: io.BufferedReader, repertoire: str, nom: str, taille_max: int
) -> Iterator[DebutReleve | Lot | FinReleve | Refus]:
    """What the file says, from its beginning to its end or to what stops it."""
    try:
        with ouvrir_texte(flux, nom, taille_max) as texte:
            depouillement = Depouillement()
            clair, flux_clair = _decompresse(texte, taille_max)
            lire = _finess if repertoire == Repertoire.FINESS else _rpps
            suite = lire(flux_clair, texte.nom, depouillement)
            yield next(suite)  # type: ignore[misc]
            for lot in en_lots(map(_pour_copy, suite)):  # type: ignore[arg-type]
                yield Lot(lot, texte.lus, texte.taille)
            fautes = depouillement.fautes
            yield FinReleve(depouillement.lignes, clair.empreinte, fautes.premieres, fautes.nombre)
    except (gzip.BadGzipFile, zlib.error, EOFError):
        yield Refus(f"Le fichier « {lisible(nom)} » est tronqué ou abîmé : téléchargez-le de nouveau.")
    except FichierRefuse as refus:
        yield Refus(str(refus))


def _decompresse(texte: Texte, taille_max: int) -> tuple[Texte, io.BufferedReader[Any]]:
    """The text out of its gzip, bounded once more, if it is in one; and what reads it."""
    flux = io.BufferedReader(texte, _BLOC)
    if not flux.peek(len(_GZIP)).startswith(_GZIP):
        return texte, flux
    clair = Texte(gzip.GzipFile(fileobj=flux), texte.nom, texte.taille, taille_max)  # type: ignore[arg-type]
    return clair, io.BufferedReader(clair, _BLOC)


def _pour_copy(ligne: Ligne) -> str:
    numero, ferme, categorie = ligne
    return f"{numero}\t{'t' if ferme else 'f'}\t{categorie}\n"


# --- FINESS


def _finess(
    flux: io.BufferedReader[Any], nom: str, depouillement: Depouillement
) -> Iterator[DebutReleve | Ligne]:
    morceaux = _textes(flux)
    tampon = next(morceaux, "")
    debut = tampon.find("[")
    if not tampon.lstrip().startswith(("{", "[")) or debut < 0:
        raise FichierRefuse(
            "Ce fichier n'est pas le JSON quotidien de FINESS : « finess-structures », avec sa liste « pmej », "
            "est attendu."
        )
    if any(cle in tampon for cle in _ACTIVITES) and '"informationsGenerales' not in tampon:
        raise FichierRefuse(
            "Ce fichier est celui des activités : c'est « finess-structures », celui des structures, qui est attendu."
        )
    generee = _GENEREE.search(tampon[: max(debut, 4_096)])
    yield DebutReleve(_instant_iso(generee[1]) if generee else instant_du_nom(nom))
    for entite in _elements(tampon[debut + 1 :], morceaux):
        depouillement.lignes += 1
        yield from _numeros(entite, depouillement)


def _textes(flux: io.BufferedReader[Any]) -> Iterator[str]:
    decodeur = codecs.getincrementaldecoder("utf-8-sig")()
    try:
        while bloc := flux.read(_BLOC):
            yield decodeur.decode(bloc)
        yield decodeur.decode(b"", final=True)
    except UnicodeDecodeError as faute:
        raise FichierRefuse("Le fichier n'est pas en UTF-8, qui est attendu partout.") from faute


def _elements(tampon: str, suite: Iterator[str]) -> Iterator[Any]:
    """Each element of a JSON list whose first characters are read, one at a time."""
    decodeur, place = json.JSONDecoder(), 0
    while True:
        while place < len(tampon) and tampon[place] in " \t\r\n,":
            place += 1
        if place < len(tampon) and tampon[place] == "]":
            return
        try:
            if place >= len(tampon):
                raise json.JSONDecodeError("", tampon, place)
            element, place = decodeur.raw_decode(tampon, place)
        except json.JSONDecodeError as faute:
            tampon, place = _plus(tampon[place:], suite, faute), 0
            continue
        except RecursionError as faute:
            raise FichierRefuse(
                "Le fichier imbrique trop d'objets : ce n'est pas celui de FINESS."
            ) from faute
        yield element


def _plus(reste: str, suite: Iterator[str], faute: ValueError) -> str:
    """What is left and as much again, so that a large element is not begun at each block."""
    morceaux, ajoutes = [reste], 0
    for morceau in suite:
        morceaux.append(morceau)
        ajoutes += len(morceau)
        if ajoutes >= len(reste):
            break
    if not ajoutes or len(reste) > ELEMENT_MAX:
        raise FichierRefuse(
            "Le fichier est tronqué, ou ce n'est pas du JSON : téléchargez-le de nouveau."
        ) from faute
    return "".join(morceaux)


def _numeros(objet: Any, depouillement: Depouillement) -> Iterator[Ligne]:
    """The numbers of a legal entity and of its establishments, wherever they stand in it."""
    if isinstance(objet, list):
        for element in objet:
            yield from _numeros(element, depouillement)
    elif isinstance(objet, dict):
        yield from _le_sien(objet, depouillement)
        for cle, valeur in objet.items():
            if cle not in _GENERALES and isinstance(valeur, dict | list):
                yield from _numeros(valeur, depouillement)


_GENERALES = ("informationsGeneralesPMEJ", "informationsGeneralesEGE")


def _le_sien(objet: dict[str, Any], depouillement: Depouillement) -> Iterator[Ligne]:
    """The number that an object bears, itself or in its general information."""
    dit = objet
    for nom in _GENERALES:
        if isinstance(objet.get(nom), dict):
            dit = {**objet, **objet[nom]}
    for cle in ("numFinessPm", "numFinessEge"):
        numero = dit.get(cle)
        if numero is None:
            continue
        if not isinstance(numero, str) or not _NUMERO_FINESS.fullmatch(numero):
            message = f"{cle} vaut « {lisible(str(numero))} » ; 9 lettres ou chiffres sont attendus."
            depouillement.fautes.signaler(depouillement.lignes, message)
            continue
        categorie = dit.get("categorieentiteGeographiqueExercice") or dit.get("categorie") or ""
        yield numero.upper(), dit.get("etatObjet") == "I", _categorie(categorie)


def _categorie(valeur: object) -> str:
    return _CATEGORIE.sub("", str(valeur))[:10]


# --- RPPS


def _rpps(
    flux: io.BufferedReader[Any], nom: str, depouillement: Depouillement
) -> Iterator[DebutReleve | Ligne]:
    try:
        titres = [
            cle_de_titre(t) for t in flux.readline(64 * 1024).decode("utf-8-sig").rstrip("\r\n").split("|")
        ]
        genre, numero, profession = (
            titres.index(t) for t in ("typedidentifiantpp", "identifiantpp", "codeprofession")
        )
    except ValueError as faute:
        raise FichierRefuse(
            "La première ligne n'est pas celle de PS_LibreAcces_Personne_activite : des titres séparés par « | » "
            "sont attendus, dont « Type d'identifiant PP », « Identifiant PP » et « Code profession »."
        ) from faute
    yield DebutReleve(instant_du_nom(nom))
    for rang, brute in enumerate(iter(lambda: flux.readline(64 * 1024), b""), 2):
        cellules = brute.rstrip(b"\r\n").split(b"|")
        depouillement.lignes += 1
        if len(cellules) != len(titres):
            depouillement.fautes.signaler(rang, f"{len(cellules)} colonnes ; {len(titres)} sont attendues.")
        elif cellules[genre] == _RPPS.encode():
            lu = cellules[numero].decode("utf-8", "replace")
            if _NUMERO_RPPS.fullmatch(lu):
                yield lu, False, _categorie(cellules[profession].decode("utf-8", "replace"))
            else:
                depouillement.fautes.signaler(rang, "l'identifiant n'est pas un numéro RPPS de 11 chiffres.")


# --- Dates


def _instant_iso(texte: str) -> datetime | None:
    try:
        lu = datetime.fromisoformat(texte)
    except ValueError:
        return None
    return (lu if lu.tzinfo else lu.replace(tzinfo=PARIS)).astimezone(UTC)


def instant_du_nom(nom: str) -> datetime | None:
    """The instant that a name of file tells, in Paris; None when it does not."""
    trouve = _NOM_DATE.search(nom.rpartition("/")[2])
    if trouve is None:
        return None
    chiffres = trouve[1].ljust(12, "0")
    try:
        return datetime.strptime(chiffres, "%Y%m%d%H%M").replace(tzinfo=PARIS).astimezone(UTC)
    except ValueError:
        return None
