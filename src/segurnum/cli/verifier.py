"""`segurnum verifier`: check a JSON file, and its ZIP of pieces, without server nor database."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from segurnum.controles import Contexte, Rapport, RapportPieces

CONFORME, NON_CONFORME, INUTILISABLE = 0, 1, 2


def ajouter(sous_commandes: Any) -> None:
    """Register the subcommand."""
    analyseur = sous_commandes.add_parser(
        "verifier",
        help="vérifie un fichier JSON de demandes, et le ZIP de ses pièces, sans rien déposer",
        description="Vérifie un fichier JSON de demandes. Rend 0 si le fichier est conforme (avertissements "
        "admis), 1 s'il comporte des erreurs, 2 si la commande est inutilisable.",
    )
    analyseur.add_argument("fichier", metavar="FICHIER.json", help="le fichier à vérifier")
    analyseur.add_argument(
        "--dsr", help="DSR attendu (par défaut, dit par le fichier) : DSR-MS1-DUI-Va1 ou MS1-DUI"
    )
    analyseur.add_argument(
        "--type", choices=("avance", "solde"), help="type attendu (par défaut, dit par le fichier)"
    )
    analyseur.add_argument("--pieces", metavar="ZIP", help="vérifie aussi l'archive des pièces")
    analyseur.add_argument(
        "--format", choices=("texte", "json", "csv"), default="texte", help="forme du rapport"
    )
    analyseur.add_argument(
        "--corriger",
        metavar="SORTIE.json",
        help="écrit à part le fichier avec ce qui est sûr corrigé, et dit ce qui change",
    )
    analyseur.set_defaults(executer=executer)


def executer(arguments: argparse.Namespace) -> int:
    """Check and print the report on standard output."""
    from segurnum import isolement

    isolement.preparer()  # what reads the file gets ready while the rest is imported
    from segurnum.controles import Contexte
    from segurnum.couloirs import CouloirInconnu, trouver
    from segurnum.regles.cycles import TypeDemande

    try:
        octets = Path(arguments.fichier).read_bytes()
        dsr = trouver(arguments.dsr).dsr if arguments.dsr else None
        if arguments.pieces and not Path(arguments.pieces).is_file():
            raise FileNotFoundError(2, "introuvable", arguments.pieces)
    except OSError as erreur:
        return _refuser(phrase_du_disque(erreur))
    except CouloirInconnu as erreur:
        return _refuser(str(erreur))
    type_demande = TypeDemande(arguments.type.upper()) if arguments.type else None
    rapport = _verifier(octets, Contexte(dsr=dsr, type=type_demande))
    pieces = _verifier_pieces(Path(arguments.pieces), rapport) if arguments.pieces else None
    {"json": _en_json, "csv": _en_csv, "texte": _en_texte}[arguments.format](
        Path(arguments.fichier).name, rapport, pieces
    )
    if arguments.corriger:
        _corriger(octets, Contexte(dsr=dsr, type=type_demande), Path(arguments.corriger))
    return CONFORME if rapport.conforme and (pieces is None or pieces.conforme) else NON_CONFORME


def _verifier(octets: bytes, contexte: Contexte) -> Rapport:
    """The report, which says so when the file was not read to its end."""
    from segurnum.isolement import ControleImpossible
    from segurnum.isolement.portes import rapport_interrompu, verifier

    try:
        return verifier(octets, contexte)
    except ControleImpossible as refus:
        return rapport_interrompu(refus, contexte)


def phrase_du_disque(erreur: OSError) -> str:
    """Why a file that a command names cannot be used."""
    if isinstance(erreur, FileNotFoundError):
        return f"Le fichier « {erreur.filename} » n'existe pas : vérifiez son nom et son dossier."
    if isinstance(erreur, IsADirectoryError):
        return f"« {erreur.filename} » est un dossier : indiquez un fichier."
    return f"Le fichier « {erreur.filename} » ne peut pas être lu : {erreur.strerror}."


def _refuser(phrase: str) -> int:
    print(f"segurnum verifier : {phrase}", file=sys.stderr)
    return INUTILISABLE


def _verifier_pieces(archive: Path, rapport: Rapport) -> RapportPieces | None:
    """The archive against what the file announces; None when the file could not be read that far."""
    if rapport.dsr is None or not rapport.demandes_normalisees:
        return None
    from segurnum.controles import pieces_du_depot
    from segurnum.couloirs import par_dsr
    from segurnum.isolement.portes import verifier_pieces

    return verifier_pieces(
        archive, pieces_du_depot(rapport.demandes_normalisees), couloir=par_dsr(rapport.dsr)
    )


def _en_json(_nom: str, rapport: Rapport, pieces: RapportPieces | None) -> None:
    contenu = rapport.en_dict()
    if pieces is not None:
        contenu["pieces"] = pieces.en_dict()
        if not pieces.conforme:
            contenu["verdict"] = "non_conforme"
    print(json.dumps(contenu, ensure_ascii=False, indent=2))


def _en_csv(_nom: str, rapport: Rapport, pieces: RapportPieces | None) -> None:
    """The anomalies of the JSON, then those of the archive, for a spreadsheet."""
    from dataclasses import replace

    from segurnum.controles.phrases_rapport import COLONNES, tableau
    from segurnum.editique.tableur import en_octets

    toutes = [*rapport.anomalies, *(pieces.anomalies if pieces else ())]
    sys.stdout.flush()
    for lot in en_octets(COLONNES, tableau(replace(rapport, anomalies=toutes))):
        sys.stdout.write(lot.decode())


def _corriger(octets: bytes, contexte: Contexte, sortie: Path) -> None:
    """Write the corrected file, and tell the changes beside the report."""
    from segurnum.isolement import ControleImpossible
    from segurnum.isolement.portes import corriger

    try:
        correction = corriger(octets, contexte)
    except ControleImpossible as refus:
        print(f"segurnum verifier : {refus}", file=sys.stderr)
        return
    if correction.octets is None:
        print("Rien ne peut être corrigé sans vous : aucun fichier n'est écrit.", file=sys.stderr)
        return
    sortie.write_bytes(correction.octets)
    for un in correction.changements:
        place = f"ligne {un.ligne} : " if un.ligne else ""
        print(f"{place}{un.avant} devient {un.apres or 'rien'}. {un.pourquoi}", file=sys.stderr)
    reste = len(correction.restantes)
    print(f"« {sortie} » est écrit ; anomalies qui restent : {reste or 'aucune'}.", file=sys.stderr)


def _en_texte(nom: str, rapport: Rapport, pieces: RapportPieces | None) -> None:
    print(rapport.en_texte(nom), end="")
    if pieces is None:
        return
    print(
        f"\nPièces : {'CONFORME' if pieces.conforme else 'NON CONFORME'} ({len(pieces.lignes)} fichier(s))."
    )
    if pieces.phrase_des_ignores:
        print(pieces.phrase_des_ignores)
    for anomalie in pieces.anomalies:
        print(f"{anomalie.severite} {anomalie.code} : {anomalie.message}")
