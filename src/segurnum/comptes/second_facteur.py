"""The second factor: a code of an authentication application (TOTP, RFC 6238), or a recovery code."""

import hmac
import secrets
from datetime import timedelta

import pyotp
import segno
from django.conf import settings
from django.db import transaction
from django.utils.crypto import salted_hmac

from segurnum.comptes.journal import consigner
from segurnum.comptes.models import CodeSecours, SecondFacteur, Utilisateur
from segurnum.limites.phrases import a_partir_de
from segurnum.limites.services import compter, oublier
from segurnum.regles.calendrier import maintenant
from segurnum.regles.erreurs import GesteImpossible

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
    """Turn the second factor on once the application shows that it knows the key. Returns the recovery codes.

    Raises GesteImpossible for a code that is not the one of now.
    """
    Utilisateur.objects.select_for_update().get(pk=personne.pk)
    if SecondFacteur.objects.filter(utilisateur=personne).exists():
        raise GesteImpossible("Votre second facteur est déjà actif.")
    pas = _pas_du_code(cle, _propre(code))
    if pas is None:
        raise GesteImpossible(
            "Ce code n'est pas celui que l'application doit afficher maintenant. Vérifiez la clé et l'heure de "
            "votre appareil, puis saisissez les six chiffres affichés."
        )
    facteur = SecondFacteur.objects.create(utilisateur=personne, cle=cle, dernier_pas=pas)
    consigner(personne, "ACTIVER_SECOND_FACTEUR", par=personne)
    return _nouveaux_codes(facteur)


@transaction.atomic
def verifier(*, personne: Utilisateur, code: str, appareil: str = "") -> bool:
    """Whether the code proves who signs in. A code serves once; failures count for the account, wherever from.

    `appareil` names a browser that the account knows: its failures are its own, and strangers' do not stop it.

    Raises GesteImpossible after too many failures.
    """
    facteur = SecondFacteur.objects.select_for_update().get(utilisateur=personne)
    cle_essais = f"second-facteur:{personne.objet}:{appareil}"
    libre_le = compter(cle_essais, maximum=ESSAIS, duree=PAUSE)
    if libre_le is not None:
        raise GesteImpossible(f"Trop de codes faux ont été saisis : recommencez {a_partir_de(libre_le)}.")
    saisi = _propre(code)
    accepte = _accepter_le_pas(facteur, saisi) or _consommer_un_code(facteur, saisi)
    if accepte:
        oublier(cle_essais)
    return accepte


@transaction.atomic
def renouveler_les_codes(*, personne: Utilisateur) -> list[str]:
    """New recovery codes; the former ones no longer work."""
    facteur = SecondFacteur.objects.select_for_update().get(utilisateur=personne)
    consigner(personne, "RENOUVELER_CODES_SECOURS", par=personne)
    return _nouveaux_codes(facteur)


@transaction.atomic
def retirer(*, personne: Utilisateur, par: Utilisateur | None) -> None:
    """Turn the second factor off. `par`: the person, or None for who looks after the portal."""
    SecondFacteur.objects.filter(utilisateur=personne).delete()
    consigner(personne, "RETIRER_SECOND_FACTEUR", par=par)


def exige(personne: Utilisateur) -> bool:
    """Required of the administration's people where the setting says so."""
    return settings.SECOND_FACTEUR_AGENTS and personne.est_agent


def _accepter_le_pas(facteur: SecondFacteur, code: str) -> bool:
    pas = _pas_du_code(facteur.cle, code, apres=facteur.dernier_pas)
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


def _nouveaux_codes(facteur: SecondFacteur) -> list[str]:
    facteur.codes.all().delete()
    codes = ["".join(secrets.choice(_ALPHABET) for _ in range(10)) for _ in range(CODES_DE_SECOURS)]
    CodeSecours.objects.bulk_create(
        CodeSecours(second_facteur=facteur, empreinte=_empreinte(code)) for code in codes
    )
    return [f"{code[:5]}-{code[5:]}" for code in codes]


def _consommer_un_code(facteur: SecondFacteur, code: str) -> bool:
    return bool(facteur.codes.filter(empreinte=_empreinte(code)).delete()[0])


def _propre(code: str) -> str:
    """As typed: blanks, hyphens and letter case do not count."""
    return "".join(code.split()).replace("-", "").upper()


def _empreinte(code: str) -> str:
    return salted_hmac("segurnum.code-de-secours", code, algorithm="sha256").hexdigest()
