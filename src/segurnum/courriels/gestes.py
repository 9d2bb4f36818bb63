"""What an officer does about the mails that did not arrive: send again, or put aside."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db import transaction

from segurnum.comptes.auteurs import Auteur
from segurnum.comptes.droits import reserve
from segurnum.courriels.models import Courriel
from segurnum.courriels.services import consigner_courriel, mettre_en_file
from segurnum.regles.calendrier import maintenant
from segurnum.regles.gestes import GesteSupervision

# A link that left, or that was refused, is kept nowhere: another gesture makes a new one.
AUTRE_LIEN = {
    "M06": "la personne en demande un autre par « J'ai oublié mon mot de passe », ou l'administration par « Agents »",
    "M08": "un gestionnaire en envoie un autre par « Envoyer un nouveau lien de dépôt », sur la demande d'enrôlement",
    "M15": "la personne en demande un autre par « J'ai oublié mon mot de passe »",
    "M19": "l'entreprise utilise « Renvoyer le courriel de confirmation », dans « Gérer mes coordonnées bancaires »",
    "M24": "le demandeur en reçoit un autre par « Recevoir un lien pour reprendre plus tard », sur son formulaire",
    "M50": "l'entreprise le renvoie depuis « Gérer les utilisateurs »",
}


@dataclass
class Bilan:
    """How many mails a gesture was about, and why each of the others was left as it is."""

    faits: int = 0
    refus: list[str] = field(default_factory=list)


@reserve(GesteSupervision.REPRENDRE_COURRIELS)
@transaction.atomic
def renvoyer(*, courriels: Iterable[int], auteur: Auteur) -> Bilan:
    """Have mails leave that wait, were held back, refused, or came back.

    A mail whose link was forgotten is not sent again: it would lead nowhere. The refusal says what makes a new one.
    """
    bilan, partants = Bilan(), []
    for ligne in _verrouiller(courriels):
        refus = _refus_de_renvoi(ligne)
        if refus:
            bilan.refus.append(refus)
            continue
        geste = "RELACHER" if ligne.est_retenu else "RENVOYER"
        consigner_courriel(ligne, geste, auteur=auteur, motif=ligne.derniere_erreur)
        _remettre_en_route(ligne)
        partants.append(ligne.pk)
    if partants:
        mettre_en_file(partants)
    bilan.faits = len(partants)
    return bilan


@reserve(GesteSupervision.REPRENDRE_COURRIELS)
@transaction.atomic
def classer(*, courriels: Iterable[int], auteur: Auteur) -> Bilan:
    """Put aside mails that nothing more is to be done about: the person was reached otherwise. They leave no more."""
    bilan = Bilan()
    for ligne in _verrouiller(courriels):
        if ligne.attendu_depuis is None:
            bilan.refus.append(f"« {ligne.objet} » : il n'y a plus rien à faire de ce courriel.")
            continue
        consigner_courriel(ligne, "CLASSER", auteur=auteur, motif=ligne.derniere_erreur)
        ligne.a_remettre_le = ligne.attendu_depuis = None
        ligne.corps = ligne.corps_montre
        ligne.save(update_fields=["a_remettre_le", "attendu_depuis", "corps"])
        bilan.faits += 1
    return bilan


def _verrouiller(courriels: Iterable[int]) -> list[Courriel]:
    return list(Courriel.objects.select_for_update().filter(pk__in=list(courriels)).order_by("pk"))


def _refus_de_renvoi(ligne: Courriel) -> str:
    if ligne.attendu_depuis is None and not ligne.est_retenu:
        return f"« {ligne.objet} » : ce courriel est parti, ou quelqu'un l'a classé."
    if ligne.a_perdu_son_lien:
        suite = AUTRE_LIEN.get(ligne.code, "le geste qui l'a fait écrire en crée un autre")
        return (
            f"« {ligne.objet} » n'est pas renvoyé : son lien personnel n'est gardé nulle part. Pour qu'un nouveau lien "
            f"parte, {suite}."
        )
    return ""


def _remettre_en_route(ligne: Courriel) -> None:
    instant = maintenant()
    if ligne.est_retenu:
        ligne.relache_le = instant
    elif ligne.a_remettre_le is None:
        # Another sending, with another Message-ID: what still comes back of the first one is not about it.
        ligne.renvois += 1
        ligne.envoye_le = ligne.refuse_le = ligne.revenu_le = None
    if ligne.attendu_depuis is None or ligne.a_remettre_le is None:
        ligne.attendu_depuis = instant
    ligne.a_remettre_le = instant
    ligne.save(
        update_fields=[
            "relache_le", "renvois", "envoye_le", "refuse_le", "revenu_le", "attendu_depuis", "a_remettre_le",
        ]
    )  # fmt: skip
