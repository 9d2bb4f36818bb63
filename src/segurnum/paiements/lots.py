"""What an accountant does to many payments at once."""

from collections.abc import Iterable

from segurnum.comptes.auteurs import Auteur
from segurnum.paiements import services
from segurnum.paiements.models import Versement
from segurnum.regles.erreurs import RefusMetier
from segurnum.regles.lots import Bilan


def mettre_en_paiement(*, versements: Iterable[int], auteur: Auteur) -> Bilan:
    """Hand these payments to the bank, oldest first, each by itself: one that is refused stops none of the others."""
    bilan = Bilan()
    lus = Versement.objects.filter(pk__in=list(versements)).order_by("pk")
    for cle, numero in list(lus.values_list("pk", "decision__demande__numero")):
        try:
            services.mettre_en_paiement(versement=cle, auteur=auteur)
        except RefusMetier as refus:
            bilan.refus.append(f"{numero} : {refus}")
        else:
            bilan.faits += 1
    return bilan
