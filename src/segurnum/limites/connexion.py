"""Guessing passwords is slow for who guesses, and keeps nobody else out (decision 20).

Three counters: a network over all accounts, an account over all networks, and the two together. The network and the
pair make their own sender wait, longer each time. The account makes nobody wait: while it is attacked, a browser that
it does not know proves first that a person is there. A browser that has signed in before has a counter of its own.
"""

import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.dispatch import Signal
from django.utils.crypto import salted_hmac

from segurnum.limites.phrases import a_partir_de
from segurnum.limites.queries import compte
from segurnum.limites.services import ajouter, essayer, oublier, rendre

BASE, PLAFOND = timedelta(seconds=30), timedelta(minutes=15)
GARDE = timedelta(days=1)  # without any failure, after which all is forgotten
FRANCS = 5  # failures of a pair, or of a known browser, that no wait follows
FRANCS_RESEAU = 30  # of a whole network: a company's people share one
ATTAQUE = 10  # failures on an account, wherever from, that ask unknown browsers for a proof
_SEL = "segurnum.limites.connexion"

# Sent with `request` and `username` when a try is not looked at: for who writes down what happens to accounts.
connexion_suspendue = Signal()


class TropDEssais(Exception):
    """To be tried again later; the message says when, and insisting does not change it."""

    def __init__(self, jusqu_a: datetime) -> None:
        self.jusqu_a = jusqu_a
        super().__init__(
            "Trop d'essais de connexion ont échoué depuis votre navigateur ou votre réseau. Recommencez "
            f"{a_partir_de(jusqu_a)} : avant, aucun essai n'est regardé, et insister n'allonge pas "
            "cette attente. Si vous ne retrouvez pas votre mot de passe, le lien « J'ai oublié mon mot de passe » vous "
            "permet d'entrer sans attendre."
        )


@dataclass(frozen=True)
class Tentative:
    """A try to sign in: the identifier as typed, the digest of the network, and the browser if the account knows it."""

    identifiant: str
    reseau: str
    appareil: str = ""

    @property
    def compte(self) -> str:
        return f"connexion:compte:{empreinte(self.identifiant)}"

    @property
    def couple(self) -> str:
        return f"connexion:couple:{self.reseau}:{empreinte(self.identifiant)}"

    @property
    def depuis(self) -> str:
        return f"connexion:reseau:{self.reseau}"

    @property
    def connue(self) -> str:
        return f"connexion:appareil:{self.appareil}"


def empreinte(identifiant: str) -> str:
    """What an identifier is counted under, whatever its letter case: a keyed digest, since anything may be typed."""
    propre = unicodedata.normalize("NFKC", identifiant).strip().casefold()
    return salted_hmac(_SEL, propre, algorithm="sha256").hexdigest()[:32]


def preuve_attendue(tentative: Tentative) -> bool:
    """Whether a person has to be shown: the account is attacked, and does not know this browser."""
    return not tentative.appareil and compte(tentative.compte) >= ATTAQUE


@transaction.atomic
def commencer(tentative: Tentative) -> None:
    """Count a try before the password is looked at: tries sent at once are not free. Raises TropDEssais."""
    if tentative.appareil:
        _essayer(tentative.connue, FRANCS)
        return
    _essayer(tentative.depuis, FRANCS_RESEAU)
    _essayer(tentative.couple, FRANCS)
    ajouter(tentative.compte, duree=GARDE, poids=1)


@transaction.atomic
def reussir(tentative: Tentative) -> None:
    """The password was right: this try is not counted, and the failures of this browser are forgotten."""
    if tentative.appareil:
        oublier(tentative.connue)
        return
    rendre(tentative.depuis)
    oublier(tentative.couple)
    rendre(tentative.compte)


def _essayer(cle: str, francs: int) -> None:
    libre = essayer(cle, francs=francs, base=BASE, plafond=PLAFOND, garde=GARDE)
    if libre is not None:
        raise TropDEssais(libre)
