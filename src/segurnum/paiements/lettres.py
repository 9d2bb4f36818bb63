"""The letter of a decision among the pieces of its request: joined once, and marked when the decision is cancelled."""

import io

from segurnum.comptes.models import CoordonneesBancaires
from segurnum.demandes.models import PieceJustificative
from segurnum.fichiers import services as fichiers
from segurnum.paiements import documents
from segurnum.paiements.models import Decision
from segurnum.regles.calendrier import date_longue, maintenant
from segurnum.regles.cycles import TypeDemande


def joindre(decision: Decision, compte: CoordonneesBancaires) -> None:
    """The avance and the solde of a dossier have each their own."""
    demande = decision.demande
    suite = "_solde" if demande.type is TypeDemande.SOLDE else ""
    nom = f"decision_attribution{suite}_{demande.dossier.numero}"
    octets = documents.lettre_de_decision(decision, compte)
    PieceJustificative.objects.create(
        demande=demande,
        nom=f"{nom}.pdf",
        type=nom,
        origine=PieceJustificative.Origine.AGENCE,
        fichier=fichiers.deposer(flux=io.BytesIO(octets)),
        depose_le=decision.prise_le,
    )


def marquer_annulee(decision: Decision, motif: str) -> None:
    """Whoever opens it from now on reads that it counts no more, on every avenant of the request."""
    siennes = PieceJustificative.objects.filter(
        demande__numero=decision.demande.numero,
        origine=PieceJustificative.Origine.AGENCE,
        type__startswith="decision_attribution",
    )
    versement = decision.versements.order_by("pk").select_related("compte_bancaire").first()
    if versement is None or not siennes.exists():
        return
    mention = f"Décision annulée le {date_longue(maintenant())}. Motif : {motif}"
    octets = documents.lettre_de_decision(decision, versement.compte_bancaire, annulation=mention)
    siennes.update(fichier=fichiers.deposer(flux=io.BytesIO(octets)))
