"""The report of a check: anomalies with their exact place, as data, as JSON and as plain text."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from segurnum.controles.bornes import OCTETS_D_UN_SIGNE, OCTETS_DES_NOMS
from segurnum.controles.catalogue import SUCCES, Severite
from segurnum.controles.constats import Proposition
from segurnum.controles.positions import Lignes
from segurnum.regles.cycles import TypeDemande

CONFORME = "conforme"
NON_CONFORME = "non_conforme"
_LARGEUR_EXTRAIT = 100
# A text, a number or a word, else one character.
_MOT = re.compile(r'"(?:[^"\\]|\\.)*"?|[\w.+-]+|.')


@dataclass(frozen=True, slots=True)
class Anomalie:
    """One thing that is wrong, where it stands and which request it concerns.

    `ligne` and `colonne` count from 1, columns in characters. `demande` is the request's rank in
    `lignesImport`, from 0; None when the whole file is concerned.
    """

    code: str
    severite: Severite
    message: str
    chemin: str = ""
    ligne: int | None = None
    colonne: int | None = None
    numLigne: int | None = None
    numeroEditeur: str | None = None
    demande: int | None = None
    proposition: Proposition | None = None

    @property
    def poids_au_plus(self) -> int:
        """Octets that it cannot exceed as JSON, whatever its signs."""
        signes = len(self.message) + len(self.chemin) + len(self.numeroEditeur or "")
        if self.proposition is not None:
            signes += len(self.chemin) + len(str(self.proposition.nom or self.proposition.valeur))
        return OCTETS_DES_NOMS + OCTETS_D_UN_SIGNE * signes

    @property
    def est_erreur(self) -> bool:
        """True when the anomaly refuses what it concerns."""
        return self.severite == Severite.ERREUR

    def en_dict(self) -> dict[str, Any]:
        """The published form, in the published order."""
        return {
            "code": self.code,
            "severite": str(self.severite),
            "message": self.message,
            "chemin": self.chemin,
            "ligne": self.ligne,
            "colonne": self.colonne,
            "numLigne": self.numLigne,
            "numeroEditeur": self.numeroEditeur,
            "proposition": self.proposition and self.proposition.en_dict(),
        }


@dataclass(frozen=True, slots=True)
class LigneExtrait:
    """One line of the checked file, cut around the anomaly when it is very long."""

    numero: int
    texte: str
    visee: bool
    decalage: int = 0
    """Characters between the start of `texte` and the anomaly (for the caret); 0 on the other lines."""

    @property
    def avant(self) -> str:
        return self.texte[: self.decalage] if self.visee else self.texte

    @property
    def marque(self) -> str:
        """What the eye takes for one thing at the marked place; empty on the other lines, and at the end of one."""
        mot = _MOT.match(self.texte, self.decalage) if self.visee else None
        return mot[0] if mot else ""

    @property
    def apres(self) -> str:
        return self.texte[self.decalage + len(self.marque) :] if self.visee else ""


@dataclass(frozen=True)
class Rapport:
    """What the engine says of one file. The same bytes in the same context give the same report."""

    dsr: str | None
    type: TypeDemande | None
    demandes: int
    anomalies: list[Anomalie]
    regles_non_evaluees: list[str] = field(default_factory=list)
    entete: dict[str, Any] = field(default_factory=dict)
    demandes_normalisees: list[dict[str, Any]] = field(default_factory=list)
    texte: str = field(default="", repr=False)
    regles: str = ""
    """The name of the rules that judged it (`catalogue.version_des_regles`)."""

    @property
    def erreurs(self) -> list[Anomalie]:
        """The anomalies that refuse."""
        return [a for a in self.anomalies if a.est_erreur]

    @property
    def avertissements(self) -> list[Anomalie]:
        """The anomalies that let through."""
        return [a for a in self.anomalies if not a.est_erreur]

    @property
    def conforme(self) -> bool:
        """True without any error; warnings are allowed."""
        return not any(a.est_erreur for a in self.anomalies)

    @property
    def verdict(self) -> str:
        """« conforme » or « non_conforme »."""
        return CONFORME if self.conforme else NON_CONFORME

    def demandes_rejetees(self) -> set[int]:
        """Ranks (from 0) of the requests that carry at least one error."""
        return {a.demande for a in self.erreurs if a.demande is not None}

    def erreurs_fichier(self) -> list[Anomalie]:
        """Errors tied to no request: they refuse the whole file."""
        return [a for a in self.erreurs if a.demande is None]

    def codes_par_demande(self) -> Mapping[int, Anomalie]:
        """First error of each rejected request."""
        premiers: dict[int, Anomalie] = {}
        for anomalie in self.erreurs:
            if anomalie.demande is not None:
                premiers.setdefault(anomalie.demande, anomalie)
        return premiers

    def en_dict(self) -> dict[str, Any]:
        """The published report."""
        return {
            "verdict": self.verdict,
            "dsr": self.dsr,
            "type": self.type.value.lower() if self.type else None,
            "demandes": self.demandes,
            "anomalies": [a.en_dict() for a in self.anomalies],
            "regles_non_evaluees": list(self.regles_non_evaluees),
            "regles": self.regles,
        }

    def en_json(self) -> str:
        """The published report as JSON text."""
        return json.dumps(self.en_dict(), ensure_ascii=False, indent=2)

    @cached_property
    def _lignes(self) -> Lignes:
        return Lignes(self.texte)

    def extrait(self, anomalie: Anomalie, autour: int = 1) -> list[LigneExtrait]:
        """The lines of the file where the anomaly stands, `autour` lines before and after included."""
        if not self.texte or anomalie.ligne is None or anomalie.colonne is None:
            return []
        lignes = self._lignes
        premiere, derniere = max(anomalie.ligne - autour, 1), min(anomalie.ligne + autour, len(lignes))
        return [
            _ligne_extrait(lignes, numero, anomalie.colonne if numero == anomalie.ligne else None)
            for numero in range(premiere, derniere + 1)
        ]

    def en_texte(self, nom: str = "") -> str:
        """The report for a terminal: one paragraph per anomaly, with the line and a caret under the place."""
        parties = [self._resume(nom)]
        parties += [self._paragraphe(a) for a in self.anomalies]
        if self.regles_non_evaluees:
            parties.append(
                "Règles non évaluées faute d'éléments (fenêtres, enrôlement, demandes déjà déposées) : "
                + ", ".join(self.regles_non_evaluees)
                + "."
            )
        return "\n\n".join(parties) + "\n"

    def _resume(self, nom: str) -> str:
        erreurs, avertissements = len(self.erreurs), len(self.avertissements)
        verdict = "CONFORME" if self.conforme else "NON CONFORME"
        objet = " - ".join(
            morceau
            for morceau in (
                self.dsr,
                self.type.libelle.lower() if self.type else None,
                _compte(self.demandes, "demande"),
            )
            if morceau
        )
        bilan = f"{_compte(erreurs, 'erreur')}, {_compte(avertissements, 'avertissement', 'aucun')}"
        return f"{nom + ' : ' if nom else ''}{verdict} ({objet}) - {bilan}."

    def _paragraphe(self, anomalie: Anomalie) -> str:
        place = f"{anomalie.ligne}:{anomalie.colonne} " if anomalie.ligne else ""
        texte = [f"{place}{anomalie.severite} {anomalie.code} : {anomalie.message}"]
        if anomalie.chemin:
            texte.append(f"    {anomalie.chemin}{_demande(anomalie)}")
        if anomalie.proposition is not None:
            doute = "" if anomalie.proposition.sure else ", à vérifier"
            texte.append(f"    ce qui passerait{doute} : {anomalie.proposition.ecrite}")
        for ligne in self.extrait(anomalie, autour=0):
            marge = f"    {ligne.numero} | "
            texte += [f"{marge}{ligne.texte}", " " * (len(marge) - 2) + "| " + " " * ligne.decalage + "^"]
        return "\n".join(texte)


def resultat_demande(rapport: Rapport, index: int) -> tuple[str, str]:
    """`codeTraitement` and `libelleTraitement` of one request: success, its first error, or the file's."""
    erreur = rapport.codes_par_demande().get(index) or next(iter(rapport.erreurs_fichier()), None)
    return (erreur.code, erreur.message) if erreur else (SUCCES, "Demande importée")


def _compte(nombre: int, nom: str, aucun: str = "aucune") -> str:
    return f"{nombre or aucun} {nom}{'s' if nombre > 1 else ''}"


def _demande(anomalie: Anomalie) -> str:
    if anomalie.numLigne is None and anomalie.numeroEditeur is None:
        return ""
    return f" (demande n° {anomalie.numLigne}, n° éditeur {anomalie.numeroEditeur})"


def _ligne_extrait(lignes: Lignes, numero: int, colonne: int | None) -> LigneExtrait:
    """Only what is shown is copied: a file may be one line of 5 Mo with 5 000 anomalies."""
    if colonne is None:
        return LigneExtrait(numero, _lisible(lignes.tranche(numero, 0, _LARGEUR_EXTRAIT)), visee=False)
    longue = lignes.longueur(numero) > _LARGEUR_EXTRAIT
    debut = max(colonne - 1 - _LARGEUR_EXTRAIT // 2, 0) if longue else 0
    coupe = lignes.tranche(numero, debut, _LARGEUR_EXTRAIT)
    return LigneExtrait(numero, _lisible(coupe), visee=True, decalage=colonne - 1 - debut)


def _lisible(texte: str) -> str:
    """Same length, printable: a tab or a control character would shift the caret or upset a terminal."""
    return texte if texte.isprintable() else "".join(c if c.isprintable() else " " for c in texte)
