"""Telling companies what happens to their requests, on the portal and, for who asked for it, in one mail a day."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from segurnum.comptes.models import PROFILS_ENTREPRISE, Entreprise, Utilisateur
from segurnum.courriels import services as courriels
from segurnum.courriels.adresses import adresse_de
from segurnum.courriels.textes import rediger
from segurnum.entretien.balayages import un_par_un
from segurnum.notifications.models import Lecture, Notification, Preference
from segurnum.notifications.queries import messages_de
from segurnum.regles.calendrier import instant_fr, instant_long, maintenant
from segurnum.regles.cycles import EnumLibelle
from segurnum.regles.notifications import Famille, Mode, Page, dit_de

# How long what happened is told; the dossier itself tells it for ever.
GARDE = timedelta(days=365)
CITEES = 50  # in one mail; the page has the others
# No transaction lasts that long: what was written before is there, or never will be.
TARD = timedelta(days=2)


def noter(
    *, entreprise: Entreprise, famille: Famille, numero: str, texte: str, page: Page | None = None
) -> None:
    """Tell a company of an event, in the transaction that makes it."""
    ailleurs = {"page": page} if page else {}
    Notification.objects.create(
        entreprise=entreprise, famille=famille, numero=numero, texte=texte, **ailleurs
    )


def noter_geste(
    *,
    entreprise: Entreprise,
    geste: EnumLibelle,
    numero: str = "",
    page: Page | None = None,
    echeance: datetime | None = None,
) -> None:
    """The same for a step of a life cycle, if it is one to be told. `echeance`: until when an answer is awaited.

    `numero`: of the request or of the enrolment; what is the whole company's has none, and is read on a `page`.
    """
    dit = dit_de(geste)
    if dit is not None:
        famille, phrase = dit
        suite = f", avant le {instant_long(echeance)}" if echeance else ""
        noter(entreprise=entreprise, famille=famille, numero=numero, texte=f"{phrase}{suite}", page=page)


@transaction.atomic
def regler(*, personne: Utilisateur, modes: Mapping[Famille, Mode]) -> None:
    """Keep how a person wants to be told. The daily mail begins with what happens from now on."""
    if Mode.QUOTIDIEN in modes.values() and not _recoit(personne):
        for entreprise in _entreprises_de(personne):
            lecture = _verrouiller(personne, entreprise)
            _tout_envoyer(lecture)
    for famille, mode in modes.items():
        Preference.objects.update_or_create(utilisateur=personne, famille=famille, defaults={"mode": mode})


@transaction.atomic
def marquer_lues(*, personne: Utilisateur, entreprise: Entreprise, jusqu_a: int) -> None:
    """All that the page showed is read: `jusqu_a` is the last one of it, and what came since stays new."""
    lecture = _verrouiller(personne, entreprise)
    lecture.lue, nouvelles = _passees(lecture, lecture.lue, jusqu_a)
    lecture.lues_a_part = sorted({*nouvelles, *(cle for cle in lecture.lues_a_part if cle > lecture.lue)})
    lecture.save(update_fields=["lue", "lues_a_part"])


@transaction.atomic
def marquer_messages_lus(*, personne: Utilisateur, entreprise: Entreprise, numeros: Collection[str]) -> None:
    """What was written on the thread of these requests is read; nothing else is."""
    lecture = _verrouiller(personne, entreprise)
    lus = messages_de(entreprise, numeros).filter(pk__gt=lecture.lue).values_list("pk", flat=True)
    lecture.lues_a_part = sorted({*lecture.lues_a_part, *lus})
    lecture.save(update_fields=["lues_a_part"])


def _verrouiller(personne: Utilisateur, entreprise: Entreprise) -> Lecture:
    """The row of this person for this company, held. The daily mail tells nothing of what came before it."""
    lecture, nouvelle = Lecture.objects.select_for_update().get_or_create(
        utilisateur=personne, entreprise=entreprise
    )
    if nouvelle:
        _tout_envoyer(lecture)
    return lecture


def _tout_envoyer(lecture: Lecture) -> None:
    _garder_envoyees(lecture, *_passees(lecture, lecture.envoyee))


def _garder_envoyees(lecture: Lecture, palier: int, au_dela: list[int]) -> None:
    lecture.envoyee, lecture.envoyees_a_part = palier, au_dela
    lecture.save(update_fields=["envoyee", "envoyees_a_part"])


def _passees(lecture: Lecture, depuis: int, jusqu_a: int | None = None) -> tuple[int, list[int]]:
    """A key below which none is still to come, and those that are there beyond it."""
    siennes = Notification.objects.filter(entreprise=lecture.entreprise_id, pk__gt=depuis)
    if jusqu_a is not None:
        siennes = siennes.filter(pk__lte=jusqu_a)
    anciennes = siennes.filter(cree_le__lt=maintenant() - TARD).order_by("-pk")
    palier = anciennes.values_list("pk", flat=True).first() or depuis
    return palier, list(siennes.filter(pk__gt=palier).order_by("pk").values_list("pk", flat=True))


def _entreprises_de(personne: Utilisateur) -> list[Entreprise]:
    """Those that a person acts for, the one in use first."""
    autres = personne.autres_habilitations.select_related("entreprise").order_by("pk")
    toutes = [personne.entreprise, *(habilitation.entreprise for habilitation in autres)]
    return list({entreprise.pk: entreprise for entreprise in toutes if entreprise is not None}.values())


def _recoit(personne: Utilisateur) -> bool:
    return Preference.objects.filter(utilisateur=personne, mode=Mode.QUOTIDIEN).exists()


def recapituler() -> int:
    """Write the mail of the day of each person who asked for it, for each company with something to tell.

    Returns to how many people. Run twice, it tells nothing twice: each row says what was told.
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
    dits = [_recapituler_pour(personne, entreprise) for entreprise in _entreprises_de(personne)]
    return any(dits)


def _recapituler_pour(personne: Utilisateur, entreprise: Entreprise) -> bool:
    lecture = _verrouiller(personne, entreprise)
    choisies = Preference.objects.filter(utilisateur=personne, mode=Mode.QUOTIDIEN).values("famille")
    # Read once: what comes between two readings would be marked as told, and never be.
    palier, au_dela = _passees(lecture, lecture.envoyee)
    nouvelles = (
        Notification.objects.filter(entreprise=entreprise, pk__gt=lecture.envoyee, famille__in=choisies)
        .filter(Q(pk__lte=palier) | Q(pk__in=au_dela))
        .exclude(pk__in=lecture.envoyees_a_part)
        .order_by("pk")
    )
    nombre, citees = nouvelles.count(), list(nouvelles[:CITEES])
    _garder_envoyees(lecture, palier, au_dela)
    if not citees:
        return False
    texte = rediger(
        "M100",
        denomination=entreprise.denomination,
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
