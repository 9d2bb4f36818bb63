"""A report made ready to be shown: grouped by request, each anomaly beside the lines of the file where it stands.

Made for long reports too: beyond EXTRAITS_MAX an anomaly is told without its lines, and only the first groups are
open, so that five thousand anomalies remain a page that opens at once.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple

from segurnum.controles.catalogue import Code, Severite, catalogue
from segurnum.controles.correction import corrigeable
from segurnum.controles.phrases_rapport import resume, titre
from segurnum.controles.rapport import Anomalie, LigneExtrait, Rapport

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

    @property
    def anomalies(self) -> int:
        return self.erreurs + self.avertissements


def presenter(rapport: Rapport) -> RapportPresente:
    """Shape a report for its page."""
    codes = catalogue()
    anomalies = sorted(rapport.anomalies, key=_rang)
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
    )


def _rang(anomalie: Anomalie) -> int:
    """The whole file first, then the requests in their order; the order of the file inside (the sort is stable)."""
    return -1 if anomalie.demande is None else anomalie.demande


def _totaux(anomalies: list[Anomalie]) -> list[Total]:
    """Errors first, then in the order of the codes."""
    codes = catalogue()
    totaux = [Total(codes[code], nombre) for code, nombre in Counter(a.code for a in anomalies).items()]
    return sorted(totaux, key=lambda total: (total.regle.severite != Severite.ERREUR, total.regle.code))


def _groupes(rapport: Rapport, anomalies: list[Anomalie]) -> list[Groupe]:
    groupes: list[Groupe] = []
    codes = catalogue()
    vues = 0
    for _, du_groupe in groupby(anomalies, key=_rang):
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
