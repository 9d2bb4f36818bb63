"""`segurnum referentiel plafonds`: the table of ceilings, from a file that is on the machine."""

import argparse
import sys
from pathlib import Path
from typing import Any

from segurnum.cli.communs import ajouter_donnees, ajouter_gestes, django_pret

REFUSE = 2


def ajouter(sous_commandes: Any) -> None:
    gestes = ajouter_gestes(sous_commandes, "referentiel", "charge les plafonds des bénéficiaires (CSV)")
    plafonds = gestes.add_parser(
        "plafonds", help="ajoute des plafonds (dsr;identifiant;montant_ht;date_effet;source)"
    )
    plafonds.add_argument(
        "fichier", type=Path, metavar="CSV", help="en UTF-8, séparé par des points-virgules"
    )
    ajouter_donnees(plafonds)
    plafonds.set_defaults(executer=executer)


def executer(arguments: argparse.Namespace) -> int:
    """2, and the lines at fault, when the file is refused: nothing of it was then taken."""
    from segurnum.controles.problemes import en_nombre

    try:
        octets = arguments.fichier.read_bytes()
    except OSError:
        return _refuser(f"« {arguments.fichier} » ne se lit pas : vérifiez son nom, et vos droits sur lui.")
    with django_pret(arguments.donnees):
        from segurnum.comptes.auteurs import PORTAIL
        from segurnum.controles.refus import FichierRefuse
        from segurnum.referentiel.plafonds import importer

        try:
            bilan = importer(octets=octets, auteur=PORTAIL)
        except FichierRefuse as refus:
            return _refuser(str(refus), *refus.fautes)
    ajoutes = en_nombre(bilan.nouveaux, "plafond ajouté", "plafonds ajoutés")
    print(f"Chargé : {ajoutes}, {bilan.inchanges} déjà là.")
    return 0


def _refuser(phrase: str, *fautes: str) -> int:
    print(f"segurnum referentiel : {phrase}", file=sys.stderr)
    for faute in fautes:
        print(f"  {faute}", file=sys.stderr)
    return REFUSE
