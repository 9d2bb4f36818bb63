"""One financing per beneficiary: inside the file, and with what the portal already knows."""

from __future__ import annotations

from segurnum.controles.constats import citer
from segurnum.controles.depot import Depot
from segurnum.controles.metier import Trouvailles, regle
from segurnum.regles.cycles import TypeDemande


@regle(
    code="3435",
    titre="Bénéficiaire en double dans le fichier",
    explication="Le même bénéficiaire figure deux fois dans le fichier : il n'est financé qu'une fois.",
    remede="Ne gardez le bénéficiaire que dans une demande.",
)
def beneficiaire_unique(depot: Depot) -> Trouvailles:
    """Said at the second occurrence."""
    vus: dict[str, int] = {}
    for chemin, identifiant in depot.identifiants:
        if identifiant in vus:
            message = (
                f"Le bénéficiaire {citer(identifiant)} figure déjà dans la demande de rang "
                f"{vus[identifiant] + 1} du fichier : une seule fois est attendue."
            )
            yield chemin, message
        vus.setdefault(identifiant, int(chemin[1]))


@regle(
    code="3436",
    titre="Bénéficiaire déjà financé",
    exige=("beneficiaires_finances",),
    explication="Le bénéficiaire est déjà financé, ou demandé par une autre demande, au titre du même DSR.",
    remede="Retirez le bénéficiaire ; s'il conteste le premier financement, adressez-vous à l'assistance.",
)
def beneficiaire_non_finance(depot: Depot) -> Trouvailles:
    """Asked once for the whole file; a balance naturally finds again the beneficiaries of its own advance."""
    siens = _ceux_de_l_avance(depot)
    for chemin, identifiant in depot.identifiants:
        connu = depot.deja_finances.get(identifiant)
        if connu is not None and identifiant not in siens.get(int(chemin[1]), ()):
            yield chemin, f"Le bénéficiaire {citer(identifiant)} est déjà financé ou demandé {connu}."


def _ceux_de_l_avance(depot: Depot) -> dict[int, frozenset[str]]:
    """By rank, the beneficiaries of the advance that a balance continues."""
    if depot.type is TypeDemande.AVANCE:
        return {}
    connues = {rang: depot.avances.get(numero) for rang, _, numero in depot.dossiers}
    return {rang: avance.beneficiaires for rang, avance in connues.items() if avance is not None}
