"""Rows that belong to another couloir than their sheet: by the column that names it, or by an identifier of its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from segurnum.controles.constats import citer
from segurnum.couloirs import par_fichier
from segurnum.couloirs.champs import Identifiant
from segurnum.regles.textes import cle_de_titre
from segurnum.tableurs.cellules import VIDE, Cellule
from segurnum.tableurs.plan import DEMANDE, Colonne, Plan, plan_de, type_de
from segurnum.tableurs.titres import Titres, candidats


def lignes_etrangeres(
    plan: Plan,
    lignes: Sequence[Sequence[Cellule]],
    titres: Titres,
    rangs: Sequence[int],
    lues: Mapping[Colonne, Sequence[Any]],
) -> Iterator[tuple[int, int, str]]:
    """Row, column (from 0) and sentence of each."""
    if titres.dsr is not None:
        yield from _selon_le_dsr(plan, lignes, titres.dsr, rangs)
    propres = [valeurs for colonne, valeurs in lues.items() if len(colonne.niveau.chemin) > len(DEMANDE)]
    for place, titre in titres.inconnus:
        autre = _couloir_de(plan, titre)
        if autre is None:
            continue
        for rang in rangs:
            if lignes[rang][place] != VIDE and all(valeurs[rang] == VIDE for valeurs in propres):
                yield (
                    rang,
                    place,
                    f"La ligne est remplie comme celles du couloir {autre} ({citer(titre)}) dans une feuille du "
                    f"couloir {plan.couloir.code} : faites une feuille par couloir.",
                )


def _selon_le_dsr(
    plan: Plan, lignes: Sequence[Sequence[Cellule]], place: int, rangs: Sequence[int]
) -> Iterator[tuple[int, int, str]]:
    admis = {cle_de_titre(nom) for nom in (plan.couloir.dsr, plan.couloir.code, plan.couloir.couloir)}
    for rang in rangs:
        dit = str(lignes[rang][place]).strip()
        if dit and cle_de_titre(dit) not in admis:
            yield (
                rang,
                place,
                f"La ligne est du couloir {citer(dit)} dans une feuille convertie pour {plan.couloir.dsr} : "
                "faites une feuille par couloir.",
            )


def _couloir_de(plan: Plan, titre: str) -> str | None:
    """The couloir that identifies its beneficiaries by a column of this heading."""
    for couloir in par_fichier():
        if couloir.code == plan.couloir.code:
            continue
        trouvees = candidats(plan_de(couloir, plan.type), titre)
        if (
            len(trouvees) == 1
            and len(trouvees[0].niveau.chemin) > len(DEMANDE)
            and isinstance(type_de(trouvees[0]), Identifiant)
        ):
            return couloir.code
    return None
