"""The one engine: the same bytes in the same context give the same report, whichever door they came by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from itertools import islice
from typing import Any

from segurnum.controles.bornes import premiers
from segurnum.controles.catalogue import Severite, version_des_regles
from segurnum.controles.codes_lecture import TROP_D_ANOMALIES
from segurnum.controles.constats import Constat, Proposition
from segurnum.controles.contexte import Contexte
from segurnum.controles.depot import Depot
from segurnum.controles.detection import Nature, demandes_brutes, determiner
from segurnum.controles.lecture import ANOMALIES_MAX, Lecture, lire
from segurnum.controles.metier import regles
from segurnum.controles.problemes import nombre_fr
from segurnum.controles.rapport import Anomalie, Rapport
from segurnum.controles.structure import IGNOREE, Recueil, Visiteur, compiler
from segurnum.couloirs import Format
from segurnum.couloirs.champs import ABSENT, Chemin, Objet, ecrire_chemin
from segurnum.couloirs.commun import forme_fichier
from segurnum.regles.textes import lisible


def verifier(octets: bytes, contexte: Contexte | None = None) -> Rapport:
    """Check a file. Never raises because of the file; CouloirInconnu when the context names no known DSR."""
    contexte = contexte or Contexte()
    lecture = lire(octets)
    if lecture.valeur is ABSENT:
        return _illisible(lecture, contexte)
    nature = determiner(lecture.valeur, contexte)
    recueil = Recueil(en_erreur={defaut.chemin for defaut in lecture.defauts if defaut.chemin})
    normal = _visiter(lecture.valeur, nature, contexte, recueil)
    constats = nature.constats + recueil.constats
    if constats and lecture.refuser_la_profondeur():
        return _illisible(lecture, contexte)
    depot = _depot(normal, nature, contexte, recueil)
    metier, non_evaluees = _appliquer(depot, recueil) if depot and not recueil.plein else ([], [])
    return Rapport(
        dsr=nature.couloir.dsr if nature.couloir else None,
        type=nature.type if nature.couloir or contexte.type else None,
        demandes=len(demandes_brutes(lecture.valeur)),
        anomalies=_situer(lecture, constats + metier, contexte),
        regles_non_evaluees=non_evaluees,
        entete={nom: valeur for nom, valeur in normal.items() if nom != "lignesImport"},
        demandes_normalisees=normal["lignesImport"] if nature.couloir else [],
        texte=lecture.texte,
        regles=_version(contexte),
    )


def _illisible(lecture: Lecture, contexte: Contexte) -> Rapport:
    anomalies = _situer(lecture, [], contexte)
    return Rapport(contexte.dsr, contexte.type, 0, anomalies, texte=lecture.texte, regles=_version(contexte))


def _version(contexte: Contexte) -> str:
    return version_des_regles(tuple(sorted((contexte.severites or {}).items())))


@cache
def _visiteur(format_: Format | None) -> Visiteur:
    return compiler(forme_fichier(format_.forme if format_ else Objet(())))


def _visiter(valeur: Any, nature: Nature, contexte: Contexte, recueil: Recueil) -> dict[str, Any]:
    """Structure of the whole file, the requests that belong elsewhere left out."""
    if nature.etrangeres:
        lignes = [
            IGNOREE if rang in nature.etrangeres else ligne
            for rang, ligne in enumerate(valeur["lignesImport"])
        ]
        valeur = {**valeur, "lignesImport": lignes}
    couloir, quand = nature.couloir, (contexte.instant, contexte.corrige_le)
    visiter = _visiteur(couloir.format(nature.type, *quand) if couloir else None)
    normal: dict[str, Any] = visiter(valeur, (), recueil)
    return normal


def _depot(normal: dict[str, Any], nature: Nature, contexte: Contexte, recueil: Recueil) -> Depot | None:
    if nature.couloir is None:
        return None
    demandes = [(r, d) for r, d in enumerate(normal["lignesImport"]) if r not in nature.etrangeres]
    return Depot(nature.couloir, nature.type, normal, demandes, contexte, frozenset(recueil.en_erreur))


def _appliquer(depot: Depot, recueil: Recueil) -> tuple[list[Constat], list[str]]:
    """Run the rules; nothing more is said of a place where the structure is already wrong."""
    constats: list[Constat] = []
    non_evaluees: list[str] = []
    for regle in regles():
        if not regle.concerne(depot):
            continue
        if not regle.evaluable(depot.contexte):
            non_evaluees.append(regle.code.code)
            continue
        for chemin, message, *dits in islice(regle.fonction(depot), ANOMALIES_MAX + 1):
            ecrit = recueil.chemin_ecrit(chemin)
            if not _deja_dit(ecrit, recueil.en_erreur):
                severite = next((dit for dit in dits if isinstance(dit, Severite)), None)
                propose = _ecrite([dit for dit in dits if isinstance(dit, Proposition)], recueil)
                constats.append(Constat(regle.code, message, ecrit, proposition=propose, severite=severite))
    return constats, non_evaluees


def _ecrite(proposees: list[Proposition], recueil: Recueil) -> Proposition | None:
    """What a rule proposes, at the place where the file writes it."""
    return replace(proposees[0], chemin=recueil.chemin_ecrit(proposees[0].chemin)) if proposees else None


def _deja_dit(chemin: Chemin, en_erreur: set[Chemin]) -> bool:
    return bool(en_erreur) and any(chemin[:n] in en_erreur for n in range(1, len(chemin) + 1))


def _situer(lecture: Lecture, constats: list[Constat], contexte: Contexte) -> list[Anomalie]:
    """Give each finding its line and column; the text is indexed only if there is something to place."""
    places = [
        (defaut.offset, Constat(defaut.code, defaut.message, defaut.chemin)) for defaut in lecture.defauts
    ]
    trouvees = lecture.positions.places(constat.chemin for constat in constats)
    for constat, place in zip(constats, trouvees, strict=True):
        places.append((place.cle if constat.sur_cle else place.valeur, constat))
    retenues = sorted(places[:ANOMALIES_MAX], key=lambda place: (place[0], place[1].code.code))
    severites = contexte.severites or {}
    anomalies = premiers(_anomalie(lecture, offset, constat, severites) for offset, constat in retenues)
    if len(anomalies) == len(places):
        return anomalies
    return [_anomalie(lecture, 0, _coupure(len(anomalies)), {}), *anomalies]


def _coupure(montrees: int) -> Constat:
    """Told of the whole file, which it refuses: of what is not shown, nothing may be imported."""
    message = (
        f"Le fichier compte d'autres anomalies que les {nombre_fr(montrees)} premières, seules montrées : "
        "corrigez celles-ci puis relancez."
    )
    return Constat(TROP_D_ANOMALIES, message, ())


def _anomalie(lecture: Lecture, offset: int, constat: Constat, severites: Mapping[str, Severite]) -> Anomalie:
    ligne, colonne = lecture.positions.ligne_colonne(offset)
    rang = _rang(constat.chemin)
    demande = _demande_brute(lecture.valeur, rang)
    num_ligne, numero = demande.get("numLigne"), demande.get("numeroEditeur")
    return Anomalie(
        code=constat.code.code,
        severite=severites.get(constat.code.code, constat.severite or constat.code.severite),
        message=constat.message,
        chemin=ecrire_chemin(constat.chemin),
        ligne=ligne,
        colonne=colonne,
        numLigne=num_ligne if type(num_ligne) is int else None,
        numeroEditeur=lisible(numero) if isinstance(numero, str) else None,
        demande=rang,
        proposition=constat.proposition,
    )


def _rang(chemin: Chemin) -> int | None:
    return (
        chemin[1] if len(chemin) > 1 and chemin[0] == "lignesImport" and isinstance(chemin[1], int) else None
    )


def _demande_brute(valeur: Any, rang: int | None) -> dict[str, Any]:
    if rang is None:
        return {}
    demande = valeur["lignesImport"][rang]
    return demande if isinstance(demande, dict) else {}
