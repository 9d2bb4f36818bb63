"""Every write of the referential of ANS numbers: each one says who, when and what in the journal (GST-009)."""

import hashlib
import io
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.db import IntegrityError, transaction

from segurnum.base.contraintes import contraintes_dites
from segurnum.comptes.auteurs import Auteur
from segurnum.comptes.droits import reserve
from segurnum.fichiers import services as fichiers
from segurnum.journal.preuves import prouver_chacune
from segurnum.journal.services import Fait, consigner
from segurnum.limites.quotas import admettre
from segurnum.referentiel.models import ImportReferencements, Referencement
from segurnum.referentiel.saisie import CHAMPS, Valeurs, ecrire
from segurnum.referentiel.tableur import Effet, Ligne, analyser, changements, dsr_tenu
from segurnum.regles.calendrier import maintenant
from segurnum.regles.erreurs import GesteImpossible
from segurnum.regles.gestes import GesteReference

CREER, MODIFIER = "REFERENCER", "MODIFIER_REFERENCEMENT"


@reserve(GesteReference.TENIR_REFERENTIEL)
@transaction.atomic
def creer(*, valeurs: Valeurs, auteur: Auteur) -> Referencement:
    """A new number. Raises GesteImpossible when it is there already."""
    with contraintes_dites():
        reference = Referencement.objects.create(**valeurs)
    consigner(_creations([reference], auteur))
    return reference


@reserve(GesteReference.TENIR_REFERENTIEL)
@transaction.atomic
def modifier(*, numero_ans: str, valeurs: Valeurs, vue: str, auteur: Auteur) -> bool:
    """Change a number as it was read (`vue`: its `marque`); False when nothing was to change.

    Raises GesteImpossible when somebody changed it meanwhile, or when its DSR is held by enrolments.
    """
    reference = Referencement.objects.select_for_update().get(numero_ans=numero_ans)
    if vue != marque(reference):
        raise GesteImpossible(
            f"Le numéro {numero_ans} a changé depuis que vous l'avez ouvert. Rien n'a été enregistré : "
            "rouvrez-le, puis refaites votre correction."
        )
    if refus := dsr_tenu(reference, valeurs["dsr"]):
        raise GesteImpossible(refus)
    changes = changements(reference, valeurs)
    if not changes:
        return False
    for champ, (_, apres) in changes.items():
        setattr(reference, champ, apres)
    reference.save(update_fields=list(changes))
    consigner(_modifications([(reference, changes)], auteur))
    return True


def marque(reference: Referencement) -> str:
    """What a page showed of a number, to tell later whether it still is so."""
    texte = "\n".join(ecrire(champ, getattr(reference, champ)) for champ in CHAMPS)
    return hashlib.sha256(texte.encode()).hexdigest()[:16]


@reserve(GesteReference.TENIR_REFERENTIEL)
def deposer_import(*, nom: str, octets: bytes, auteur: Auteur) -> ImportReferencements:
    """Keep a file to be looked at, then taken in or not. Nothing of the referential changes.

    Raises GesteImpossible while no file is taken.
    """
    admettre(octets=len(octets))
    fichier = fichiers.deposer(flux=io.BytesIO(octets))
    return ImportReferencements.objects.create(nom=nom, fichier=fichier, auteur_id=auteur.personne)


@reserve(GesteReference.TENIR_REFERENTIEL)
@transaction.atomic
def appliquer_import(*, importation: int, auteur: Auteur) -> ImportReferencements:
    """Take the whole file in, on the referential of now. Raises GesteImpossible: nothing is then half loaded."""
    ligne = ImportReferencements.objects.select_for_update(of=("self",)).get(pk=importation)
    if ligne.applique_le:
        raise GesteImpossible("Ce fichier est déjà importé : le référentiel en tient compte.")
    octets = fichiers.lire(ligne.fichier)
    # Locked before they are compared: what is compared is what will be changed.
    list(Referencement.objects.select_for_update().order_by("pk").values_list("pk"))
    rapport = analyser(octets)
    if not rapport.acceptable:
        raise GesteImpossible(
            "Le fichier n'est pas importé : une ligne au moins est en erreur. Rien n'a changé au référentiel."
        )
    ligne.crees = _creer_lignes(rapport.lignes, auteur)
    ligne.modifies = _modifier_lignes(rapport.lignes, auteur)
    ligne.applique_le = maintenant()
    ligne.save(update_fields=["crees", "modifies", "applique_le"])
    return ligne


def _creer_lignes(lignes: Iterable[Ligne], auteur: Auteur) -> int:
    nouveaux = [Referencement(**(ligne.valeurs or {})) for ligne in lignes if ligne.effet is Effet.NOUVEAU]
    try:
        with transaction.atomic():
            Referencement.objects.bulk_create(nouveaux)
    except IntegrityError as faute:
        raise GesteImpossible(
            "Un numéro de ce fichier vient d'être créé par quelqu'un d'autre : relisez le compte rendu."
        ) from faute
    consigner(_creations(nouveaux, auteur))
    return len(nouveaux)


def _modifier_lignes(lignes: Iterable[Ligne], auteur: Auteur) -> int:
    voulues = {
        ligne.numero_ans: dict(ligne.valeurs or {}) for ligne in lignes if ligne.effet is Effet.MODIFIE
    }
    modifies = list(Referencement.objects.filter(numero_ans__in=voulues))
    changees = []
    for reference in modifies:
        changes = changements(reference, voulues[reference.numero_ans])
        changees.append((reference, changes))
        for champ, (_, apres) in changes.items():
            setattr(reference, champ, apres)
    if modifies:
        Referencement.objects.bulk_update(modifies, CHAMPS)
    consigner(_modifications(changees, auteur))
    return len(modifies)


def _creations(references: Sequence[Referencement], auteur: Auteur) -> Iterator[Fait]:
    preuves = prouver_chacune(references)
    for reference in references:
        apres = {champ: ecrire(champ, getattr(reference, champ)) for champ in CHAMPS}
        valeurs = {champ: ["", valeur] for champ, valeur in apres.items() if valeur}
        yield _fait(reference, CREER, auteur, valeurs, preuves)


def _modifications(
    changees: Sequence[tuple[Referencement, dict[str, tuple[Any, Any]]]], auteur: Auteur
) -> Iterator[Fait]:
    """Of each, once it is written."""
    preuves = prouver_chacune(reference for reference, _ in changees)
    for reference, changes in changees:
        valeurs = {
            champ: [ecrire(champ, avant), ecrire(champ, apres)] for champ, (avant, apres) in changes.items()
        }
        yield _fait(reference, MODIFIER, auteur, valeurs, preuves)


def _fait(
    reference: Referencement,
    geste: str,
    auteur: Auteur,
    valeurs: dict[str, list[str]],
    preuves: dict[int, dict[str, Any]],
) -> Fait:
    return Fait(
        chaine=reference.chaine,
        objet=reference.chaine,
        geste=geste,
        auteur=auteur,
        details={"valeurs": valeurs} | preuves[reference.pk],
    )
