"""Reading the mails kept."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Count, Min, Q, QuerySet
from django.db.models.functions import Lower

from segurnum.courriels.models import Courriel, EtatServeur
from segurnum.regles.calendrier import maintenant

NON_ARRIVE = Q(refuse_le__isnull=False) | Q(revenu_le__isnull=False)


@dataclass(frozen=True)
class Souffrance:
    """The mails that wait to be handed over: how many, and since when the oldest one does."""

    nombre: int
    depuis: datetime | None


def courriels_de(*sujets: str) -> QuerySet[Courriel]:
    """What was written about these things, newest first. The caller has checked that the reader may see the thing."""
    return Courriel.objects.filter(sujet__in=sujets).order_by("-id")


def a_remettre(courriels: Sequence[int] | None = None) -> QuerySet[Courriel]:
    """The mails that may be handed over now, the first due first; among these keys when they are given."""
    dus = en_attente().filter(a_remettre_le__lte=maintenant()).order_by("a_remettre_le", "pk")
    return dus if courriels is None else dus.filter(pk__in=courriels)


def en_souffrance() -> Souffrance:
    """Read in one index that holds the waiting mails only."""
    compte = en_attente().aggregate(nombre=Count("pk"), depuis=Min("attendu_depuis"))
    return Souffrance(compte["nombre"], compte["depuis"])


def en_attente() -> QuerySet[Courriel]:
    """Neither sent, nor refused, nor held back."""
    return Courriel.objects.filter(a_remettre_le__isnull=False, envoye_le=None)


def refuses() -> QuerySet[Courriel]:
    """Refused by the mail server, and nothing done about it yet."""
    return Courriel.objects.filter(attendu_depuis__isnull=False, refuse_le__isnull=False)


def revenus() -> QuerySet[Courriel]:
    """Sent, then come back, and nothing done about it yet."""
    return Courriel.objects.filter(attendu_depuis__isnull=False, revenu_le__isnull=False)


def retenus() -> QuerySet[Courriel]:
    """The mails that are kept and not sent, because too many had left: the oldest first."""
    return Courriel.objects.filter(retenu_le__isnull=False, relache_le=None).order_by("retenu_le", "pk")


def non_arrives_depuis_longtemps() -> int:
    """How many mails have not left, or were refused, or came back, for longer than the setting says."""
    limite = maintenant() - timedelta(days=settings.COURRIELS_ALERTE_JOURS)
    return Courriel.objects.filter(attendu_depuis__lte=limite).count()


def adresses_en_echec(adresses: Iterable[str]) -> list[str]:
    """Those of these addresses that mails do not reach, as long as nobody did anything about it."""
    voulues = {adresse.lower() for adresse in adresses if adresse}
    if not voulues:
        return []
    perdus = Courriel.objects.filter(NON_ARRIVE, attendu_depuis__isnull=False)
    trouvees = perdus.annotate(adresse=Lower("destinataire")).filter(adresse__in=voulues)
    return sorted(trouvees.values_list("adresse", flat=True).distinct())


def etat_du_serveur() -> EtatServeur:
    """Whether the mail server answers, as its last use showed."""
    return EtatServeur.objects.first() or EtatServeur()
