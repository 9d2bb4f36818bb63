"""Signing in, failing to, and signing out: journalled, and shown to the person whose account it is.

The journal is never erased: it has who, when, how and from which network, the address cut short. The device is in
`Connexion`, which is forgotten after a while.
"""

from dataclasses import dataclass
from datetime import timedelta
from ipaddress import ip_address, ip_network

from django.conf import settings
from django.db import connection, transaction
from django.http import HttpRequest

from segurnum.comptes import sessions
from segurnum.comptes.alertes import alerter
from segurnum.comptes.auteurs import PORTAIL, auteur
from segurnum.comptes.journal import consigner
from segurnum.comptes.models import Connexion, Utilisateur
from segurnum.comptes.queries import par_identifiant
from segurnum.journal import services as journal
from segurnum.limites.adresses import adresse_client
from segurnum.limites.services import permettre
from segurnum.regles import secrets
from segurnum.regles.calendrier import maintenant

# Failures of one account that the journal keeps in an hour; a flood of them says no more.
ECHECS_PAR_HEURE = 10
INCONNUS = "connexions:inconnus"  # one chain for every identifier that nobody has
_VERROU_INCONNUS = 7_150_302


@dataclass(frozen=True)
class Origine:
    """Where a gesture comes from: the device as the browser tells it, the network without its last numbers."""

    appareil: str
    reseau: str
    navigateur: str  # the secret that this browser was given, empty for one that is not known


def origine(requete: HttpRequest, navigateur: str = "") -> Origine:
    """Where a request comes from. `navigateur`: the secret that its browser shows."""
    appareil = sessions.decrire_appareil(requete.headers.get("User-Agent", ""))
    return Origine(appareil, reseau_de(adresse_client(requete)), navigateur)


def reseau_de(adresse: str | None) -> str:
    """« 203.0.113.0/24 », « 2001:db8::/48 »: enough to recognise where one was, not to name a machine."""
    try:
        ip = ip_address(adresse or "")
    except ValueError:
        return "inconnu"
    return str(ip_network((ip, 24 if ip.version == 4 else 48), strict=False))


@transaction.atomic
def ouvrir(*, personne: Utilisateur, moyen: str, origine: Origine) -> None:
    """A person has signed in: keep it, and write to them when the browser is not one of theirs (M51)."""
    connues = Connexion.objects.filter(utilisateur=personne)
    marque = secrets.empreinte(origine.navigateur)
    nouveau = connues.exists() and not connues.filter(navigateur=marque).exists()
    Connexion.objects.create(
        utilisateur=personne,
        moyen=moyen[:60],
        appareil=origine.appareil,
        reseau=origine.reseau,
        navigateur=marque,
    )
    consigner(
        personne, "CONNEXION", auteur=auteur(personne), details={"moyen": moyen, "reseau": origine.reseau}
    )
    if nouveau:
        alerter(personne, "NOUVEL_APPAREIL", nom=f"{origine.appareil}, réseau {origine.reseau}")


@transaction.atomic
def quitter(*, personne: Utilisateur, geste: str = "DECONNEXION") -> None:
    """The person signed out, or the session was too old (FIN_DE_SESSION)."""
    consigner(personne, geste, auteur=auteur(personne))


@transaction.atomic
def fermer_une(*, personne: Utilisateur, repere: str) -> bool:
    """Close one of the person's sessions. False when it is no longer open, or is another person's."""
    fermee = sessions.fermer_une(personne, repere=repere)
    if fermee:
        consigner(personne, "FERMER_SESSION", auteur=auteur(personne))
    return fermee


@transaction.atomic
def fermer_les_autres(*, personne: Utilisateur, sauf: str | None) -> int:
    """Close the person's sessions but this one (its key). Returns how many were closed."""
    nombre = sessions.fermer(personne, sauf=sauf)
    if nombre:
        consigner(personne, "FERMER_SESSIONS", auteur=auteur(personne), details={"nombre": nombre})
    return nombre


@transaction.atomic
def echouer(*, identifiant: str, reseau: str, geste: str = "ECHEC_CONNEXION") -> None:
    """Somebody failed to sign in. What was typed is kept nowhere: it may be a password in the wrong field.

    An identifier that nobody has adds to one chain, and at most as often as one account may.
    """
    personne = par_identifiant(identifiant)
    objet = personne.objet if personne else INCONNUS
    if not permettre(f"journal:{geste}:{objet}", maximum=ECHECS_PAR_HEURE, duree=timedelta(hours=1)):
        return
    details = {"reseau": reseau}
    if personne is not None:
        consigner(personne, geste, auteur=PORTAIL, details=details)
    else:
        fait = journal.Fait(chaine=INCONNUS, objet=INCONNUS, geste=geste, auteur=PORTAIL, details=details)
        with connection.cursor() as curseur:  # nobody's row to lock: the chain itself is
            curseur.execute("SELECT pg_advisory_xact_lock(%s)", [_VERROU_INCONNUS])
        journal.consigner([fait])


def nettoyer() -> None:
    """Forget the sign-ins that are too old to be shown."""
    limite = maintenant() - timedelta(days=settings.GARDE_CONNEXIONS)
    Connexion.objects.filter(instant__lt=limite).delete()
