"""The second factor: a code of an authentication application (TOTP, RFC 6238), or a recovery code.

Passkeys are the other one: see `cles_acces`. Recovery codes stand for either.
"""

import hmac
import logging
import secrets
from datetime import timedelta

import pyotp
import segno
from cryptography.fernet import InvalidToken
from django.conf import settings
from django.db import transaction
from django.utils.crypto import salted_hmac

from segurnum.comptes import coffre
from segurnum.comptes.alertes import alerter
from segurnum.comptes.auteurs import PORTAIL, Auteur
from segurnum.comptes.auteurs import auteur as auteur_de
from segurnum.comptes.journal import consigner
from segurnum.comptes.models import CodeSecours, SecondFacteur, Utilisateur
from segurnum.comptes.queries import a_un_second_facteur, a_une_application, cles_acces
from segurnum.limites.phrases import a_partir_de
from segurnum.limites.services import compter, oublier
from segurnum.regles.calendrier import maintenant
from segurnum.regles.erreurs import GesteImpossible

journaux = logging.getLogger(__name__)
CODES_DE_SECOURS = 10
ESSAIS, PAUSE = 5, timedelta(minutes=15)
TOLERANCE = 1  # time steps of 30 seconds, before and after: clocks differ
_ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # nothing that reads as something else


def nouvelle_cle() -> str:
    return pyotp.random_base32()


def adresse(personne: Utilisateur, cle: str) -> str:
    """What the QR code says to the application."""
    return pyotp.TOTP(cle).provisioning_uri(name=personne.username, issuer_name=settings.NOM_PORTAIL)


def image(personne: Utilisateur, cle: str) -> str:
    """The QR code, as a « data: » address for an image. Made here: the key goes to no other site."""
    return segno.make(adresse(personne, cle), error="m").svg_data_uri(scale=5, dark="#000", light="#fff")


@transaction.atomic
def activer(*, personne: Utilisateur, cle: str, code: str) -> list[str]:
    """Keep the key once the application shows that it knows it. Returns the recovery codes of a first factor.

    Raises GesteImpossible for a code that is not the one of now.
    """
    Utilisateur.objects.select_for_update().get(pk=personne.pk)
    if a_une_application(personne):
        raise GesteImpossible("Votre application d'authentification est déjà active.")
    pas = _pas_du_code(cle, _propre(code))
    if pas is None:
        raise GesteImpossible(
            "Ce code n'est pas celui que l'application doit afficher maintenant. Vérifiez la clé et l'heure de "
            "votre appareil, puis saisissez les six chiffres affichés."
        )
    codes = donner_les_premiers_codes(personne)
    SecondFacteur.objects.create(utilisateur=personne, cle=coffre.sceller(cle), dernier_pas=pas)
    consigner(personne, "ACTIVER_SECOND_FACTEUR", auteur=auteur_de(personne))
    alerter(personne, "ACTIVER_SECOND_FACTEUR")
    return codes


@transaction.atomic
def verifier(*, personne: Utilisateur, code: str, appareil: str = "") -> bool:
    """Whether the code proves who signs in. A code serves once; failures count for the account, wherever from.

    `appareil` names a browser that the account knows: its failures are its own, and strangers' do not stop it.

    Raises GesteImpossible after too many failures.
    """
    Utilisateur.objects.select_for_update().get(pk=personne.pk)  # tries made at once are judged one by one
    cle_essais = f"second-facteur:{personne.objet}:{appareil}"
    libre_le = compter(cle_essais, maximum=ESSAIS, duree=PAUSE)
    if libre_le is not None:
        raise GesteImpossible(f"Trop de codes faux ont été saisis : recommencez {a_partir_de(libre_le)}.")
    saisi = _propre(code)
    accepte = _accepter_le_pas(personne, saisi) or _consommer_un_code(personne, saisi)
    if accepte:
        oublier(cle_essais)
    return accepte


@transaction.atomic
def renouveler_les_codes(*, personne: Utilisateur) -> list[str]:
    """New recovery codes; the former ones no longer work."""
    Utilisateur.objects.select_for_update().get(pk=personne.pk)
    consigner(personne, "RENOUVELER_CODES_SECOURS", auteur=auteur_de(personne))
    alerter(personne, "RENOUVELER_CODES_SECOURS")
    return _nouveaux_codes(personne)


@transaction.atomic
def retirer_l_application(*, personne: Utilisateur) -> None:
    """Turn the application off. Raises GesteImpossible for the last factor of who must have one."""
    Utilisateur.objects.select_for_update().get(pk=personne.pk)
    if exige(personne) and not cles_acces(personne).exists():
        raise GesteImpossible(
            "Votre profil demande un second facteur : ajoutez d'abord une clé d'accès, puis retirez l'application."
        )
    SecondFacteur.objects.filter(utilisateur=personne).delete()
    oublier_les_codes_inutiles(personne)
    consigner(personne, "RETIRER_APPLICATION", auteur=auteur_de(personne))
    alerter(personne, "RETIRER_APPLICATION")


@transaction.atomic
def retirer(*, personne: Utilisateur, auteur: Auteur) -> None:
    """Turn every factor off. `auteur`: who looks after the account in the person's place."""
    SecondFacteur.objects.filter(utilisateur=personne).delete()
    cles_acces(personne).delete()
    personne.codes_secours.all().delete()
    consigner(personne, "RETIRER_SECOND_FACTEUR", auteur=auteur)
    if auteur == PORTAIL:
        alerter(personne, "RETIRER_SECOND_FACTEUR")


def donner_les_premiers_codes(personne: Utilisateur) -> list[str]:
    """Recovery codes for who gets a first factor, which the caller is about to keep; none for the others."""
    return [] if a_un_second_facteur(personne) else _nouveaux_codes(personne)


def oublier_les_codes_inutiles(personne: Utilisateur) -> None:
    """Recovery codes replace a factor: without any, they open nothing more."""
    if not a_un_second_facteur(personne):
        personne.codes_secours.all().delete()


@transaction.atomic
def resceller_les_cles() -> int:
    """Seal every key with the newest one of the setting. Returns how many. Raises InvalidToken, changing nothing."""
    facteurs = list(SecondFacteur.objects.select_for_update())
    for facteur in facteurs:
        facteur.cle = coffre.resceller(facteur.cle)
    SecondFacteur.objects.bulk_update(facteurs, ["cle"], batch_size=500)
    return len(facteurs)


def exige(personne: Utilisateur) -> bool:
    """Required of the administration's people where the setting says so."""
    return settings.SECOND_FACTEUR_AGENTS and personne.est_agent


def _accepter_le_pas(personne: Utilisateur, code: str) -> bool:
    facteur = SecondFacteur.objects.filter(utilisateur=personne).first()
    if facteur is None:
        return False
    try:
        pas = _pas_du_code(coffre.ouvrir(facteur.cle), code, apres=facteur.dernier_pas)
    except InvalidToken:
        journaux.error(
            "Une clé de second facteur ne s'ouvre plus : SEGURNUM_CLES_SECRETS a-t-il perdu une clé ?"
        )
        return False
    if pas is None:
        return False
    facteur.dernier_pas = pas
    facteur.save(update_fields=["dernier_pas"])
    return True


def _pas_du_code(cle: str, code: str, *, apres: int = 0) -> int | None:
    """The time step, later than `apres`, that this code is the one of: a code seen once is refused (replay)."""
    totp = pyotp.TOTP(cle)
    present = int(maintenant().timestamp()) // totp.interval
    for pas in range(present - TOLERANCE, present + TOLERANCE + 1):
        if pas > apres and hmac.compare_digest(totp.generate_otp(pas).encode(), code.encode()):
            return pas
    return None


def _nouveaux_codes(personne: Utilisateur) -> list[str]:
    personne.codes_secours.all().delete()
    codes = ["".join(secrets.choice(_ALPHABET) for _ in range(10)) for _ in range(CODES_DE_SECOURS)]
    CodeSecours.objects.bulk_create(
        CodeSecours(utilisateur=personne, empreinte=_empreinte(code)) for code in codes
    )
    return [f"{code[:5]}-{code[5:]}" for code in codes]


def _consommer_un_code(personne: Utilisateur, code: str) -> bool:
    return bool(personne.codes_secours.filter(empreinte=_empreinte(code)).delete()[0])


def _propre(code: str) -> str:
    """As typed: blanks, hyphens and letter case do not count."""
    return "".join(code.split()).replace("-", "").upper()


def _empreinte(code: str) -> str:
    return salted_hmac("segurnum.code-de-secours", code, algorithm="sha256").hexdigest()
