"""Every write of the model documents: imported one by one, submitted together, accepted or rejected.

Functions take keyword arguments only and raise `TransitionRefusee` or `GesteImpossible` with a sentence.
"""

from typing import Any

from django.db import transaction

from segurnum.comptes.auteurs import Auteur
from segurnum.comptes.droits import reserve
from segurnum.comptes.models import Entreprise
from segurnum.fichiers.models import Fichier
from segurnum.fichiers.services import exiger_sains
from segurnum.journal import pieces
from segurnum.journal.cycle import noter
from segurnum.modeles import cycle, queries
from segurnum.modeles.models import ModeleDocument
from segurnum.regles import calendrier
from segurnum.regles.cycles_modeles import GesteModele, StatutModele
from segurnum.regles.erreurs import GesteImpossible
from segurnum.regles.gestes import GesteEntreprise

MAXIMUM = 20  # files of one import
FERME = (
    "Ce modèle n'est pas ouvert à votre entreprise : il faut un enrôlement de la vague 2, validé au moins "
    "partiellement, dans son couloir."
)

# --- The supplier's side


@reserve(GesteEntreprise.IMPORTER_MODELE)
@transaction.atomic
def importer(
    *, entreprise: Entreprise, auteur: Auteur, type_modele: str, nom: str, fichier: Fichier
) -> ModeleDocument:
    """Keep a checked file in « Fichiers en cours d'import » (T1). Nobody else sees it yet."""
    _verrouiller(entreprise)
    if type_modele not in {propose.code for propose in queries.types_proposes(entreprise)}:
        raise GesteImpossible(FERME)
    en_cours = queries.en_import(entreprise)
    if en_cours.filter(nom__iexact=nom).exists():
        raise GesteImpossible(
            f"Un fichier nommé « {nom} » est déjà en cours d'import : supprimez-le, ou renommez le nouveau."
        )
    if en_cours.count() >= MAXIMUM:
        raise GesteImpossible(
            f"{MAXIMUM} fichiers sont déjà en cours d'import : validez votre import avant d'en ajouter d'autres."
        )
    instant = calendrier.maintenant()
    modele = ModeleDocument.objects.create(
        entreprise=entreprise,
        deposant_id=auteur.personne,
        type=type_modele,
        nom=nom,
        fichier=fichier,
        depose_le=instant,
        statut=StatutModele.EN_IMPORT,
        statut_depuis=instant,
    )
    noter(modele, pieces.JOINDRE, auteur, details=_identite(modele))
    return modele


@transaction.atomic
def supprimer(*, modele: int, auteur: Auteur) -> None:
    """Remove a file whose import is not validated: afterwards it stays (T2)."""
    ligne = cycle.verrouiller(modele)
    pas = cycle.passage(ligne, GesteModele.SUPPRIMER, auteur)
    noter(ligne, pas.geste, auteur, avant=pas.depuis, details=_identite(ligne))
    ligne.delete()


def _identite(modele: ModeleDocument) -> dict[str, Any]:
    return pieces.identite(
        nom=modele.nom, type_piece=modele.type, libelle=modele.libelle_type, fichier=modele.fichier
    )


@transaction.atomic
def soumettre(*, entreprise: Entreprise, auteur: Auteur) -> list[ModeleDocument]:
    """« Valider mon import »: every file in progress goes to the officers, together (T3)."""
    _verrouiller(entreprise)
    if not queries.types_proposes(entreprise):
        raise GesteImpossible(FERME)
    lignes = list(queries.en_import(entreprise).select_for_update(of=("self",)))
    if not lignes:
        raise GesteImpossible("Aucun fichier n'est en cours d'import : importez-en un avant de valider.")
    instant = calendrier.maintenant()
    for ligne in lignes:
        ligne.soumis_le = instant
        cycle.franchir(ligne, cycle.passage(ligne, GesteModele.SOUMETTRE, auteur), auteur)
    return lignes


# --- The officers' side


@transaction.atomic
def accepter(*, modele: int, auteur: Auteur, motif: str = "") -> ModeleDocument:
    lignes = ModeleDocument.objects.filter(pk=modele).select_related("fichier")
    exiger_sains((ligne.type, ligne.nom, ligne.fichier) for ligne in lignes)
    return _repondre(modele, GesteModele.ACCEPTER, auteur, motif)


@transaction.atomic
def rejeter(*, modele: int, auteur: Auteur, motif: str) -> ModeleDocument:
    """Say why: the company submits a corrected document, which is another one."""
    return _repondre(modele, GesteModele.REJETER, auteur, motif)


def _repondre(modele: int, geste: GesteModele, auteur: Auteur, motif: str) -> ModeleDocument:
    ligne = cycle.verrouiller(modele)
    pas = cycle.passage(ligne, geste, auteur, motif)
    ligne.instructeur_id = auteur.personne
    return cycle.franchir(ligne, pas, auteur, motif=motif)


def _verrouiller(entreprise: Entreprise) -> None:
    """Held while its import changes: two tabs of a company act one after the other."""
    Entreprise.objects.select_for_update(no_key=True).get(pk=entreprise.pk)
