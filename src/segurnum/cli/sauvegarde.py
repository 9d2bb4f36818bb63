"""`segurnum sauvegarder DOSSIER` and `segurnum restaurer DOSSIER`: keep an installation, and prove that it is kept."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from segurnum.cli.communs import ajouter_donnees, django_pret

if TYPE_CHECKING:
    from collections.abc import Callable

DIFFERENT, IMPOSSIBLE = 1, 2
# What would lead a trial restore to the real installation.
AILLEURS = ("DATABASE_URL", "STOCKAGE_URL", "EMAIL_URL", "ANTIVIRUS_URL", "SEGURNUM_TEMOIN_SAUVEGARDE")


def ajouter(sous_commandes: Any) -> None:
    """Register the two subcommands."""
    sauver = sous_commandes.add_parser(
        "sauvegarder",
        help="sauvegarde la base et les fichiers dans un dossier",
        description="Ajoute au dossier une sauvegarde de la base et des fichiers qui n'y sont pas encore. Rend 0 si "
        "tout est sauvegardé, 1 si des fichiers manquaient ou si le journal est altéré, 2 si rien n'a pu l'être.",
    )
    sauver.add_argument(
        "dossier", type=Path, metavar="DOSSIER", help="dossier des sauvegardes, hors du portail"
    )
    sauver.add_argument(
        "--destinataire",
        action="append",
        metavar="CLE",
        help="clé publique qui ouvrira la sauvegarde, age (age1…) ou GPG ; peut être répété (par défaut : "
        "SEGURNUM_SAUVEGARDE_DESTINATAIRE)",
    )
    sauver.add_argument("--en-clair", action="store_true", help="ne chiffre rien")
    sauver.add_argument(
        "--garder", type=int, metavar="N", help="efface les plus anciennes et n'en garde que N"
    )
    ajouter_donnees(sauver)
    sauver.set_defaults(executer=executer_sauvegarder)
    restaurer = sous_commandes.add_parser(
        "restaurer",
        help="restaure une sauvegarde, ou prouve ailleurs qu'elle se restaure (--verifier)",
        description="Restaure la dernière sauvegarde d'un dossier dans cette installation, puis compare : journal, "
        "lignes, fichiers. Rend 0 si tout est comme à la sauvegarde, 1 s'il y a des différences, 2 si rien n'a été "
        "touché.",
    )
    restaurer.add_argument("dossier", type=Path, metavar="DOSSIER", help="dossier des sauvegardes")
    restaurer.add_argument(
        "--de", metavar="NOM", help="la sauvegarde voulue (par défaut : la dernière finie)"
    )
    restaurer.add_argument(
        "--verifier",
        action="store_true",
        help="restaure dans une base et un stockage d'essai, effacés ensuite : rien d'autre n'est touché",
    )
    restaurer.add_argument(
        "--essai",
        type=Path,
        metavar="DOSSIER",
        help="où faire l'essai de --verifier : il y faut la place de la base et des fichiers (par défaut : TMPDIR)",
    )
    restaurer.add_argument("--remplacer", action="store_true", help="efface la base si elle n'est pas vide")
    restaurer.add_argument("--cle", type=Path, metavar="FICHIER", help="clé privée age (GPG a son trousseau)")
    ajouter_donnees(restaurer)
    restaurer.set_defaults(executer=executer_restaurer)


def executer_sauvegarder(arguments: argparse.Namespace) -> int:
    """0 done, 1 done with faults in what was saved, 2 not done."""
    if arguments.garder is not None and arguments.garder < 1:
        return _refuser("sauvegarder", "--garder attend un nombre de sauvegardes, 1 au moins.")
    with django_pret(arguments.donnees):
        from django.conf import settings

        from segurnum.sauvegarde import chiffrement, sauver
        from segurnum.sauvegarde.erreurs import SauvegardeImpossible

        destinataires = arguments.destinataire or settings.SAUVEGARDE_DESTINATAIRES
        try:
            voulu = chiffrement.choisir(destinataires, en_clair=arguments.en_clair)
            with _progression() as avancer:
                bilan = sauver.sauvegarder(
                    dossier=arguments.dossier.resolve(),
                    chiffrement=voulu,
                    garder=arguments.garder,
                    dire=_dire,
                    avancer=avancer,
                )
        except (SauvegardeImpossible, OSError) as refus:
            return _refuser("sauvegarder", _phrase(refus))
        return _conclure(bilan)


def _conclure(bilan: Any) -> int:
    from segurnum.controles.problemes import en_nombre
    from segurnum.sauvegarde.temoin import Temoin, temoigner

    manifeste = bilan.manifeste
    lignes = en_nombre(sum(manifeste.lignes.values()), "ligne")
    print(
        f"Sauvegarde {bilan.dossier.name} : {lignes}, {en_nombre(manifeste.nombre, 'fichier')} "
        f"dont {en_nombre(bilan.copies, 'copié')} cette fois, chiffrement : {manifeste.chiffrement}."
    )
    if bilan.oubliees:
        une, plusieurs = "sauvegarde plus ancienne effacée", "sauvegardes plus anciennes effacées"
        print(f"{en_nombre(bilan.oubliees, une, plusieurs)}.")
    if manifeste.defauts:
        _enumerer("La sauvegarde est faite, mais l'installation avait des défauts", manifeste.defauts)
        return DIFFERENT
    temoigner(
        Temoin(
            instant=manifeste.instant,
            dossier=str(bilan.dossier),
            chiffree=bool(manifeste.chiffrement != "aucun"),
            fichiers=manifeste.nombre,
            octets=manifeste.octets,
        )
    )
    return 0


def executer_restaurer(arguments: argparse.Namespace) -> int:
    """0 the same, 1 different, 2 nothing touched."""
    from segurnum.sauvegarde.erreurs import SauvegardeImpossible

    if arguments.verifier and arguments.remplacer:
        return _refuser(
            "restaurer", "--verifier ne remplace rien : choisissez entre --verifier et --remplacer."
        )
    ou = _essai(arguments.essai) if arguments.verifier else _ici(arguments.donnees)
    temoin = Path(
        os.environ.get("SEGURNUM_TEMOIN_SAUVEGARDE", arguments.donnees.resolve() / "sauvegarde.json")
    )
    try:
        with ou as donnees, django_pret(donnees, proprietaire=True):
            from segurnum.sauvegarde import restaurer

            sauvegarde = restaurer.choisir(arguments.dossier.resolve(), arguments.de)
            with _progression() as avancer:
                differences = restaurer.restaurer(
                    sauvegarde=sauvegarde,
                    cle=arguments.cle,
                    remplacer=arguments.remplacer,
                    dire=_dire,
                    avancer=avancer,
                )
    except (SauvegardeImpossible, OSError) as refus:
        return _refuser("restaurer", _phrase(refus))
    if differences:
        _enumerer(f"La sauvegarde {sauvegarde.name} ne se retrouve pas telle qu'elle était", differences)
        return DIFFERENT
    if arguments.verifier:
        from segurnum.sauvegarde.temoin import temoigner_de_la_verification

        temoigner_de_la_verification(temoin, sauvegarde)
    fait = "se restaure telle qu'elle était" if arguments.verifier else "est restaurée"
    print(f"La sauvegarde {sauvegarde.name} {fait} : journal, lignes et fichiers sont les mêmes.")
    return 0


@contextmanager
def _ici(donnees: Path) -> Iterator[Path]:
    yield donnees


@contextmanager
def _essai(parent: Path | None) -> Iterator[Path]:
    """A throw-away installation: an embedded server and a local store in a folder of their own, erased at the end."""
    avant = {nom: os.environ.pop(nom, None) for nom in AILLEURS}
    demo = os.environ.get("SEGURNUM_DEMO")
    os.environ["SEGURNUM_DEMO"] = "0"
    dossier = Path(tempfile.mkdtemp(prefix="segurnum-essai-", dir=parent))
    dossier.chmod(0o711)  # the server runs as another account where we are root
    try:
        yield dossier
    finally:
        _effacer(dossier)
        os.environ.update({nom: valeur for nom, valeur in avant.items() if valeur is not None})
        if demo is None:
            del os.environ["SEGURNUM_DEMO"]
        else:
            os.environ["SEGURNUM_DEMO"] = demo


def _effacer(dossier: Path) -> None:
    """The folder, and the cluster that may lie elsewhere for an account that cannot reach it."""
    from segurnum.lanceur.binaires import compte_du_serveur, dossier_des_donnees

    cluster = dossier_des_donnees(dossier / "postgres", compte_du_serveur())
    shutil.rmtree(cluster, ignore_errors=True)
    shutil.rmtree(dossier, ignore_errors=True)


@contextmanager
def _progression() -> Iterator[Callable[[int, int], None]]:
    """A bar for whoever looks, nothing in a log."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    console = Console(stderr=True)
    colonnes = (
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()
    )  # fmt: skip
    with Progress(*colonnes, console=console, transient=True, disable=not console.is_terminal) as barre:
        tache = barre.add_task("Fichiers", total=None)
        yield lambda fait, total: barre.update(tache, completed=fait, total=total)


def _dire(phrase: str) -> None:
    print(phrase, flush=True)


def _enumerer(titre: str, phrases: list[str]) -> None:
    from segurnum.controles.problemes import en_nombre

    print(f"{titre} ({len(phrases)}) :", file=sys.stderr)
    for phrase in phrases[:100]:
        print(f"  - {phrase}", file=sys.stderr)
    if len(phrases) > 100:
        print(f"  … et {en_nombre(len(phrases) - 100, 'autre')}.", file=sys.stderr)


def _phrase(refus: Exception) -> str:
    if isinstance(refus, OSError):
        return (
            f"le disque ou le stockage refuse : {refus.strerror or refus} ({refus.filename or 'sans nom'})."
        )
    return str(refus)


def _refuser(commande: str, phrase: str) -> int:
    print(f"segurnum {commande} : {phrase}", file=sys.stderr)
    return IMPOSSIBLE
