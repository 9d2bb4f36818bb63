"""What time does to recovery orders. A sweep over stored dates: late, or run twice, it gives the same result."""

from datetime import datetime

from django.conf import settings

from segurnum.comptes.auteurs import PORTAIL
from segurnum.entretien.balayages import un_par_un
from segurnum.recouvrements import cycle
from segurnum.recouvrements.models import Recouvrement
from segurnum.regles.calendrier import fin_de_journee, jours_apres
from segurnum.regles.cycles_recouvrements import STATUTS_DUS, GesteRecouvrement


def relancer(*, instant: datetime) -> int:
    """Remind of what is due and not paid, the day after, then at regular intervals. Returns how many."""
    dus = Recouvrement.objects.filter(statut__in=STATUTS_DUS, relance_le__lte=instant)

    def passer(cle: int) -> bool:
        ligne = cycle.verrouiller(cle)
        if ligne.statut not in STATUTS_DUS or ligne.relance_le is None or ligne.relance_le > instant:
            return False  # settled, or reminded by another sweep meanwhile
        pas = cycle.passage(ligne, GesteRecouvrement.RELANCER, PORTAIL)
        ligne.relance_le = fin_de_journee(jours_apres(instant, settings.RECOUVREMENT_RELANCE_JOURS))
        cycle.franchir(ligne, pas, PORTAIL)
        return True

    return un_par_un(list(dus.order_by("pk").values_list("pk", flat=True)), passer)
