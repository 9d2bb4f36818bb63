"""The one way through the life cycle of an enrolment: lock, step, status, journal, mail."""

from typing import Any

from segurnum.comptes.auteurs import Auteur
from segurnum.courriels import services as courriels
from segurnum.courriels.modeles import rediger
from segurnum.enrolements.models import Enrolement
from segurnum.journal import services as journal
from segurnum.regles import calendrier
from segurnum.regles.cycles import transition
from segurnum.regles.cycles_enrolement import ENROLEMENT, Etape, GesteEnrolement
from segurnum.regles.erreurs import exiger_motif


def verrouiller(cle: int) -> Enrolement:
    """The enrolment, held until the end of the transaction."""
    return (
        Enrolement.objects.select_for_update(of=("self",))
        .select_related("entreprise", "referencement")
        .get(pk=cle)
    )


def etape(enrolement: Enrolement, geste: GesteEnrolement, auteur: Auteur, motif: str = "") -> Etape:
    """The table's row for this gesture. Raises TransitionRefusee or GesteImpossible with the reason why not."""
    ligne = transition(ENROLEMENT, enrolement.statut_enum, geste, auteur.role)
    if ligne.motif_obligatoire:
        exiger_motif(motif)
    return ligne


def franchir(
    enrolement: Enrolement,
    pas: Etape,
    auteur: Auteur,
    *,
    motif: str = "",
    details: dict[str, Any] | None = None,
    courriel: dict[str, Any] | None = None,
) -> Enrolement:
    """Make the step; the enrolment is saved whole, with what the caller changed on it.

    `courriel`: what the step's mail says besides the enrolment.
    """
    if pas.vers is None:
        raise AssertionError("aucun geste ne supprime un enrôlement")
    instant = calendrier.maintenant()
    enrolement.statut, enrolement.statut_depuis = pas.vers, instant
    if motif:
        enrolement.commentaire = motif
    enrolement.save()
    consigner(enrolement, pas.geste, auteur, avant=pas.depuis, motif=motif, details=details)
    if pas.courriel:
        ecrire(enrolement, pas.courriel, **courriel or {})
    return enrolement


def consigner(
    enrolement: Enrolement,
    geste: str,
    auteur: Auteur,
    *,
    avant: str = "",
    motif: str = "",
    details: dict[str, Any] | None = None,
) -> None:
    journal.consigner(
        [
            journal.Fait(
                chaine=enrolement.chaine,
                objet=enrolement.chaine,
                geste=geste,
                role=auteur.role,
                acteur=auteur.cle,
                avant=avant,
                apres=enrolement.statut,
                motif=motif,
                details=details or {},
            )
        ]
    )


def ecrire(enrolement: Enrolement, code: str, **valeurs: Any) -> None:
    """A mail of the enrolment, to the address that receives them all (ENR-043, ENR-044)."""
    texte = rediger(
        code,
        numero=enrolement.numero,
        depose_le=calendrier.date_fr(enrolement.depose_le),
        numero_ans=enrolement.referencement.numero_ans,
        anticipe=enrolement.anticipe,
        est_dpi=enrolement.referencement.est_dpi,
        motif=enrolement.commentaire,
        **valeurs,
    )
    courriels.envoyer(
        [courriels.Envoi(code=code, texte=texte, destinataire=enrolement.courriel, sujet=enrolement.chaine)]
    )
