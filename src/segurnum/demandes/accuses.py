"""The receipt of what was deposited: one mail for the requests that came together (REQ-070)."""

from collections.abc import Sequence
from datetime import datetime

from segurnum.courriels.services import Envoi, envoyer
from segurnum.courriels.textes import rediger
from segurnum.demandes.models import Demande
from segurnum.regles.argent import en_euros
from segurnum.regles.calendrier import instant_long


def accuser_reception(*, demandes: Sequence[Demande], recu_le: datetime, sujet: str = "") -> None:
    """To the address given at enrolment. `sujet`: what they came with; a request that came alone is its own."""
    if not demandes:
        return
    premiere = demandes[0]
    texte = rediger(
        "M65",
        recu_le=instant_long(recu_le),
        siret=premiere.entreprise.siret,
        couloir=premiere.couloir.libelle,
        type=premiere.type.libelle.lower(),
        nombre=len(demandes),
        demandes="\n".join(map(_ligne, demandes)),
    )
    destinataire = premiere.dossier.enrolement.courriel
    envoyer([Envoi(code="M65", texte=texte, destinataire=destinataire, sujet=sujet or premiere.objet)])


def _ligne(demande: Demande) -> str:
    declare = demande.montant_declare
    montant = f", {en_euros(declare)} HT" if declare is not None else ""
    return f"- {demande.numero}{montant}"
