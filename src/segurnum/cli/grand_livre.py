"""`segurnum grand-livre verifier`: the proof of the ledger."""

import argparse
from typing import Any

from segurnum.cli.communs import ajouter_donnees, ajouter_gestes, django_pret

FAUX = 1


def ajouter(sous_commandes: Any) -> None:
    """Register the subcommand and its gesture."""
    gestes = ajouter_gestes(
        sous_commandes,
        "grand-livre",
        "prouve que le grand livre dit ce que disent demandes, paiements et enveloppes",
    )
    verifier = gestes.add_parser(
        "verifier",
        help="compare le grand livre aux décisions, aux versements, à leurs avis, aux enveloppes et aux compteurs",
    )
    ajouter_donnees(verifier)
    verifier.set_defaults(executer=executer)


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
