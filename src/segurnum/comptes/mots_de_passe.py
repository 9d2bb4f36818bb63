"""Choosing a password through a mailed link, renewing it, changing it (PUB-037, PUB-038, PUB-040, XCT-010)."""

from datetime import datetime, timedelta
from typing import TypeGuard

from django.db import transaction

from segurnum.comptes.alertes import alerter
from segurnum.comptes.auteurs import auteur
from segurnum.comptes.journal import consigner
from segurnum.comptes.models import LienMotDePasse, Utilisateur
from segurnum.comptes.queries import par_courriel, par_identifiant_ou_courriel
from segurnum.comptes.sessions import fermer
from segurnum.courriels.services import Envoi, envoyer
from segurnum.courriels.textes import rediger
from segurnum.limites.services import permettre
from segurnum.regles import secrets
from segurnum.regles.calendrier import instant_juge, maintenant

PREMIERE_FOIS = timedelta(hours=48)
RENOUVELLEMENT = timedelta(hours=1)
# Mails written to one account on request, whoever asks.
COURRIELS_PAR_HEURE = 3


def creer_lien(personne: Utilisateur, duree: timedelta) -> str:
    """A secret that lets its holder choose the person's password, once. It replaces the one given before."""
    secret = secrets.nouveau()
    oublier_liens(personne)
    LienMotDePasse.objects.create(
        utilisateur=personne, empreinte=secret.empreinte, expire_le=maintenant() + duree
    )
    return secret.texte


def oublier_liens(personne: Utilisateur) -> None:
    """The links sent to the person open nothing any more."""
    LienMotDePasse.objects.filter(utilisateur=personne).delete()


def personne_du_lien(jeton: str, *, recu_le: datetime | None = None) -> Utilisateur | None:
    """Whose password a link lets choose; None when it was used, replaced, is too old, or never existed.

    `recu_le`, here and below: when the portal began to receive the gesture, which the link's end is judged on.
    """
    lien = (
        LienMotDePasse.objects.filter(
            empreinte=secrets.empreinte(jeton),
            expire_le__gt=instant_juge(recu_le),
            utilisateur__is_active=True,
        )
        .select_related("utilisateur")
        .first()
    )
    return lien.utilisateur if lien else None


@transaction.atomic
def choisir(*, jeton: str, mot_de_passe: str, recu_le: datetime | None = None) -> bool:
    """Use the link: the password is set, every session closed.

    False when the link no longer works. The caller has checked the password against the rules.
    """
    lien = LienMotDePasse.objects.select_for_update().filter(empreinte=secrets.empreinte(jeton)).first()
    personne = personne_du_lien(jeton, recu_le=recu_le)
    if lien is None or personne is None:
        return False
    lien.delete()
    _enregistrer(personne, mot_de_passe, "CHOISIR_MOT_DE_PASSE")
    fermer(personne)
    return True


@transaction.atomic
def changer(*, personne: Utilisateur, mot_de_passe: str, session: str | None) -> None:
    """Change the password of a signed-in person, and close all their sessions but this one (its key)."""
    _enregistrer(personne, mot_de_passe, "CHANGER_MOT_DE_PASSE")
    oublier_liens(personne)
    fermer(personne, sauf=session)


def _enregistrer(personne: Utilisateur, mot_de_passe: str, geste: str) -> None:
    premier = not personne.has_usable_password()
    personne.set_password(mot_de_passe)
    personne.save(update_fields=["password"])
    consigner(personne, geste, auteur=auteur(personne))
    if not premier:
        alerter(personne, geste)


@transaction.atomic
def envoyer_identifiant(*, adresse: str) -> None:
    """Write its identifier to an address that has an account (M14); nothing to another."""
    personne = par_courriel(adresse)
    if _peut_recevoir(personne):
        _ecrire("M14", personne, identifiant=personne.username)


@transaction.atomic
def envoyer_lien(*, saisi: str) -> None:
    """Write a link to the account of this identifier or address, if there is one (M15)."""
    personne = par_identifiant_ou_courriel(saisi)
    if _peut_recevoir(personne):
        _ecrire("M15", personne, jeton=creer_lien(personne, RENOUVELLEMENT))


def nettoyer() -> None:
    """Forget the links that no longer work."""
    LienMotDePasse.objects.filter(expire_le__lt=maintenant()).delete()


def _peut_recevoir(personne: Utilisateur | None) -> TypeGuard[Utilisateur]:
    """An open account with an address, that was not written to too often."""
    return (
        personne is not None
        and personne.is_active
        and bool(personne.email)
        and permettre(f"oubli:{personne.objet}", maximum=COURRIELS_PAR_HEURE, duree=timedelta(hours=1))
    )


def _ecrire(code: str, personne: Utilisateur, **valeurs: str) -> None:
    envoyer(
        [Envoi(code=code, texte=rediger(code, **valeurs), destinataire=personne.email, sujet=personne.objet)]
    )
