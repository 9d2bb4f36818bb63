"""The engine's doors for what a person sends: the same functions as `controles`, their octets read in a child."""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, BinaryIO

from segurnum.controles import Anomalie, Contexte, PieceAttendue, Rapport, RapportPieces
from segurnum.controles import correction as engin_de_correction
from segurnum.controles import moteur as engin
from segurnum.controles import separation as engin_de_separation
from segurnum.controles.archive import ENTREES_MAX
from segurnum.controles.catalogue import Code
from segurnum.controles.contenus import verifier_contenu
from segurnum.controles.correction import Correction
from segurnum.controles.fichiers import RegleFichier, extension, verifier_nom, verifier_taille
from segurnum.controles.lecture_pieces import EntreeLue
from segurnum.controles.pieces import Consommer, Progression, Verification
from segurnum.controles.problemes import Probleme
from segurnum.controles.separation import Separation
from segurnum.controles.travail import (
    OCCUPE_JSON,
    TRAVAIL_JSON,
    archive_trop_de_travail,
    non_lue,
    occupe,
    trop_de_travail,
)
from segurnum.couloirs.declaration import Couloir
from segurnum.isolement.atelier import Bilan, executer, parcourir
from segurnum.isolement.enfant import Question
from segurnum.isolement.lectures import entrees_de_l_archive
from segurnum.isolement.limites import ARCHIVE, FICHIER, Limites
from segurnum.isolement.refus import ControleImpossible, ControleOccupe, EnfantPerdu, TropDeTravail
from segurnum.regles.cycles import TypeDemande
from segurnum.tableurs import Conversion, situer
from segurnum.tableurs import convertir as convertir_ici
from segurnum.tableurs.fichiers import zone_lue
from segurnum.tableurs.resultat import refusee

MORTS_MAX = 3  # entries of one archive whose reading was stopped, before the others are no longer read
PERTES_MAX = 2
_QUESTIONS = ("beneficiaires_finances", "avances", "chiffres", "repertoires")


def verifier(octets: bytes, contexte: Contexte | None = None, *, limites: Limites = FICHIER) -> Rapport:
    """`controles.verifier`, in a child; what the context asks of the database is asked here.

    Raises ControleImpossible.
    """
    contexte = contexte or Contexte()
    return executer(engin.verifier, octets, _pret(contexte), limites=limites, appels=_appels(contexte))


def corriger(octets: bytes, contexte: Contexte | None = None, *, limites: Limites = FICHIER) -> Correction:
    """`controles.corriger`, in a child. Raises ControleImpossible."""
    contexte = contexte or Contexte()
    return executer(
        engin_de_correction.corriger, octets, _pret(contexte), limites=limites, appels=_appels(contexte)
    )


def separer(
    octets: bytes, contexte: Contexte | None = None, *, limites: Limites = FICHIER
) -> Separation | None:
    """`controles.separation.separer`, in a child. Raises ControleImpossible."""
    contexte = contexte or Contexte()
    return executer(
        engin_de_separation.separer, octets, _pret(contexte), limites=limites, appels=_appels(contexte)
    )


def _appels(contexte: Contexte) -> dict[str, Any]:
    return {nom: appel for nom in _QUESTIONS if (appel := getattr(contexte, nom)) is not None}


def _pret(contexte: Contexte) -> Contexte:
    """The same for a child, which asks by the socket."""
    questions: dict[str, Any] = {nom: Question(nom) for nom in _appels(contexte)}
    return dataclasses.replace(contexte, **questions)


def rapport_interrompu(refus: ControleImpossible, contexte: Contexte | None = None) -> Rapport:
    """The report of a file that was not read to its end: this is all that it says."""
    contexte = contexte or Contexte()
    code: Code = OCCUPE_JSON if isinstance(refus, ControleOccupe) else TRAVAIL_JSON
    return Rapport(contexte.dsr, contexte.type, 0, [Anomalie(code.code, code.severite, str(refus))])


def convertir(
    octets: bytes,
    dsr: str | None = None,
    type_demande: TypeDemande | None = None,
    entete: Mapping[str, str] | None = None,
    *,
    limites: Limites = FICHIER,
) -> Conversion:
    """`tableurs.convertir`, in a child; a workbook that stops it is refused by what it says of its own size.

    Raises ControleOccupe.
    """
    try:
        return executer(convertir_ici, dsr, type_demande, entete, flux=octets, limites=limites)
    except TropDeTravail:
        try:
            phrase = executer(zone_lue, flux=octets, limites=limites)
        except TropDeTravail:
            phrase = ""
        return refusee(dsr, type_demande, phrase)


def verifier_tableur(
    octets: bytes,
    contexte: Contexte | None = None,
    entete: Mapping[str, str] | None = None,
    *,
    limites: Limites = FICHIER,
) -> tuple[Conversion, Rapport]:
    """A spreadsheet as the file that it makes, and the one engine's report on it, at its cells.

    Raises ControleImpossible.
    """
    contexte = contexte or Contexte()
    conversion = convertir(octets, contexte.dsr, contexte.type, entete, limites=limites)
    if not conversion.octets:
        return conversion, situer(conversion, None)
    contexte = dataclasses.replace(contexte, dsr=conversion.dsr, type=conversion.type)
    return conversion, situer(conversion, verifier(conversion.octets, contexte, limites=limites))


def verifier_fichier(
    flux: BinaryIO, nom: str, taille: int, regle: RegleFichier, *, limites: Limites = FICHIER
) -> list[Probleme]:
    """`controles.verifier_fichier`, whose contents are read in a child; never raises because of the file."""
    problemes = verifier_nom(nom, regle) + verifier_taille(nom, taille, regle)
    if problemes:
        return problemes
    try:
        return executer(verifier_contenu, nom, taille, extension(nom), flux=flux, limites=limites)
    except ControleOccupe:
        return [occupe(nom)]
    except TropDeTravail:
        return [trop_de_travail(nom)]


def verifier_pieces(
    archive: Path | BinaryIO,
    attendues: Iterable[PieceAttendue],
    *,
    couloir: Couloir | None,
    consommer: Consommer | None = None,
    progression: Progression | None = None,
    limites: Limites = ARCHIVE,
    bilan: Bilan | None = None,
    **options: Any,
) -> RapportPieces:
    """`controles.verifier_pieces`, in a child; an entry that stops it is refused, and another reads the next ones.

    Raises ControleOccupe. `bilan`: what the children cost in all. `options`: those of Verification.
    """
    if isinstance(archive, Path):
        with archive.open("rb") as flux:
            return verifier_pieces(
                flux,
                attendues,
                couloir=couloir,
                consommer=consommer,
                progression=progression,
                limites=limites,
                bilan=bilan,
                **options,
            )
    verification = Verification(attendues, couloir, consommer, progression, **options)
    _Lecture(archive, verification, limites, bilan or Bilan()).aller_au_bout()
    return verification.conclure()


@dataclasses.dataclass
class _Lecture:
    """The reading of one archive, by one child or by several, within the limits of the whole."""

    flux: BinaryIO
    verification: Verification
    limites: Limites
    bilan: Bilan
    morts: int = 0
    pertes: int = 0

    def aller_au_bout(self) -> None:
        while True:
            try:
                self._lire_la_suite()
                return
            except EnfantPerdu:
                self.pertes += 1
                if self.pertes > PERTES_MAX:
                    raise
            except TropDeTravail:
                self.morts += 1
                if not self._refuser_une_entree():
                    return

    def _lire_la_suite(self) -> None:
        """Everything from the first entry that is not read. Raises TropDeTravail, EnfantPerdu, ControleOccupe."""
        reste = dataclasses.replace(
            self.limites,
            duree=self.limites.duree - self.bilan.attente,
            cpu_total=max(int(self.limites.cpu_en_tout - self.bilan.cpu), 1),
        )
        bilan = Bilan()
        lu = parcourir(
            entrees_de_l_archive,
            self.verification.lues,
            self.verification.gardees,
            flux=self.flux,
            limites=reste,
            bilan=bilan,
        )
        try:
            with contextlib.closing(lu):
                for element in lu:
                    if isinstance(element, EntreeLue) and not self._attendue():
                        raise TropDeTravail("plus d'entrées que le sommaire n'en dit")
                    self.verification.recevoir(element)
        finally:
            self.bilan.ajouter(bilan)

    def _attendue(self) -> bool:
        return self.verification.lues < len(self.verification.entrees) <= ENTREES_MAX

    def _refuser_une_entree(self) -> bool:
        """Say which entry stopped its child. False when no more is to be read, which is said of each of the rest."""
        entrees = self.verification.entrees[self.verification.lues :]
        if not self.verification.entrees:  # its very table did
            self.verification.refus = [archive_trop_de_travail()]
        if not entrees:
            return False
        self._refuser(entrees[0].nom, entrees[0].taille, trop_de_travail(entrees[0].nom))
        if self.morts < MORTS_MAX and self._reste_du_temps():
            return True
        for entree in entrees[1:]:
            self._refuser(entree.nom, entree.taille, non_lue(entree.nom))
        return False

    def _reste_du_temps(self) -> bool:
        return self.bilan.attente < self.limites.duree and self.bilan.cpu < self.limites.cpu_en_tout

    def _refuser(self, nom: str, taille: int, probleme: Probleme) -> None:
        self.verification.recevoir(EntreeLue(nom, [probleme], taille))
