"""One financing per beneficiary: inside the file, and with what the portal already knows."""

from __future__ import annotations

from segurnum.controles.catalogue import AVERTISSEMENT
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
    explication="Le bénéficiaire est déjà financé, ou demandé par une autre de vos demandes, au titre du même DSR : il "
    "ne l'est qu'une fois. Demandé par un autre fournisseur et pas encore validé, c'est un avertissement : le premier "
    "dépôt n'a pas forcément raison, et un gestionnaire tranche.",
    remede="Retirez le bénéficiaire ; s'il conteste un financement validé, adressez-vous à l'assistance. Sur un "
    "avertissement, vérifiez que sa commande est bien la vôtre : s'il est contesté, vous aurez dix jours ouvrés pour "
    "répondre.",
)
def beneficiaire_non_finance(depot: Depot) -> Trouvailles:
    """Asked once for the whole file; a balance naturally finds again the beneficiaries of its own advance."""
    siens = _ceux_de_l_avance(depot)
    for chemin, identifiant in depot.identifiants:
        connu = depot.deja_finances.get(identifiant)
        if connu is None or identifiant in siens.get(int(chemin[1]), ()):
            continue
        if connu.concurrent:
            message = (
                f"Le bénéficiaire {citer(identifiant)} est aussi demandé {connu.par} : la demande peut être déposée, "
                "et un gestionnaire dira à qui il revient."
            )
            yield chemin, message, AVERTISSEMENT
        else:
            yield chemin, f"Le bénéficiaire {citer(identifiant)} est déjà financé ou demandé {connu.par}."


def _ceux_de_l_avance(depot: Depot) -> dict[int, frozenset[str]]:
    """By rank, the beneficiaries of the advance that a balance continues."""
    if depot.type is TypeDemande.AVANCE:
        return {}
    connues = {rang: depot.avances.get(numero) for rang, _, numero in depot.dossiers}
    return {rang: avance.beneficiaires for rang, avance in connues.items() if avance is not None}
