"""The budgets that decisions draw on, opened and changed by the administration (GST-029)."""

from collections.abc import Collection
from decimal import Decimal

from django.db import transaction

from segurnum import couloirs
from segurnum.base.contraintes import contraintes_dites
from segurnum.comptes.auteurs import Auteur
from segurnum.comptes.droits import reserve
from segurnum.journal.services import consigner
from segurnum.paiements.models import Enveloppe
from segurnum.referentiel.suivi import Ecrites, exiger_la_meme, fait, marque
from segurnum.regles.argent import en_euros
from segurnum.regles.erreurs import GesteImpossible
from segurnum.regles.gestes import GesteReference

REGLER = "REGLER_ENVELOPPE"


def marque_de(enveloppe: Enveloppe | None) -> str:
    return marque(_ecrites(enveloppe))


@reserve(GesteReference.REGLER_ENVELOPPE)
@transaction.atomic
def regler(
    *,
    enveloppe: int | None,
    libelle: str,
    dsr: Collection[str],
    montant: Decimal,
    vue: str,
    auteur: Auteur,
) -> Enveloppe:
    """Open a budget (euros), or change one as it was read (`vue`). Never under what was decided on it.

    Raises GesteImpossible, with the field at fault.
    """
    ligne = Enveloppe.objects.select_for_update().get(pk=enveloppe) if enveloppe else Enveloppe()
    avant = _ecrites(ligne if enveloppe else None)
    exiger_la_meme(vue, avant, "Cette enveloppe")
    if not dsr:
        raise GesteImpossible("Choisissez au moins un couloir que cette enveloppe finance.", champ="dsr")
    if montant < ligne.decide:
        raise GesteImpossible(
            f"{en_euros(ligne.decide)} y sont déjà décidés : le montant ne peut pas être moindre.",
            champ="montant",
        )
    _refuser_les_partages(ligne, dsr)
    ligne.libelle, ligne.montant = libelle.strip(), montant
    ligne.dsr = sorted(couloirs.par_dsr(un).dsr for un in dsr)
    with contraintes_dites():
        ligne.save()
    if ecrit := fait(f"enveloppe:{ligne.pk}", REGLER, auteur, avant, _ecrites(ligne)):
        consigner([ecrit])
    return ligne


def _refuser_les_partages(ligne: Enveloppe, dsr: Collection[str]) -> None:
    """Of two envelopes for one DSR, decisions would draw on the older only."""
    autres = Enveloppe.objects.select_for_update().exclude(pk=ligne.pk).filter(dsr__overlap=list(dsr))
    for autre in autres:
        communs = ", ".join(sorted(set(autre.dsr) & set(dsr)))
        raise GesteImpossible(
            f"{communs} est déjà financé par l'enveloppe « {autre.libelle} » : retirez-le d'abord de celle-ci.",
            champ="dsr",
        )


def _ecrites(enveloppe: Enveloppe | None) -> Ecrites:
    if enveloppe is None:
        return {}
    return {
        "libelle": enveloppe.libelle,
        "dsr": ", ".join(enveloppe.dsr),
        "montant": en_euros(enveloppe.montant),
    }
