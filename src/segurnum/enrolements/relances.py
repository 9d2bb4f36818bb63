"""What time does to enrolments that wait for their applicant: reminders. Run late, or twice, the result is the same."""

from collections.abc import Callable
from datetime import datetime

from django.conf import settings

from segurnum.comptes.auteurs import PORTAIL
from segurnum.enrolements import brouillons, cycle, liens
from segurnum.enrolements.models import Brouillon, Enrolement
from segurnum.enrolements.queries import STATUTS_DU_DEMANDEUR
from segurnum.entretien.balayages import un_par_un
from segurnum.journal.cycle import noter
from segurnum.regles import calendrier
from segurnum.regles.cycles_enrolement import StatutEnrolement


def relancer(*, instant: datetime) -> int:
    """Remind of pieces and certificates, after each delay of the settings. Returns how many mails were written."""
    return _sur_chaque(lambda ligne: _relancer(ligne, instant), relances__lt=len(delais()))


def annoncer_les_validations(*, instant: datetime) -> int:
    """Say once that the ANS has validated the software: its certificate can be deposited now."""
    return _sur_chaque(
        lambda ligne: _annoncer(ligne, instant),
        statut=StatutEnrolement.VALIDATION_PARTIELLE,
        referencement__valide=True,
        ans_annonce_le=None,
    )


def relancer_les_brouillons(*, instant: datetime) -> int:
    """Before what was typed is erased, write to the address that its link was sent to."""
    limite = calendrier.jours_apres(instant, settings.RELANCE_BROUILLON - brouillons.GARDE.days)
    dus = Brouillon.objects.filter(modifie_le__lte=limite, relances=0).exclude(courriel="")
    cles = list(dus.order_by("pk").values_list("pk", flat=True))
    return un_par_un(range(len(cles)), lambda rang: brouillons.relancer(brouillon=cles[rang]))


def delais() -> list[int]:
    """Days after which an applicant who does not answer is reminded, the first one first."""
    return sorted(settings.DELAIS_ENROLEMENT)


def _sur_chaque(geste: Callable[[Enrolement], bool], **condition: object) -> int:
    lignes = Enrolement.objects.filter(statut__in=STATUTS_DU_DEMANDEUR).filter(**condition)
    cles = list(lignes.order_by("pk").values_list("pk", flat=True))
    return un_par_un(cles, lambda cle: geste(cycle.verrouiller(cle)))


def _relancer(ligne: Enrolement, instant: datetime) -> bool:
    """A deposit that began since, or a late sweep, brings one reminder at most."""
    dues = sum(calendrier.jours_apres(ligne.statut_depuis, delai) <= instant for delai in delais())
    if ligne.statut not in STATUTS_DU_DEMANDEUR or dues <= ligne.relances:
        return False
    ligne.relances = dues
    par_lien = liens.attend_des_pieces(ligne) and liens.repond_par_lien(ligne)
    lien = liens.renouveler(ligne) if par_lien else {}
    ligne.save(update_fields=["relances", "empreinte_lien", "lien_expire_le"])
    noter(ligne, "RELANCER", PORTAIL, avant=ligne.statut)
    cycle.ecrire(ligne, "M111", **lien)
    return True


def _annoncer(ligne: Enrolement, instant: datetime) -> bool:
    if ligne.statut is not StatutEnrolement.VALIDATION_PARTIELLE or ligne.ans_annonce_le is not None:
        return False
    ligne.ans_annonce_le = instant
    ligne.save(update_fields=["ans_annonce_le"])
    noter(ligne, "ANNONCER_ANS", PORTAIL, avant=ligne.statut)
    cycle.ecrire(ligne, "M112")
    return True
