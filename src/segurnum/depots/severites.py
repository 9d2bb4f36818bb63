"""The severity of the rules that may be settled: an error, or a warning, from an instant on and for a reason."""

from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction

from segurnum.comptes.auteurs import Auteur
from segurnum.comptes.droits import reserve
from segurnum.controles import Code, Severite, catalogue
from segurnum.depots.models import SeveriteRegle
from segurnum.journal.services import Fait, consigner
from segurnum.regles.calendrier import maintenant
from segurnum.regles.erreurs import GesteImpossible
from segurnum.regles.gestes import GesteReference

REGLER = "REGLER_CONTROLE"


@dataclass(frozen=True)
class RegleReglable:
    """A rule that the administration may settle: as it is published, what it is today, why and since when."""

    publiee: Code
    severite: Severite
    motif: str = ""
    depuis: datetime | None = None


def en_vigueur(instant: datetime) -> dict[str, Severite]:
    """The severities that differ from the published ones at this instant, by code."""
    lignes = _lignes(instant)
    codes = catalogue() if lignes else {}
    return {
        code: Severite(ligne.severite)
        for code, ligne in lignes.items()
        if code in codes and codes[code].reglable and codes[code].severite != ligne.severite
    }


def reglables() -> list[RegleReglable]:
    """Every rule that may be settled, in the order of the codes."""
    lignes = _lignes(maintenant())
    return [_reglable(code, lignes.get(code.code)) for code in catalogue().values() if code.reglable]


def reglable(code: str) -> RegleReglable | None:
    """One of them; None for a code that is not to be settled."""
    return next((regle for regle in reglables() if regle.publiee.code == code), None)


def catalogue_en_vigueur() -> list[Code]:
    """The catalogue as it judges now."""
    reglees = en_vigueur(maintenant())
    return [replace(code, severite=reglees.get(code.code, code.severite)) for code in catalogue().values()]


@reserve(GesteReference.REGLER_CONTROLES)
@transaction.atomic
def regler(*, code: str, severite: Severite, motif: str, auteur: Auteur) -> None:
    """Make an error or a warning of a rule, from now on; what was deposited keeps the report it got.

    Raises GesteImpossible for a rule that is not to be settled, or that is so already.
    """
    regle = reglable(code)
    if regle is None:
        raise GesteImpossible(f"La gravité de la règle {code} ne se règle pas.")
    if regle.severite == severite:
        raise GesteImpossible(f"La règle {code} est déjà de cette gravité.")
    if not motif.strip():
        raise GesteImpossible("Indiquez pourquoi la gravité change.")
    SeveriteRegle.objects.create(code=code, severite=severite, motif=motif.strip(), depuis=maintenant())
    fait = Fait(
        chaine=f"regle:{code}",
        objet=f"regle:{code}",
        geste=REGLER,
        auteur=auteur,
        avant=regle.severite,
        apres=severite,
        motif=motif.strip(),
    )
    consigner([fait])


def _lignes(instant: datetime) -> dict[str, SeveriteRegle]:
    """The last line of each code."""
    return {
        ligne.code: ligne
        for ligne in SeveriteRegle.objects.filter(depuis__lte=instant).order_by("depuis", "pk")
    }


def _reglable(code: Code, ligne: SeveriteRegle | None) -> RegleReglable:
    if ligne is None:
        return RegleReglable(code, code.severite)
    return RegleReglable(code, Severite(ligne.severite), ligne.motif, ligne.depuis)
