"""The life cycle of an enrolment: lock, look up the step, take the status, journal, mail."""

from datetime import datetime
from typing import Any

from django.conf import settings

from segurnum.comptes.auteurs import Auteur
from segurnum.courriels import services as courriels
from segurnum.courriels.textes import rediger
from segurnum.enrolements.models import STATUTS_OUVERTS, Enrolement
from segurnum.enrolements.pieces import TypePiece
from segurnum.journal import cycle
from segurnum.notifications import services as notifications
from segurnum.regles import calendrier
from segurnum.regles.cycles_enrolement import ENROLEMENT, GesteEnrolement, Passage, StatutEnrolement


def verrouiller(cle: int) -> Enrolement:
    """The enrolment, held until the end of the transaction."""
    return (
        Enrolement.objects.select_for_update(of=("self",))
        .select_related("entreprise", "referencement")
        .get(pk=cle)
    )


def attendues(enrolement: Enrolement) -> tuple[TypePiece, ...]:
    """The pieces that the officer named, while they are awaited; none where only a text says what is."""
    if enrolement.statut is not StatutEnrolement.EN_ATTENTE_PIECE:
        return ()
    return tuple(TypePiece(code) for code in enrolement.pieces_attendues)


def passage(enrolement: Enrolement, geste: GesteEnrolement, auteur: Auteur, motif: str = "") -> Passage:
    return cycle.passage(ENROLEMENT, enrolement.statut, geste, auteur, motif, objet=enrolement)


def franchir(
    enrolement: Enrolement,
    pas: Passage,
    auteur: Auteur,
    *,
    motif: str = "",
    courriel: dict[str, Any] | None = None,
) -> Enrolement:
    """Make the step; what the officer writes is what the applicant reads.

    `courriel`: what the step's mail says besides the enrolment.
    """
    enrolement.commentaire = motif or enrolement.commentaire
    enrolement.relances = 0
    enrolement.suivi_expire_le = fin_du_suivi(pas.vers)
    cycle.franchir(enrolement, pas, auteur, motif=motif)
    if pas.courriel:
        ecrire(enrolement, pas.courriel, **courriel or {})
    notifications.noter_geste(entreprise=enrolement.entreprise, geste=pas.geste, numero=enrolement.numero)
    return enrolement


def fin_du_suivi(statut: StatutEnrolement | None) -> datetime | None:
    """When the follow-up links of a request that has just come to this status end; None while it is still awaited."""
    if statut is StatutEnrolement.REJETEE or statut in STATUTS_OUVERTS:
        return calendrier.jours_apres(calendrier.maintenant(), settings.SUIVI_ENROLEMENT)
    return None


def ecrire(enrolement: Enrolement, code: str, **valeurs: Any) -> None:
    """A mail of the enrolment, to the address that receives them all (ENR-043, ENR-044)."""
    texte = rediger(
        code,
        numero=enrolement.numero,
        depose_le=calendrier.date_fr(enrolement.depose_le),
        numero_ans=enrolement.referencement.numero_ans,
        anticipe=enrolement.anticipe,
        est_dpi=enrolement.referencement.est_dpi,
        attend_certificats=enrolement.statut is StatutEnrolement.VALIDATION_PARTIELLE,
        motif=enrolement.commentaire,
        suivi_jusqu_au=_jour(enrolement.suivi_expire_le),
        attendues="\n".join(f"- {piece.libelle}" for piece in attendues(enrolement)),
        **valeurs,
    )
    courriels.envoyer(
        [courriels.Envoi(code=code, texte=texte, destinataire=enrolement.courriel, sujet=enrolement.chaine)]
    )


def _jour(instant: datetime | None) -> str:
    return calendrier.date_fr(instant) if instant else ""
