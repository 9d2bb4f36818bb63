"""The figures that amounts are computed with: each holds from a day on, and is never rewritten."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from django.db import transaction

from segurnum import couloirs
from segurnum.base.contraintes import contraintes_dites
from segurnum.comptes.auteurs import Auteur
from segurnum.comptes.droits import reserve
from segurnum.couloirs.baremes import ChiffreRefuse
from segurnum.journal.services import consigner
from segurnum.referentiel.models import Bareme
from segurnum.referentiel.suivi import fait
from segurnum.regles.calendrier import date_fr
from segurnum.regles.erreurs import GesteImpossible
from segurnum.regles.gestes import GesteReference

AJOUTER = "AJOUTER_BAREME"


@reserve(GesteReference.AJOUTER_BAREME)
@transaction.atomic
def ajouter(
    *, dsr: str, date_effet: date, valeurs: Mapping[str, Decimal], source: str, auteur: Auteur
) -> Bareme:
    """New figures (euros HT) for a DSR, from a day on; earlier ones keep ruling earlier days.

    Raises GesteImpossible for a day that has its figures, or figures that are not those of the couloir.
    """
    couloir = couloirs.par_dsr(dsr)
    if couloir.bareme.par_table:
        raise GesteImpossible(
            f"{couloir.code} a une table de bénéficiaires éligibles : il n'a pas de barème."
        )
    try:
        lues = couloir.bareme.lire(valeurs)
    except ChiffreRefuse as refus:
        raise GesteImpossible(str(refus), champ=refus.nom) from refus
    ecrites = {nom: str(valeur) for nom, valeur in lues.items()}
    with contraintes_dites():
        bareme = Bareme.objects.create(
            dsr=couloir.dsr, date_effet=date_effet, valeurs=ecrites, source=source.strip()
        )
    apres = ecrites | {"date_effet": date_fr(date_effet), "source": bareme.source}
    if ecrit := fait(f"bareme:{bareme.dsr}", AJOUTER, auteur, {}, apres):
        consigner([ecrit])
    return bareme
