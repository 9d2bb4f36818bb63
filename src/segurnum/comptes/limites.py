"""How often something may be tried, whoever asks and whatever process answers."""

from datetime import timedelta

from segurnum.comptes.models import Essai
from segurnum.regles.calendrier import maintenant

GARDE = timedelta(days=1)


def permettre(cle: str, *, maximum: int, duree: timedelta) -> bool:
    """Count a try under this key. False once `maximum` tries were counted during the last `duree`."""
    instant = maintenant()
    if Essai.objects.filter(cle=cle, instant__gt=instant - duree).count() >= maximum:
        return False
    Essai.objects.create(cle=cle, instant=instant)
    return True


def oublier(cle: str) -> None:
    """Start counting again, after a success."""
    Essai.objects.filter(cle=cle).delete()


def nettoyer() -> None:
    """Forget the tries that no limit looks at any more."""
    Essai.objects.filter(instant__lt=maintenant() - GARDE).delete()
