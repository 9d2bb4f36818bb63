"""`segurnum journal verifier`: follows the chain of digests and names what was altered."""

import argparse

from segurnum.cli.communs import ajouter_donnees


def ajouter(sous_commandes: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    analyseur = sous_commandes.add_parser(
        "journal", help="vérifie que le journal des actes n'a pas été altéré"
    )
    ajouter_donnees(analyseur)
    analyseur.add_argument(
        "geste", choices=["verifier"], help="verifier : relit toute la chaîne d'empreintes"
    )
    analyseur.set_defaults(executer=executer)


def executer(arguments: argparse.Namespace) -> int:
    from segurnum.controles.problemes import en_nombre
    from segurnum.lanceur.environnement import application

    with application(arguments.donnees):
        import django

        django.setup()
        from segurnum.installation.services import verifier_le_journal
        from segurnum.journal import queries

        ruptures = verifier_le_journal()
        chaines = len(queries.tetes())
    for rupture in ruptures:
        print(f"Chaîne {rupture.chaine}, événement n° {rupture.rang} : {rupture.defaut}.")
    if ruptures:
        print(
            f"Le journal a été altéré : {en_nombre(len(ruptures), 'anomalie')} sur {en_nombre(chaines, 'chaîne')}."
        )
        return 1
    print(f"Le journal est intact : {en_nombre(chaines, 'chaîne relue', 'chaînes relues')}.")
    return 0
