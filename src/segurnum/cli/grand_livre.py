"""`segurnum grand-livre verifier`: the proof of the ledger; `soldes`: what it held at any instant that is past."""

import argparse
import sys
from typing import Any

from segurnum.cli.communs import ajouter_donnees, ajouter_gestes, django_pret

FAUX, ILLISIBLE = 1, 2


def ajouter(sous_commandes: Any) -> None:
    """Register the subcommand and its gestures."""
    gestes = ajouter_gestes(
        sous_commandes,
        "grand-livre",
        "prouve que le grand livre dit ce que disent demandes, paiements et enveloppes, en dit les soldes",
    )
    verifier = gestes.add_parser(
        "verifier",
        help="compare le grand livre aux décisions, aux versements, à leurs avis, aux enveloppes et aux compteurs",
    )
    anciens = gestes.add_parser("soldes", help="dit ce que chaque compte et chaque enveloppe avaient")
    anciens.add_argument(
        "--avant",
        metavar="INSTANT",
        help="heure de Paris, « 2026-03-31T23:59 » (par défaut : maintenant)",
    )
    for analyseur, geste in ((verifier, executer), (anciens, executer_soldes)):
        ajouter_donnees(analyseur)
        analyseur.set_defaults(executer=geste)


def executer_soldes(arguments: argparse.Namespace) -> int:
    """The same as the page « Soldes » says of this instant."""
    from segurnum.regles.argent import en_euros
    from segurnum.regles.calendrier import lire_instant_local

    instant = lire_instant_local(arguments.avant) if arguments.avant else None
    if arguments.avant and instant is None:
        print(
            f"segurnum : « {arguments.avant} » n'est pas une heure de Paris (2026-03-31T23:59).",
            file=sys.stderr,
        )
        return ILLISIBLE
    with django_pret(arguments.donnees):
        from segurnum.grand_livre.queries import enveloppes_au, soldes

        for compte in soldes(avant=instant):
            print(f"{compte.compte.intitule} : {en_euros(compte.solde)}")
        for une in enveloppes_au(instant):
            print(
                f"Enveloppe « {une.enveloppe} » ({une.exercice}) : {en_euros(une.credits)} de crédits, "
                f"{en_euros(une.decide)} décidés, {en_euros(une.disponible)} disponibles"
            )
    return 0


def executer(arguments: argparse.Namespace) -> int:
    from segurnum.controles.problemes import en_nombre

    with django_pret(arguments.donnees):
        from segurnum.grand_livre.controle import verifier
        from segurnum.grand_livre.queries import soldes
        from segurnum.regles.argent import en_euros

        fait = verifier(dire=print)
        etat = soldes()
    for ligne in etat:
        print(f"{ligne.compte.intitule} : {en_euros(ligne.solde)}")
    if fait.anomalies:
        print(f"Le grand livre est faux : {en_nombre(fait.anomalies, 'anomalie')}.")
        return FAUX
    print(
        f"Le grand livre est juste : {en_nombre(fait.ecritures, 'écriture')}, et le solde de tous les comptes est de "
        f"{en_euros(sum((ligne.solde for ligne in etat), start=0 * etat[0].solde))}."
    )
    return 0
