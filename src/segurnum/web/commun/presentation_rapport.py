"""A report made ready to be shown: grouped by request, each anomaly beside the lines of the file where it stands.

Made for long reports too: beyond EXTRAITS_MAX an anomaly is told without its lines, and only the first groups are
open, so that five thousand anomalies remain a page that opens at once.
"""

import re
from collections import Counter
from dataclasses import dataclass
from itertools import groupby

from segurnum.controles import Anomalie, Rapport, Severite, catalogue
from segurnum.controles.problemes import nombre_fr
from segurnum.couloirs import par_dsr

EXTRAITS_MAX = 100
OUVERTES_MAX = 50

# What the eye takes for one thing at the marked place: a text, a number or a word, else one character.
_MOT = re.compile(r'"(?:[^"\\]|\\.)*"?|[\w.+-]+|.')


@dataclass(frozen=True, slots=True)
class Ligne:
    """One line of the file, cut in three around what the anomaly is about; `marque` is None on the others."""

    numero: int
    avant: str
    marque: str | None = None
    apres: str = ""


@dataclass(frozen=True, slots=True)
class Constat:
    """One anomaly in words. `severite` names its style, `gravite` is read."""

    code: str
    severite: str
    gravite: str
    titre: str
    message: str
    chemin: str
    place: str
    extrait: list[Ligne]


@dataclass(frozen=True, slots=True)
class Groupe:
    """The anomalies of one request, or those of the whole file."""

    titre: str
    constats: list[Constat]
    erreurs: int
    avertissements: int
    ouvert: bool


@dataclass(frozen=True, slots=True)
class Total:
    """How many times a code was met."""

    code: str
    titre: str
    severite: str
    gravite: str
    nombre: int


@dataclass(frozen=True, slots=True)
class RapportPresente:
    """What `commun/composants/rapport.html` shows."""

    conforme: bool
    resume: str
    erreurs: int
    avertissements: int
    totaux: list[Total]
    groupes: list[Groupe]
    non_evaluees: list[str]
    extraits_max: int | None

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
        resume=_resume(rapport),
        erreurs=erreurs,
        avertissements=len(anomalies) - erreurs,
        totaux=_totaux(anomalies),
        groupes=_groupes(rapport, anomalies),
        non_evaluees=[codes[code].titre for code in rapport.regles_non_evaluees],
        extraits_max=EXTRAITS_MAX if len(anomalies) > EXTRAITS_MAX else None,
    )


def _resume(rapport: Rapport) -> str:
    """« Médico-social (DUI), DSR-MS1-DUI-Va1, avance : 6 demandes, dont 5 en erreur ; 14 erreurs, … »."""
    objet = [par_dsr(rapport.dsr).libelle, rapport.dsr] if rapport.dsr else []
    if rapport.type:
        objet.append(rapport.type.libelle.lower())
    rejetees = len(rapport.demandes_rejetees())
    bilan = (
        f"{_compte(len(rapport.erreurs), 'erreur')}, {_compte(len(rapport.avertissements), 'avertissement')}."
    )
    if rapport.demandes:  # of a file that could not be read, nothing is known
        demandes = _compte(rapport.demandes, "demande")
        bilan = demandes + (f", dont {nombre_fr(rejetees)} en erreur" if rejetees else "") + f" ; {bilan}"
    return (f"{', '.join(objet)} : " if objet else "") + bilan


def _compte(nombre: int, nom: str) -> str:
    aucun = "aucun" if nom == "avertissement" else "aucune"
    return f"{nombre_fr(nombre) if nombre else aucun} {nom}{'s' if nombre > 1 else ''}"


def _rang(anomalie: Anomalie) -> int:
    """The whole file first, then the requests in their order; the order of the file inside (the sort is stable)."""
    return -1 if anomalie.demande is None else anomalie.demande


def _totaux(anomalies: list[Anomalie]) -> list[Total]:
    codes = catalogue()
    comptes = Counter(a.code for a in anomalies)
    totaux = [
        Total(code, codes[code].titre, str(codes[code].severite), _gravite(codes[code].severite), nombre)
        for code, nombre in sorted(comptes.items())
    ]
    return sorted(totaux, key=lambda total: total.severite != Severite.ERREUR)


def _groupes(rapport: Rapport, anomalies: list[Anomalie]) -> list[Groupe]:
    groupes: list[Groupe] = []
    vues = 0
    for _, du_groupe in groupby(anomalies, key=_rang):
        ensemble = list(du_groupe)
        constats = [_constat(rapport, a, vues + i < EXTRAITS_MAX) for i, a in enumerate(ensemble)]
        erreurs = sum(a.est_erreur for a in ensemble)
        ouvert = not groupes or vues + len(ensemble) <= OUVERTES_MAX
        groupes.append(Groupe(_titre(ensemble[0]), constats, erreurs, len(ensemble) - erreurs, ouvert))
        vues += len(ensemble)
    return groupes


def _titre(anomalie: Anomalie) -> str:
    if anomalie.demande is None:
        return "Fichier entier"
    if anomalie.numLigne is None and anomalie.numeroEditeur is None:
        return f"Demande n° {anomalie.demande + 1} du fichier"
    ligne = f"Demande de ligne n° {anomalie.numLigne}" if anomalie.numLigne is not None else "Demande"
    return f"{ligne} – n° éditeur {anomalie.numeroEditeur}" if anomalie.numeroEditeur is not None else ligne


def _constat(rapport: Rapport, anomalie: Anomalie, avec_extrait: bool) -> Constat:
    return Constat(
        code=anomalie.code,
        severite=str(anomalie.severite),
        gravite=_gravite(anomalie.severite),
        titre=catalogue()[anomalie.code].titre,
        message=anomalie.message,
        chemin=anomalie.chemin,
        place=f"Ligne {anomalie.ligne}, colonne {anomalie.colonne}" if anomalie.ligne is not None else "",
        extrait=_extrait(rapport, anomalie) if avec_extrait else [],
    )


def _gravite(severite: Severite) -> str:
    return "Erreur" if severite == Severite.ERREUR else "Avertissement"


def _extrait(rapport: Rapport, anomalie: Anomalie) -> list[Ligne]:
    lignes = []
    for ligne in rapport.extrait(anomalie):
        if not ligne.visee:
            lignes.append(Ligne(ligne.numero, ligne.texte))
            continue
        mot = _MOT.match(ligne.texte, ligne.decalage)
        fin = mot.end() if mot else ligne.decalage
        avant, marque = ligne.texte[: ligne.decalage], ligne.texte[ligne.decalage : fin]
        lignes.append(Ligne(ligne.numero, avant, marque, ligne.texte[fin:]))
    return lignes
