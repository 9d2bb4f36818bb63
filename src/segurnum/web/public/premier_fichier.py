"""An unknown person's draft keeps a file only once a person, not a robot, has shown itself: the disk is nobody's.

Asked once for a draft, beside the first file; what else was typed is kept whatever the answer.
"""

from typing import Any

from django.http import HttpRequest

from segurnum.web.commun.captcha import FormulaireProtege
from segurnum.web.commun.enrolement.formulaires import FormulaireEtape
from segurnum.web.commun.enrolement.parcours import Parcours

PHRASE = (
    "Vos fichiers n'ont pas été gardés : faites la vérification demandée en bas de la page, puis choisissez-les de "
    "nouveau. Elle n'est demandée qu'une fois, et le reste de votre saisie est gardé."
)
_SESSION = "brouillon_prouve"


class FormulairePreuve(FormulaireProtege):
    """The captcha alone, beside the fields of a step."""


def fichiers_permis(requete: HttpRequest, parcours: Parcours) -> Any:
    """The files that came, if this draft may keep some; none when the proof that came with them is not accepted."""
    if not requete.FILES or prouve(requete, parcours):
        return requete.FILES
    preuve = FormulairePreuve(requete.POST, requete=requete)
    if not preuve.is_valid():
        requete.preuve_refusee = preuve  # type: ignore[attr-defined]
        return {}
    requete.session[_SESSION] = _cle(parcours)
    return requete.FILES


def refuses(requete: HttpRequest) -> bool:
    """True when files came and were not taken."""
    return hasattr(requete, "preuve_refusee")


def preuve_a_montrer(
    requete: HttpRequest, parcours: Parcours, form: FormulaireEtape
) -> FormulairePreuve | None:
    """The captcha of the page; None where no file is asked, and once the draft needs none."""
    if not form.champs_pieces or prouve(requete, parcours):
        return None
    return getattr(requete, "preuve_refusee", None) or FormulairePreuve(requete=requete)


def prouve(requete: HttpRequest, parcours: Parcours) -> bool:
    return parcours.brouillon is not None and requete.session.get(_SESSION) == _cle(parcours)


def _cle(parcours: Parcours) -> str:
    return str(parcours.brouillon.pk) if parcours.brouillon else ""
