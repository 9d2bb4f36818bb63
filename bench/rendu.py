"""The table of the measures, for a terminal or for the README."""

from collections.abc import Sequence

from bench import machine
from bench.mesures import Ligne, duree_fr

_COLONNES = ("Mesure", "Médiane", "Référence", "Médiane", "Rapport", "Précisions")


def ecrire(lignes: Sequence[Ligne], *, markdown: bool) -> None:
    if markdown:
        _en_markdown(lignes)
    else:
        _en_tableau(lignes)


def _cellules(ligne: Ligne) -> tuple[str, ...]:
    reference = ligne.duree_reference
    return (
        ligne.mesure,
        duree_fr(ligne.duree),
        ligne.reference,
        duree_fr(reference) if reference is not None else "",
        _rapport_fr(ligne.rapport) if ligne.rapport is not None else "",
        ligne.detail,
    )


def _rapport_fr(rapport: float) -> str:
    texte = f"{1 / rapport:.1f} fois plus vite" if rapport < 0.95 else f"× {rapport:.2f}"
    return texte.replace(".", ",")


def _en_tableau(lignes: Sequence[Ligne]) -> None:
    from rich.console import Console
    from rich.table import Table

    tableau = Table(
        title="Performances (rapport : durée mesurée sur durée de référence)",
        title_justify="left",
        show_lines=True,
    )
    for rang, colonne in enumerate(_COLONNES):
        tableau.add_column(colonne, justify="right" if rang in (1, 3, 4) else "left")
    for ligne in lignes:
        tableau.add_row(*_cellules(ligne))
    console = Console(highlight=False)
    console.print(tableau)
    for phrase in machine.description():
        console.print(phrase, markup=False)


def _en_markdown(lignes: Sequence[Ligne]) -> None:
    print(f"| {' | '.join(_COLONNES)} |")
    print("|---|---:|---|---:|---:|---|")
    for ligne in lignes:
        print(f"| {' | '.join(_cellules(ligne))} |")
    print()
    for phrase in machine.description():
        print(f"- {phrase}")
