"""What the tables say between two gestures: every column that a law looks at, and nothing that moves by itself."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from segurnum.coordonnees.models import ModificationBancaire
from segurnum.demandes.models import Demande
from segurnum.journal.models import Evenement
from segurnum.paiements.models import Decision, Enveloppe, Versement

_DEMANDE = (
    "pk",
    "numero",
    "type",
    "statut",
    "dossier_id",
    "entreprise_id",
    "montant_declare",
    "taux_tva",
    "engagement",
    "montant_decide",
    "valideur_id",
    "etat_paiement",
    "version_courante",
)
_DECISION = ("pk", "demande_id", "enveloppe_id", "decideur_id", "montant")
_VERSEMENT = (
    "pk",
    "decision_id",
    "type",
    "etat",
    "montant_decide",
    "montant_paye",
    "paye_le",
    "mis_en_paiement_le",
    "compte_bancaire_id",
)


@dataclass(frozen=True)
class Photo:
    """Rows in the order of their keys. `evenement`: the key of the last one of the journal."""

    demandes: tuple[Any, ...]
    decisions: tuple[Any, ...]
    versements: tuple[Any, ...]
    enveloppes: tuple[Any, ...]
    changements: tuple[Any, ...]
    evenement: int

    @classmethod
    def prendre(cls) -> "Photo":
        return cls(
            _lire(Demande.objects.all(), *_DEMANDE),
            _lire(Decision.objects.all(), *_DECISION),
            _lire(Versement.objects.all(), *_VERSEMENT),
            _lire(Enveloppe.objects.all(), "pk", "montant", "decide"),
            _lire(ModificationBancaire.objects.all(), "pk", "statut", "entreprise_id"),
            Evenement.objects.order_by("-pk").values_list("pk", flat=True)[0],
        )

    def decision_de(self, demande: int) -> Any | None:
        return next((une for une in self.decisions if une.demande_id == demande), None)

    def versements_de(self, decision: int) -> list[Any]:
        return [un for un in self.versements if un.decision_id == decision]

    def versements_du(self, dossier: int) -> list[Any]:
        demandes = {une.pk for une in self.demandes if une.dossier_id == dossier}
        decisions = {une.pk for une in self.decisions if une.demande_id in demandes}
        return [un for un in self.versements if un.decision_id in decisions]


def _lire(lignes: QuerySet[Any], *champs: str) -> tuple[Any, ...]:
    return tuple(lignes.order_by("pk").values_list(*champs, named=True))
