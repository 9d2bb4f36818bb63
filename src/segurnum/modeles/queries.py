"""Reading the model documents. The supplier's reads start from its company; the officers' never see an open import."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min, QuerySet

from segurnum.comptes.models import Entreprise
from segurnum.couloirs.documents import TypeModele, types_de_modeles
from segurnum.enrolements.models import STATUTS_OUVERTS, Enrolement
from segurnum.modeles.models import ModeleDocument
from segurnum.regles.cycles_modeles import StatutModele


def enrolements_de_la_vague_2(entreprise: Entreprise) -> list[Enrolement]:
    """What opens the screen: validated, even partially, for a software of the second wave or after (CON-22)."""
    ouverts = entreprise.enrolements.filter(statut__in=STATUTS_OUVERTS).defer("donnees")
    lignes = ouverts.select_related("referencement").order_by("referencement__dsr", "pk")
    return [enrolement for enrolement in lignes if enrolement.referencement.vague >= 2]


def types_proposes(entreprise: Entreprise) -> tuple[TypeModele, ...]:
    """What may be imported; nothing for who has no such enrolment (EXP-018)."""
    return types_de_modeles(
        enrolement.referencement.dsr for enrolement in enrolements_de_la_vague_2(entreprise)
    )


def de_l_entreprise(entreprise: Entreprise) -> QuerySet[ModeleDocument]:
    return ModeleDocument.objects.filter(entreprise=entreprise).select_related("fichier")


def en_import(entreprise: Entreprise) -> QuerySet[ModeleDocument]:
    """« Fichiers en cours d'import », in the order in which they came (EXP-012)."""
    return de_l_entreprise(entreprise).filter(statut=StatutModele.EN_IMPORT).order_by("pk")


def soumis() -> QuerySet[ModeleDocument]:
    """What officers see."""
    return ModeleDocument.objects.exclude(statut=StatutModele.EN_IMPORT).select_related(
        "entreprise", "fichier", "deposant"
    )


def historique(entreprise: Entreprise) -> QuerySet[ModeleDocument]:
    """What the company submitted (EXP-009)."""
    return soumis().filter(entreprise=entreprise)


@dataclass(frozen=True)
class Attente:
    """How many documents wait for an officer, and since when."""

    nombre: int
    ancienne: datetime | None


def en_attente() -> Attente:
    attendus = ModeleDocument.objects.filter(statut=StatutModele.EN_ATTENTE)
    return Attente(**attendus.aggregate(nombre=Count("pk"), ancienne=Min("soumis_le")))


def adresses_pour(modele: ModeleDocument) -> list[str]:
    """Where the enrolments of its couloir receive their mails; who deposited it when there is none any more."""
    couloir = TypeModele.lire(modele.type).couloir
    adresses = {
        enrolement.courriel.lower(): enrolement.courriel
        for enrolement in enrolements_de_la_vague_2(modele.entreprise)
        if enrolement.referencement.dsr.split("-")[1] == couloir
    }
    return list(adresses.values()) or [modele.deposant.email]
