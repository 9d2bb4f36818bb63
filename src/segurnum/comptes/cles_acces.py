"""Passkeys (WebAuthn): added under a name, used as a second factor, or alone when the authenticator knows its person.

The library checks signatures; here is what the portal asks of it, and what it remembers.
"""

import hashlib
import json
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from webauthn import (
    base64url_to_bytes,
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import bytes_to_base64url
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from segurnum.comptes.alertes import alerter
from segurnum.comptes.auteurs import auteur
from segurnum.comptes.journal import consigner
from segurnum.comptes.models import CleAcces, Utilisateur
from segurnum.comptes.queries import a_une_application, cles_acces
from segurnum.comptes.second_facteur import donner_les_premiers_codes, exige, oublier_les_codes_inutiles
from segurnum.regles.calendrier import maintenant
from segurnum.regles.erreurs import GesteImpossible

MAXIMUM = 10
TAILLE = 20_000  # characters of an answer of the browser; the library reads no longer one
_IDENTIFIANT = re.compile(r"[A-Za-z0-9_-]{1,1400}")
REFUS = (
    "Votre appareil n'a pas donné de clé d'accès que le portail puisse vérifier. Recommencez ; si cela se répète, "
    "utilisez un autre appareil ou une application d'authentification."
)


@dataclass(frozen=True)
class Demande:
    """What the browser is asked (JSON), and the challenge that its answer must carry."""

    options: str
    defi: str


def demander_une_nouvelle(personne: Utilisateur) -> Demande:
    """Ask the browser for a key of this person that it has not given yet."""
    options = generate_registration_options(
        rp_id=_domaine(),
        rp_name=settings.NOM_PORTAIL,
        user_id=hashlib.sha256(f"segurnum:{personne.pk}".encode()).digest(),
        user_name=personne.get_username(),
        user_display_name=personne.nom_complet,
        exclude_credentials=_connues(personne),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.PREFERRED,
            user_verification=UserVerificationRequirement.PREFERRED,
        ),
    )
    return Demande(options_to_json(options), bytes_to_base64url(options.challenge))


@transaction.atomic
def ajouter(*, personne: Utilisateur, nom: str, reponse: str, defi: str) -> list[str]:
    """Keep a key under a name. Returns the recovery codes when it is the person's first factor, else nothing.

    Raises GesteImpossible for an answer that does not hold, a name or a key already there, or too many keys.
    """
    Utilisateur.objects.select_for_update().get(pk=personne.pk)
    if personne.cles_acces.count() >= MAXIMUM:
        raise GesteImpossible(f"Vous avez déjà {MAXIMUM} clés d'accès : retirez-en une avant d'en ajouter.")
    if personne.cles_acces.filter(nom__iexact=nom).exists():
        raise GesteImpossible(
            f"Une de vos clés s'appelle déjà « {nom} » : choisissez un autre nom.", champ="nom"
        )
    try:
        verifiee = verify_registration_response(
            credential=_lire(reponse),
            expected_challenge=base64url_to_bytes(defi),
            expected_rp_id=_domaine(),
            expected_origin=settings.ADRESSE_PORTAIL,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError) as erreur:
        raise GesteImpossible(REFUS) from erreur
    identifiant = bytes_to_base64url(verifiee.credential_id)
    if CleAcces.objects.filter(identifiant=identifiant).exists():
        raise GesteImpossible("Cette clé d'accès est déjà enregistrée.")
    codes = donner_les_premiers_codes(personne)
    CleAcces.objects.create(
        utilisateur=personne,
        nom=nom,
        identifiant=identifiant,
        cle_publique=verifiee.credential_public_key,
        compteur=verifiee.sign_count,
    )
    consigner(personne, "AJOUTER_CLE_ACCES", auteur=auteur(personne))
    alerter(personne, "AJOUTER_CLE_ACCES", nom=nom)
    return codes


@transaction.atomic
def renommer(*, personne: Utilisateur, cle: int, nom: str) -> None:
    """Raises CleAcces.DoesNotExist for somebody else's, GesteImpossible for a name already taken."""
    ligne = personne.cles_acces.select_for_update().get(pk=cle)
    if personne.cles_acces.filter(nom__iexact=nom).exclude(pk=cle).exists():
        raise GesteImpossible(
            f"Une de vos clés s'appelle déjà « {nom} » : choisissez un autre nom.", champ="nom"
        )
    ligne.nom = nom
    ligne.save(update_fields=["nom"])
    consigner(personne, "RENOMMER_CLE_ACCES", auteur=auteur(personne))


@transaction.atomic
def retirer(*, personne: Utilisateur, cle: int) -> None:
    """Raises CleAcces.DoesNotExist for somebody else's, GesteImpossible for the last factor of who must have one."""
    Utilisateur.objects.select_for_update().get(pk=personne.pk)
    ligne = personne.cles_acces.get(pk=cle)
    if exige(personne) and not a_une_application(personne) and personne.cles_acces.count() == 1:
        raise GesteImpossible(
            "Votre profil demande un second facteur : ajoutez une autre clé d'accès ou une application "
            "d'authentification, puis retirez celle-ci."
        )
    ligne.delete()
    oublier_les_codes_inutiles(personne)
    consigner(personne, "RETIRER_CLE_ACCES", auteur=auteur(personne))
    alerter(personne, "RETIRER_CLE_ACCES", nom=ligne.nom)


def demander(personne: Utilisateur | None) -> Demande:
    """Ask the browser to prove one of the person's keys; or any that it knows, its owner proved by it too (None)."""
    options = generate_authentication_options(
        rp_id=_domaine(),
        allow_credentials=_connues(personne) if personne else None,
        user_verification=UserVerificationRequirement.PREFERRED
        if personne
        else UserVerificationRequirement.REQUIRED,
    )
    return Demande(options_to_json(options), bytes_to_base64url(options.challenge))


@transaction.atomic
def verifier(*, reponse: str, defi: str, personne: Utilisateur | None) -> Utilisateur | None:
    """Whose open account the browser's answer proves; None when it proves nothing.

    Alone (`personne` None), a key counts only if the authenticator recognised its owner, by a code or a finger.
    """
    try:
        lue = _lire(reponse)
        ligne = CleAcces.objects.select_for_update().get(identifiant=lue["id"])
        verifiee = verify_authentication_response(
            credential=lue,
            expected_challenge=base64url_to_bytes(defi),
            expected_rp_id=_domaine(),
            expected_origin=settings.ADRESSE_PORTAIL,
            credential_public_key=bytes(ligne.cle_publique),
            credential_current_sign_count=ligne.compteur,
            require_user_verification=personne is None,
        )
    except (WebAuthnException, CleAcces.DoesNotExist, ValueError, KeyError, TypeError):
        return None
    proprietaire = ligne.utilisateur
    if not proprietaire.is_active or personne not in (None, proprietaire):
        return None
    ligne.compteur, ligne.utilisee_le = verifiee.new_sign_count, maintenant()
    ligne.save(update_fields=["compteur", "utilisee_le"])
    return proprietaire


def _connues(personne: Utilisateur) -> list[PublicKeyCredentialDescriptor]:
    return [
        PublicKeyCredentialDescriptor(id=base64url_to_bytes(cle.identifiant)) for cle in cles_acces(personne)
    ]


def _lire(reponse: str) -> dict[str, Any]:
    """The browser's answer. Raises ValueError for what is none."""
    if len(reponse) > TAILLE:
        raise ValueError("réponse trop longue")
    lue = json.loads(reponse)
    if not isinstance(lue, dict) or not _IDENTIFIANT.fullmatch(str(lue.get("id"))):
        raise ValueError("réponse sans clé")
    return lue


def _domaine() -> str:
    """What the keys are bound to: the name of the portal's host, whatever its port."""
    return urlsplit(settings.ADRESSE_PORTAIL).hostname or ""
