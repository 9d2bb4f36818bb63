"""`segurnum convertir`: a spreadsheet into the JSON file of its requests, or a JSON file into a spreadsheet."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from segurnum.cli.verifier import CONFORME, INUTILISABLE, NON_CONFORME, phrase_du_disque

if TYPE_CHECKING:
    from segurnum.controles import Rapport
    from segurnum.regles.cycles import TypeDemande

_JSON = ".json"


def ajouter(sous_commandes: Any) -> None:
    """Register the subcommand."""
    analyseur = sous_commandes.add_parser(
        "convertir",
        help="convertit un tableur de demandes en fichier JSON, ou un fichier JSON en tableur",
        description="Convertit un tableur (.xlsx, .ods, .csv) en fichier JSON de demandes, et dit chaque anomalie à sa "
        "feuille, sa ligne et sa colonne ; ou un fichier JSON en classeur .xlsx. Rend 0 si les demandes sont "
        "conformes, 1 si elles comportent des erreurs, 2 si la commande est inutilisable.",
    )
    analyseur.add_argument("fichier", metavar="FICHIER", type=Path, help="le tableur, ou le fichier JSON")
    analyseur.add_argument("--dsr", help="DSR-MS1-DUI-Va1 ou MS1-DUI (par défaut, dit par les colonnes)")
    analyseur.add_argument(
        "--type", choices=("avance", "solde"), help="type des demandes (par défaut, dit par les colonnes)"
    )
    analyseur.add_argument(
        "--sortie",
        type=Path,
        metavar="FICHIER",
        help="où écrire ce qui est converti (par défaut : à côté du fichier, sous le même nom)",
    )
    analyseur.add_argument("--numero-ans", help="le numéro ANS, si la feuille ne le dit pas")
    analyseur.add_argument("--siret", help="le SIRET de l'entreprise enrôlée, si la feuille ne le dit pas")
    analyseur.add_argument("--format", choices=("texte", "json"), default="texte", help="forme du rapport")
    analyseur.set_defaults(executer=executer)


def executer(arguments: argparse.Namespace) -> int:
    """Convert, write, and print the report on standard output."""
    from segurnum import isolement

    isolement.preparer()
    from segurnum.couloirs import CouloirInconnu, trouver
    from segurnum.isolement import ControleImpossible
    from segurnum.regles.cycles import TypeDemande

    try:
        octets = arguments.fichier.read_bytes()
        dsr = trouver(arguments.dsr).dsr if arguments.dsr else None
        type_demande = TypeDemande(arguments.type.upper()) if arguments.type else None
        if arguments.fichier.suffix.lower() == _JSON:
            return _en_tableur(arguments, octets, dsr, type_demande)
        return _en_json(arguments, octets, dsr, type_demande)
    except OSError as erreur:
        return _refuser(phrase_du_disque(erreur))
    except (CouloirInconnu, ControleImpossible) as refus:
        return _refuser(str(refus))


def _refuser(phrase: str) -> int:
    print(f"segurnum convertir : {phrase}", file=sys.stderr)
    return INUTILISABLE


def _en_json(arguments: argparse.Namespace, octets: bytes, dsr: str | None, type_: TypeDemande | None) -> int:
    from segurnum.controles import Contexte
    from segurnum.isolement.portes import verifier_tableur

    entete = {"numeroAns": arguments.numero_ans, "siret": arguments.siret}
    conversion, rapport = verifier_tableur(
        octets, Contexte(dsr=dsr, type=type_), {nom: dit for nom, dit in entete.items() if dit}
    )
    _dire(arguments, rapport)
    if conversion.reussie:
        _ecrire(arguments, _JSON, conversion.octets)
    return CONFORME if rapport.conforme else NON_CONFORME


def _en_tableur(
    arguments: argparse.Namespace, octets: bytes, dsr: str | None, type_: TypeDemande | None
) -> int:
    from segurnum.controles import Contexte
    from segurnum.isolement.portes import verifier
    from segurnum.tableurs import classeur_du_rapport

    rapport = verifier(octets, Contexte(dsr=dsr, type=type_))
    _dire(arguments, rapport)
    if rapport.demandes_normalisees:
        _ecrire(arguments, ".xlsx", classeur_du_rapport(rapport))
    return CONFORME if rapport.conforme else NON_CONFORME


def _dire(arguments: argparse.Namespace, rapport: Rapport) -> None:
    if arguments.format == "json":
        print(json.dumps(rapport.en_dict(), ensure_ascii=False, indent=2))
    else:
        print(rapport.en_texte(arguments.fichier.name), end="")


def _ecrire(arguments: argparse.Namespace, suffixe: str, octets: bytes) -> None:
    sortie: Path = arguments.sortie or arguments.fichier.with_suffix(suffixe)
    sortie.write_bytes(octets)
    print(f"Écrit : {sortie}", file=sys.stderr)
