"""Telling companies what happens to their requests, on the portal and, for who asked for it, in one mail a day."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import transaction

from segurnum.comptes.models import PROFILS_ENTREPRISE, Entreprise, Utilisateur
from segurnum.courriels import services as courriels
from segurnum.courriels.adresses import adresse_de
from segurnum.courriels.textes import rediger
from segurnum.entretien.balayages import un_par_un
from segurnum.notifications.models import Lecture, Notification, Preference
from segurnum.regles.calendrier import instant_fr, instant_long
from segurnum.regles.cycles import EnumLibelle
from segurnum.regles.notifications import Famille, Mode, dit_de

# How long what happened is told; the dossier itself tells it for ever.
GARDE = timedelta(days=365)
CITEES = 50  # in one mail; the page has the others


def noter(*, entreprise: Entreprise, famille: Famille, numero: str, texte: str) -> None:
    """Tell a company of an event, in the transaction that makes it."""
    Notification.objects.create(entreprise=entreprise, famille=famille, numero=numero, texte=texte)


def noter_geste(
    *, entreprise: Entreprise, geste: EnumLibelle, numero: str, echeance: datetime | None = None
) -> None:
    """The same for a step of a life cycle, if it is one to be told. `echeance`: until when an answer is awaited."""
    dit = dit_de(geste)
    if dit is not None:
        famille, phrase = dit
        suite = f", avant le {instant_long(echeance)}" if echeance else ""
        noter(entreprise=entreprise, famille=famille, numero=numero, texte=f"{phrase}{suite}")


@transaction.atomic
def regler(*, personne: Utilisateur, modes: Mapping[Famille, Mode]) -> None:
    """Keep how a person wants to be told. The daily mail begins with what happens from now on."""
    lecture = _verrouiller(personne)
    if Mode.QUOTIDIEN in modes.values() and not _recoit(personne):
        lecture.envoyee = _derniere(personne)
        lecture.save(update_fields=["envoyee"])
    for famille, mode in modes.items():
        Preference.objects.update_or_create(utilisateur=personne, famille=famille, defaults={"mode": mode})


@transaction.atomic
def marquer_lues(*, personne: Utilisateur, jusqu_a: int) -> None:
    """All that the page showed is read: `jusqu_a` is the last one of it, and what came since stays new."""
    lecture = _verrouiller(personne)
    lecture.lue = max(lecture.lue, min(jusqu_a, _derniere(personne)))
    lecture.save(update_fields=["lue"])


def _verrouiller(personne: Utilisateur) -> Lecture:
    """The row of this person for the company in use, held. The daily mail tells nothing of what came before it."""
    cle = {"utilisateur": personne, "entreprise": personne.entreprise}
    if not Lecture.objects.filter(**cle).exists():
        Lecture.objects.get_or_create(**cle, defaults={"envoyee": _derniere(personne)})
    return Lecture.objects.select_related("entreprise").select_for_update(of=("self",)).get(**cle)


def _derniere(personne: Utilisateur) -> int:
    lues = Notification.objects.filter(entreprise=personne.entreprise_id).order_by("-pk")
    return lues.values_list("pk", flat=True).first() or 0


def _recoit(personne: Utilisateur) -> bool:
    return Preference.objects.filter(utilisateur=personne, mode=Mode.QUOTIDIEN).exists()


def recapituler() -> int:
    """Write the mail of the day of each person who asked for it, where there is something to tell. Returns how many.

    Run twice, it tells nothing twice: each row says up to where it was told.
    """
    abonnes = Utilisateur.objects.filter(
        pk__in=Preference.objects.filter(mode=Mode.QUOTIDIEN).values("utilisateur"),
        is_active=True,
        profil__in=PROFILS_ENTREPRISE,
    ).exclude(email="")
    cles = list(abonnes.order_by("pk").values_list("pk", flat=True))
    lues = Utilisateur.objects.select_related("entreprise")
    return un_par_un(cles, lambda cle: _recapituler(lues.get(pk=cle)))


def _recapituler(personne: Utilisateur) -> bool:
    lecture = _verrouiller(personne)
    choisies = Preference.objects.filter(utilisateur=personne, mode=Mode.QUOTIDIEN).values("famille")
    nouvelles = Notification.objects.filter(
        entreprise=personne.entreprise_id, pk__gt=lecture.envoyee, famille__in=choisies
    ).order_by("pk")
    nombre, citees = nouvelles.count(), list(nouvelles[:CITEES])
    lecture.envoyee = max(lecture.envoyee, _derniere(personne))
    lecture.save(update_fields=["envoyee"])
    if not citees:
        return False
    texte = rediger(
        "M100",
        denomination=lecture.entreprise.denomination,
        lignes="\n".join(f"- {instant_fr(n.cree_le)}, {n}" for n in citees),
        autres=nombre - len(citees),
        lien=adresse_de("fournisseur:notifications"),
    )
    courriels.envoyer(
        [courriels.Envoi(code="M100", texte=texte, destinataire=personne.email, sujet=personne.objet)]
    )
    return True


def oublier(*, instant: datetime) -> int:
    """Erase what happened more than a year ago. Returns how many."""
    return Notification.objects.filter(cree_le__lt=instant - GARDE).delete()[0]
