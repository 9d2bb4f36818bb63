"""A report made ready to be shown: grouped by request, each anomaly beside the lines of the file where it stands.

Made for long reports too: beyond EXTRAITS_MAX an anomaly is told without its lines, and only the first groups are
open, so that five thousand anomalies remain a page that opens at once.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple

from segurnum.controles.catalogue import Code, Severite, catalogue
from segurnum.controles.correction import corrigeable
from segurnum.controles.phrases_rapport import resume, titre
from segurnum.controles.rapport import Anomalie, LigneExtrait, Rapport
from segurnum.controles.separation import separable

EXTRAITS_MAX = 100
OUVERTES_MAX = 50


class Total(NamedTuple):
    """How many times a code was met."""

    regle: Code
    nombre: int


@dataclass(frozen=True, slots=True)
class AnomalieSituee:
    """One anomaly, the rule that it breaks, and the lines of the file where it stands."""

    anomalie: Anomalie
    regle: Code
    extrait: Sequence[LigneExtrait]


@dataclass(frozen=True, slots=True)
class Groupe:
    """The anomalies of one request, or those of the whole file."""

    titre: str
    anomalies: list[AnomalieSituee]
    erreurs: int
    avertissements: int
    ouvert: bool


@dataclass(frozen=True, slots=True)
class RapportPresente:
    """What a page shows of a report. `extraits_max`: how many anomalies are told with their lines, when not all are."""

    conforme: bool
    resume: str
    erreurs: int
    avertissements: int
    totaux: list[Total]
    groupes: list[Groupe]
    non_evaluees: list[str]
    extraits_max: int | None
    corrigeable: bool
    separable: bool

    @property
    def anomalies(self) -> int:
        return self.erreurs + self.avertissements


def presenter(rapport: Rapport) -> RapportPresente:
    """Shape a report for its page."""
    codes = catalogue()
    rejetees = rapport.demandes_rejetees()
    anomalies = sorted(rapport.anomalies, key=lambda anomalie: _rang(anomalie, rejetees))
    erreurs = sum(a.est_erreur for a in anomalies)
    return RapportPresente(
        conforme=rapport.conforme,
        resume=resume(rapport),
        erreurs=erreurs,
        avertissements=len(anomalies) - erreurs,
        totaux=_totaux(anomalies),
        groupes=_groupes(rapport, anomalies),
        non_evaluees=[codes[code].titre for code in rapport.regles_non_evaluees],
        extraits_max=EXTRAITS_MAX if len(anomalies) > EXTRAITS_MAX else None,
        corrigeable=corrigeable(rapport),
        separable=separable(rapport),
    )


def _rang(anomalie: Anomalie, rejetees: Collection[int]) -> tuple[bool, int]:
    """The whole file first, then the requests that it refuses, then those that only get warnings, each in the order of
    the file (the sort is stable): one error among a hundred warnings is what is read first.
    """
    rang = -1 if anomalie.demande is None else anomalie.demande
    return rang >= 0 and rang not in rejetees, rang


def _totaux(anomalies: list[Anomalie]) -> list[Total]:
    """Errors first, then in the order of the codes."""
    codes = catalogue()
    totaux = [Total(codes[code], nombre) for code, nombre in Counter(a.code for a in anomalies).items()]
    return sorted(totaux, key=lambda total: (total.regle.severite != Severite.ERREUR, total.regle.code))


def _groupes(rapport: Rapport, anomalies: list[Anomalie]) -> list[Groupe]:
    groupes: list[Groupe] = []
    codes = catalogue()
    vues = 0
    for _, du_groupe in groupby(anomalies, key=lambda anomalie: anomalie.demande):
        ensemble = list(du_groupe)
        situees = [
            AnomalieSituee(a, codes[a.code], rapport.extrait(a) if vues + i < EXTRAITS_MAX else ())
            for i, a in enumerate(ensemble)
        ]
        erreurs = sum(a.est_erreur for a in ensemble)
        ouvert = not groupes or vues + len(ensemble) <= OUVERTES_MAX
        groupes.append(Groupe(titre(ensemble[0]), situees, erreurs, len(ensemble) - erreurs, ouvert))
        vues += len(ensemble)
    return groupes
