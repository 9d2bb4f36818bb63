"""Proving the ledger: on demand, and each night, when the administration is told of what is found."""

from collections.abc import Callable

from django.db import transaction

from segurnum.comptes.queries import administrateurs
from segurnum.courriels import services as courriels
from segurnum.courriels.textes import rediger
from segurnum.grand_livre.models import Controle
from segurnum.grand_livre.verification import anomalies, operations
from segurnum.installation.verification import instantane
from segurnum.regles.calendrier import instant_long, maintenant

PHRASES_GARDEES = 50
PHRASES_ECRITES = 10  # in the mail


def verifier(*, dire: Callable[[str], object] = lambda _phrase: None) -> Controle:
    """Prove the ledger against the tables, all in one instant, and keep what was found. `dire`: hears each anomaly."""
    trouvees: list[str] = []
    nombre, instant = 0, maintenant()
    with instantane():
        ecritures = operations()
        for phrase in anomalies():
            nombre += 1
            dire(phrase)
            if nombre <= PHRASES_GARDEES:
                trouvees.append(phrase)
    return Controle.objects.create(fait_le=instant, ecritures=ecritures, anomalies=nombre, phrases=trouvees)


@transaction.atomic
def veiller() -> Controle:
    """What each night does: whoever administers the portal is written to when something is wrong."""
    fait = verifier()
    if fait.anomalies:
        courriels.envoyer(_courriel(fait, agent.email) for agent in administrateurs())
    return fait


def _courriel(fait: Controle, destinataire: str) -> courriels.Envoi:
    texte = rediger(
        "M87",
        fait_le=instant_long(fait.fait_le),
        anomalies=fait.anomalies,
        trouvees="\n".join(f"- {phrase}" for phrase in fait.phrases[:PHRASES_ECRITES]),
        suite=max(fait.anomalies - PHRASES_ECRITES, 0),
    )
    return courriels.Envoi(code="M87", texte=texte, destinataire=destinataire, sujet="grand-livre")
