"""`segurnum repertoires …`: the national directories that simulations ask, FINESS and RPPS."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from segurnum.cli.annuaire import REFUSE, dire_le_refus, lire_date, progression
from segurnum.cli.communs import ajouter_geste, ajouter_gestes, django_pret


def ajouter(sous_commandes: Any) -> None:
    """Register the subcommand and its gestures."""
    gestes = ajouter_gestes(
        sous_commandes, "repertoires", "charge les répertoires FINESS et RPPS que les simulations interrogent"
    )
    for nom, aide in (
        ("finess", "charge le JSON quotidien finess-structures (.json, .json.gz ou .zip)"),
        ("rpps", "charge l'extrait public PS_LibreAcces_Personne_activite (.txt ou .zip)"),
    ):
        charger = gestes.add_parser(nom, help=aide)
        charger.add_argument("fichier", type=Path, metavar="FICHIER")
        charger.add_argument(
            "--date", help="date du fichier, heure de Paris, s'il ne la dit pas : JJ/MM/AAAA HH:MM"
        )
        charger.set_defaults(repertoire=nom.upper())
        ajouter_geste(charger, executer, _charger)
    for nom, aide, faire in (
        (
            "confirmer",
            "met en vigueur un relevé retenu parce qu'il a perdu un dixième de ses numéros",
            _confirmer,
        ),
        ("ecarter", "écarte un relevé retenu", _ecarter),
    ):
        geste = gestes.add_parser(nom, help=aide)
        geste.add_argument("releve", type=int, metavar="NUMERO", help="le numéro que le chargement a dit")
        ajouter_geste(geste, executer, faire)


def executer(arguments: argparse.Namespace) -> int:
    """Do it on this installation; 2, and why, when it is refused."""
    with django_pret(arguments.donnees):
        from segurnum.controles.refus import FichierRefuse
        from segurnum.regles.erreurs import GesteImpossible

        try:
            arguments.faire(arguments)
        except FichierRefuse as refus:
            return dire_le_refus("repertoires", refus)
        except GesteImpossible as refus:
            print(f"segurnum repertoires : {refus}", file=sys.stderr)
            return REFUSE
    return 0


def _charger(arguments: argparse.Namespace) -> None:
    from segurnum.comptes.auteurs import PORTAIL
    from segurnum.repertoires import services
    from segurnum.repertoires.lecture import Repertoire

    date = lire_date(arguments.date) if arguments.date else None
    with progression(f"Lecture de {arguments.fichier.name}", "Rangement des numéros") as avancer:
        bilan = services.charger(
            repertoire=Repertoire(arguments.repertoire),
            chemin=arguments.fichier,
            date=date,
            auteur=PORTAIL,
            avancer=avancer,
        )
    print(services.phrase_du_bilan(bilan))


def _confirmer(arguments: argparse.Namespace) -> None:
    from segurnum.comptes.auteurs import PORTAIL
    from segurnum.repertoires import services

    print(f"En vigueur : {services.confirmer(releve=arguments.releve, auteur=PORTAIL)}.")


def _ecarter(arguments: argparse.Namespace) -> None:
    from segurnum.comptes.auteurs import PORTAIL
    from segurnum.repertoires import services

    print(f"Écarté : {services.ecarter(releve=arguments.releve, auteur=PORTAIL)}.")
