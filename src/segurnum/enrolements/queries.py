"""Reading enrolments."""

from django.db.models import Q, QuerySet

from segurnum import couloirs
from segurnum.comptes.models import Entreprise
from segurnum.enrolements.models import Enrolement


def qui_deposent_en_json(entreprise: Entreprise) -> QuerySet[Enrolement]:
    """The enrolments for which a JSON file may be simulated: validated, or anticipated (JSN-005, JSN-015)."""
    return (
        entreprise.enrolements.filter(
            Q(statut=Enrolement.Statut.VALIDEE) | Q(anticipe=True) & ~Q(statut=Enrolement.Statut.REJETEE),
            referencement__dsr__in=[couloir.dsr for couloir in couloirs.tous() if couloir.depot == "json"],
        )
        .select_related("referencement", "entreprise")
        .order_by("referencement__numero_ans")
    )


def de_l_entreprise(entreprise: Entreprise) -> QuerySet[Enrolement]:
    """Every enrolment of a company, the last deposited first."""
    return entreprise.enrolements.select_related("referencement", "entreprise").order_by("-depose_le", "-pk")
