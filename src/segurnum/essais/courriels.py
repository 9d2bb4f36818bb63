"""Reading in the tests what people receive, and running the jobs that their gestures left in the queue."""

import re

from procrastinate.contrib.django.models import ProcrastinateJob

from segurnum.comptes import tasks
from segurnum.comptes.models import Utilisateur
from segurnum.courriels.models import Courriel

_LIEN = re.compile(r"https?://\S+?(/segurnums/mot-de-passe/nouveau\?jeton=\S+)")
_INVITATION = re.compile(r"https?://\S+?(/segurnums/invitation\?jeton=\S+)")
_TACHES = {tache.name: tache for tache in (tasks.identifiant_oublie, tasks.mot_de_passe_oublie)}


def repondre_aux_oublis() -> int:
    """Run the jobs that the pages of forgotten identifiers and passwords left. Returns how many there were."""
    travaux = list(ProcrastinateJob.objects.filter(task_name__in=_TACHES, status="todo").order_by("pk"))
    for travail in travaux:
        _TACHES[travail.task_name](**travail.args)
    return len(travaux)


def recus(personne: Utilisateur) -> list[str]:
    """The codes of the mails written to a person, in order."""
    return list(
        Courriel.objects.filter(destinataire=personne.email).order_by("pk").values_list("code", flat=True)
    )


def adresses_ecrites(courriel: Courriel) -> list[str]:
    """The addresses, on the portal, that a mail leads to."""
    return re.findall(r"https?://[^/\s]+(/segurnums?/\S+)", courriel.corps)


def lien_recu(personne: Utilisateur) -> str:
    """The address, on the portal, of the last link to choose a password that a person received."""
    return _dernier(_LIEN, personne.email)


def invitation_recue(adresse: str) -> str:
    """The address, on the portal, of the last invitation written to an address."""
    return _dernier(_INVITATION, adresse)


def _dernier(motif: re.Pattern[str], adresse: str) -> str:
    for courriel in Courriel.objects.filter(destinataire=adresse).order_by("-pk"):
        if trouve := motif.search(courriel.corps):
            return trouve[1]
    raise AssertionError(f"Aucun lien n'a été envoyé à {adresse}.")
