"""`segurnum referentiel`: the ceilings of a file that is on the machine, the windows that are known from the past."""

import argparse
import importlib
import sys
from pathlib import Path
from typing import Any

from segurnum.cli.communs import ajouter_donnees, ajouter_gestes, django_pret

REFUSE = 2


def ajouter(sous_commandes: Any) -> None:
    gestes = ajouter_gestes(
        sous_commandes, "referentiel", "charge des plafonds, ou le calendrier passé (CSV)"
    )
    plafonds = gestes.add_parser(
        "plafonds", help="ajoute des plafonds (dsr;identifiant;montant_ht;date_effet;source)"
    )
    plafonds.add_argument(
        "fichier", type=Path, metavar="CSV", help="en UTF-8, séparé par des points-virgules"
    )
    ajouter_donnees(plafonds)
    plafonds.set_defaults(executer=executer)
    fenetres = gestes.add_parser(
        "fenetres", help="charge le calendrier connu des vagues 1 et 2, là où rien n'est encore réglé"
    )
    fenetres.add_argument(
        "fichier", type=Path, nargs="?", metavar="CSV", help="un autre calendrier que celui du programme"
    )
    ajouter_donnees(fenetres)
    fenetres.set_defaults(executer=charger_fenetres)


def charger_fenetres(arguments: argparse.Namespace) -> int:
    """As `executer`, for windows."""
    from importlib.resources import files

    from segurnum.controles.problemes import en_nombre

    connu = files("segurnum.referentiel").joinpath("donnees", "fenetres.csv")
    bilan = _charger(arguments.fichier or connu, arguments.donnees, "fenetres", "charger")
    if bilan is None:
        return REFUSE
    chargees = en_nombre(bilan.chargees, "fenêtre chargée", "fenêtres chargées")
    print(f"Chargé : {chargees}, {bilan.deja} de couloirs déjà réglés, laissées.")
    if bilan.inconnus:
        print(f"Sans couloir dans ce programme : {', '.join(bilan.inconnus)}.")
    return 0


def executer(arguments: argparse.Namespace) -> int:
    """2, and the lines at fault, when the file is refused: nothing of it was then taken."""
    from segurnum.controles.problemes import en_nombre

    bilan = _charger(arguments.fichier, arguments.donnees, "plafonds", "importer")
    if bilan is None:
        return REFUSE
    ajoutes = en_nombre(bilan.nouveaux, "plafond ajouté", "plafonds ajoutés")
    print(f"Chargé : {ajoutes}, {bilan.inchanges} déjà là.")
    return 0


def _charger(fichier: Any, donnees: Path, module: str, service: str) -> Any:
    """What a service of the referential made of this file; None once its refusal is said."""
    try:
        octets = fichier.read_bytes()
    except OSError:
        return _refuser(f"« {fichier} » ne se lit pas : vérifiez son nom, et vos droits sur lui.")
    with django_pret(donnees):
        from segurnum.comptes.auteurs import PORTAIL
        from segurnum.controles.refus import FichierRefuse

        prendre = getattr(importlib.import_module(f"segurnum.referentiel.{module}"), service)
        try:
            return prendre(octets=octets, auteur=PORTAIL)
        except FichierRefuse as refus:
            return _refuser(str(refus), *refus.fautes)


def _refuser(phrase: str, *fautes: str) -> None:
    print(f"segurnum referentiel : {phrase}", file=sys.stderr)
    for faute in fautes:
        print(f"  {faute}", file=sys.stderr)
