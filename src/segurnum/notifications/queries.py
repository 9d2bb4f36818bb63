"""Reading what a person is told of, for the company that they act for."""

from django.db.models import QuerySet

from segurnum.comptes.models import Utilisateur
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
    """How many this person has not read, up to a bound: beyond it, the number says no more."""
    nouvelles = notifications_de(personne).filter(pk__gt=lecture_de(personne).lue)
    return nouvelles[:plafond].count()
