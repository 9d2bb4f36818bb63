"""Inviting somebody to act for a company: nothing is given, nor told, before the invited person accepts (GST-033).

The company learns neither whether the address has an account nor whose it is; the invited person learns who invites.
"""

from datetime import timedelta

from django.db import transaction
from django.db.models import QuerySet

from segurnum.comptes.auteurs import Auteur
from segurnum.comptes.auteurs import auteur as auteur_de
from segurnum.comptes.droits import reserve
from segurnum.comptes.models import Entreprise, Invitation, Profil, Role, Utilisateur
from segurnum.comptes.queries import invitation_par_jeton, membres, par_courriel, peut_se_connecter
from segurnum.comptes.services import ouvrir_acces
from segurnum.courriels.services import Envoi, envoyer
from segurnum.courriels.textes import rediger
from segurnum.journal import services as journal
from segurnum.regles import secrets
from segurnum.regles.calendrier import instant_long, maintenant
from segurnum.regles.cycles import Acteur
from segurnum.regles.erreurs import GesteImpossible
from segurnum.regles.gestes import GesteEntreprise
from segurnum.regles.identifiants import adresse_comparable, est_courriel

DUREE = timedelta(days=7)
GARDE = timedelta(days=30)  # an answer stays on the company's page that long
Statut = Invitation.Statut
# Who answers by the link: its holder, who is not signed in.
INVITE = Auteur(role=Acteur.FOURNISSEUR, nom="la personne invitée")


@reserve(GesteEntreprise.GERER_UTILISATEURS)
@transaction.atomic
def inviter(
    *,
    entreprise: Entreprise,
    courriel: str,
    nom: str,
    prenom: str,
    profil: Profil,
    role: Role,
    auteur: Auteur,
) -> Invitation:
    """Write to an address that the company invites it (M50).

    Raises GesteImpossible for a wrong address, one of the company's own people, or one that is invited already.
    """
    adresse = adresse_comparable(courriel)
    if not est_courriel(adresse):
        raise GesteImpossible(f"« {courriel} » n'est pas une adresse électronique.")
    Entreprise.objects.select_for_update().get(pk=entreprise.pk)
    if any(
        m.personne.is_active and adresse_comparable(m.personne.email) == adresse for m in membres(entreprise)
    ):
        raise GesteImpossible(
            "Cette personne agit déjà pour votre entreprise : changez plutôt son rôle dans la liste."
        )
    if entreprise.invitations.filter(courriel=adresse, statut=Statut.EN_ATTENTE).exists():
        raise GesteImpossible(
            "Cette adresse est déjà invitée : renvoyez son invitation, ou retirez-la, depuis la liste."
        )
    secret = secrets.nouveau()
    invitation = Invitation.objects.create(
        entreprise=entreprise,
        courriel=adresse,
        nom=nom.strip()[:150],
        prenom=prenom.strip()[:150],
        profil=profil,
        role=role,
        par_id=auteur.personne,
        empreinte=secret.empreinte,
        expire_le=maintenant() + DUREE,
    )
    _ecrire(invitation, secret.texte)
    _consigner(invitation, "INVITER", auteur=auteur)
    return invitation


@reserve(GesteEntreprise.GERER_UTILISATEURS)
@transaction.atomic
def renvoyer(*, entreprise: Entreprise, invitation: int, auteur: Auteur) -> None:
    """Send another link, for as long again; the former one no longer works."""
    ligne = _en_attente(entreprise, invitation)
    secret = secrets.nouveau()
    ligne.empreinte, ligne.envoyee_le = secret.empreinte, maintenant()
    ligne.expire_le = maintenant() + DUREE
    ligne.save(update_fields=["empreinte", "envoyee_le", "expire_le"])
    _ecrire(ligne, secret.texte)
    _consigner(ligne, "RENVOYER_INVITATION", auteur=auteur)


@reserve(GesteEntreprise.GERER_UTILISATEURS)
@transaction.atomic
def retirer(*, entreprise: Entreprise, invitation: int, auteur: Auteur) -> None:
    """The company no longer invites: the link and « Mon compte » open nothing any more."""
    _repondre(_en_attente(entreprise, invitation), Statut.RETIREE, "RETIRER_INVITATION", auteur=auteur)


@transaction.atomic
def accepter(*, invitation: int, personne: Utilisateur) -> Entreprise:
    """The signed-in person accepts an invitation made to their own address, and may act for the company."""
    ligne = _recue(invitation, personne)
    if personne.est_agent:
        raise GesteImpossible(
            "Votre compte est celui d'un agent de l'administration, qui ne peut pas agir pour une entreprise."
        )
    _ouvrir(ligne)
    return ligne.entreprise


@transaction.atomic
def decliner(*, invitation: int, personne: Utilisateur) -> None:
    """The signed-in person says no to an invitation made to their own address."""
    _repondre(
        _recue(invitation, personne), Statut.DECLINEE, "DECLINER_INVITATION", auteur=auteur_de(personne)
    )


@transaction.atomic
def accepter_par_lien(*, jeton: str) -> Utilisateur:
    """Accept by the mailed link, for who cannot sign in yet: an account is opened, or opened again (M05, M06, M07).

    Raises GesteImpossible when the link no longer works, or for an address whose account must sign in to answer.
    """
    ligne = _du_lien(jeton)
    if doit_se_connecter(ligne):
        raise GesteImpossible("Connectez-vous pour accepter cette invitation.")
    return _ouvrir(ligne)


@transaction.atomic
def decliner_par_lien(*, jeton: str) -> None:
    """Say no by the mailed link, signed in or not."""
    _repondre(_du_lien(jeton), Statut.DECLINEE, "DECLINER_INVITATION", auteur=INVITE)


def doit_se_connecter(invitation: Invitation) -> bool:
    """True when the address has an account whose person can sign in: the link alone does not act in their place."""
    connu = par_courriel(invitation.courriel)
    return connu is not None and (connu.est_agent or peut_se_connecter(connu))


def nettoyer() -> None:
    """Forget the invitations that were answered, or left without an answer, a while ago."""
    Invitation.objects.filter(expire_le__lt=maintenant() - GARDE).delete()


def _ouvrir(ligne: Invitation) -> Utilisateur:
    personne = ouvrir_acces(
        entreprise=ligne.entreprise,
        courriel=ligne.courriel,
        nom=ligne.nom,
        prenom=ligne.prenom,
        profil=Profil(ligne.profil),
        role=Role(ligne.role),
        auteur=auteur_de(ligne.par),
    )
    _repondre(ligne, Statut.ACCEPTEE, "ACCEPTER_INVITATION", auteur=auteur_de(personne))
    return personne


def _en_attente(entreprise: Entreprise, cle: int) -> Invitation:
    """One of the company's, locked. Raises GesteImpossible when it was answered or withdrawn meanwhile."""
    return _verrouiller(Invitation.objects.filter(entreprise=entreprise, pk=cle))


def _recue(cle: int, personne: Utilisateur) -> Invitation:
    """One made to the person's address, still good for an answer, locked."""
    adresse = adresse_comparable(personne.email)
    return _verrouiller(
        Invitation.objects.filter(pk=cle, expire_le__gt=maintenant(), courriel=adresse).exclude(courriel="")
    )


def _du_lien(jeton: str) -> Invitation:
    trouvee = invitation_par_jeton(jeton)
    return _verrouiller(Invitation.objects.filter(pk=trouvee.pk if trouvee else 0))


def _verrouiller(choix: QuerySet[Invitation]) -> Invitation:
    ligne = (
        choix.filter(statut=Statut.EN_ATTENTE)
        .select_related("entreprise", "par")
        .select_for_update(of=("self",))
        .first()
    )
    if ligne is None:
        raise GesteImpossible(
            "Cette invitation n'attend plus de réponse : elle a été acceptée, déclinée ou retirée, ou son délai est "
            "passé."
        )
    return ligne


def _repondre(ligne: Invitation, statut: Statut, geste: str, *, auteur: Auteur) -> None:
    ligne.statut = statut
    ligne.save(update_fields=["statut"])
    _consigner(ligne, geste, auteur=auteur)


def _ecrire(ligne: Invitation, jeton: str) -> None:
    texte = rediger(
        "M50",
        entreprise=ligne.entreprise.denomination,
        siret=ligne.entreprise.siret,
        role=ligne.get_role_display(),
        jeton=jeton,
        expire_le=instant_long(ligne.expire_le),
    )
    envoyer([Envoi(code="M50", texte=texte, destinataire=ligne.courriel, sujet=ligne.objet)])


def _consigner(ligne: Invitation, geste: str, *, auteur: Auteur) -> None:
    """In the chain of the company, whose lock or whose invitation's lock the caller holds."""
    Entreprise.objects.select_for_update().get(pk=ligne.entreprise_id)
    fait = journal.Fait(
        chaine=f"invitations:{ligne.entreprise_id}",
        objet=ligne.objet,
        geste=geste,
        auteur=auteur,
        apres=ligne.statut,
        details={"role": ligne.role},
    )
    journal.consigner([fait])
