"""« Corriger »: the file again, with what is sure written in it and every change told; the rest stays as it was."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from segurnum.controles.codes_lecture import BOM, ENCODAGE, INVISIBLE
from segurnum.controles.constats import Proposition
from segurnum.controles.contexte import Contexte
from segurnum.controles.moteur import verifier
from segurnum.controles.positions import Positions, fin_de_valeur
from segurnum.controles.provenance import encodage_large
from segurnum.controles.rapport import Anomalie, Rapport
from segurnum.controles.syntaxe import nom_invisible
from segurnum.regles.textes import lisible

# What is put right may let the next thing be seen: a name, then its value, then a rule.
_PASSES_MAX = 3
_DU_TEXTE = {ENCODAGE.code, BOM.code, INVISIBLE.code}
_TEXTE_OU_SIGNE = re.compile(r'"(?:[^"\\]++|\\.)*+"?|[^"\x20-\x7e\t\r\n]', re.DOTALL)
_BLANC = re.compile(r"[\s\u00a0\u202f\u2009\u3000]")


@dataclass(frozen=True, slots=True)
class Changement:
    """One thing that was put right: where (empty path and no line: the whole file), what was there, what is now."""

    chemin: str
    ligne: int | None
    avant: str
    apres: str
    pourquoi: str


@dataclass(frozen=True, slots=True)
class Correction:
    """The corrected file (None when nothing was put right), what changed in it, and what it still gets."""

    octets: bytes | None
    changements: list[Changement] = field(default_factory=list)
    restantes: list[Anomalie] = field(default_factory=list)


def corriger(octets: bytes, contexte: Contexte | None = None) -> Correction:
    """Write in the file all that is sure. What the file says elsewhere is left as it is, to the last blank."""
    octets, changements = _lisible(octets)
    rapport = verifier(octets, contexte)
    for _ in range(_PASSES_MAX):
        retenues = _sures(rapport)
        if not retenues:
            break
        texte, faits = _appliquer(rapport.texte, retenues)
        changements += faits
        octets = texte.encode()
        rapport = verifier(octets, contexte)
    return Correction(octets if changements else None, changements, rapport.anomalies)


def corrigeable(rapport: Rapport) -> bool:
    """True when « Corriger » may put something right: what is sure, or the writing of the whole file."""
    return bool(_sures(rapport)) or any(a.code in _DU_TEXTE for a in rapport.anomalies)


def _sures(rapport: Rapport) -> list[tuple[Anomalie, Proposition]]:
    """One change for each place: of a value, of a name."""
    sures = {
        (p.chemin, p.nom is not None): (a, p)
        for a in rapport.anomalies
        if (p := a.proposition) is not None and p.sure
    }
    return list(sures.values())


def _appliquer(texte: str, retenues: list[tuple[Anomalie, Proposition]]) -> tuple[str, list[Changement]]:
    positions = Positions(texte)
    tranches = [
        (place.valeur if proposition.nom is None else place.cle, proposition, anomalie)
        for (anomalie, proposition), place in zip(
            retenues, positions.places(p.chemin for _, p in retenues), strict=True
        )
    ]
    morceaux, changements, fait = [], [], 0
    for debut, proposition, anomalie in sorted(tranches, key=lambda tranche: tranche[0]):
        fin, ecrite = fin_de_valeur(texte, debut), proposition.ecrite
        morceaux += [texte[fait:debut], ecrite]
        ligne, _ = positions.ligne_colonne(debut)
        changements.append(
            Changement(anomalie.chemin, ligne, lisible(texte[debut:fin]), lisible(ecrite), anomalie.message)
        )
        fait = fin
    return "".join([*morceaux, texte[fait:]]), changements


def _lisible(octets: bytes) -> tuple[bytes, list[Changement]]:
    """The file in UTF-8 without mark, no invisible sign between its elements."""
    changements = []
    codage = encodage_large(octets)
    if codage is not None:
        try:
            octets = octets.decode(codage).encode()
        except UnicodeError:
            return octets, []
        changements.append(Changement("", None, codage.upper(), "UTF-8", "Le fichier est réécrit en UTF-8."))
    try:
        texte = octets.decode("utf-8")
    except UnicodeDecodeError:
        return octets, changements
    propre = texte.removeprefix("\ufeff")
    if propre != texte:
        changements.append(Changement("", 1, "BOM", "", "La marque d'ordre des octets (BOM) est retirée."))
    nettoye = _TEXTE_OU_SIGNE.sub(_sans_invisible, propre)
    if nettoye != propre:
        pourquoi = "Les caractères invisibles hors des guillemets sont retirés."
        changements.append(Changement("", None, "espaces insécables…", "", pourquoi))
    return nettoye.encode() if changements else octets, changements


def _sans_invisible(morceau: re.Match[str]) -> str:
    """A text as it is; an invisible sign outside of texts is a blank, or nothing."""
    signe = morceau[0]
    if signe[0] == '"' or nom_invisible(signe) is None:
        return signe
    return " " if _BLANC.match(signe) else ""
