"""Which account an identity proved by an OpenID Connect provider opens: bound once, then known by its subject."""

from django.conf import settings
from django.db import transaction

from segurnum.comptes.alertes import alerter
from segurnum.comptes.auteurs import auteur
from segurnum.comptes.journal import consigner
from segurnum.comptes.models import IdentiteExterne, Utilisateur
from segurnum.comptes.queries import par_courriel


@transaction.atomic
def reconnaitre(*, emetteur: str, sujet: str, courriel: str) -> Utilisateur | None:
    """The open account of an identity that the provider vouches for; None when it has none.

    Once bound, the subject alone counts: another address at the provider moves nothing. The first time, the verified
    address (`courriel`, empty when there is none) finds the account, unless it is bound to another identity already.
    """
    liee = (
        IdentiteExterne.objects.filter(emetteur=emetteur, sujet=sujet).select_related("utilisateur").first()
    )
    if liee is not None:
        return liee.utilisateur if liee.utilisateur.is_active else None
    personne = par_courriel(courriel)
    if personne is None:
        return None
    personne = Utilisateur.objects.select_for_update().get(pk=personne.pk)
    if not personne.is_active or personne.identites.filter(emetteur=emetteur).exists():
        return None
    IdentiteExterne.objects.create(utilisateur=personne, emetteur=emetteur, sujet=sujet)
    consigner(personne, "LIER_IDENTITE", auteur=auteur(personne))
    alerter(personne, "LIER_IDENTITE", nom=settings.OIDC_LIBELLE)
    return personne


@transaction.atomic
def delier(*, personne: Utilisateur) -> bool:
    """Forget the identities that open the account. False when there was none."""
    if not personne.identites.all().delete()[0]:
        return False
    consigner(personne, "DELIER_IDENTITE", auteur=auteur(personne))
    alerter(personne, "DELIER_IDENTITE", nom=settings.OIDC_LIBELLE)
    return True
