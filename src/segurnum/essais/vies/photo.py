"""What the tables say between two gestures: every column that a law looks at, and nothing that moves by itself."""

from collections import namedtuple
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

from django.db import connection
from django.db.models import F, FilteredRelation, Q, QuerySet
from django.db.models.sql.compiler import SQLCompiler

from segurnum.coordonnees.models import ModificationBancaire
from segurnum.demandes.models import Beneficiaire, Demande
from segurnum.financements.models import Contestation
from segurnum.grand_livre.models import Mouvement
from segurnum.journal.models import Evenement
from segurnum.paiements.models import Decision, Enveloppe, Versement
from segurnum.recouvrements.models import Recouvrement, Reglement
from segurnum.regles.cycles import EtatPaiement, StatutDemande, StatutOctroi

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
    "octroi",
)
_DECISION = ("pk", "demande_id", "enveloppe_id", "decideur_id", "montant")
_VERSEMENT = (
    "pk",
    "decision_id",
    "type",
    "etat",
    "montant_decide",
    "compense",
    "montant_paye",
    "paye_le",
    "retourne_le",
    "mis_en_paiement_le",
    "compte_bancaire_id",
    "entreprise_id",
    "demande",
)
_RECOUVREMENT = (
    "pk",
    "demande_id",
    "decision_id",
    "entreprise_id",
    "numero",
    "statut",
    "total",
    "montant",
    "recu",
    "proposant_id",
    "emetteur_id",
)
_REGLEMENT = ("pk", "recouvrement_id", "genre", "montant", "reference", "versement_id", "retire_le")
_MOUVEMENT = ("pk", "statut", "genre", "montant", "auteur_id", "approbateur_id")


@dataclass(frozen=True)
class Photo:
    """Rows in the order of their keys. `evenement`: the key of the last one of the journal.

    `demandes.octroi`: the status of what is granted to it. `parties`: a row for each request of a contest, one for a
    contest that is not open.
    """

    demandes: tuple[Any, ...]
    beneficiaires: tuple[Any, ...]
    decisions: tuple[Any, ...]
    versements: tuple[Any, ...]
    recouvrements: tuple[Any, ...]
    reglements: tuple[Any, ...]
    enveloppes: tuple[Any, ...]
    mouvements: tuple[Any, ...]
    changements: tuple[Any, ...]
    parties: tuple[Any, ...]
    evenement: int

    @classmethod
    def prendre(cls) -> "Photo":
        *tables, ((evenement,),) = _lire()
        valeurs: list[Any] = [*tables, evenement]
        return cls(*valeurs)

    def decision_de(self, demande: int) -> Any | None:
        return next((une for une in self.decisions if une.demande_id == demande), None)

    def versements_de(self, decision: int) -> list[Any]:
        return [un for un in self.versements if un.decision_id == decision]

    def du_dossier(self, dossier: int) -> list[Any]:
        """Its decisions, whether they live or not."""
        demandes = {une.pk for une in self.demandes if une.dossier_id == dossier}
        return [une for une in self.decisions if une.demande_id in demandes]

    def versements_du(self, dossier: int) -> list[Any]:
        decisions = {une.pk for une in self.du_dossier(dossier)}
        return [un for un in self.versements if un.decision_id in decisions]

    def vivantes(self) -> set[int]:
        """The requests whose decision holds."""
        return {une.pk for une in self.demandes if une.statut is StatutDemande.DECIDEE}

    def verse(self, decision: int) -> Decimal:
        """What the State gave by a decision, transferred or kept to settle a debt."""
        payes = (un for un in self.versements_de(decision) if un.etat is EtatPaiement.EFFECTUE)
        return sum((un.montant_decide for un in payes), Decimal(0))

    def rendu(self, decision: int) -> Decimal:
        """What came back of it."""
        siens = (un for un in self.recouvrements if un.decision_id == decision)
        return sum((un.recu for un in siens), Decimal(0))


def _requetes() -> tuple[QuerySet[Any], ...]:
    """In the order of the fields of a photo."""
    demandes = Demande.objects.annotate(
        octroye=FilteredRelation("octrois", condition=~Q(octrois__statut=StatutOctroi.ECARTE)),
        octroi=F("octroye__statut"),
    )
    versements = Versement.objects.annotate(
        entreprise_id=F("decision__demande__entreprise"), demande=F("decision__demande__statut")
    )
    parties = Contestation.objects.annotate(
        partie=F("parties"),
        repondue_le=F("parties__repondue_le"),
        entreprise_id=F("parties__demande__entreprise"),
    )
    return (
        demandes.order_by("pk").values_list(*_DEMANDE),
        Beneficiaire.objects.order_by("pk").values_list("pk", "demande_id", "identifiants"),
        Decision.objects.order_by("pk").values_list(*_DECISION),
        versements.order_by("pk").values_list(*_VERSEMENT),
        Recouvrement.objects.order_by("pk").values_list(*_RECOUVREMENT),
        Reglement.objects.order_by("pk").values_list(*_REGLEMENT),
        Enveloppe.objects.order_by("pk").values_list("pk", "montant", "decide"),
        Mouvement.objects.order_by("pk").values_list(*_MOUVEMENT),
        ModificationBancaire.objects.order_by("pk").values_list("pk", "statut", "entreprise_id"),
        parties.order_by("pk", "partie").values_list(
            "pk", "statut", "partie", "repondue_le", "entreprise_id"
        ),
        Evenement.objects.order_by("-pk").values_list("pk")[:1],
    )


@dataclass(frozen=True)
class _Lecture:
    """A statement written once, and what makes of its rows what the ORM would."""

    sql: str
    ligne: Callable[..., Any]
    compilateur: SQLCompiler
    convertisseurs: Any

    @classmethod
    def de(cls, requete: QuerySet[Any]) -> "_Lecture":
        compilateur = requete.query.get_compiler(connection=connection)
        sql, valeurs = compilateur.as_sql()
        colonnes = [expression for expression, *_ in compilateur.select]
        with connection.cursor() as curseur:
            ecrit = curseur.mogrify(sql, valeurs)
        champs: Any = vars(requete)["_fields"]
        ligne = namedtuple("Ligne", champs)  # type: ignore[misc]
        return cls(ecrit, ligne, compilateur, compilateur.get_converters(colonnes))

    def lire(self, lues: Sequence[Any]) -> tuple[Any, ...]:
        converties = self.compilateur.apply_converters(lues, self.convertisseurs)
        return tuple(self.ligne(*une) for une in converties)


@cache
def _lectures() -> tuple[_Lecture, ...]:
    return tuple(map(_Lecture.de, _requetes()))


def _lire() -> list[tuple[Any, ...]]:
    """Every statement in one journey: a photo is taken after each gesture."""
    lues = []
    with connection.cursor() as curseur:
        curseur.execute("; ".join(lecture.sql for lecture in _lectures()))
        for lecture in _lectures():
            lues.append(lecture.lire(curseur.fetchall()))
            curseur.nextset()
    return lues
