"""The budgets that decisions draw on: opened and settled by the administration (GST-029), drawn on by decisions.

Their amount is not settled here: it moves by what one person proposes and another approves (`grand_livre.mouvements`).
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from segurnum import couloirs
from segurnum.base.contraintes import contraintes_dites
from segurnum.comptes.auteurs import PORTAIL, Auteur
from segurnum.comptes.droits import reserve
from segurnum.grand_livre import mouvements
from segurnum.journal.services import Fait, consigner
from segurnum.paiements.models import Enveloppe
from segurnum.paiements.queries import enveloppes_de
from segurnum.referentiel.suivi import Ecrites, exiger_la_meme, fait, marque
from segurnum.regles.argent import en_euros
from segurnum.regles.calendrier import date_fr, jour_de_paris
from segurnum.regles.cycles_enveloppes import GenreMouvement
from segurnum.regles.erreurs import GesteImpossible
from segurnum.regles.gestes import GesteReference

REGLER = "REGLER_ENVELOPPE"


@dataclass(frozen=True, kw_only=True)
class Reglage:
    """What is settled of a budget. `rang`: decisions draw on the lowest first; days of Paris, both included."""

    libelle: str
    dsr: Collection[str]
    exercice: int
    rang: int = 1
    valable_du: date | None = None
    valable_au: date | None = None


def marque_de(enveloppe: Enveloppe | None) -> str:
    return marque(_ecrites(enveloppe))


@reserve(GesteReference.REGLER_ENVELOPPE)
@transaction.atomic
def ouvrir(*, reglage: Reglage, montant: Decimal, motif: str, vue: str, auteur: Auteur) -> Enveloppe:
    """Open a budget without credits, and propose those that it asks for (euros): another person approves them."""
    ouverte = regler(enveloppe=None, reglage=reglage, vue=vue, auteur=auteur)
    mouvements.proposer(
        genre=GenreMouvement.CREDIT, enveloppe=ouverte.pk, montant=montant, motif=motif, auteur=auteur
    )
    return ouverte


@reserve(GesteReference.REGLER_ENVELOPPE)
@transaction.atomic
def regler(*, enveloppe: int | None, reglage: Reglage, vue: str, auteur: Auteur) -> Enveloppe:
    """Open a budget without credits, or settle one as it was read (`vue`): all but its amount.

    Raises GesteImpossible, with the field at fault.
    """
    ligne = Enveloppe.objects.select_for_update().get(pk=enveloppe) if enveloppe else Enveloppe(montant=0)
    avant = _ecrites(ligne if enveloppe else None)
    exiger_la_meme(vue, avant, "Cette enveloppe")
    if not reglage.dsr:
        raise GesteImpossible("Choisissez au moins un couloir que cette enveloppe finance.", champ="dsr")
    for champ, valeur in asdict(reglage).items():
        setattr(ligne, champ, valeur)
    ligne.libelle = reglage.libelle.strip()
    ligne.dsr = sorted(couloirs.par_dsr(un).dsr for un in reglage.dsr)
    with contraintes_dites():
        ligne.save()
    if ecrit := fait(f"enveloppe:{ligne.pk}", REGLER, auteur, avant, _ecrites(ligne)):
        consigner([ecrit])
    return ligne


def ouvertures(enveloppes: Iterable[Enveloppe]) -> list[Fait]:
    """What the journal says of budgets that came with data, and that no gesture opened."""
    faits = (fait(f"enveloppe:{une.pk}", REGLER, PORTAIL, {}, _ecrites(une)) for une in enveloppes)
    return [ouverture for ouverture in faits if ouverture]


def engager(dsr: str, montant: Decimal, instant: datetime) -> Enveloppe:
    """Take an amount (euros) on the first envelope, in their order, that is valid that day and suffices (GST-016).

    Raises GesteImpossible, with what is left on each. The caller holds the transaction.
    """
    jour = jour_de_paris(instant)
    toutes = list(enveloppes_de(dsr).select_for_update())
    valables = [une for une in toutes if une.valable(jour)]
    for enveloppe in valables:
        if montant <= enveloppe.reste:
            enveloppe.decide += montant
            enveloppe.save(update_fields=["decide"])
            return enveloppe
    raise GesteImpossible(_pourquoi_aucune(dsr, montant, jour, toutes, valables))


def rendre(enveloppe: int, montant: Decimal) -> None:
    """Give back to an envelope what was decided on it, or what was repaid. The caller holds the transaction."""
    ligne = Enveloppe.objects.select_for_update().get(pk=enveloppe)
    ligne.decide -= montant
    ligne.save(update_fields=["decide"])


def _pourquoi_aucune(
    dsr: str, montant: Decimal, jour: date, toutes: Sequence[Enveloppe], valables: Sequence[Enveloppe]
) -> str:
    if not toutes:
        return f"Aucune enveloppe budgétaire ne finance {dsr} : ouvrez-en une avant de décider."
    if not valables:
        dites = " ; ".join(f"« {une} » {validite(une)}" for une in toutes)
        return f"Aucune enveloppe qui finance {dsr} n'est valable le {date_fr(jour)} : {dites}."
    dites = " ; ".join(f"sur « {une} », il reste {en_euros(une.reste)}" for une in valables)
    return f"Aucune enveloppe ne suffit à cette décision de {en_euros(montant)} : {dites}."


def validite(enveloppe: Enveloppe) -> str:
    """« du 01/01/2026 au 31/12/2026 », « à partir du 01/01/2026 », « jusqu'au 31/12/2026 », « sans limite »."""
    du, au = enveloppe.valable_du, enveloppe.valable_au
    if du and au:
        return f"du {date_fr(du)} au {date_fr(au)}"
    if du:
        return f"à partir du {date_fr(du)}"
    return f"jusqu'au {date_fr(au)}" if au else "sans limite"


def _ecrites(enveloppe: Enveloppe | None) -> Ecrites:
    if enveloppe is None:
        return {}
    return {
        "libelle": enveloppe.libelle,
        "dsr": ", ".join(enveloppe.dsr),
        "exercice": str(enveloppe.exercice),
        "validite": validite(enveloppe),
        "rang": str(enveloppe.rang),
    }
