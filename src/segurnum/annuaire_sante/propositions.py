"""Counts that one person gives and another confirms (GST-028): they change what is paid, so two persons must agree."""

from collections.abc import Sequence
from pathlib import Path

from django.db import transaction

from segurnum.annuaire_sante import tableurs
from segurnum.annuaire_sante.models import ComptageFourni, DomaineOperateur, PropositionComptages
from segurnum.annuaire_sante.tableurs import LigneComptage
from segurnum.annuaire_sante.verrous import DOMAINES, un_a_la_fois
from segurnum.base.contraintes import contraintes_dites
from segurnum.comptes.auteurs import Auteur
from segurnum.comptes.droits import reserve
from segurnum.demandes.separation import separer_du_comptage
from segurnum.journal.cycle import franchir, noter, passage
from segurnum.regles.cycles_annuaire import COMPTAGES, GesteComptages
from segurnum.regles.erreurs import GesteImpossible
from segurnum.regles.gestes import GesteReference

PROPOSER = "PROPOSER_COMPTAGES"
SIEN = "Vous avez donné ces comptages : une autre personne doit les confirmer ou les refuser."
D_UN_AUTRE = (
    "Ces comptages sont d'une autre personne : elle seule les retire. Refusez-les, en disant pourquoi."
)


@reserve(GesteReference.TENIR_ANNUAIRE)
@transaction.atomic
def proposer_fichier(*, chemin: Path, nom: str = "", auteur: Auteur) -> PropositionComptages:
    """Take a CSV file (domaine;nombre;date;source) in, whole. Raises FichierRefuse."""
    lues = tableurs.lire_comptages(chemin, _domaines()).values()
    return _proposer([ligne.cellules for ligne in lues], auteur, fichier=nom or chemin.name)


@reserve(GesteReference.TENIR_ANNUAIRE)
@transaction.atomic
def proposer(*, cellules: Sequence[str], auteur: Auteur) -> PropositionComptages:
    """One count, as it is typed. Raises GesteImpossible."""
    try:
        return _proposer([tableurs.lire_comptage(cellules, _domaines()).cellules], auteur)
    except ValueError as faute:
        raise GesteImpossible(str(faute)) from faute


def _proposer(lignes: list[list[str]], auteur: Auteur, *, fichier: str = "") -> PropositionComptages:
    separer_du_comptage(GesteReference.TENIR_ANNUAIRE, auteur)
    proposition = PropositionComptages.objects.create(
        lignes=lignes, fichier=fichier[:150], auteur_id=auteur.cle
    )
    noter(proposition, PROPOSER, auteur, details={"lignes": lignes, "fichier": fichier})
    return proposition


def lignes_de(proposition: PropositionComptages) -> list[LigneComptage]:
    """What it holds, read again on the domains of now. Raises GesteImpossible."""
    domaines = _domaines()
    try:
        return [tableurs.lire_comptage(cellules, domaines) for cellules in proposition.lignes]
    except ValueError as faute:
        raise GesteImpossible(f"Ces comptages ne peuvent plus être pris en compte. {faute}") from faute


@transaction.atomic
def juger(
    *, proposition: int, geste: GesteComptages, motif: str = "", auteur: Auteur
) -> PropositionComptages:
    """Confirm, refuse or take back what was given. Raises GesteImpossible, TransitionRefusee.

    What is confirmed counts from then on: who calls it takes the counts of the soldes again.
    """
    un_a_la_fois(DOMAINES)
    ligne = PropositionComptages.objects.select_for_update().get(pk=proposition)
    pas = passage(COMPTAGES, ligne.statut, geste, auteur, motif, objet=ligne)
    if geste is not GesteComptages.RETIRER and ligne.auteur_id == auteur.cle:
        raise GesteImpossible(SIEN)
    if geste is GesteComptages.RETIRER and ligne.auteur_id not in (None, auteur.cle):
        raise GesteImpossible(D_UN_AUTRE)
    if geste is GesteComptages.CONFIRMER:
        separer_du_comptage(geste, auteur)
    ligne.juge_par_id, ligne.commentaire = auteur.cle, motif
    details = {"valeurs": _prendre(lignes_de(ligne))} if geste is GesteComptages.CONFIRMER else {}
    with contraintes_dites():
        franchir(ligne, pas, auteur, motif=motif, details=details)
    return ligne


def _prendre(lues: Sequence[LigneComptage]) -> list[list[object]]:
    """Each count of a domain on a day takes the place of the one before, which is told."""
    avant = {
        (fourni.domaine, fourni.date): [fourni.nombre, fourni.source]
        for fourni in ComptageFourni.objects.filter(domaine__in={lue.domaine for lue in lues})
    }
    ComptageFourni.objects.bulk_create(
        (
            ComptageFourni(domaine=lue.domaine, date=lue.date, nombre=lue.nombre, source=lue.source)
            for lue in lues
        ),
        update_conflicts=True,
        unique_fields=["domaine", "date"],
        update_fields=["nombre", "source"],
    )
    return [
        [lue.domaine, lue.date.isoformat(), avant.get((lue.domaine, lue.date)), [lue.nombre, lue.source]]
        for lue in lues
    ]


def _domaines() -> frozenset[str]:
    return frozenset(DomaineOperateur.objects.values_list("domaine", flat=True))
