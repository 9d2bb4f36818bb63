"""What keeps the portal from writing on anybody's behalf: how many mails that strangers may cause leave in a day.

Only those: a mail about a request, a decision, a payment or a deadline always leaves.
"""

from datetime import timedelta

from django.utils.crypto import salted_hmac

from segurnum.courriels.models import Courriel
from segurnum.limites.services import compter

# Written to an address because somebody typed it, and not because it was shown to be theirs.
SOLLICITES = frozenset({"M01", "M05", "M06", "M07", "M14", "M15", "M24", "M30", "M50"})
JOUR = timedelta(days=1)
PAR_DESTINATAIRE = 20  # of one kind: who floods one does not stop another
PAR_RESEAU = 100


def motif_de_retenue(courriel: Courriel) -> str:
    """Count a mail that is about to leave, in the transaction that sends it. Empty, or why it does not leave."""
    if courriel.code not in SOLLICITES or courriel.relache_le is not None:
        return ""
    destinataire = salted_hmac("segurnum.courriels", courriel.destinataire.casefold(), algorithm="sha256")
    cle = f"courriel:{courriel.code}:{destinataire.hexdigest()[:32]}"
    if compter(cle, maximum=PAR_DESTINATAIRE, duree=JOUR) is not None:
        return f"{PAR_DESTINATAIRE} courriels de cette sorte sont déjà partis à cette adresse en un jour."
    if courriel.reseau and compter(f"courriel:{courriel.reseau}", maximum=PAR_RESEAU, duree=JOUR) is not None:
        return f"{PAR_RESEAU} courriels demandés depuis un même réseau sont déjà partis en un jour."
    return ""
