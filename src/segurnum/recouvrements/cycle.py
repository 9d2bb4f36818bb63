"""The life cycle of a recovery order: lock, look up the step, take the status, journal in its dossier's chain, mail."""

from decimal import Decimal
from typing import Any

from segurnum.comptes.auteurs import Auteur
from segurnum.courriels import services as courriels
from segurnum.courriels.textes import rediger
from segurnum.demandes import services as demandes
from segurnum.demandes.cycle import verrouiller_lot
from segurnum.journal import cycle
from segurnum.notifications import services as notifications
from segurnum.paiements.models import Decision
from segurnum.recouvrements.models import Recouvrement
from segurnum.regles import calendrier
from segurnum.regles.argent import en_euros
from segurnum.regles.cycles_recouvrements import (
    RECOUVREMENT,
    STATUTS_DUS,
    GesteRecouvrement,
    Passage,
)


def verrouiller(cle: int, *aussi: int) -> Recouvrement:
    """The order, held with the requests that it is about, and those (`aussi`) that a gesture touches besides.

    Requests first and in one order, as every gesture on them does.
    """
    lue = Recouvrement.objects.values_list("demande", "decision__demande").get(pk=cle)
    tenues = {demande.pk: demande for demande in verrouiller_lot({*lue, *aussi})}
    ligne = (
        Recouvrement.objects.select_for_update(of=("self",))
        .select_related("decision", "entreprise", "demande__dossier__enrolement")
        .get(pk=cle)
    )
    ligne.decision.demande = tenues[lue[1]]
    return ligne


def passage(ligne: Recouvrement, geste: GesteRecouvrement, auteur: Auteur, motif: str = "") -> Passage:
    return cycle.passage(RECOUVREMENT, ligne.statut, geste, auteur, motif, objet=ligne)


def franchir(
    ligne: Recouvrement,
    pas: Passage,
    auteur: Auteur,
    *,
    motif: str = "",
    details: dict[str, Any] | None = None,
    phrase: str = "",
) -> Recouvrement:
    """Make the step. `phrase`: what happened, in the words of the mail."""
    if pas.vers not in STATUTS_DUS:
        ligne.relance_le = None
    cycle.franchir(ligne, pas, auteur, motif=motif, details=etat_de(ligne) | (details or {}))
    if pas.courriel:
        _ecrire(ligne, pas.courriel, motif=motif, phrase=phrase)
    notifications.noter_geste(entreprise=ligne.entreprise, geste=pas.geste, numero=ligne.demande.numero)
    return ligne


def ouvrir(ligne: Recouvrement, auteur: Auteur) -> Recouvrement:
    """Keep a new proposal, and journal it."""
    ligne.statut_depuis = ligne.propose_le
    ligne.save()
    cycle.noter(ligne, GesteRecouvrement.PROPOSER, auteur, motif=ligne.motif, details=etat_de(ligne))
    return ligne


def etat_de(ligne: Recouvrement) -> dict[str, Any]:
    """What the row says once the gesture is made, so that a row altered by force contradicts the journal."""
    return {
        "numero": ligne.nom,
        "etat": {
            "montant": f"{ligne.montant:.2f}",
            "recu": f"{ligne.recu:.2f}",
            "emetteur": str(ligne.emetteur_id or ""),
            "decision": str(ligne.decision_id),
            "echeance": str(ligne.echeance or ""),
            "total": str(ligne.total).lower(),
            "lettre": ligne.lettre.empreinte if ligne.lettre else "",
        },
    }


def le_verse_change(decision: Decision) -> None:
    """What was paid of an avance, less what is ordered back, has changed: its solde follows."""
    demandes.recalculer_le_solde(avance=decision.demande)


def _ecrire(ligne: Recouvrement, code: str, *, motif: str, phrase: str) -> None:
    """The mail of a step, to the address given at enrolment (REQ-070)."""
    texte = rediger(
        code,
        numero=ligne.nom,
        demande=ligne.demande.numero,
        siret=ligne.entreprise.siret,
        montant=en_euros(ligne.montant),
        recu=en_euros(ligne.recu),
        reste=en_euros(ligne.reste) if ligne.reste > Decimal(0) else "",
        echeance=calendrier.date_fr(ligne.echeance) if ligne.echeance else "",
        raison=ligne.motif,
        motif=motif,
        phrase=phrase,
    )
    destinataire = ligne.demande.dossier.enrolement.courriel
    # Beside the mails of the request, where both faces read them.
    courriels.envoyer(
        [courriels.Envoi(code=code, texte=texte, destinataire=destinataire, sujet=ligne.demande.objet)]
    )
