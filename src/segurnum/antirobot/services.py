"""Telling people from robots without any third party (XCT-001): a computation by the browser or, without scripts,
time spent on the page. Both are signed, expire, and serve once.
"""

import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import altcha
from django.conf import settings
from django.core import signing
from django.db import IntegrityError, transaction
from django.utils.crypto import salted_hmac

from segurnum.antirobot.models import EpreuveUtilisee
from segurnum.limites.adresses import empreinte_reseau
from segurnum.regles.calendrier import maintenant
from segurnum.regles.secrets import empreinte

ALGORITHME = "PBKDF2/SHA-256"
DUREE = timedelta(hours=1)  # how long a challenge or a page may be kept open
DELAI_MINIMAL = timedelta(seconds=5)  # nobody fills a form faster
DELAIS_PAR_HEURE = 10  # times that one network may do without the computation
_SEL = "segurnum.antirobot"


class EpreuveRefusee(ValueError):
    """The proof is not accepted. The message is for the person who sent the form."""


@dataclass(frozen=True)
class Epreuve:
    """What a form brings back: the computation, the mark of the page, and the field that only robots fill."""

    calcul: str = ""
    delai: str = ""
    piege: str = ""


def defi() -> dict[str, Any]:
    """A computation to do, signed: the server keeps nothing of it until it comes back."""
    return altcha.create_challenge(
        ALGORITHME, settings.CAPTCHA_COUT, expires_at=maintenant() + DUREE, hmac_secret=_secret()
    ).to_dict()


def marque_de_page(precedente: str = "") -> str:
    """A mark that says when a page was shown. Shown again after an error, it keeps its own while that may serve."""
    if precedente and _peut_encore_servir(precedente):
        return precedente
    return signing.dumps([secrets.token_urlsafe(12), maintenant().timestamp()], salt=_SEL)


def accepter(*, epreuve: Epreuve, adresse: str) -> None:
    """Accept a proof once. Raises EpreuveRefusee; `adresse` is that of the network which sends it."""
    if not settings.CAPTCHA_ACTIF:
        return
    if epreuve.piege:
        raise EpreuveRefusee("Le champ caché a été rempli : laissez-le vide et envoyez à nouveau.")
    if epreuve.calcul:
        _accepter_le_calcul(epreuve.calcul, empreinte_reseau(adresse))
    else:
        _accepter_le_delai(epreuve.delai, empreinte_reseau(adresse))


def oublier_les_epreuves_expirees() -> int:
    return EpreuveUtilisee.objects.filter(expire_le__lt=maintenant()).delete()[0]


def _accepter_le_calcul(calcul: str, origine: str) -> None:
    resultat = altcha.verify_solution(calcul, _secret())
    if resultat.expired:
        raise EpreuveRefusee("La vérification a expiré : cochez à nouveau « Je ne suis pas un robot ».")
    if not resultat.verified:
        raise EpreuveRefusee("La vérification a échoué : cochez à nouveau « Je ne suis pas un robot ».")
    # The same solution may be written in several ways: what is used up is its challenge.
    nonce = altcha.Payload.from_base64(calcul).challenge.parameters.nonce
    _user(nonce, EpreuveUtilisee.Genre.CALCUL, origine)


def _accepter_le_delai(marque: str, origine: str) -> None:
    try:
        _, affichee = signing.loads(marque, salt=_SEL, max_age=DUREE)
    except signing.SignatureExpired as erreur:
        raise EpreuveRefusee(
            "La page est restée ouverte plus d'une heure : envoyez à nouveau le formulaire."
        ) from erreur
    except signing.BadSignature as erreur:
        raise EpreuveRefusee("Cochez « Je ne suis pas un robot » avant d'envoyer.") from erreur
    instant = maintenant()
    if instant.timestamp() - affichee < DELAI_MINIMAL.total_seconds():
        raise EpreuveRefusee(
            f"Le formulaire est revenu en moins de {DELAI_MINIMAL.seconds} secondes, plus vite que personne ne "
            "le remplit : attendez quelques secondes, puis envoyez à nouveau."
        )
    recents = EpreuveUtilisee.objects.filter(
        origine=origine,
        genre=EpreuveUtilisee.Genre.DELAI,
        instant__gt=instant - timedelta(hours=1),
    )
    if recents.count() >= DELAIS_PAR_HEURE:
        raise EpreuveRefusee(
            f"{DELAIS_PAR_HEURE} envois sans vérification ont été faits depuis votre réseau en une heure : "
            "activez JavaScript, ou recommencez plus tard."
        )
    _user(marque, EpreuveUtilisee.Genre.DELAI, origine)


def _peut_encore_servir(marque: str) -> bool:
    try:
        signing.loads(marque, salt=_SEL, max_age=DUREE)
    except signing.BadSignature:
        return False
    return not EpreuveUtilisee.objects.filter(empreinte=empreinte(marque)).exists()


def _user(texte: str, genre: EpreuveUtilisee.Genre, origine: str) -> None:
    """Use a proof up: the database lets one of two simultaneous uses through."""
    try:
        with transaction.atomic():
            EpreuveUtilisee.objects.create(
                empreinte=empreinte(texte),
                genre=genre,
                origine=origine,
                expire_le=maintenant() + DUREE,
            )
    except IntegrityError as erreur:
        raise EpreuveRefusee(
            "Cette vérification a déjà servi : faites-la à nouveau, puis envoyez le formulaire."
        ) from erreur


def _secret() -> str:
    return salted_hmac(_SEL, "defi", algorithm="sha256").hexdigest()
