"""Following an enrolment before there is an account: by its number and a personal link (its secret is in mails only).

The page of the link shows where the request stands, and neither who declared it nor what. It opens no account. Once the
request is rejected, and as long as its company has no account, who also knows how the declared IBAN ends begins another
from what it holds. It ends some days after the rejection, or after the access is open.

Two links may be alive: that of the portal's own mails, and the last one that somebody asked for. Who knows a number and
a SIRET thus has mails sent to the applicant, and kills none of the links that they hold.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from segurnum.comptes.auteurs import Auteur
from segurnum.comptes.droits import reserve
from segurnum.courriels.adresses import adresse_de
from segurnum.enrolements import cycle, liens
from segurnum.enrolements.models import Enrolement
from segurnum.enrolements.queries import par_numero
from segurnum.journal.chronologie import ENROLEMENTS, chronologie
from segurnum.journal.cycle import noter
from segurnum.journal.queries import evenements_de
from segurnum.limites import services as limites
from segurnum.regles import calendrier, secrets
from segurnum.regles.cycles_enrolement import StatutEnrolement
from segurnum.regles.gestes import GesteDepotEnrolement

ENVOIS_PAR_JOUR, ENVOIS_PAR_MOIS = 3, 8
_JOUR, _MOIS = timedelta(days=1), timedelta(days=30)
# What is told whether or not the number and the SIRET go together: the page confirms nothing to who guesses.
DEMANDE = (
    "Si une demande d'enrôlement sans compte porte ce numéro et ce SIRET, son lien de suivi vient d'être envoyé à "
    "l'adresse électronique qui y est déclarée. Celui du dernier courriel de la demande reste valable."
)


def renouveler(enrolement: Enrolement) -> str:
    """The address of a new link, for an enrolment that the caller holds and saves: those before open nothing more."""
    secret = secrets.nouveau()
    enrolement.empreinte_suivi, enrolement.empreinte_suivi_demande = secret.empreinte, ""
    return adresse_de("public:ouvrir_suivi", secret.texte)


def ouvrir(enrolement: Enrolement) -> str:
    """As `renouveler`, for a company that has no account; nothing for another, which follows its own from there."""
    return renouveler(enrolement) if liens.repond_par_lien(enrolement) else ""


def fermer(enrolement: Enrolement) -> None:
    """No link leads any more to an enrolment that the caller holds and saves."""
    enrolement.empreinte_suivi = enrolement.empreinte_suivi_demande = ""


def trouver(empreinte_suivi: str) -> Enrolement | None:
    """What a link leads to, until its end."""
    if not empreinte_suivi:
        return None
    connus = Enrolement.objects.select_related("entreprise", "referencement")
    ligne = connus.filter(
        Q(empreinte_suivi=empreinte_suivi) | Q(empreinte_suivi_demande=empreinte_suivi)
    ).first()
    return None if ligne is None or a_pris_fin(ligne) else ligne


def a_pris_fin(enrolement: Enrolement) -> bool:
    return enrolement.suivi_expire_le is not None and enrolement.suivi_expire_le <= calendrier.maintenant()


def demander_un_lien(*, numero: str, siret: str, auteur: Auteur) -> str:
    """Mail another link to the address of this request, and nowhere else. Answers the same whatever is asked."""
    ligne = par_numero(numero)
    # With the SIRET, for numbers follow one another: who guesses one keeps nobody from their link.
    cle = f"{ligne.numero if ligne else numero.upper()}:{siret}"
    for maximum, duree, en in ((ENVOIS_PAR_JOUR, _JOUR, "un jour"), (ENVOIS_PAR_MOIS, _MOIS, "un mois")):
        phrase = f"{maximum} liens ont été demandés en {en} pour cette demande : recommencez {{}}."
        limites.exiger(f"lien-suivi:{duree.days}:{cle}", maximum=maximum, duree=duree, phrase=phrase)
    suivie = ligne is not None and ligne.entreprise.siret == siret and not a_pris_fin(ligne)
    if ligne is not None and suivie and liens.repond_par_lien(ligne):
        renvoyer(enrolement=ligne.pk, auteur=auteur)
    return DEMANDE


@reserve(GesteDepotEnrolement.RENVOYER_LIEN)
@transaction.atomic
def renvoyer(*, enrolement: int, auteur: Auteur) -> None:
    ligne = cycle.verrouiller(enrolement)
    secret = secrets.nouveau()
    ligne.empreinte_suivi_demande = secret.empreinte
    ligne.save(update_fields=["empreinte_suivi_demande"])
    noter(ligne, "RENVOYER_SUIVI", auteur, avant=ligne.statut)
    cycle.ecrire(ligne, "M109", suivi=adresse_de("public:ouvrir_suivi", secret.texte))


@dataclass(frozen=True)
class Pas:
    """One line of what happened, without anybody's name."""

    instant: datetime
    fait: str
    etat: str


@dataclass(frozen=True)
class Attente:
    """What comes next: from whom, what, and until when where that is known."""

    de_qui: str
    quoi: str
    avant_le: datetime | None = None


def pas(enrolement: Enrolement) -> list[Pas]:
    """What happened, the last first. Pieces that come and go are told once handed over."""
    moments = chronologie(evenements_de(enrolement.chaine), enrolement.numero, ENROLEMENTS)
    return [
        Pas(moment.recu_le or moment.instant, moment.fait, moment.apres)
        for moment in moments
        if moment.apres or moment.recu_le
    ]


def attente(enrolement: Enrolement) -> Attente | None:
    """Whose turn it is; None once all is said."""
    if enrolement.statut is StatutEnrolement.EN_ATTENTE_PIECE:
        return Attente("Vous", "déposer les documents demandés", enrolement.lien_expire_le)
    if enrolement.statut is StatutEnrolement.VALIDATION_PARTIELLE:
        return Attente(
            "Vous", "déposer le certificat de référencement, dès qu'il est délivré, pour finaliser"
        )
    if enrolement.statut in (StatutEnrolement.EN_COURS, StatutEnrolement.CERTIFICAT_A_VALIDER):
        return Attente("Le service de gestion", "instruire la demande")
    return None


def attend_le_demandeur(enrolements: Iterable[Enrolement]) -> list[tuple[Enrolement, Attente]]:
    """Those that wait for their company, with what each waits for: the alerts of its home page."""
    lues = ((ligne, attente(ligne)) for ligne in enrolements)
    return [(ligne, lue) for ligne, lue in lues if lue is not None and lue.de_qui == "Vous"]
