"""What a company is told of on the portal, how each of its people wants to be, and up to where they have read."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

from segurnum.base.champs import ChampEnum
from segurnum.comptes.models import Entreprise
from segurnum.regles import calendrier
from segurnum.regles.notifications import Famille, Mode, Page


class Notification(models.Model):
    """One event, for everybody of a company. Without a key to its request, which may go: its number is enough, and
    what is of no request has none.
    """

    entreprise = models.ForeignKey(
        Entreprise, on_delete=models.PROTECT, related_name="+", db_index=False
    )  # the index below begins by it
    famille = ChampEnum(Famille, max_length=12)
    numero = models.CharField(
        max_length=14, blank=True, help_text="de la demande ou de l'enrôlement ; vide : de l'entreprise"
    )
    page = ChampEnum(
        Page,
        max_length=11,
        blank=True,
        default="",
        db_default="",
        help_text="où se lit ce qui n'est d'aucune demande",
    )
    texte = models.CharField(max_length=200)
    cree_le = models.DateTimeField(default=calendrier.maintenant)

    class Meta:
        indexes = (
            models.Index(fields=("entreprise", "-id"), name="notification_de_l_entreprise"),
            models.Index(fields=("cree_le",), name="notification_ancienne"),
        )

    def __str__(self) -> str:
        return f"{self.numero} : {self.texte}" if self.numero else self.texte


class Preference(models.Model):
    """How a person is told of one family; none: on the portal."""

    utilisateur = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    famille = ChampEnum(Famille, max_length=12)
    mode = ChampEnum(Mode, max_length=9)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("utilisateur", "famille"), name="une_preference_par_personne_et_famille"
            ),
        )

    def __str__(self) -> str:
        return f"{self.utilisateur_id} : {self.famille} {self.mode}"


class Lecture(models.Model):
    """What a person has read for a company, and what the daily mail told them.

    Up to a key, then one by one: a notification takes its key when it is written, and shows when its transaction ends,
    perhaps after others that have a greater one. Two days later, none is still to come below.
    """

    utilisateur = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    entreprise = models.ForeignKey(Entreprise, on_delete=models.CASCADE, related_name="+")
    lue = models.BigIntegerField(default=0)
    envoyee = models.BigIntegerField(default=0)
    lues_a_part = ArrayField(
        models.BigIntegerField(), default=list, db_default=[], help_text="au-delà de « lue »"
    )
    envoyees_a_part = ArrayField(
        models.BigIntegerField(), default=list, db_default=[], help_text="au-delà de « envoyee »"
    )

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("utilisateur", "entreprise"), name="une_lecture_par_personne_et_entreprise"
            ),
        )

    def __str__(self) -> str:
        return f"{self.utilisateur_id} pour {self.entreprise_id} : {self.lue}"

    def a_lu(self, cle: int) -> bool:
        return cle <= self.lue or cle in self.lues_a_part
