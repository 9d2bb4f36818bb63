"""Reading the counters and the switches."""

from segurnum.limites.models import Compteur, Interrupteur
from segurnum.regles.calendrier import maintenant


def compte(cle: str) -> int:
    """What is counted under a key now."""
    return (
        Compteur.objects.filter(cle=cle, expire_le__gt=maintenant()).values_list("nombre", flat=True).first()
        or 0
    )


def interrupteurs() -> list[Interrupteur]:
    """Every switch, in the order that they are declared in; one that nobody touched is open."""
    connus = {ligne.cle: ligne for ligne in Interrupteur.objects.select_related("auteur")}
    return [connus.get(cle) or Interrupteur(cle=cle, actif=False) for cle in Interrupteur.Cle]


def fermes() -> dict[str, str]:
    """What is closed now, with its reason. One light statement, and the effect is immediate everywhere."""
    return dict(Interrupteur.objects.filter(actif=True).values_list("cle", "motif"))
