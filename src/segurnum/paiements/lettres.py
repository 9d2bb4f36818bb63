"""The letter of a decision among the pieces of its request: joined, corrected, marked when it is cancelled."""

import io
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from segurnum.comptes.auteurs import Auteur
from segurnum.comptes.models import CoordonneesBancaires
from segurnum.demandes.cycle import noter_piece
from segurnum.demandes.models import Demande, PieceJustificative
from segurnum.fichiers import services as fichiers
from segurnum.journal.pieces import LETTRE
from segurnum.journal.preuves import prouver
from segurnum.paiements import documents
from segurnum.paiements.models import Decision, Versement
from segurnum.regles.calendrier import date_longue, maintenant
from segurnum.regles.cycles import TypeDemande


def joindre(decision: Decision, compte: CoordonneesBancaires, *, auteur: Auteur) -> None:
    """The avance and the solde of a dossier have each their own."""
    demande = decision.demande
    suite = "_solde" if demande.type is TypeDemande.SOLDE else ""
    nom = f"decision_attribution{suite}_{demande.dossier.numero}"
    octets = documents.lettre_de_decision(decision, compte)
    # The decision and its payment are there now, as they were not when the request was decided.
    preuves = prouver(decision, *decision.versements.all())
    _ajouter(demande, nom, octets, decision.prise_le, auteur, preuves)


def rectifier(versement: Versement, *, auteur: Auteur) -> None:
    """A letter that was sent said another account: the one that corrects it stands beside it."""
    demande = versement.decision.demande
    rang = _lettres().filter(demande=demande).count()
    if not rang:
        return
    nom = f"decision_attribution_{demande.dossier.numero}_rectificative_{rang}"
    octets = documents.lettre_de_decision(versement.decision, versement.compte_bancaire, rectifie=True)
    _ajouter(demande, nom, octets, maintenant(), auteur)


def _lettres() -> QuerySet[PieceJustificative]:
    return PieceJustificative.objects.filter(
        origine=PieceJustificative.Origine.AGENCE, type__startswith="decision_attribution"
    )


def _ajouter(
    demande: Demande,
    nom: str,
    octets: bytes,
    instant: datetime,
    auteur: Auteur,
    preuves: Mapping[str, Any] | None = None,
) -> None:
    piece = PieceJustificative.objects.create(
        demande=demande,
        nom=f"{nom}.pdf",
        type=nom,
        origine=PieceJustificative.Origine.AGENCE,
        fichier=fichiers.deposer(flux=io.BytesIO(octets)),
        depose_le=instant,
    )
    noter_piece(demande, LETTRE, auteur, piece, details=preuves)


def marquer_annulee(decision: Decision, motif: str, *, auteur: Auteur) -> None:
    """Whoever opens it from now on reads that it counts no more, on every avenant of the request."""
    siennes = _lettres().filter(demande__numero=decision.demande.numero)
    versement = decision.versements.order_by("pk").select_related("compte_bancaire").first()
    if versement is None or not siennes.exists():
        return
    mention = f"Décision annulée le {date_longue(maintenant())}. Motif : {motif}"
    octets = documents.lettre_de_decision(decision, versement.compte_bancaire, annulation=mention)
    siennes.update(fichier=fichiers.deposer(flux=io.BytesIO(octets)))
    for piece in siennes.select_related("fichier", "demande__dossier").order_by("pk"):
        noter_piece(piece.demande, LETTRE, auteur, piece)
