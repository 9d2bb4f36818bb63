"""`segurnum annuaire …`: what the mailboxes of the MSSanté operators are counted from."""

from __future__ import annotations

import argparse
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from segurnum.cli.communs import ajouter_geste, ajouter_gestes, django_pret

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from segurnum.annuaire_sante.services import Bilan
    from segurnum.comptes.auteurs import Auteur
    from segurnum.controles.refus import FichierRefuse

REFUSE = 2


def ajouter(sous_commandes: Any) -> None:
    """Register the subcommand and its four gestures."""
    gestes = ajouter_gestes(
        sous_commandes,
        "annuaire",
        "charge l'extrait de l'Annuaire Santé et ce qui va avec (opérateurs MSSanté)",
    )
    importer = gestes.add_parser("importer", help="charge un extrait national, texte ou ZIP")
    importer.add_argument("fichier", type=Path, metavar="EXTRAIT", help="le fichier de l'extrait")
    importer.add_argument(
        "--date",
        help="date de l'extrait, heure de Paris, si le nom du fichier ne la dit pas : JJ/MM/AAAA HH:MM",
    )
    ajouter_geste(importer, executer, _importer)
    comptages = _tableur(
        gestes,
        "comptages",
        "donne des comptages de BAL applicatives (domaine;nombre;date;source), à confirmer",
        _comptages,
    )
    for option, aide in (
        ("--donnes-par", "identifiant de l'agent qui les donne (par défaut : la commande)"),
        ("--confirmes-par", "identifiant de l'agent, un autre, qui les confirme aussitôt"),
    ):
        comptages.add_argument(option, metavar="IDENTIFIANT", help=aide)
    _tableur(gestes, "domaines", "charge les domaines des opérateurs (numero_ans;domaine)", _domaines)
    exemple = gestes.add_parser("exemple", help="écrit un extrait inventé, de la même forme que le national")
    exemple.add_argument("fichier", type=Path, metavar="FICHIER")
    exemple.add_argument("--lignes", type=int, default=1_000, help="nombre de lignes (par défaut : 1000)")
    exemple.set_defaults(executer=_exemple)


def _tableur(gestes: Any, nom: str, aide: str, faire: Callable[..., None]) -> argparse.ArgumentParser:
    tableur: argparse.ArgumentParser = gestes.add_parser(nom, help=aide)
    tableur.add_argument("fichier", type=Path, metavar="CSV", help="en UTF-8, séparé par des points-virgules")
    ajouter_geste(tableur, executer, faire)
    return tableur


def executer(arguments: argparse.Namespace) -> int:
    """Do it on this installation; 2, and why, when the file is refused."""
    with django_pret(arguments.donnees):
        from segurnum.controles.refus import FichierRefuse
        from segurnum.regles.erreurs import RefusMetier

        try:
            arguments.faire(arguments)
        except FichierRefuse as refus:
            return dire_le_refus("annuaire", refus)
        except RefusMetier as refus:
            print(f"segurnum annuaire : {refus}", file=sys.stderr)
            return REFUSE
    return 0


def dire_le_refus(commande: str, refus: FichierRefuse) -> int:
    """Why a file is not taken, and its first lines at fault."""
    from segurnum.controles.problemes import en_nombre

    print(f"segurnum {commande} : {refus}", file=sys.stderr)
    for faute in refus.fautes:
        print(f"  {faute}", file=sys.stderr)
    if refus.nombre_tues:
        print(f"  … et {en_nombre(refus.nombre_tues, 'autre ligne', 'autres lignes')}.", file=sys.stderr)
    return REFUSE


def _importer(arguments: argparse.Namespace) -> None:
    from segurnum.annuaire_sante import services
    from segurnum.comptes.auteurs import PORTAIL

    date = lire_date(arguments.date) if arguments.date else None
    with progression("Lecture de l'extrait", "Comptage des boîtes") as avancer:
        bilan = services.importer_extrait(
            auteur=PORTAIL, chemin=arguments.fichier, date=date, avancer=avancer
        )
    print(_phrase_bilan(bilan))


def lire_date(texte: str) -> datetime:
    """« 30/06/2026 06:00 », of Paris. Raises FichierRefuse."""
    from datetime import UTC, datetime

    from segurnum.controles.refus import FichierRefuse
    from segurnum.regles.calendrier import PARIS

    try:
        lue = datetime.strptime(texte, "%d/%m/%Y %H:%M")
    except ValueError:
        raise FichierRefuse(
            f"« {texte} » n'est pas une date : JJ/MM/AAAA HH:MM est attendu, par exemple 30/06/2026 06:00."
        ) from None
    return lue.replace(tzinfo=PARIS).astimezone(UTC)


@contextmanager
def progression(lecture: str, ensuite: str) -> Iterator[Callable[[int, int], None]]:
    """A bar for whoever looks, nothing in a log: what is read, then what is done once all is read."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

    console = Console(stderr=True)
    colonnes = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
    with Progress(*colonnes, console=console, transient=True, disable=not console.is_terminal) as barre:
        tache = barre.add_task(lecture, total=None)

        def avancer(lus: int, total: int) -> None:
            fini = bool(total) and lus >= total
            barre.update(
                tache,
                completed=lus,
                total=total,
                description=ensuite if fini else lecture,
            )

        yield avancer


def _phrase_bilan(bilan: Bilan) -> str:
    from segurnum.controles.problemes import en_nombre
    from segurnum.regles.calendrier import instant_long

    extrait = bilan.extrait
    nom = f"extrait du {instant_long(extrait.instant)} (empreinte {extrait.empreinte_courte})"
    if bilan.deja:
        return (
            f"Ce fichier est déjà chargé ({extrait.statut.libelle.lower()}) : c'est l'{nom}. Rien n'a changé."
        )
    phrases = [
        f"Chargé : {nom}, {en_nombre(extrait.nombre_lignes, 'ligne')}, "
        f"{en_nombre(extrait.nombre_adresses, 'adresse distincte', 'adresses distinctes')}."
    ]
    non_finance = "de type CAB, qui n'est pas financé,"
    for nombre, une, plusieurs in (
        (
            bilan.doublons,
            "ligne redit une adresse, comptée une fois.",
            "lignes redisent une adresse, comptée une fois.",
        ),
        (
            bilan.plusieurs_types,
            "adresse de plusieurs types, comptée dans le type le moins financé.",
            "adresses de plusieurs types, comptées dans le type le moins financé.",
        ),
        (
            extrait.hors_comptage,
            f"ligne {non_finance} n'est pas comptée.",
            f"lignes {non_finance} ne sont pas comptées.",
        ),
    ):
        if nombre:
            phrases.append(en_nombre(nombre, une, plusieurs))
    if extrait.types_inconnus:
        dites = " ".join(extrait.lignes_dites[:3])
        phrases.append(f"{en_nombre(extrait.types_inconnus, 'ligne')} d'un type inconnu, à part : {dites}")
    if extrait.lignes_vides:
        phrases.append(f"{en_nombre(extrait.lignes_vides, 'ligne vide', 'lignes vides')}, à part.")
    if extrait.retenu:
        phrases += [
            "Retenu : il ne compte pas tant que personne ne l'a confirmé, sur la page « Annuaire Santé ».",
            *(f"- {soupcon}" for soupcon in extrait.soupcons),
        ]
    return "\n".join(phrases)


def _comptages(arguments: argparse.Namespace) -> None:

    from segurnum.annuaire_sante import propositions
    from segurnum.comptes.auteurs import PORTAIL
    from segurnum.controles.problemes import en_nombre
    from segurnum.depots.reprise import juger_comptages
    from segurnum.regles.cycles_annuaire import GesteComptages

    donne = _agent(arguments.donnes_par) if arguments.donnes_par else PORTAIL
    confirme = _agent(arguments.confirmes_par) if arguments.confirmes_par else None
    donnes = propositions.proposer_fichier(auteur=donne, chemin=arguments.fichier)
    nombre = en_nombre(len(donnes.lignes), "comptage")
    if confirme is None:
        print(
            f"À confirmer : {nombre}, sur la page « Annuaire Santé », par un agent qui ne les a pas donnés."
        )
        return
    effets = juger_comptages(proposition=donnes.pk, geste=GesteComptages.CONFIRMER, auteur=confirme)
    print(f"Confirmé : {nombre}, {en_nombre(len(effets.repris), 'solde recalculé', 'soldes recalculés')}.")


def _agent(identifiant: str) -> Auteur:
    """The account of one of the administration's people. Raises GesteImpossible."""
    from segurnum.comptes.auteurs import auteur
    from segurnum.comptes.queries import agents
    from segurnum.regles.erreurs import GesteImpossible

    personne = agents().filter(username=identifiant, is_active=True).first()
    if personne is None:
        raise GesteImpossible(
            f"« {identifiant} » n'est l'identifiant d'aucun agent dont le compte est ouvert."
        )
    return auteur(personne)


def _domaines(arguments: argparse.Namespace) -> None:
    from segurnum.annuaire_sante import services
    from segurnum.comptes.auteurs import PORTAIL
    from segurnum.controles.problemes import en_nombre

    bilan = services.importer_domaines(auteur=PORTAIL, chemin=arguments.fichier)
    print(
        f"Chargé : {en_nombre(bilan.nouveaux, 'domaine nouveau', 'domaines nouveaux')}, "
        f"{en_nombre(bilan.inchanges, 'inchangé')}."
    )


def _exemple(arguments: argparse.Namespace) -> int:
    from segurnum.controles.problemes import en_nombre
    from segurnum.demonstration.extrait_mss import ecrire

    try:
        ecrire(arguments.fichier, autres=arguments.lignes)
    except OSError as faute:
        print(
            f"segurnum annuaire : « {arguments.fichier} » ne s'écrit pas ({faute.strerror}).", file=sys.stderr
        )
        return REFUSE
    print(f"Écrit : {arguments.fichier}, {en_nombre(arguments.lignes, 'ligne')}, tout y est inventé.")
    return 0
