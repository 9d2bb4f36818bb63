"""`segurnum journal tetes`, `segurnum journal verifier`: the heads to take away, and the proof against them."""

import argparse
import sys
from pathlib import Path
from typing import Any

from segurnum.cli.communs import ajouter_donnees, ajouter_gestes, django_pret

ALTERE, ABSENT = 1, 2


def ajouter(sous_commandes: Any) -> None:
    """Register the subcommand and its gestures."""
    gestes = ajouter_gestes(
        sous_commandes, "journal", "vérifie que le journal des actes n'a pas été altéré, en écrit les têtes"
    )
    verifier = gestes.add_parser(
        "verifier", help="relit toutes les chaînes, et compare les tables à ce que le journal en dit"
    )
    verifier.add_argument(
        "--tetes",
        type=Path,
        metavar="FICHIER",
        help="fichier de têtes emporté plus tôt, ou dossier de tels fichiers, que le journal doit continuer",
    )
    tetes = gestes.add_parser("tetes", help="écrit la dernière empreinte de chaque chaîne, scellée")
    tetes.add_argument(
        "--sortie",
        type=Path,
        metavar="FICHIER",
        help="où l'écrire (par défaut : dans le dossier SEGURNUM_JOURNAL_TETES)",
    )
    for analyseur, executer in ((verifier, executer_verifier), (tetes, executer_tetes)):
        ajouter_donnees(analyseur)
        analyseur.set_defaults(executer=executer)


def executer_tetes(arguments: argparse.Namespace) -> int:
    with django_pret(arguments.donnees):
        from segurnum.installation.services import ecrire_les_tetes

        print(f"Têtes du journal : {ecrire_les_tetes(sortie=arguments.sortie)}")
    return 0


def executer_verifier(arguments: argparse.Namespace) -> int:
    from segurnum.controles.problemes import en_nombre

    with django_pret(arguments.donnees):
        from segurnum.installation.services import verifier_le_journal

        try:
            bilan = verifier_le_journal(tetes=arguments.tetes, dire=print)
        except FileNotFoundError:
            print(f"segurnum : aucun fichier de têtes à {arguments.tetes}.", file=sys.stderr)
            return ABSENT
    chaines = en_nombre(bilan.chaines, "chaîne")
    if bilan.anomalies:
        print(f"Le journal a été altéré : {en_nombre(bilan.anomalies, 'anomalie')} sur {chaines}.")
        return ALTERE
    relues = en_nombre(bilan.chaines, "chaîne relue", "chaînes relues")
    continuees = f", {en_nombre(bilan.tetes, 'tête retrouvée', 'têtes retrouvées')}" if bilan.tetes else ""
    print(
        f"Le journal est intact : {relues}, {en_nombre(bilan.evenements, 'événement')}, "
        f"{en_nombre(bilan.objets, 'objet comparé', 'objets comparés')} à sa table{continuees}."
    )
    return 0
