"""Rows that are ticked, then a gesture on all of them: this page's, or the whole result's."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest

from segurnum.controles.problemes import en_nombre
from segurnum.kits.tableau import Tableau
from segurnum.regles.erreurs import GesteImpossible
from segurnum.regles.lots import Bilan
from segurnum.seuil.entrees import entier

TOUTES = "toutes"
REFUS_MONTRES = 5


def cochees(tableau: Tableau, lignes: QuerySet[Any], requete: HttpRequest) -> list[int]:
    """The keys of what was ticked; or of all that the filters of the address find among `lignes`.

    Raises GesteImpossible when nothing is ticked, and when the whole result is not what the page counted.
    """
    comptees = requete.POST.get(TOUTES)
    if comptees is None:
        return _une_a_une(tableau, requete)
    trouvees = tableau.filtrer(lignes, requete.GET).order_by(*tableau.ordre)
    cles = list(trouvees.values_list("pk", flat=True)[: tableau.seuil + 1])
    if str(len(cles)) != comptees:
        raise GesteImpossible(
            f"La liste a changé depuis que vous l'avez ouverte : elle a maintenant {en_nombre(len(cles), 'ligne')}. "
            "Rien n'a été fait : vérifiez-la, puis recommencez."
        )
    return cles


def _une_a_une(tableau: Tableau, requete: HttpRequest) -> list[int]:
    if tableau.choix is None:
        raise TypeError(f"« {tableau.legende} » ne dit pas comment ses lignes se cochent")
    lues = (entier(valeur) for valeur in requete.POST.getlist(tableau.choix.nom))
    if cles := [cle for cle in lues if cle is not None]:
        return cles
    raise GesteImpossible(f"Cochez au moins {tableau.choix.un}.")


def dire_le_bilan(requete: HttpRequest, bilan: Bilan, phrase: Callable[[int], str]) -> None:
    """What was made (`phrase`, given how many), then why the others were not."""
    if bilan.faits:
        messages.success(requete, phrase(bilan.faits))
    for refus in bilan.refus[:REFUS_MONTRES]:
        messages.warning(requete, refus)
    if (autres := len(bilan.refus) - REFUS_MONTRES) > 0:
        messages.warning(requete, f"Et {en_nombre(autres, 'autre')}, pour les mêmes raisons.")
