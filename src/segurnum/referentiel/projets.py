"""What the administration proposes of the calendar, the scales and the ceilings, and how it comes in force.

One person writes, another approves; what is approved makes new rows, and rewrites none.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from segurnum.base.contraintes import contraintes_dites
from segurnum.comptes.auteurs import Auteur
from segurnum.comptes.droits import reserve
from segurnum.controles.refus import FichierRefuse
from segurnum.journal.cycle import franchir, noter, passage
from segurnum.journal.services import Fait, consigner
from segurnum.referentiel import baremes, fenetres, plafonds
from segurnum.referentiel.models import Projet
from segurnum.referentiel.tables import Lignes, Table
from segurnum.regles import calendrier
from segurnum.regles.cycles_reglages import PROJET, GenreReglage, GesteProjet, StatutProjet
from segurnum.regles.erreurs import GesteImpossible
from segurnum.regles.gestes import GesteReference

PROPOSER = "PROPOSER"
SIEN = "Qui a écrit un projet ne l'approuve ni ne le refuse : une autre personne de l'administration doit le faire."
D_UN_AUTRE = "Ce brouillon est celui de {} : c'est à cette personne de le corriger, de le soumettre ou de l'abandonner."


@dataclass(frozen=True)
class Reglage:
    """One kind of what is proposed: how its lines read, what they make. `appliquer` writes, and tells the journal."""

    table: Table[Any]
    appliquer: Callable[..., list[Fait]]
    vues: Callable[[Lignes[Any]], dict[str, str]] = lambda _: {}


REGLAGES = {
    GenreReglage.FENETRES: Reglage(fenetres.TABLE, fenetres.appliquer, fenetres.vues),
    GenreReglage.BAREMES: Reglage(baremes.TABLE, baremes.appliquer),
    GenreReglage.PLAFONDS: Reglage(plafonds.TABLE, plafonds.appliquer),
}


def lignes_de(projet: Projet) -> Lignes[Any]:
    """What it holds, read again on the referential of now. Raises FichierRefuse."""
    return REGLAGES[projet.genre].table.lire(enumerate(projet.lignes, start=1))


def _relues(projet: Projet) -> Lignes[Any]:
    try:
        return lignes_de(projet)
    except FichierRefuse as refus:
        raise GesteImpossible(tout_dire(refus)) from refus


def juger(genre: GenreReglage, cellules: Sequence[Sequence[str]]) -> None:
    """What a form says, a line at a time. Raises GesteImpossible, with the field where it is known."""
    for ligne in cellules:
        try:
            REGLAGES[genre].table.ligne(ligne)
        except GesteImpossible:
            raise
        except ValueError as faute:
            raise GesteImpossible(str(faute)) from faute


@reserve(GesteReference.PROPOSER_REGLAGE)
@transaction.atomic
def proposer(
    *,
    genre: GenreReglage,
    cellules: Sequence[Sequence[str]],
    auteur: Auteur,
    fichier: str = "",
    projet: int = 0,
) -> Projet:
    """A draft of these lines, or one's own draft (`projet`) rewritten. Raises FichierRefuse, GesteImpossible."""
    reglage = REGLAGES[genre]
    lues = reglage.table.lire(enumerate(cellules, start=1))
    contenu = {
        "dsr": sorted({ligne.dsr for ligne in lues.values()}),
        "lignes": [list(ligne) for ligne in cellules],
        "vues": reglage.vues(lues),
        "fichier": fichier,
    }
    if projet:
        return _corriger(projet, genre, contenu, auteur)
    instant = calendrier.maintenant()
    nouveau = Projet.objects.create(
        genre=genre,
        statut=StatutProjet.BROUILLON,
        statut_depuis=instant,
        cree_le=instant,
        auteur_id=auteur.personne,
        **contenu,
    )
    noter(nouveau, PROPOSER, auteur, details=_details(nouveau))
    return nouveau


def _corriger(cle: int, genre: GenreReglage, contenu: dict[str, Any], auteur: Auteur) -> Projet:
    ligne = _verrouiller(cle)
    pas = passage(PROJET, ligne.statut, GesteProjet.CORRIGER, auteur, objet=ligne)
    _exiger_le_sien(ligne, auteur)
    if ligne.genre is not genre:
        raise GesteImpossible("Ce brouillon est d'une autre sorte : ouvrez-en un nouveau.")
    for champ, valeur in contenu.items():
        setattr(ligne, champ, valeur)
    franchir(ligne, pas, auteur, details=_details(ligne))
    return ligne


@transaction.atomic
def soumettre(*, projet: int, auteur: Auteur) -> Projet:
    """Raises GesteImpossible when what was written cannot be taken any more."""
    ligne = _de_l_auteur(projet, GesteProjet.SOUMETTRE, auteur)
    _relues(ligne)
    return ligne


@transaction.atomic
def reprendre(*, projet: int, auteur: Auteur) -> Projet:
    return _de_l_auteur(projet, GesteProjet.REPRENDRE, auteur)


@transaction.atomic
def abandonner(*, projet: int, auteur: Auteur) -> Projet:
    return _de_l_auteur(projet, GesteProjet.ABANDONNER, auteur)


@transaction.atomic
def approuver(*, projet: int, auteur: Auteur) -> Projet:
    """Put it in force, whole. Raises GesteImpossible when what is there does not allow it any more."""
    ligne = _verrouiller(projet)
    pas = passage(PROJET, ligne.statut, GesteProjet.APPROUVER, auteur, objet=ligne)
    _exiger_un_autre(ligne, auteur)
    reglage = REGLAGES[ligne.genre]
    lues = _relues(ligne)
    if reglage.vues(lues) != ligne.vues:
        raise GesteImpossible(
            "Une fenêtre a changé depuis que ce projet est écrit. Rien n'a été enregistré : refusez-le, pour que son "
            "auteur le reprenne."
        )
    ligne.approbateur_id = auteur.personne
    with contraintes_dites():
        faits = reglage.appliquer(lues, ligne, auteur=auteur)
    franchir(ligne, pas, auteur, details=_details(ligne))
    consigner(faits)
    return ligne


@transaction.atomic
def refuser(*, projet: int, motif: str, auteur: Auteur) -> Projet:
    ligne = _verrouiller(projet)
    pas = passage(PROJET, ligne.statut, GesteProjet.REFUSER, auteur, motif, objet=ligne)
    _exiger_un_autre(ligne, auteur)
    ligne.approbateur_id, ligne.commentaire = auteur.personne, motif
    franchir(ligne, pas, auteur, motif=motif)
    return ligne


def _de_l_auteur(cle: int, geste: GesteProjet, auteur: Auteur) -> Projet:
    ligne = _verrouiller(cle)
    pas = passage(PROJET, ligne.statut, geste, auteur, objet=ligne)
    _exiger_le_sien(ligne, auteur)
    franchir(ligne, pas, auteur)
    return ligne


def _verrouiller(cle: int) -> Projet:
    return Projet.objects.select_for_update(of=("self",)).select_related("auteur").get(pk=cle)


def _exiger_le_sien(ligne: Projet, auteur: Auteur) -> None:
    if ligne.auteur_id != auteur.personne:
        raise GesteImpossible(D_UN_AUTRE.format(ligne.auteur.get_username()))


def _exiger_un_autre(ligne: Projet, auteur: Auteur) -> None:
    if ligne.auteur_id == auteur.personne:
        raise GesteImpossible(SIEN)


def _details(projet: Projet) -> dict[str, Any]:
    return {"genre": projet.genre, "dsr": projet.dsr, "lignes": len(projet.lignes), "fichier": projet.fichier}


def tout_dire(refus: FichierRefuse) -> str:
    """A refusal of lines and the first of them, for a page that has room for one paragraph."""
    return " ".join((str(refus), *refus.fautes[:5]))


def en_clair(refus: FichierRefuse) -> str:
    """A refusal of lines, for a form that is one line of them."""
    return refus.fautes[0].partition(" : ")[2] if refus.fautes else str(refus)
