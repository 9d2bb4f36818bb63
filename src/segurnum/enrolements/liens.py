"""The link by which an applicant who has no account yet answers a request of pieces (ENR-082 to ENR-085).

Its secret is in a mail only: the enrolment keeps the digest. A new link replaces the one before, and none works once
the deposit is finished, the request rejected or accepted, or the date over. A person who can sign in has no need of it.
"""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from segurnum.comptes.auteurs import Auteur
from segurnum.comptes.droits import reserve
from segurnum.comptes.queries import a_un_acces
from segurnum.courriels.adresses import adresse_de
from segurnum.enrolements import cycle
from segurnum.enrolements.models import Enrolement
from segurnum.journal.cycle import noter
from segurnum.limites import services as limites
from segurnum.regles import calendrier, secrets
from segurnum.regles.cycles_enrolement import StatutEnrolement
from segurnum.regles.erreurs import GesteImpossible
from segurnum.regles.gestes import GesteDepotEnrolement

VALIDITE = 30  # calendar days
IMPORTS_PAR_JOUR, ENVOIS_PAR_JOUR = 60, 3
_JOUR = timedelta(days=1)


class LienFerme(GesteImpossible):
    """The link is the right one, but it opens nothing any more."""


def repond_par_lien(enrolement: Enrolement) -> bool:
    """True when nobody can sign in to answer: the first enrolment of a company is not accepted yet."""
    initial = enrolement.type == Enrolement.Type.INITIAL
    return initial and not a_un_acces(enrolement.entreprise.siret)


def attend_des_pieces(enrolement: Enrolement) -> bool:
    return enrolement.statut is StatutEnrolement.EN_ATTENTE_PIECE


def a_expire(enrolement: Enrolement, instant: datetime) -> bool:
    return enrolement.lien_expire_le is None or enrolement.lien_expire_le <= instant


def trouver(empreinte_lien: str) -> Enrolement | None:
    """The enrolment that a link leads to, whatever its state; None for a link that is unknown or was replaced."""
    if not empreinte_lien:
        return None
    connus = Enrolement.objects.select_related("entreprise", "referencement")
    return connus.filter(empreinte_lien=empreinte_lien).first()


def ouvre(enrolement: Enrolement, instant: datetime) -> bool:
    """True when a gesture that began to arrive then, by its link, may complete this enrolment."""
    return attend_des_pieces(enrolement) and not a_expire(enrolement, instant)


def exiger(enrolement: Enrolement, empreinte_lien: str, instant: datetime) -> None:
    """Hold a gesture made by a link to what the link opened at that instant. Raises LienFerme."""
    if enrolement.empreinte_lien != empreinte_lien or not ouvre(enrolement, instant):
        raise LienFerme("Ce lien n'est plus valable : ouvrez celui du dernier courriel reçu.")


def renouveler(enrolement: Enrolement) -> dict[str, Any]:
    """A new link for an enrolment that the caller holds and saves. Returns what its mail says of it."""
    secret = secrets.nouveau()
    enrolement.empreinte_lien = secret.empreinte
    enrolement.lien_expire_le = calendrier.jours_apres(calendrier.maintenant(), VALIDITE)
    return {
        "lien": adresse_de("public:ouvrir_depot_pieces", secret.texte),
        "expire_le": calendrier.instant_long(enrolement.lien_expire_le),
        "jours": VALIDITE,
    }


@reserve(GesteDepotEnrolement.RENVOYER_LIEN)
@transaction.atomic
def renvoyer(*, enrolement: int, auteur: Auteur) -> None:
    """Mail the request of pieces again with a new link: the one before opens nothing any more."""
    ligne = cycle.verrouiller(enrolement)
    if not (attend_des_pieces(ligne) and repond_par_lien(ligne)):
        raise GesteImpossible(
            f"Aucun lien de dépôt n'est à envoyer : le statut est « {ligne.statut.libelle} », ou l'entreprise a "
            "un compte."
        )
    valeurs = renouveler(ligne)
    ligne.save(update_fields=["empreinte_lien", "lien_expire_le"])
    noter(ligne, "RENVOYER_LIEN", auteur, avant=ligne.statut)
    cycle.ecrire(ligne, "M08", **valeurs)


def redemander(*, enrolement: Enrolement, auteur: Auteur) -> str:
    """Another link at the wish of who holds one: it goes to the address that received it, so many times a day."""
    phrase = f"{ENVOIS_PAR_JOUR} liens ont été envoyés en un jour : recommencez {{}}."
    limites.exiger(f"lien-pieces:{enrolement.pk}", maximum=ENVOIS_PAR_JOUR, duree=_JOUR, phrase=phrase)
    renvoyer(enrolement=enrolement.pk, auteur=auteur)
    return "Un nouveau lien vient d'être envoyé à l'adresse de votre demande."


def compter_un_import(enrolement: Enrolement) -> None:
    """Hold who completes an enrolment by its link to so many files a day. Raises GesteImpossible."""
    phrase = f"{IMPORTS_PAR_JOUR} fichiers ont été envoyés en un jour : recommencez {{}}, ou contactez l'assistance."
    limites.exiger(f"depot-pieces:{enrolement.pk}", maximum=IMPORTS_PAR_JOUR, duree=_JOUR, phrase=phrase)
