"""Reading what a person is told of, for the company that they act for."""

from collections.abc import Collection

from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from segurnum.comptes.models import Entreprise, Utilisateur
from segurnum.notifications.models import Lecture, Notification, Preference
from segurnum.regles.notifications import Famille, Mode


def preferences_de(personne: Utilisateur) -> dict[Famille, Mode]:
    """How this person wants to be told of each family."""
    choisis = {lue.famille: lue.mode for lue in Preference.objects.filter(utilisateur=personne)}
    return {famille: choisis.get(famille, Mode.PORTAIL) for famille in Famille}


def notifications_de(personne: Utilisateur) -> QuerySet[Notification]:
    """The last first, without the families that this person does not want to hear of."""
    tues = [famille for famille, mode in preferences_de(personne).items() if mode is Mode.AUCUN]
    return (
        Notification.objects.filter(entreprise=personne.entreprise_id)
        .exclude(famille__in=tues)
        .order_by("-pk")
    )


def lecture_de(personne: Utilisateur) -> Lecture:
    """Where this person stands, for the company in use; not kept yet where they have never read."""
    cle = {"utilisateur": personne, "entreprise": personne.entreprise}
    return Lecture.objects.filter(**cle).first() or Lecture(**cle)


def nombre_de_nouvelles(personne: Utilisateur, plafond: int = 100) -> int:
    """How many this person has not read, up to a bound: beyond it, the number says no more. One statement."""
    tues = Preference.objects.filter(utilisateur=personne, mode=Mode.AUCUN).values("famille")
    return _non_lues(personne).exclude(famille__in=tues)[:plafond].count()


def _non_lues(personne: Utilisateur) -> QuerySet[Notification]:
    """What this person has not read, for the company in use."""
    lectures = Lecture.objects.filter(utilisateur=personne, entreprise=personne.entreprise_id)
    depuis = Coalesce(Subquery(lectures.values("lue")), 0)
    siennes = Notification.objects.filter(entreprise=personne.entreprise_id, pk__gt=depuis)
    return siennes.filter(~Exists(lectures.filter(lues_a_part__contains=[OuterRef("pk")])))


def messages_de(entreprise: Entreprise, numeros: Collection[str]) -> QuerySet[Notification]:
    """Those that tell of what was written on the thread of these requests."""
    return Notification.objects.filter(entreprise=entreprise, famille=Famille.MESSAGE, numero__in=numeros)


def messages_non_lus(personne: Utilisateur, numeros: Collection[str] | None = None) -> list[Notification]:
    """The messages that this person has not read, on these requests or on all of the company's, the last first."""
    siens = _non_lues(personne).filter(famille=Famille.MESSAGE)
    choisis = siens if numeros is None else siens.filter(numero__in=numeros)
    return list(choisis.order_by("-pk")[:20])


def numeros_a_lire(personne: Utilisateur) -> set[str]:
    """The requests on whose thread this person has something to read."""
    return set(_non_lues(personne).filter(famille=Famille.MESSAGE).values_list("numero", flat=True))
