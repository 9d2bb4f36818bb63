"""`segurnum securite`: judges this installation, line by line; 0 when green, 1 when something is to be mended."""

from __future__ import annotations

import argparse
import json
from typing import TYPE_CHECKING, Any

from segurnum.cli.communs import ajouter_donnees, django_pret

if TYPE_CHECKING:
    from segurnum.installation.jugement import Ligne

COULEURS = {"CONFORME": "green", "A_CORRIGER": "bold red", "NON_VERIFIE": "yellow"}


def ajouter(sous_commandes: Any) -> None:
    analyseur = sous_commandes.add_parser(
        "securite", help="juge si une installation est sûre, ligne par ligne, et dit quoi corriger"
    )
    analyseur.add_argument("--format", choices=("texte", "json"), default="texte", help="texte, ou json")
    analyseur.add_argument(
        "--complet", action="store_true", help="essaie aussi ce qui est long (200 Mo à l'antivirus)"
    )
    ajouter_donnees(analyseur)
    analyseur.set_defaults(executer=executer)


def executer(arguments: argparse.Namespace) -> int:
    with django_pret(arguments.donnees):
        from segurnum.installation import securite

        lignes = securite.juger(complet=arguments.complet)
        vert = securite.vert(lignes)
    if arguments.format == "json":
        _ecrire_json(lignes, vert)
    else:
        _ecrire_texte(lignes, vert)
    return 0 if vert else 1


def _ecrire_json(lignes: list[Ligne], vert: bool) -> None:
    controles = [
        {
            "controle": ligne.code,
            "titre": ligne.titre,
            "etat": ligne.etat.value,
            "constat": ligne.constat.texte,
            "remede": ligne.constat.remede,
        }
        for ligne in lignes
    ]
    print(json.dumps({"vert": vert, "controles": controles}, ensure_ascii=False, indent=1))


def _ecrire_texte(lignes: list[Ligne], vert: bool) -> None:
    from rich.console import Console
    from rich.markup import escape

    from segurnum.controles.problemes import en_nombre

    console = Console(highlight=False, soft_wrap=True)
    for ligne in lignes:
        couleur = COULEURS[ligne.etat.value]
        console.print(
            f"[{couleur}]{ligne.etat.libelle:<11}[/] {escape(f'{ligne.titre} : {ligne.constat.texte}')}"
        )
        if ligne.constat.remede:
            console.print(f"            → {ligne.constat.remede}", markup=False)
    rouges = sum(ligne.etat.value == "A_CORRIGER" for ligne in lignes)
    verdict = (
        "[green]Installation conforme.[/]"
        if vert
        else f"[bold red]{en_nombre(rouges, 'point')} à corriger.[/]"
    )
    console.print(f"\n{verdict}")
